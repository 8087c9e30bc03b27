"""requestId: the same request again answers the same, another one under the same key is refused."""

from __future__ import annotations

from recorder.session import Session
from story.names import IPTABLES, NFTABLES, cluster


def repeats(session: Session) -> None:
    session.comment("A change of every method under a key, and each again: the same result, and nothing recorded.")
    feature = {"namespace": "Microsoft.Web", "name": "Repeated", "requestId": "feature"}
    provider = {"namespace": "Microsoft.Web", "requestId": "provider"}
    calls = (
        ("cluster.create", cluster("repeat", labels={"env": "prod"}, requestId="create")),
        ("cluster.update", cluster("repeat", config=NFTABLES, requestId="update")),
        ("cluster.rollback", cluster("repeat", requestId="rollback 🚢")),
        ("cluster.update", cluster("repeat", config=IPTABLES, confirmWithinSeconds=600, requestId="armed")),
        ("cluster.confirm", cluster("repeat", requestId="confirm")),
        ("cluster.delete", cluster("repeat", requestId="@{k*128}")),
        ("feature.register", feature),
        ("feature.unregister", {**feature, "requestId": "feature again"}),
        ("provider.register", provider),
        ("provider.unregister", {**provider, "requestId": "provider again"}),
        ("extension.set", {"name": "repeated", "version": "1", "requestId": "extension"}),
    )
    for method, params in calls:
        session.call(method, params)
    for method, params in calls:
        session.call(method, params)
    session.comment("The members in another order are the same request; other members, or another method, are not.")
    session.call("cluster.create", dict(reversed(calls[0][1].items())))
    session.call("cluster.create", {**calls[0][1], "apiVersion": None, "message": None})
    session.call("cluster.create", {**calls[0][1], "name": "repeat2"}, refused="request-id-reused")
    session.call("cluster.update", {**calls[0][1]}, refused="request-id-reused")
    session.call("cluster.create", {**calls[0][1], "requestId": ""}, refused="invalid-params")
    session.call("cluster.create", {**calls[0][1], "requestId": "@{k*129}"}, refused="invalid-params")
    session.call("cluster.create", {**calls[0][1], "requestId": "a\u0000b"}, refused="invalid-params")
    session.comment("A plan and a refusal are not remembered, nor what recorded nothing.")
    session.call("cluster.create", cluster("repeat", requestId="plan", dryRun=True))
    session.call("cluster.update", cluster("repeat", requestId="plan"), refused="not-found")
    session.call("extension.set", {"name": "repeated", "version": "1", "requestId": "plan"})
    session.call("extension.set", {"name": "repeated", "version": "2", "requestId": "plan"})
    session.comment("The digest of a newer plan does not make it another request.")
    update = cluster("early", labels={"planned": "yes"})
    plan = session.call("cluster.update", {**update, "dryRun": True})
    pinned = {**update, "requestId": "pinned", "planDigest": session.ref(plan, "result.report.planDigest")}
    session.call("cluster.update", pinned)
    session.call("cluster.update", {**update, "requestId": "pinned"})
