"""Features, providers and extensions: what is asked for, what settles, and what that opens and closes."""

from __future__ import annotations

from recorder.session import Session
from story.names import DEV, FEATURE, IPVS, NAMESPACE, NFTABLES, PROVIDER, cluster


def gates(session: Session) -> None:
    session.comment("Nothing is registered: what is never asked for, and what a configuration lacks.")
    session.call("feature.get", FEATURE)
    session.call("provider.get", PROVIDER)
    session.call("feature.list")
    session.call("provider.list")
    session.call("extension.list")
    session.call("extension.get", {"name": "aks-preview"}, refused="not-found")
    session.call("cluster.create", cluster("early", config=NFTABLES), refused="prerequisite")
    old = cluster("early", config=NFTABLES, apiVersion="2024-01-02-preview")
    session.call("cluster.create", old, refused="prerequisite")
    session.call("cluster.create", {**old, "dryRun": True})
    session.call("cluster.create", cluster("plain", facts={"nodeCount": 3}))

    session.comment("The provider first, then the feature, then the provider again, which picks the feature up.")
    session.call("provider.register", PROVIDER)
    plan = session.call("feature.register", {**FEATURE, "dryRun": True})
    session.call("feature.register", {**FEATURE, "planDigest": session.ref(plan, "result.report.planDigest")})
    session.call("cluster.create", cluster("early", config=NFTABLES), refused="prerequisite")
    session.call("feature.register", FEATURE)
    session.call("provider.register", {**PROVIDER, "dryRun": True})
    session.call("provider.register", {**PROVIDER, "message": "picks the feature up", "ifSeq": 5})
    session.call("provider.register", PROVIDER)
    session.call("extension.set", {"name": "aks-preview", "version": "9.0.0b1"})
    session.call("extension.set", {"name": "aks-preview"})
    facts = {"kubernetesVersion": "1.34", "minKernelVersion": "6.8", "networkPlugin": "azure"}
    session.call("cluster.create", cluster("early", config=NFTABLES, facts=facts))

    session.comment("Unregistered again: clusters are closed, and the one with a configuration is stuck.")
    session.call("feature.unregister", {**FEATURE, "dryRun": True})
    session.call("feature.unregister", {**FEATURE, "message": "the preview is over"})
    session.call("feature.unregister", FEATURE)
    session.call("cluster.update", cluster("early", config=IPVS), refused="prerequisite")
    session.call("feature.register", FEATURE)
    session.call("provider.register", PROVIDER)
    session.call("provider.unregister", PROVIDER)
    session.call("provider.unregister", PROVIDER)
    session.call("cluster.update", cluster("early", config={}), refused="prerequisite")
    session.call("cluster.update", cluster("early", config={}, dryRun=True))
    session.call("provider.register", PROVIDER)


def others(session: Session) -> None:
    session.comment("Another subscription, another namespace, other extensions; guards, refusals.")
    for method, params in (("feature.register", FEATURE), ("provider.register", PROVIDER)):
        session.call(method, {**params, "subscription": DEV})
    session.call("feature.register", {"namespace": NAMESPACE, "name": "AutoUpgradePreview"})
    session.call("provider.register", {"namespace": "Microsoft.Network", "message": "for the load balancer"})
    session.call("extension.set", {"name": "aks-preview", "version": "9.0.0b2", "ifSeq": 0}, refused="conflict")
    session.call("extension.set", {"name": "aks-preview", "version": "9.0.0b2", "message": "newer"})
    session.call("extension.set", {"name": "alb"})
    session.call("extension.set", {"name": "alb", "version": "1.0.0", "dryRun": True})
    session.call("feature.register", {**FEATURE, "ifSeq": 1}, refused="conflict")
    session.call("feature.register", {**FEATURE, "ifRevision": 1}, refused="invalid-params")
    session.call("provider.register", {**PROVIDER, "override": ["POL-01"]}, refused="invalid-params")
    session.call("extension.set", {"name": "alb", "override": ["NOPE-1"]}, refused="invalid-params")
    session.call("provider.register", {"namespace": "7up"}, refused="invalid-params")
    session.call("feature.register", {**FEATURE, "name": "no spaces"}, refused="invalid-params")
    session.call("feature.get", {"namespace": NAMESPACE}, refused="invalid-params")
    session.call("feature.get", {**FEATURE, "subscription": " padded "}, refused="invalid-params")
    session.call("extension.set", {"name": "alb", "version": "one two"}, refused="invalid-params")
    session.call("extension.set", {"name": "-alb"}, refused="invalid-params")
    session.call("feature.list", {"limit": 0}, refused="invalid-params")
    session.call("feature.list", {"limit": 1001}, refused="invalid-params")


def timed(session: Session) -> None:
    session.comment("A daemon whose registrations take a day: what is on its way.")
    slow = {"namespace": "Microsoft.Storage", "name": "Slow"}
    session.restart("--settle", "86400")
    session.call("feature.register", slow)
    session.call("feature.get", slow)
    session.call("provider.register", {"namespace": "Microsoft.Storage"})
    session.call("provider.get", {"namespace": "Microsoft.Storage"})
    session.call("feature.register", slow)
    session.call("provider.register", {"namespace": "Microsoft.Storage"})
    session.call("registry.health")

    session.comment("One whose registrations take a second: the daemon settles by itself, and a watch tells of it.")
    session.restart("--settle", "1")
    session.call("change.watch", {"kinds": ["feature", "provider"]}, on="settles")
    quick = {"namespace": "Microsoft.Compute", "name": "Quick"}
    session.call("feature.register", quick)
    session.events(["feature.register", "feature.settle"], on="settles")
    session.call("feature.get", quick)
    session.call("provider.register", {"namespace": "Microsoft.Compute"})
    session.events(["provider.register", "provider.settle"], on="settles")
    session.call("feature.get", quick)
    session.call("provider.unregister", {"namespace": "Microsoft.Compute"})
    session.events(["provider.unregister", "provider.settle"], on="settles")

    session.comment("At once again: what was on its way is called off, and nothing waits any more.")
    session.restart()
    session.call("feature.unregister", slow)
    session.call("provider.unregister", {"namespace": "Microsoft.Storage"})
