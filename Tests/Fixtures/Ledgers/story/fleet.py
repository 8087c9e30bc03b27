"""cluster.apply: many clusters in one transaction, in full and in short, whole or as far as it goes."""

from __future__ import annotations

from typing import Any

from recorder.session import Params, Session
from story.names import IPTABLES, IPVS, NFTABLES, cluster

SIZE = 24
DIGEST = "outcome.planDigest"


def change(method: str, name: str, **params: Any) -> Params:
    return {"method": f"cluster.{method}", "params": cluster(name, "fleet", **params)}


def fleet(session: Session) -> None:
    session.comment("A fleet is created, planned, changed in waves, and partly deleted.")
    numbers = range(SIZE)
    creates = [
        change(
            "create", f"c{n:02}", labels={"wave": str(n % 3), "tier": "gold" if n % 4 == 0 else "silver"},
            facts={"kubernetesVersion": "1.34", "nodeCount": 3 + n},
        )
        for n in numbers
    ]
    request: Params = {"changes": creates, "detail": "summary", "message": "the fleet", "requestId": "fleet"}
    session.call("cluster.apply", request)
    session.call("cluster.apply", request)
    session.call("cluster.apply", {**request, "detail": "full"}, refused="request-id-reused")
    wave = [change("update", f"c{n:02}", config=NFTABLES) for n in numbers if n % 3 == 0]
    plan = session.call("cluster.apply", {"changes": wave, "detail": "summary", "dryRun": True})
    pinned = [
        {**item, "params": {**item["params"], "planDigest": session.ref(plan, f"result.results.{n}.{DIGEST}")}}
        for n, item in enumerate(wave)
    ]
    session.call("cluster.apply", {"changes": pinned, "detail": "summary", "message": "wave 0", "requestId": "wave 0"})
    session.call("cluster.apply", {"changes": wave, "detail": "summary", "message": "wave 0", "requestId": "wave 0"})
    session.call("cluster.apply", {"changes": pinned, "detail": "summary"}, refused="plan-stale")
    facts = [change("update", f"c{n:02}", facts={"serviceCount": 100 * n, "nodeCount": None}) for n in numbers]
    session.call("cluster.apply", {"changes": facts, "detail": "summary"})
    labels = [change("update", f"C{n:02}", labels={"wave": None, "done": "yes"}) for n in numbers if n % 2]
    session.call("cluster.apply", {"changes": labels, "detail": "summary", "atomic": False})

    session.comment("Every method that an apply takes, in full; what is not refused, and the key of the whole.")
    mixed = [
        change("create", "new", config=IPVS),
        change("update", "c01", config=IPVS, message="its own"),
        change("update", "c02", config={}),
        change("rollback", "c00"),
        change("delete", "c03"),
        change("delete", "none"),
        change("confirm", "c04"),
        change("update", "c05", facts={"nodeCount": 5}, ifRevision=9),
        change("create", "c06"),
    ]
    request = {"changes": mixed, "atomic": False, "message": "everything", "requestId": "mixed"}
    session.call("cluster.apply", {**request, "dryRun": True})
    session.call("cluster.apply", request)
    session.call("cluster.apply", request)
    armed = [change("update", f"c{n:02}", config=IPTABLES, confirmWithinSeconds=600) for n in (7, 8)]
    session.call("cluster.apply", {"changes": armed, "detail": "summary"})
    session.call("registry.health")
    session.call("cluster.apply", {"changes": [change("confirm", "c07"), change("rollback", "c08")]})
    deletes = [change("delete", f"c{n:02}") for n in range(16, SIZE)]
    session.call("cluster.apply", {"changes": deletes, "detail": "summary", "message": "the last wave goes"})
    again = [change("create", "C16"), change("rollback", "c17", toRevision=1)]
    session.call("cluster.apply", {"changes": again, "detail": "summary"})
    session.call("cluster.apply", {"changes": [change("update", "c10", config={})], "detail": "summary"})


def refusals(session: Session) -> None:
    session.comment("What refuses the whole: the worst of its changes, and what cannot be read.")
    fine = change("update", "c10", labels={"fine": "yes"})
    azure = change("update", "c11", config=IPVS, facts={"networkPolicy": "azure"})
    early = change("update", "c13", config=NFTABLES, apiVersion="2023-01-01")
    for others, kind in (
        ([change("delete", "none"), change("update", "c05", ifRevision=9)], "not-found"),
        ([change("update", "c05", ifRevision=9)], "conflict"),
        ([change("create", "c05"), azure], "already-exists"),
        ([early, azure], "blocked"),
        ([early], "prerequisite"),
    ):
        for detail in ("full", "summary"):
            session.call("cluster.apply", {"changes": [fine, *others], "detail": detail}, refused=kind)
    session.call("cluster.apply", {"changes": [fine, azure], "detail": "summary", "dryRun": True})
    for changes in (
        [], 7, [7], [{}], [change("get", "c10")], [change("updat", "c10")], [fine, change("update", "C10")],
        [change("update", "c10", dryRun=True)], [change("update", "c10", requestId="k")],
        [change("update", "c10", config={"mode": "IPV"})], [{"method": "cluster.update", "params": []}],
        [{**fine, "more": 1}], [{"method": "feature.register", "params": {}}],
        [fine, change("create", "c18", confirmWithinSeconds=9)],
    ):
        session.call("cluster.apply", {"changes": changes}, refused="invalid-params")
    for name in ("atomic", "detail", "dryRun", "requestId"):
        session.call("cluster.apply", {"changes": [fine], name: None}, refused="invalid-params")
    session.call("cluster.apply", {"changes": [fine], "detail": "short"}, refused="invalid-params")
    session.call("cluster.apply", {"changes": [fine], "ifSeq": 3}, refused="invalid-params")
    session.raw(
        '{"jsonrpc":"2.0","id":"many","method":"cluster.apply","params":{"changes":[@{0,*10000}0]}}',
        refused="invalid-params",
    )
