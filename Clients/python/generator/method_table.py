"""What the schema lacks about methods: names that differ in Python, and explanations.

The generator refuses an entry that matches nothing in the schema.
"""

from __future__ import annotations

from typing import NamedTuple, Optional


class Iterator(NamedTuple):
    """The method that goes through all pages of a list; ``after`` explains where it can begin."""

    name: str
    after: Optional[str] = None


class Renamed(NamedTuple):
    """A parameter with another name in Python."""

    name: str
    doc: str


# What every change takes, as `ChangeOptions`.
OPTIONS = ("message", "ifRevision", "ifSeq", "planDigest", "override", "dryRun", "requestId")

# The method whose results come one by one, as a `Watch`.
WATCH = "change.watch"

# ``from`` is a keyword of Python.
PARAMETERS = {
    "cluster.diff(from)": Renamed(
        "from_revision", "the older revision; the one before ``to_revision`` by default"
    ),
    "cluster.diff(to)": Renamed("to_revision", "the newer revision; the current one by default"),
}

ITERATORS = {
    "cluster.list": Iterator("clusters"),
    "cluster.history": Iterator("history"),
    "feature.list": Iterator("features"),
    "provider.list": Iterator("providers"),
    "extension.list": Iterator("extensions"),
    "change.list": Iterator("changes", after="begin with the change that follows this one"),
}

# Summaries for methods whose summary in the schema describes the wire and not Python's behaviour.
SUMMARIES = {
    "change.watch": "the changes that follow ``after``, in order and each once, as they come",
    "rpc.discover": "the protocol's description, an OpenRPC document",
}

# A paragraph for a method's docstring.
NOTES = {
    "cluster.update": "Without ``config``, the configuration stays. With "
    "``confirm_within_seconds``, the daemon reverts a new revision after that time unless "
    "`cluster_confirm` follows; meanwhile other configurations and a delete raise `Conflict`.",
    "cluster.rollback": "It ends the wait of a change that is to be confirmed. See "
    "`cluster_update` for ``confirm_within_seconds``.",
    "cluster.confirm": "With ``seq``, that change and no other. Raises `Conflict` where none "
    "waits.",
    "cluster.delete": "A rollback brings the cluster back.",
    "cluster.apply": "Where all or none are to be recorded, a refusal raises what the worst "
    "refused change would raise alone; its ``data`` has ``index`` and ``results``.",
    "change.watch": "Without ``after``, the changes that are recorded from now on. The watch has a "
    "connection of its own, so that this client can go on with other calls. Raises "
    "`InvalidParams` where ``after`` is a change that is yet to come.",
}
