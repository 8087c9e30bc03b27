"""Calls on the ledger's files fail, each in turn: the answers stay honest, and a disk error is not called damage."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from errno import EIO, ENOSPC

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, every_change, recorded_by_daemon
from ..support.daemon import FEATURE, IPVS, NAMESPACE, NFTABLES, Daemon
from ..support.health import read_health, wait_until_ok
from ..support.ledger import Ledger
from ..support.shim import Faults
from ..support.wire import Connection, Ended, Json, Refused

SERIES: list[tuple[str, str, int, int]] = [
    ("pwrite", "wal", EIO, 1), ("pwrite", "wal", EIO, 3), ("pwrite", "wal", EIO, -1), ("pwrite", "wal", ENOSPC, 2),
    ("pwrite", "wal", ENOSPC, -1), ("pwrite", "wal", 0, 1), ("pwrite", "wal", 0, -1),
    ("pwrite", "db", EIO, 1), ("pwrite", "db", EIO, -1), ("pwrite", "db", 0, 1),
    ("fdatasync", "any", EIO, 1), ("fdatasync", "any", EIO, 2), ("fdatasync", "any", EIO, -1),
    ("pread", "db", EIO, 1), ("pread", "db", EIO, -1), ("pread", "db", 0, 1),
    ("pread", "wal", EIO, 1), ("pread", "wal", EIO, -1), ("pread", "wal", 0, 1),
    ("ftruncate", "any", EIO, 1), ("ftruncate", "any", EIO, -1),
    ("open", "any", EIO, 1), ("open", "any", EIO, -1),
    ("mmap", "shm", EIO, 1), ("mmap", "shm", EIO, -1),
    ("fcntl", "any", EIO, 1), ("fcntl", "any", EIO, 3), ("fcntl", "any", EIO, -1),
    ("fstat", "any", EIO, 1), ("fstat", "any", EIO, -1),
]  # fmt: skip
"""Call, files, errno (0: short), how many fail."""


LONGEST = 45
"""Seconds that one answer, or a start, may take: where locks can never be taken, SQLite tries each read for ten seconds
(WAL_RETRY_PROTOCOL_LIMIT in its wal.c), and a few reads follow each other."""

PATIENCE = 4.0
"""Seconds after which no further changes are asked for: where every change waits for a lock first, a few are enough."""

READS: list[tuple[str, Json]] = [
    ("cluster.list", {}),
    ("change.list", {"limit": 1000}),
    ("cluster.history", {"resourceGroup": "rg", "name": "a3"}),
    ("change.get", {"seq": 7}),
    ("report.get", {"seq": 8}),
    ("registry.health", {}),
]


@dataclass
class Work:
    """What two clients asked for on a daemon whose calls fail, and what was wrong with the answers."""

    asked: Asked = field(default_factory=Asked)
    wrong: list[str] = field(default_factory=list)

    def do(self, daemon: Daemon) -> None:
        try:
            with daemon.connect(LONGEST) as one, daemon.connect(LONGEST) as two:
                self._register(one)
                end = time.monotonic() + PATIENCE
                for number in range(6):
                    if time.monotonic() > end:
                        break
                    first = self.asked.create(one, f"a{number}", message="m" * 50)
                    self.asked.create(two, f"b{number}", config=NFTABLES)
                    if first:
                        self._read_back(two, f"a{number}")
                for method, parameters in READS:
                    self._read(one, method, parameters)
                self._repeat(two)
        except (Ended, OSError) as error:
            if daemon.alive:
                self.wrong.append(f"a connection ended: {error}")

    def _register(self, connection: Connection) -> None:
        self._read(connection, "feature.register", {"namespace": NAMESPACE, "name": FEATURE})
        self._read(connection, "provider.register", {"namespace": NAMESPACE})

    def _read(self, connection: Connection, method: str, parameters: Json) -> Json | None:
        try:
            return connection.call(method, **parameters)
        except Refused as error:
            if error.kind not in ("unavailable", "internal", "not-found"):
                self.wrong.append(f"{method} is refused as {error.kind}")
            return None

    def _read_back(self, connection: Connection, name: str) -> None:
        """What was acknowledged is visible on another connection at once."""
        got = self._read(connection, "cluster.get", {"resourceGroup": "rg", "name": name})
        if got is not None and got["updatedSeq"] < self.asked.acknowledged[name]:
            self.wrong.append(f"{name} is read as of {got['updatedSeq']} after {self.asked.acknowledged[name]}")

    def _repeat(self, connection: Connection) -> None:
        """The same request again has the same answer."""
        for name in [name for name in self.asked.acknowledged if name == "b5"]:
            again = Asked()
            if again.create(connection, name, config=NFTABLES) and again.acknowledged != {
                name: self.asked.acknowledged[name]
            }:
                self.wrong.append(f"the repeat of {name} is another change")

    def verify(self, daemon: Daemon) -> None:
        """On a daemon without faults."""
        with daemon.connect() as connection:
            ids = [change["requestId"] for change in every_change(connection) if change.get("requestId")]
            if len(ids) != len(set(ids)):
                self.wrong.append("a request is recorded twice")
            self.wrong += self.asked.compare(recorded_by_daemon(connection))
            for name in sorted(self.asked.open):
                again = Asked()
                config = NFTABLES if name.startswith("b") else IPVS
                more: Json = {"message": "m" * 50} if name.startswith("a") else {}
                again.create(connection, name, config=config, **more)
                if any(error.kind in ("unavailable", "internal") for error in again.refused.values()):
                    self.wrong.append(f"{name}, whose outcome was uncertain, cannot be repeated")
        if not wait_until_ok(daemon):
            self.wrong.append(f"after the restart health says {read_health(daemon)}")


@entry(
    "held-faults",
    "each call on each file of the ledger fails, once or for ever, or is short",
    "no acknowledged change is missing, no refused one is there, an uncertain one says so, and the file is whole",
    "gcc",
    seconds=1500,
)
def every_call(run: Run) -> None:
    library = run.library("faults")
    runs = hit = acknowledged = refused = uncertain = 0
    for call, file, error, times in SERIES:
        counting = library.faults(call, file, first=0, times=0, error=error)
        counting.forget()
        one_run(run, counting)
        for first in spread(counting.counts[0], run.times(14, least=4)):
            faults = library.faults(call, file, first, times, error)
            faults.forget()
            work = one_run(run, faults)
            runs += 1
            hit += faults.counts[1] > 0
            acknowledged += len(work.asked.acknowledged)
            refused += len(work.asked.refused)
            uncertain += len(work.asked.open)
            for problem in work.wrong:
                run.expect(False, f"{faults}: {problem}")
    run.figure(
        f"{runs} runs, {hit} with a fault; {acknowledged} acknowledged, {refused} refused, {uncertain} uncertain: 0 lost, 0 lies"
    )
    if run.problems:
        run.figures[-1] = run.figures[-1].split(":")[0]


def spread(calls: int, count: int) -> list[int]:
    """So many of the calls 1 to `calls`, the first and the last among them."""
    return sorted({1 + at * max(0, calls - 1) // max(1, count - 1) for at in range(count)}) if calls else []


def one_run(run: Run, faults: Faults) -> Work:
    daemon = run.daemon(run.folder(), environment=faults.environment)
    work = Work()
    served = daemon.start(wait=LONGEST)
    if served:
        work.do(daemon)
    elif daemon.alive:
        work.wrong.append("it neither starts nor ends")
    if daemon.crashed:
        work.wrong.append(f"the daemon ends ({daemon.status})")
    lines = daemon.lines()
    if daemon.alive:
        status, _ = daemon.stop(20)
        # 1 says that something could not be brought to the end, such as the last checkpoint; then the log says what.
        if status not in (0, 1) or (status == 1 and len(daemon.lines()) <= len(lines)):
            work.wrong.append(f"the stop ends with {status}")
    elif not served and not lines:
        work.wrong.append("the start fails without a word")
    daemon.environment = {}
    if not work.asked.acknowledged:
        daemon.allow_new_ledger()
    if daemon.start():
        work.verify(daemon)
        daemon.stop()
    else:
        work.wrong.append(f"no start without the fault: {daemon.last_line()}")
    daemon.kill()
    work.wrong += Ledger(daemon.database).problems
    for path in daemon.folder.iterdir():
        path.unlink()
    return work


@entry(
    "18",
    "one read error of the disk is called damage",
    "told apart from damage; changes go on when the disk reads again",
    "gcc",
    seconds=120,
)
def read_error(run: Run) -> None:
    library = run.library("faults")
    made = run.started()
    with made.connect() as connection:
        Asked().create_some(connection, "a", 60)
    made.stop()
    hit = damage = stuck = 0
    example = ""
    for first in range(1, 1 + run.times(30, least=20)):
        faults = library.faults("pread", "db", first, times=1, error=EIO)
        faults.forget()
        daemon = run.daemon(environment=faults.environment)
        made.copy_ledger(daemon.database)
        if not daemon.start(wait=5):
            called = f"the start says {daemon.last_line()}" if "backup" in daemon.last_line() else ""
        else:
            called = reads_call_it_damage(daemon)
            if faults.counts[1] and not called:
                with daemon.connect() as connection:
                    end = time.monotonic() + 3
                    taken = False
                    while not taken and time.monotonic() < end:
                        taken = Asked().create(connection, f"after-{time.monotonic_ns()}")
                    stuck += not taken
        hit += faults.counts[1] > 0
        damage += bool(called)
        example = example or called
        daemon.kill()
    run.figure(f"{hit} read errors, {damage} called damage, {stuck} after which no change is taken")
    run.expect(hit > 0, "no read was made to fail")
    run.expect(damage == 0, f"{damage} of {hit} read errors are called damage: {example}")
    run.expect(stuck == 0, f"after {stuck} of {hit} single read errors no change is taken")


def reads_call_it_damage(daemon: Daemon) -> str:
    """What a refused read, or health, says of damage; the daemon of 0.1.0 says it in its text alone."""
    with daemon.connect() as connection:
        for method, parameters in READS:
            try:
                connection.call(method, **parameters)
            except Refused as error:
                if error.kind == "internal" or "backup" in str(error):
                    return f"{method}: {error.kind}, {str(error).replace(str(daemon.folder), '')[:120]}"
    health = read_health(daemon)
    return f"health {health}" if "corrupt" in health.codes else ""
