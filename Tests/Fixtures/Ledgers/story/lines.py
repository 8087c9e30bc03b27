"""Lines that are no requests, requests that nobody can take, and batches."""

from __future__ import annotations

from recorder.session import Session

HEALTH = '{"jsonrpc":"2.0","id":"h","method":"registry.health"}'

NO_JSON = (
    '{"jsonrpc":"2.0","id":"a","method":',
    "hello",
    "",
    "   ",
    "@{hex 0d}",
    HEALTH + "}",
    HEALTH + HEALTH,
    '{"jsonrpc":"2.0","id":01,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"@{hex ff}","method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"\\ud800","method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"\\x","method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"@{hex 01}","method":"registry.health"}',
    "{'jsonrpc':'2.0'}",
    "@{hex ef bb bf}" + HEALTH,
    "@{[*65}",
)

NO_REQUEST = (
    '{"jsonrpc":"2.0","id":"a","method":"registry.health","id":"b"}',
    '{"jsonrpc":"1.0","id":"a","method":"registry.health"}',
    '{"id":"a","method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"a"}',
    '{"jsonrpc":"2.0","id":"a","method":7}',
    '{"jsonrpc":"2.0","id":1.5,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":1e2,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":{},"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":true,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"a","method":"registry.health","params":[]}',
    '{"jsonrpc":"2.0","id":"a","method":"registry.health","params":null}',
    '{"jsonrpc":"2.0","id":"a","method":"registry.health","parms":{}}',
    '{"jsonrpc":"2.0","id":"a","method":"registry.health","zzzzzzzz":{}}',
    '"registry.health"',
    "7",
    "null",
    "true",
    "[]",
)

NO_METHOD = (
    '{"jsonrpc":"2.0","id":"a","method":"registry.helth"}',
    '{"jsonrpc":"2.0","id":"a","method":"cluster.updat","params":{}}',
    '{"jsonrpc":"2.0","id":"a","method":"CLUSTER.GET","params":{}}',
    '{"jsonrpc":"2.0","id":"a","method":"frobnicate"}',
    '{"jsonrpc":"2.0","id":"a","method":""}',
)

REQUESTS = (
    HEALTH,
    HEALTH + "@{hex 0d}",
    "  " + HEALTH + " @{hex 09}",
    '{"method":"registry.health","params":{},"id":-3,"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"\\u00e4\\n\\"\\ud83d\\ude00","method":"registry.health"}',
    '{"jsonrpc":"2.0","id":null,"method":"registry.health"}',
    '{"jsonrpc":"2.0","id":"a","method":"registry\\u002ehealth"}',
)


def lines(session: Session) -> None:
    session.comment("What the daemon says of itself, and of a ledger in which there is nothing.")
    session.call("registry.describe")
    session.call("registry.health")
    session.call("rpc.discover")
    session.call("change.list")
    session.comment("Lines that are no JSON, no request, or name no method: the connection stays usable.")
    for line in NO_JSON:
        session.raw(line, refused="parse-error")
    for line in NO_REQUEST:
        session.raw(line, refused="invalid-request")
    for line in NO_METHOD:
        session.raw(line, refused="unknown-method")
    for line in REQUESTS:
        session.raw(line)
    session.raw('{"jsonrpc":"2.0","id":"a","method":"registry.health","params":{"x":1}}', refused="invalid-params")
    session.comment("A notification gets no reply, not even a refusal.")
    session.notify("registry.health", {})
    session.notify("cluster.get", {})
    session.comment("A line that is too long ends its connection; a last line needs no line feed.")
    session.raw("@{x*9000000}", on="long", refused="too-large")
    session.ended("long")
    session.raw(HEALTH + "@{end}", on="last")
    session.ended("last")


def batches(session: Session) -> None:
    session.comment("Batches: in order, without the notifications' replies, and no transaction.")
    health = {"jsonrpc": "2.0", "id": "h", "method": "registry.health"}
    get = {"jsonrpc": "2.0", "id": "g", "method": "cluster.get", "params": {"resourceGroup": "rg", "name": "none"}}
    notification = {"jsonrpc": "2.0", "method": "registry.health"}
    session.batch([health], replies=1)
    session.batch([health, notification, get, 7, [], {"jsonrpc": "2.0", "id": "x"}], replies=5)
    session.batch([notification, notification], replies=0)
    create = {
        "jsonrpc": "2.0",
        "method": "cluster.create",
        "params": {"resourceGroup": "rg", "name": "batched", "message": "by a batch"},
    }
    session.batch([{**create, "id": "c1"}, {**create, "id": "c2"}, {**get, "id": "g"}], replies=3)
    session.comment("A change as a notification is made all the same; what follows on its connection sees it.")
    session.notify("cluster.update", {"resourceGroup": "rg", "name": "batched", "labels": {"by": "notification"}})
    session.call("cluster.get", {"resourceGroup": "rg", "name": "batched"})
    session.raw("[@{1,*100}1]", refused="too-large")
