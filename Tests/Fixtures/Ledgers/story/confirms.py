"""Changes that wait to be confirmed: kept, given up, and taken back at their deadline."""

from __future__ import annotations

from recorder.session import Session
from story.names import IPTABLES, IPVS, NFTABLES, cluster


def confirmed(session: Session) -> None:
    session.comment("Armed, waiting, confirmed.")
    facts = {"kubernetesVersion": "1.34", "minKernelVersion": "6.8"}
    session.call("cluster.create", cluster("wait", config=IPTABLES, confirmWithinSeconds=600), refused="invalid-params")
    session.call("cluster.create", cluster("wait", config=IPTABLES, facts=facts))
    session.call("cluster.confirm", cluster("wait"), refused="conflict")
    session.call("cluster.confirm", cluster("wait", seq=1), refused="conflict")
    session.call("cluster.confirm", cluster("nowhere"), refused="not-found")
    update = cluster("wait", config=NFTABLES, confirmWithinSeconds=600)
    for seconds in (0, 604801, 1.5, "600"):
        session.call("cluster.update", {**update, "confirmWithinSeconds": seconds}, refused="invalid-params")
    session.call("cluster.update", {**update, "dryRun": True})
    session.call("cluster.update", cluster("wait", labels={"a": "1"}, confirmWithinSeconds=600))
    armed = session.call("cluster.update", {**update, "message": "watching the latency"})
    seq = session.value(armed, "result.seq")
    session.call("cluster.get", cluster("wait"))
    session.call("cluster.list", {"labels": {"a": "1"}})
    session.call("registry.health")
    session.call("cluster.update", cluster("wait", config=IPVS), refused="conflict")
    session.call("cluster.delete", cluster("wait", dryRun=True), refused="conflict")
    session.call("cluster.update", cluster("wait", facts={"nodeCount": 3}))
    session.call("cluster.confirm", cluster("wait", seq=seq - 1), refused="conflict")
    session.call("cluster.confirm", cluster("wait", seq=seq, dryRun=True))
    session.call("cluster.confirm", cluster("wait", seq=seq, message="the latency is as before"))
    session.call("cluster.confirm", cluster("wait"), refused="conflict")
    session.call("cluster.confirm", cluster("wait", seq=seq), refused="conflict")

    session.comment("Armed, and rolled back before anybody confirms; a rollback that waits itself.")
    session.call("cluster.update", cluster("wait", config=IPVS, confirmWithinSeconds=600))
    session.call("cluster.rollback", cluster("wait", confirmWithinSeconds=600))
    session.call("cluster.confirm", cluster("wait"), refused="conflict")
    session.call("cluster.rollback", cluster("wait", toRevision=1, confirmWithinSeconds=600))
    session.call("cluster.rollback", cluster("wait", toRevision=3, confirmWithinSeconds=604800))
    session.call("cluster.confirm", cluster("wait"))
    session.call("cluster.delete", cluster("wait"))
    back = cluster("wait", toRevision=1, confirmWithinSeconds=600)
    session.call("cluster.rollback", back, refused="invalid-params")
    session.call("cluster.rollback", cluster("wait", toRevision=1))


def reverted(session: Session) -> None:
    session.comment("Nobody confirms: the daemon takes the change back, and a watch tells of it.")
    facts = {"kubernetesVersion": "1.34", "nodeCount": 12, "serviceCount": 400}
    session.call("cluster.create", cluster("late", config=NFTABLES, facts=facts))
    session.call("change.watch", {"resourceGroup": "rg", "name": "late"}, on="late")
    update = cluster("late", config=IPTABLES, confirmWithinSeconds=1, message="one second")
    waiting = session.call("cluster.update", update)
    session.events(["cluster.update", "cluster.revert"], on="late")
    session.call("cluster.get", cluster("late"))
    # A second has passed since then, so that no later change has the same time.
    session.call("cluster.get", cluster("late", at=session.ref(waiting, "result.cluster.updatedAt")))
    session.call("cluster.confirm", cluster("late"), refused="conflict")
    session.call("cluster.rollback", cluster("late"), refused="conflict")
    session.call("cluster.rollback", cluster("late", toRevision=2, message="on purpose"))
    session.events(["cluster.rollback"], on="late")

    session.comment("A deadline that passes while the daemon is restarted.")
    facts = {"networkPolicy": "azure"}
    waiting = session.call("cluster.update", cluster("late", config={}, facts=facts, confirmWithinSeconds=1))
    seq = session.value(waiting, "result.seq")
    session.restart()
    session.call("change.watch", {"after": seq, "resourceGroup": "rg", "name": "late"}, on="late")
    session.events(["cluster.revert"], on="late")
    session.call("cluster.history", cluster("late"))

    session.comment("Two of one transaction have one deadline, and are taken back together.")
    session.call("change.watch", {"resourceGroup": "pair"}, on="pair")
    for name in ("a", "b"):
        session.call("cluster.create", cluster(name, "pair"))
    session.events(["cluster.create", "cluster.create"], on="pair")
    changes = [
        {"method": "cluster.update", "params": cluster(name, "pair", config=IPVS, confirmWithinSeconds=1)}
        for name in ("b", "a")
    ]
    session.call("cluster.apply", {"changes": changes, "detail": "summary", "message": "both"})
    session.events(["cluster.update", "cluster.update", "cluster.revert", "cluster.revert"], on="pair")
    session.call("change.list", cluster("a", "pair"))
