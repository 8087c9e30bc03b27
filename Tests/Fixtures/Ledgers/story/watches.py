"""change.watch: on connections of their own, and on one that changes something itself."""

from __future__ import annotations

from recorder.session import Session
from story.names import DEV, NFTABLES, PROVIDER, cluster


def watches(session: Session) -> None:
    session.comment("Filters: each watch is told of its own.")
    session.call("change.watch", {"kinds": ["extension", "provider"]}, on="kinds")
    session.call("change.watch", {"label": {"tier": "gold", "wave": "0"}}, on="labels")
    session.call("change.watch", {"resourceGroup": "WATCHED"}, on="group")
    session.call("change.watch", {"subscription": DEV}, on="dev")
    session.call("cluster.create", cluster("w", "watched"))
    session.call("cluster.create", cluster("w", "watched", subscription=DEV))
    session.call("extension.set", {"name": "watched"})
    session.call("cluster.update", cluster("w", "watched", labels={"tier": "gold", "wave": "0"}))
    session.call("cluster.update", cluster("w", "watched", labels={"tier": None}))
    session.call("provider.unregister", {**PROVIDER, "subscription": DEV})
    session.call("cluster.delete", cluster("w", "watched", subscription=DEV))
    session.events(["extension.set", "provider.unregister", "provider.settle"], on="kinds")
    session.events(["cluster.update"], on="labels")
    ours = ["create", "create", "update", "update", "delete"]
    session.events([f"cluster.{verb}" for verb in ours], on="group")
    session.events(["cluster.create", "cluster.delete"], on="dev")

    session.comment("A change of the watching connection's own: its watches tell of it before it is answered.")
    session.call("change.watch", {"resourceGroup": "watched"}, on="own")
    session.call("change.watch", {"kinds": ["cluster"], "resourceGroup": "watched", "name": "w"}, on="own")
    update = cluster("w", "watched", config=NFTABLES)
    session.own_change("cluster.update", update, ["cluster.update", "cluster.update"], on="own")
    session.own_change("cluster.update", update, [], on="own")

    session.comment("What a watch cannot begin with, and more watches than a connection may have.")
    session.call("change.watch", {"after": 100000}, refused="invalid-params")
    session.call("change.watch", {"after": -1}, refused="invalid-params")
    session.call("change.watch", {"kinds": []}, refused="invalid-params")
    session.call("change.watch", {"kinds": ["clusters"]}, refused="invalid-params")
    session.call("change.watch", {"name": "web"}, refused="invalid-params")
    session.call("change.watch", {"label": {"a": None}}, refused="invalid-params")
    session.call("change.watch", {"label": "a=b"}, refused="invalid-params")
    watch = {"jsonrpc": "2.0", "method": "change.watch", "params": {"kinds": ["extension"]}}
    session.batch([{**watch, "id": number} for number in range(65)], on="many", replies=65)
    session.close("many")

    session.comment("Sent in one go and answered in order, a read behind the changes before it.")
    session.pipeline(
        [
            *(("cluster.create", cluster(f"p{number}", "pipeline")) for number in range(4)),
            ("cluster.get", cluster("p3", "pipeline")),
            ("cluster.delete", cluster("p3", "pipeline", message="at once")),
            ("cluster.list", {"resourceGroup": "pipeline"}),
        ],
    )
