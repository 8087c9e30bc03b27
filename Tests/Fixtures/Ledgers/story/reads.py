"""Reads of what the story has left behind: a later daemon answers each of them byte for byte."""

from __future__ import annotations

from recorder.session import Params, Session
from story.names import DEV, FEATURE, NAMESPACE, PROVIDER, cluster


def pages(session: Session, method: str, params: Params) -> None:
    """All pages of a list, each asked for with the cursor of the one before."""
    cursor: Params = {}
    while True:
        reply = session.call(method, {**params, **cursor})
        result = session.value(reply, "result")
        if "next" not in result:
            return
        cursor = {"after": result["next"]}


def reads(session: Session) -> None:
    session.section("reads")
    session.call("registry.health")
    clusters(session)
    past(session)
    registrations(session)
    log(session)


def clusters(session: Session) -> None:
    session.comment("Clusters as they are.")
    pages(session, "cluster.list", {"limit": 12})
    session.call("cluster.list", {"labels": {"tier": "gold"}})
    session.call("cluster.list", {"resourceGroup": "PROD"})
    session.call("cluster.list", {"subscription": DEV})
    session.call("cluster.list", {"resourceGroup": "nowhere"})
    session.call("cluster.list", {"after": "default/prod/old", "limit": 2})
    session.call("cluster.list", {"limit": 0}, refused="invalid-params")
    session.call("cluster.list", {"labels": {"tier": None}}, refused="invalid-params")
    for name, group in (("large", "prod"), ("LIFE", "RG"), ("web_1", "team.(a)"), ("C16", "fleet")):
        session.call("cluster.get", cluster(name, group))
    session.call("cluster.get", cluster("life", subscription=DEV))
    session.call("cluster.get", cluster("guard"), refused="not-found")
    session.call("cluster.get", cluster("nowhere"), refused="not-found")


def past(session: Session) -> None:
    session.comment("Clusters as they were: by revision, at a time, in their history, side by side.")
    for revision in (1, 2, 6, 7, 8):
        session.call("cluster.get", cluster("life", revision=revision))
    session.call("cluster.get", cluster("life", revision=99), refused="not-found")
    session.call("cluster.get", cluster("life", revision=0), refused="invalid-params")
    session.call("cluster.get", cluster("guard", revision=2))
    session.call("cluster.get", cluster("nowhere", revision=1), refused="not-found")
    history = session.call("cluster.history", cluster("late"))
    # The last revision, and the two that the daemon took back a second after they were made: each was there at its own
    # time, while another may have been replaced within the same millisecond.
    for index in (0, 1, 4):
        session.call("cluster.get", cluster("late", at=session.ref(history, f"result.items.{index}.at")))
    session.call("cluster.get", cluster("late", at="2100-01-01T00:00:00Z"))
    session.call("cluster.get", cluster("late", at="2020-01-01T00:00:00.000Z"), refused="not-found")
    session.call("cluster.get", cluster("nowhere", at="2020-01-01T00:00:00.000Z"), refused="not-found")
    session.call("cluster.get", cluster("late", at="yesterday"), refused="invalid-params")
    session.call("cluster.get", cluster("late", at="2020-01-01T00:00:00Z", revision=1), refused="invalid-params")
    for name, group in (("life", "rg"), ("large", "prod"), ("ipvs", "prod")):
        pages(session, "cluster.history", cluster(name, group, limit=3))
    session.call("cluster.history", cluster("guard"))
    session.call("cluster.history", cluster("nowhere"), refused="not-found")
    session.call("cluster.diff", cluster("large", "prod"))
    session.call("cluster.diff", {**cluster("large", "prod"), "from": 2, "to": 3})
    session.call("cluster.diff", {**cluster("large", "prod"), "from": 3, "to": 2})
    session.call("cluster.diff", {**cluster("large", "prod"), "to": 2})
    session.call("cluster.diff", {**cluster("large", "prod"), "from": 1})
    session.call("cluster.diff", cluster("guard"))
    session.call("cluster.diff", {**cluster("life"), "from": 6, "to": 8})
    session.call("cluster.diff", {**cluster("large", "prod"), "to": 1}, refused="not-found")
    session.call("cluster.diff", {**cluster("large", "prod"), "from": 99}, refused="not-found")
    session.call("cluster.diff", cluster("nowhere"), refused="not-found")


def registrations(session: Session) -> None:
    session.comment("Registrations.")
    pages(session, "feature.list", {"limit": 2})
    session.call("feature.list", {"namespace": NAMESPACE})
    session.call("feature.list", {"subscription": DEV})
    pages(session, "provider.list", {"limit": 2})
    session.call("provider.list", {"namespace": NAMESPACE.lower()})
    pages(session, "extension.list", {"limit": 2})
    session.call("feature.get", FEATURE)
    session.call("feature.get", {**FEATURE, "subscription": DEV})
    session.call("feature.get", {**FEATURE, "name": "NeverAskedFor"})
    session.call("provider.get", PROVIDER)
    session.call("provider.get", {"namespace": "Microsoft.NeverAskedFor"})
    session.call("extension.get", {"name": "AKS-preview"})
    session.call("extension.get", {"name": "none"}, refused="not-found")


def log(session: Session) -> None:
    session.comment("The log: its pages, its kinds, one cluster's, single changes, and reports as they were told then.")
    pages(session, "change.list", {"limit": 100})
    session.call("change.list", {"kind": "extension"})
    session.call("change.list", {"kind": "provider", "limit": 3, "after": 9})
    session.call("change.list", cluster("life"))
    session.call("change.list", cluster("life", subscription=DEV))
    session.call("change.list", cluster("nowhere"))
    session.call("change.list", {"resourceGroup": "rg"}, refused="invalid-params")
    session.call("change.list", {"kind": "clusters"}, refused="invalid-params")
    session.call("change.get", {"seq": 1})
    for seq in (0, -1, "1", None):
        session.call("change.get", {"seq": seq}, refused="invalid-params")
    session.call("change.get", {"seq": 100000}, refused="not-found")
    session.call("report.get", {"seq": 1})
    session.call("report.get", {"seq": 100000}, refused="not-found")
    session.comment("The log as a watch tells it, from its beginning and from the middle.")
    everything = session.value(session.call("change.list", {"limit": 1000}), "result.items")
    features = [change["method"] for change in everything if change["kind"] == "feature"]
    session.call("change.watch", {"after": 0, "kinds": ["feature"]}, on="features")
    session.events(features, on="features")
    late = [change["method"] for change in everything if change["subject"] == "rg/late"]
    session.call("change.watch", {"after": 0, "resourceGroup": "RG", "name": "Late"}, on="history")
    session.events(late, on="history")
    session.call("change.watch", {"after": len(everything) - 2}, on="end")
    session.events([change["method"] for change in everything[-2:]], on="end")
