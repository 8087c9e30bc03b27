"""What holds a change to what its caller knew: revisions, numbers, plans; and what lets a blocked one through."""

from __future__ import annotations

from recorder.session import Session
from story.names import FEATURE, IPTABLES, IPVS, NFTABLES, PROVIDER, cluster


def guards(session: Session) -> None:
    session.comment("ifRevision and ifSeq: met, missed, and out of place.")
    created = session.call("cluster.create", cluster("guard", ifRevision=0, ifSeq=0))
    seq = session.value(created, "result.seq")
    session.call("cluster.create", cluster("other", ifRevision=4), refused="invalid-params")
    session.call("cluster.create", cluster("other", ifSeq=4), refused="conflict")
    session.call("cluster.update", cluster("guard", config=IPTABLES, ifRevision=7), refused="conflict")
    session.call("cluster.update", cluster("guard", config=IPTABLES, ifRevision=0), refused="invalid-params")
    session.call("cluster.update", cluster("guard", config=IPTABLES, ifSeq=seq + 1), refused="conflict")
    session.call("cluster.update", cluster("guard", config=IPTABLES, ifSeq=-1), refused="invalid-params")
    session.call("cluster.update", cluster("guard", config=IPTABLES, ifRevision=1, ifSeq=seq))
    session.call("cluster.rollback", cluster("guard", ifRevision=1), refused="conflict")
    session.call("cluster.rollback", cluster("guard", ifRevision=2))
    session.call("cluster.delete", cluster("guard", ifRevision=2), refused="conflict")
    session.comment("A null would lose the guard, so it is refused; elsewhere it counts as absent.")
    for name in ("ifRevision", "ifSeq", "planDigest", "override", "dryRun", "requestId", "confirmWithinSeconds"):
        session.call("cluster.update", {**cluster("guard", config=IPTABLES), name: None}, refused="invalid-params")
    session.call("cluster.update", cluster("guard", labels={"a": "1"}, message=None, apiVersion=None))


def plan_digests(session: Session) -> None:
    session.comment("planDigest: the plan that was made, another one, and one that moved in each of its parts.")
    update = cluster("guard", config=NFTABLES, message="as planned")
    plan = session.call("cluster.update", {**update, "dryRun": True})
    digest = session.ref(plan, "result.report.planDigest")
    session.call("cluster.update", {**update, "dryRun": True, "planDigest": digest})
    session.call("cluster.update", {**update, "config": IPVS, "planDigest": digest}, refused="plan-stale")
    session.call("cluster.update", {**update, "planDigest": digest})
    session.call("cluster.update", {**update, "planDigest": digest}, refused="plan-stale")
    session.call("cluster.update", {**update, "planDigest": "v1.nonsense"}, refused="invalid-params")
    future = "v1.000000000000000000000000.9999.0.0.00000000"
    session.call("cluster.update", {**update, "planDigest": future}, refused="invalid-params")
    rules = "v1.000000000000000000000000.1.1.1.00000000"
    session.call("cluster.update", {**update, "planDigest": rules}, refused="plan-stale")

    update = cluster("guard", config=IPTABLES)
    plan = session.call("cluster.update", {**update, "dryRun": True})
    digest = session.ref(plan, "result.report.planDigest")
    session.call("feature.unregister", FEATURE)
    session.call("feature.register", FEATURE)
    session.call("provider.register", PROVIDER)
    session.call("cluster.update", cluster("guard", labels={"moved": "yes"}))
    session.call("cluster.update", {**update, "planDigest": digest}, refused="plan-stale")
    plan = session.call("provider.unregister", {**PROVIDER, "dryRun": True})
    digest = session.ref(plan, "result.report.planDigest")
    session.call("feature.register", FEATURE)
    session.call("provider.unregister", {**FEATURE, "planDigest": digest}, refused="invalid-params")
    plan = session.call("extension.set", {"name": "planned", "version": "1", "dryRun": True})
    digest = session.ref(plan, "result.report.planDigest")
    session.call("extension.set", {"name": "planned", "version": "2"})
    session.call("extension.set", {"name": "planned", "version": "1", "planDigest": digest}, refused="plan-stale")
    plan = session.call("cluster.delete", cluster("guard", dryRun=True))
    session.call("cluster.delete", cluster("guard", planDigest=session.ref(plan, "result.report.planDigest")))


def overrides(session: Session) -> None:
    session.comment("Four rules may be overridden, each by name and with a reason.")
    session.call("cluster.create", cluster("override", facts={"networkPolicy": "azure", "kubernetesVersion": "1.41"}))
    ipvs = cluster("override", config=IPVS)
    session.call("cluster.update", ipvs, refused="blocked")
    session.call("cluster.update", {**ipvs, "dryRun": True})
    session.call("cluster.update", {**ipvs, "override": ["POL-01"]}, refused="invalid-params")
    session.call("cluster.update", {**ipvs, "override": ["POL-01"], "message": "why"}, refused="blocked")
    session.call("cluster.update", {**ipvs, "override": ["POL-1"], "message": "why"}, refused="invalid-params")
    session.call("cluster.update", {**ipvs, "override": ["ENV-05"], "message": "why"}, refused="invalid-params")
    session.call("cluster.update", {**ipvs, "override": ["MODE-01"], "message": "why"}, refused="invalid-params")
    session.call("cluster.update", {**ipvs, "override": "POL-01", "message": "why"}, refused="invalid-params")
    session.call("cluster.update", {**ipvs, "override": ["POL-01", "LIFE-01"], "message": "a test cluster"})
    old = {"kubernetesVersion": "1.21", "networkPolicy": None}
    session.call("cluster.update", cluster("override", facts=old))
    nftables = cluster("override", config=NFTABLES, override=["ENV-01"], message="the upgrade is tomorrow")
    session.call("cluster.update", nftables)
    session.call("cluster.rollback", cluster("override"), refused="blocked")
    session.call("cluster.rollback", cluster("override", override=["ENV-05"], message="not tomorrow"))
