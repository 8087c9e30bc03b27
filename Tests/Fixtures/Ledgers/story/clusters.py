"""Clusters from their creation to their end and back, with what is known of them."""

from __future__ import annotations

from recorder.session import Session
from story.names import DEV, DISABLED, IPTABLES, IPVS, NFTABLES, cluster, tuned


def lifecycle(session: Session) -> None:
    session.comment("Created, updated, rolled back, deleted, brought back, and created anew in another spelling.")
    session.call("cluster.update", cluster("life", config={}), refused="not-found")
    session.call("cluster.get", cluster("life"), refused="not-found")
    session.call("cluster.create", cluster("life", ifRevision=0, message="first"))
    session.call("cluster.create", cluster("LIFE", "RG"), refused="already-exists")
    session.call("cluster.rollback", cluster("life"), refused="not-found")
    session.call("cluster.update", cluster("life", config=IPTABLES, message="the default, written out"))
    session.call("cluster.update", cluster("life", config=IPTABLES))
    session.call("cluster.update", cluster("life", config={"enabled": True, **NFTABLES}))
    session.call("cluster.rollback", cluster("life", toRevision=9), refused="not-found")
    session.call("cluster.rollback", cluster("life", toRevision=0), refused="invalid-params")
    session.call("cluster.rollback", cluster("life", toRevision=1, dryRun=True))
    session.call("cluster.rollback", cluster("life", toRevision=1, message="as it was"))
    session.call("cluster.rollback", cluster("life", toRevision=1))
    session.call("cluster.update", cluster("life", config={"mode": None, "enabled": None}))
    session.call("cluster.delete", cluster("life", dryRun=True))
    session.call("cluster.delete", cluster("life", message="no longer needed"))
    session.call("cluster.delete", cluster("life"), refused="not-found")
    session.call("cluster.update", cluster("life", config=IPTABLES), refused="not-found")
    session.call("cluster.get", cluster("life"), refused="not-found")
    session.call("cluster.rollback", cluster("life", toRevision=5), refused="invalid-params")
    session.call("cluster.rollback", cluster("life", message="needed after all"))
    session.call("cluster.delete", cluster("Life"))
    session.call("cluster.create", cluster("Life", "Rg", config=NFTABLES, message="anew"))
    session.call("cluster.history", cluster("life"))

    session.comment("Names of a shell's own, an old article's spelling, and the same name in another subscription.")
    session.call("cluster.create", cluster("web_1", "team.(a)"))
    articles = {"Mode": "IPVS", "ipvsconfig": {"TCPTimeoutSeconds": 900, "scheduler": "RoundRobin"}}
    session.call("cluster.create", cluster("articles", config=articles))
    session.call("cluster.create", cluster("life", subscription=DEV, config=IPVS))
    session.call("cluster.update", cluster("life", subscription="DEFAULT", labels={"seen": "yes"}))
    session.call("cluster.create", cluster("bare", facts={"networkPlugin": "none"}, config=DISABLED))
    session.call("cluster.update", cluster("bare", config={"enabled": False, **NFTABLES}))
    session.call("cluster.update", cluster("bare", config=NFTABLES))
    session.call("cluster.update", cluster("bare", config={}))


def facts_and_labels(session: Session) -> None:
    session.comment("Facts and labels: set, cleared, refused.")
    session.call("cluster.create", cluster("facts"))
    session.call("cluster.update", cluster("facts", facts={"nodeCount": 3, "usesNodePorts": False}))
    session.call("cluster.update", cluster("facts", facts={"nodeCount": None, "kubernetesVersion": "1.33.0"}))
    session.call("cluster.update", cluster("facts", facts={"kubernetesVersion": "1.33"}))
    session.call("cluster.update", cluster("facts", facts={"kubernetesVersion": "1.33"}))
    labels = {"env": "prod", "team/owner": "Ä ß 漢 🚢", "quote": "\"\\'\u2028"}
    session.call("cluster.update", cluster("facts", labels=labels, message="Grüße,\n\tzweite Zeile \u0001 🚢"))
    session.call("cluster.update", cluster("facts", labels={"env": None, "none": None}))
    session.call("cluster.update", cluster("facts"))
    session.call("cluster.update", cluster("facts", config={}, facts={}, labels={}))
    for fact, value in (
        ("nodeCount", -1), ("nodeCount", 2147483648), ("nodeCount", 1.5), ("nodeCount", "3"), ("usesNodePorts", "yes"),
        ("kubernetesVersion", 1.33), ("kubernetesVersion", "v1.33"), ("networkPolicy", "calicoo"),
        ("networkPlugin", []), ("nodeCoun", 3), ("zzz", 3),
    ):
        session.call("cluster.update", cluster("facts", facts={fact: value}), refused="invalid-params")
    for key, label in (("", "x"), ("a b", "x"), ("a", 7), ("a", "bell \u0007"), ("@{k*64}", "x"), ("a", "@{v*257}")):
        session.call("cluster.update", cluster("facts", labels={key: label}), refused="invalid-params")
    many = {f"l{number}": "x" for number in range(65)}
    session.call("cluster.update", cluster("facts", labels=many), refused="invalid-params")
    session.call("cluster.update", cluster("facts", facts=7), refused="invalid-params")
    session.call("cluster.update", cluster("facts", labels=[]), refused="invalid-params")


def names(session: Session) -> None:
    session.comment("Documents, names and parameters that are refused where they are read.")
    for name in ("web-", "", "a b", "@{n*64}", 7, None):
        session.call("cluster.create", {"resourceGroup": "rg", "name": name}, refused="invalid-params")
    for group in ("rg.", "", "r/g", "@{g*91}"):
        session.call("cluster.create", cluster("x", group), refused="invalid-params")
    session.call("cluster.create", cluster("x", subscription="a/b"), refused="invalid-params")
    session.call("cluster.create", {"resourceGroup": "rg"}, refused="invalid-params")
    session.call("cluster.create", cluster("x", message="@{m*4097}"), refused="invalid-params")
    session.call("cluster.create", cluster("x", apiVersion="newest"), refused="invalid-params")
    session.call("cluster.create", cluster("x", ifRevison=1), refused="invalid-params")
    for config in (
        {"mode": "IPV"}, {"mode": "ipvs"}, {"mode": 1}, {"modes": "IPVS"}, {"enabled": "true"}, 7, [], "IPVS",
        {"ipvsConfig": {}}, {"mode": "NFTABLES", "ipvsConfig": {"scheduler": "RoundRobin"}},
        {"mode": "IPVS", "Mode": "IPVS"}, {"mode": "IPVS", "ipvsConfig": {"schedulr": "RoundRobin"}},
        tuned("LeastConnections"), tuned("RoundRobin", tcpTimeoutSeconds=0), tuned("RoundRobin", udpTimeoutSeconds=-1),
        tuned("RoundRobin", tcpFinTimeoutSeconds=2147483648),
        {"mode": "IPVS", "ipvsConfig": {"tcpTimeoutSeconds": 1.5}},
        {"mode": "IPVS", "ipvsConfig": {"tcpTimeoutSeconds": "900"}},
    ):
        session.call("cluster.create", cluster("x", config=config), refused="invalid-params")
