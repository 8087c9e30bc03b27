"""Confirming, rolling back and updating within milliseconds of a deadline, and kills there: one outcome each."""

from __future__ import annotations

import random
import threading
import time

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import IPTABLES, IPVS, NFTABLES
from ..support.ledger import Ledger
from ..support.wire import Connection, Json, Refused
from .clocks import key, seconds_to_revert


def boot_seconds() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def wait_until(deadline: float) -> None:
    while boot_seconds() < deadline:
        time.sleep(0.0002)


class AtTheDeadline:
    """A change with one second to confirm it, and what is asked for within milliseconds of its end."""

    def __init__(self, connection: Connection, name: str, action: str, offset: float) -> None:
        self.name = name
        self.action = action
        connection.call("cluster.create", **key(name), config=IPVS)
        asked = boot_seconds()
        self.seq = int(connection.call("cluster.update", **key(name), config=NFTABLES, confirmWithinSeconds=1)["seq"])
        answered = boot_seconds()
        wait_until(asked + 1 + offset)
        begun = boot_seconds()
        try:
            connection.call(f"cluster.{'update' if action == 'plan' else action}", **key(name), **self.parameters)
            self.done = True
        except Refused:
            self.done = False
        self.early = boot_seconds() < asked + 0.999
        self.late = begun > answered + 1.001

    @property
    def parameters(self) -> Json:
        match self.action:
            case "update":
                return {"config": IPTABLES}
            case "plan":
                return {"config": IPTABLES, "dryRun": True}
            case _:
                return {}

    def wrong(self, methods: list[str]) -> str | None:
        """What is wrong, given the methods of this cluster's changes in order."""
        reverts = methods.count("cluster.revert")
        if reverts > 1:
            return "two reverts"
        if self.action == "confirm":
            if self.done == bool(reverts):
                return "confirmed and reverted" if reverts else "neither confirmed nor reverted"
            if self.early and not self.done:
                return "confirmed in time, and refused"
            if self.late and self.done:
                return "confirmed too late, and taken"
        return None


@entry(
    "held-deadline",
    "confirm, rollback, update and plan at the deadline +-12 ms; kill -9 there",
    "each change has exactly one outcome; what was asked in time is taken",
    seconds=240,
)
def deadlines(run: Run) -> None:
    chance = random.Random(4)
    daemon = run.started()
    jobs = [
        (f"{action}{number}", action)
        for number in range(run.times(60, least=12))
        for action in ("confirm", "rollback", "update", "plan")
    ]
    done: list[AtTheDeadline] = []

    def work(part: list[tuple[str, str]], offsets: random.Random) -> None:
        with daemon.connect() as connection:
            for name, action in part:
                done.append(AtTheDeadline(connection, name, action, offsets.uniform(-0.012, 0.012)))

    threads = [
        threading.Thread(target=work, args=(jobs[start::24], random.Random(chance.random())), daemon=True)
        for start in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(1.5)
    daemon.stop()
    ledger = Ledger(daemon.database)
    methods: dict[str, list[str]] = {}
    for record in ledger.records:
        if "cluster" in record["effects"]:
            methods.setdefault(record["effects"]["cluster"]["name"], []).append(record["method"])
    for each in done:
        if wrong := each.wrong(methods[each.name]):
            run.expect(False, f"{each.action}: {wrong}")
    run.expect(
        len(done) == len(jobs) and not ledger.problems, f"{len(done)} of {len(jobs)} done, {ledger.problems[:1]}"
    )
    kills = run.times(25, least=3)
    for _ in range(kills):
        killed_at_the_deadline(run, chance.uniform(-0.004, 0.006))
    run.figure(f"{len(done)} at the deadline, {kills} kills there: one outcome each")


def killed_at_the_deadline(run: Run, offset: float) -> None:
    daemon = run.started()
    with daemon.connect() as connection:
        Asked().create(connection, "a")
        begun = boot_seconds()
        connection.call("cluster.update", **key("a"), config=NFTABLES, confirmWithinSeconds=1)
        wait_until(begun + 1 + offset)
    daemon.kill()
    daemon.start()
    seconds_to_revert(daemon, "a", time.monotonic(), patience=10)
    daemon.kill()
    reverts = sum(record["method"] == "cluster.revert" for record in Ledger(daemon.database).records)
    run.expect(reverts == 1, f"kill -9 at the deadline: {reverts} reverts")
