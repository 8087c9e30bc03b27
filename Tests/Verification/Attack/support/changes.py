"""Changes that were asked for, how each was answered, and whether the ledger agrees after a restart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .daemon import IPVS
from .wire import Connection, Ended, Json, Refused


class Asked:
    """Which request was acknowledged, refused or left open. The request id is the cluster's name."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.refused: dict[str, Refused] = {}
        self.open: set[str] = set()
        """No answer, or one that says that the outcome is uncertain: it is recorded once, or not at all."""

    def create(self, connection: Connection, name: str, **more: Any) -> bool:
        """Asks for a cluster of this name; whether it was acknowledged."""
        parameters: Json = {"resourceGroup": "rg", "name": name, "config": IPVS, "requestId": name, **more}
        self.open.add(name)
        try:
            answer = connection.call("cluster.create", **parameters)
        except Refused as error:
            if not error.uncertain:
                self.open.discard(name)
                self.refused[name] = error
            return False
        except (OSError, Ended):
            return False
        self.open.discard(name)
        self.acknowledged[name] = int(answer["seq"])
        return True

    def create_some(self, connection: Connection, prefix: str, count: int) -> int:
        """Asks one after the other; how many were acknowledged."""
        return sum(self.create(connection, f"{prefix}{number}") for number in range(count))

    def compare(self, recorded: dict[str, int]) -> list[str]:
        """What is wrong with a ledger that has these request ids and numbers."""
        wrong = []
        lost = [name for name, seq in self.acknowledged.items() if recorded.get(name) != seq]
        if lost:
            wrong.append(f"{len(lost)} of {len(self.acknowledged)} acknowledged changes are lost")
        lies = [name for name in self.refused if name in recorded]
        if lies:
            wrong.append(f"{len(lies)} refused changes are recorded: {self.refused[lies[0]]}")
        return wrong

    def lost(self, recorded: dict[str, int]) -> int:
        return sum(recorded.get(name) != seq for name, seq in self.acknowledged.items())


def every_change(connection: Connection, limit: int = 1_000_000) -> list[Json]:
    """The log through the daemon; an `AssertionError` where it is not strictly ascending."""
    items: list[Json] = []
    after: Any = 0
    while True:
        page = connection.call("change.list", limit=1000, after=after)
        for item in page["items"]:
            if items and item["seq"] <= items[-1]["seq"]:
                raise AssertionError(f"the list goes from {items[-1]['seq']} to {item['seq']}")
            items.append(item)
        if len(items) > limit:
            raise AssertionError(f"the list has no end after {len(items)} changes")
        after = page.get("after")
        if after is None:
            return items


def recorded_by_daemon(connection: Connection) -> dict[str, int]:
    """Request ids and numbers, through the daemon."""
    return {item["requestId"]: item["seq"] for item in every_change(connection) if item.get("requestId")}


def fill(connection: Connection, count: int, each: Callable[[int], Json], batch: int = 500) -> None:
    """Makes many clusters in applies of `batch`."""
    for start in range(0, count, batch):
        changes = [
            {"method": "cluster.create", "params": each(number)} for number in range(start, min(start + batch, count))
        ]
        connection.call("cluster.apply", detail="summary", changes=changes)
