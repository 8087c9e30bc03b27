"""Changes of the mode and of IPVS's settings, on clusters of which much is known: full reports with their estimates."""

from __future__ import annotations

from recorder.session import Params, Session
from story.names import IPTABLES, IPVS, NFTABLES, cluster, tuned

# Everything that a rule or an estimate can ask for.
LARGE: Params = {
    "kubernetesVersion": "1.34", "networkPlugin": "azure", "networkPolicy": "calico", "networkDataplane": "azure",
    "nodeCount": 120, "minKernelVersion": "5.15", "serviceCount": 6000, "podsPerService": 50,
    "connectionsPerService": 400, "usesNodePorts": True, "usesLocalhostNodePorts": True, "usesSessionAffinity": True,
    "usesLocalTrafficPolicy": True, "usesUdpServices": True, "keepaliveSeconds": 7200, "hostFirewall": True,
    "windowsNodes": False,
}
SMALL: Params = {
    "kubernetesVersion": "1.36", "networkPlugin": "azure", "networkPolicy": "none", "networkDataplane": "azure",
    "nodeCount": 3, "minKernelVersion": "6.8", "serviceCount": 40, "podsPerService": 3, "connectionsPerService": 900,
    "usesNodePorts": False, "usesLocalhostNodePorts": False, "usesSessionAffinity": False,
    "usesLocalTrafficPolicy": False, "usesUdpServices": False, "keepaliveSeconds": 60, "hostFirewall": False,
    "windowsNodes": True,
}
ARTICLE = tuned("LeastConnection", tcpTimeoutSeconds=900, tcpFinTimeoutSeconds=120, udpTimeoutSeconds=300)


def mode_changes(session: Session) -> None:
    session.comment("Every way from one mode to another, on a large cluster and on a small one.")
    session.call("cluster.create", cluster("large", "prod", facts=LARGE, labels={"env": "prod"}))
    session.call("cluster.create", cluster("small", "prod", facts=SMALL, config=ARTICLE))
    session.call("cluster.update", cluster("large", "prod", config=NFTABLES, message="the recommended replacement"))
    session.call("cluster.update", cluster("large", "prod", config=ARTICLE, message="as the article has it"))
    session.call("cluster.update", cluster("small", "prod", config=IPTABLES))
    session.call("cluster.update", cluster("small", "prod", config=NFTABLES))
    session.call("cluster.update", cluster("large", "prod", config=IPTABLES))
    session.call("cluster.update", cluster("large", "prod", config=IPVS))
    session.call("cluster.rollback", cluster("large", "prod"))
    session.call("cluster.rollback", cluster("large", "prod", toRevision=2, message="back to nftables"))

    session.comment("Nothing is known, and a kernel and a version that are too old.")
    session.call("cluster.create", cluster("unknown", "prod"))
    session.call("cluster.update", cluster("unknown", "prod", config=ARTICLE))
    session.call("cluster.update", cluster("unknown", "prod", config=NFTABLES))
    old = {"kubernetesVersion": "1.25", "minKernelVersion": "5.4", "nodeCount": 5}
    session.call("cluster.create", cluster("old", "prod", facts=old, config=IPVS))
    session.call("cluster.update", cluster("old", "prod", config=NFTABLES), refused="blocked")
    cilium = {"networkPlugin": "azure", "networkDataplane": "cilium", "networkPolicy": "cilium"}
    session.call("cluster.create", cluster("cilium", "prod", facts=cilium))
    session.call("cluster.update", cluster("cilium", "prod", config=IPVS), refused="blocked")
    session.call("cluster.update", cluster("cilium", "prod", config={"enabled": False}), refused="blocked")
    session.call("cluster.update", cluster("cilium", "prod", config={"enabled": False}, dryRun=True))


def tuning(session: Session) -> None:
    session.comment("IPVS stays, and its settings change.")
    session.call("cluster.create", cluster("ipvs", "prod", facts=LARGE, config=IPVS))
    for config in (
        tuned("LeastConnection"),
        tuned("LeastConnection", tcpTimeoutSeconds=300, udpTimeoutSeconds=900),
        tuned("RoundRobin", tcpTimeoutSeconds=86400, tcpFinTimeoutSeconds=10),
        tuned("RoundRobin", tcpTimeoutSeconds=2147484),
        tuned("RoundRobin"),
        IPVS,
    ):
        session.call("cluster.update", cluster("ipvs", "prod", config=config))
    session.call("cluster.update", cluster("ipvs", "prod", facts={"podsPerService": 2, "networkPolicy": None}))
