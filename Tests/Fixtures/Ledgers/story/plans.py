"""Plans on what the story has left behind: they record nothing, and are told anew by whoever is asked."""

from __future__ import annotations

from recorder.session import Session
from story.names import FEATURE, IPTABLES, IPVS, NFTABLES, PROVIDER, cluster
from story.modes import ARTICLE


def plans(session: Session) -> None:
    session.section("plans")
    session.call("cluster.create", cluster("planned", config=NFTABLES, dryRun=True))
    session.call("cluster.update", cluster("large", "prod", config=ARTICLE, dryRun=True))
    session.call("cluster.update", cluster("small", "prod", config=IPVS, dryRun=True))
    session.call("cluster.update", cluster("bare", config=IPTABLES, dryRun=True))
    session.call("cluster.update", cluster("old", "prod", config=NFTABLES, dryRun=True))
    session.call("cluster.update", cluster("ipvs", "prod", facts={"nodeCount": 4}, dryRun=True))
    session.call("cluster.update", cluster("late", config=IPTABLES, confirmWithinSeconds=60, dryRun=True))
    session.call("cluster.rollback", cluster("guard", dryRun=True))
    session.call("cluster.rollback", cluster("large", "prod", toRevision=3, dryRun=True))
    session.call("cluster.delete", cluster("large", "prod", dryRun=True))
    session.call("feature.unregister", {**FEATURE, "dryRun": True})
    session.call("provider.unregister", {**PROVIDER, "dryRun": True})
    session.call("extension.set", {"name": "aks-preview", "version": "10.0.0", "dryRun": True})
    update = {"method": "cluster.update", "params": cluster("small", "prod", config={})}
    delete = {"method": "cluster.delete", "params": cluster("none", "prod")}
    session.call("cluster.apply", {"changes": [update, delete], "dryRun": True, "detail": "summary"})
    session.call("registry.health")
