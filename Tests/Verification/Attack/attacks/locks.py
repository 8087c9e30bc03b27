"""Other programs hold the file or read it for long, and the disk takes the -wal only: health has to say so, and who it is."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, fill, recorded_by_daemon
from ..support.daemon import IPVS, Daemon
from ..support.health import read_health, wait_for, wait_until_ok
from ..support.latency import measure, working
from ..support.ledger import Ledger
from ..support.outsider import Outsider
from ..support.wire import Connection, Refused

WAL_MIB = 48
"""The write-ahead log may not be larger, whatever the daemon's own readers do."""


def mib(path: Path) -> float:
    return path.stat().st_size / (1 << 20) if path.exists() else 0


def holder(run: Run, database: Path, *statements: str, seconds: float = 60) -> Outsider:
    """Another program that has run these statements, once this returns, and keeps what they hold."""
    reading, writing = os.pipe()

    def hold() -> None:
        file = sqlite3.connect(database, timeout=10, isolation_level=None)
        for statement in statements:
            file.execute(statement).fetchone()
        os.write(writing, b".")
        time.sleep(seconds)
        file.execute("ROLLBACK")

    other = run.outsider(hold)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return other


@entry(
    "16",
    "health while another program holds the file",
    "health names the program that holds the lock, and `fairlead status` has a time-out of its own",
    seconds=90,
)
def health_while_locked(run: Run) -> None:
    daemon = run.started()
    asked = Asked()
    with daemon.connect() as connection:
        asked.create_some(connection, "before", 5)
        other = holder(run, daemon.database, "BEGIN IMMEDIATE")
        connection.send("cluster.create", resourceGroup="rg", name="waits", config=IPVS, requestId="waits")
        health, seconds = wait_for(daemon, "locked", seconds=4)
        run.figure(f"health says {health}" + ("" if health.ok else f" after {seconds:.1f} s"))
        run.expect("locked" in health.codes and seconds < 2, f"2 s after a change began to wait, health says {health}")
        run.expect(other.pid in health.pids, "health does not name the program that holds the lock")
        try:
            connection.answer()
            kind = "taken"
        except Refused as error:
            kind = error.kind
        run.expect(kind == "unavailable", f"a change that waited is answered with {kind}")
        other.end()
        run.expect(asked.create(connection, "after"), "no change is taken after the other has gone")
    run.expect(wait_until_ok(daemon, 3), "health does not become ok when the other has gone")
    status_of_silence(run)


def status_of_silence(run: Run) -> None:
    """`fairlead status` of a daemon that does not answer: it is stopped, and so accepts and is silent."""
    daemon = run.started()
    daemon.signal(signal.SIGSTOP)
    begun = time.monotonic()
    command = run.process([str(run.options.binaries / "fairlead"), "--socket", str(daemon.socket), "status"])
    try:
        run.expect(command.wait(20) != 0, "fairlead status calls a silent daemon healthy")
    except subprocess.TimeoutExpired:
        run.expect(False, "fairlead status waits for a silent daemon")
    run.figure(f"fairlead status of a silent daemon ends after {time.monotonic() - begun:.0f} s")
    daemon.signal(signal.SIGCONT)


def update_for_ever(path: Path, cluster: str) -> None:
    with Connection(path, 60) as connection:
        number = 0
        while True:
            number += 1
            connection.call("cluster.update", resourceGroup="rg", name=cluster, labels={"n": str(number)})


def read_for_ever(path: Path) -> None:
    """Reads that overlap: each takes long, and the next one follows at once."""
    with Connection(path, 60) as connection:
        while True:
            connection.call("change.list", kind="extension", limit=1)


def largest(path: Path, seconds: float, each: Callable[[], None] = lambda: None) -> float:
    """The most MiB that a file had within some seconds."""
    most = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, mib(path))
        each()
        time.sleep(0.1)
    return most


@entry(
    "10",
    "the write-ahead log grows without bound, unnoticed",
    "the daemon's readers let WAL checkpoints through; who pins the log, and a checkpoint that fails, stand in health",
    seconds=240,
)
def wal(run: Run) -> None:
    daemon = run.started()
    with daemon.connect(60) as connection:
        Asked().create(connection, "honest")
        Asked().create(connection, "other")
        count = 12_000
        fill(
            connection,
            count,
            lambda number: {"resourceGroup": f"g{number % 40}", "name": f"f{number}", "config": IPVS},
        )

    def work(number: int) -> None:
        if number < 2:
            update_for_ever(daemon.socket, ("honest", "other")[number])
        read_for_ever(daemon.socket)

    with working(run, 8, work):
        most = largest(daemon.wal, 24)
    time.sleep(1)
    run.figure(f"6 readers of the daemon's and 2 writers, 24 s: {most:.0f} MiB, then {mib(daemon.wal):.0f} MiB")
    run.expect(most < WAL_MIB, f"the -wal has {most:.0f} MiB beside the daemon's own readers")
    pinned_from_outside(run, daemon)
    # What is in the -wal of this size has to be there after a crash.
    daemon.kill()
    begun = time.monotonic()
    run.expect(daemon.start(wait=60), "no start with this -wal")
    run.figure(f"a start with it {time.monotonic() - begun:.1f} s")
    daemon.kill()
    if run.can("gcc", "a database that cannot be written"):
        checkpoint_that_fails(run)


def pinned_from_outside(run: Run, daemon: Daemon) -> None:
    other = holder(run, daemon.database, "BEGIN", "SELECT count(*) FROM change")
    with working(run, 2, lambda number: update_for_ever(daemon.socket, ("honest", "other")[number])):
        most = largest(daemon.wal, 8)
        health, _ = wait_for(daemon, "wal-pinned", seconds=10)
    run.figure(f"a reader outside: {most:.0f} MiB, health {health}")
    run.expect("wal-pinned" in health.codes and other.pid in health.pids, "health does not say who pins the -wal")
    other.end()


def checkpoint_that_fails(run: Run) -> None:
    """The database itself cannot be written, while its -wal can."""
    library = run.library("faults")
    faults = library.faults("pwrite", "db", first=60, times=-1, error=5)
    daemon = run.started(environment=faults.environment)
    asked = Asked()
    with daemon.connect(60) as connection:
        fill(
            connection, 4000, lambda number: {"resourceGroup": f"g{number % 10}", "name": f"f{number}", "config": IPVS}
        )
        asked.create(connection, "last")
    health, _ = wait_for(daemon, "checkpoint-failed", seconds=3)
    lines = len(daemon.lines())
    status, _ = daemon.stop()
    run.figure(f"database cannot be written: health {health}, the stop ends with {status}")
    run.expect(faults.counts[1] > 0, "no write of the database was made to fail")
    run.expect("checkpoint-failed" in health.codes, "health does not tell of the failed checkpoint")
    run.expect(status == 1 and len(daemon.lines()) > lines, "the stop does not tell that its checkpoint failed")
    daemon.environment = {}
    run.expect(daemon.start(), "no start after it")
    with daemon.connect(60) as connection:
        for problem in asked.compare(recorded_by_daemon(connection)):
            run.expect(False, problem)


@entry(
    "held-locks",
    "another program holds the file for 1 or 5 s; SIGSTOP",
    "a change waits for 1 s, is refused after 3 s, and reads go on",
    seconds=120,
)
def locks(run: Run) -> None:
    daemon = run.started()
    asked = Asked()
    waits: list[float] = []
    with daemon.connect() as connection:
        asked.create_some(connection, "before", 10)
        for mode in ("IMMEDIATE", "EXCLUSIVE"):
            for seconds, taken in ((1.0, True), (5.0, False)):
                other = holder(run, daemon.database, f"BEGIN {mode}", seconds=seconds)
                begun = time.monotonic()
                got = asked.create(connection, f"{mode}-{seconds:.0f}")
                waits.append(time.monotonic() - begun)
                run.expect(got == taken, f"{mode} for {seconds:.0f} s: the change is {'taken' if got else 'refused'}")
                reads = measure(
                    daemon.socket, 0, {"history": ("cluster.history", {"resourceGroup": "rg", "name": "before1"})}
                )
                run.expect(
                    reads.slowest("history") < 1000 and not reads.failures,
                    f"reads wait while another has BEGIN {mode}",
                )
                other.wait()
        daemon.signal(signal.SIGSTOP)
        connection.send("cluster.create", resourceGroup="rg", name="stopped", config=IPVS, requestId="stopped")
        time.sleep(2)
        daemon.signal(signal.SIGCONT)
        asked.acknowledged["stopped"] = int(connection.answer()["seq"])
        # A change in hand and a lock that is never given back: the stop ends all the same.
        holder(run, daemon.database, "BEGIN IMMEDIATE")
        connection.send("cluster.create", resourceGroup="rg", name="last", config=IPVS, requestId="last")
        time.sleep(0.1)
        status, took = daemon.stop(20)
        run.expect(status is not None and took < 8, f"a stop while another holds the file takes {took:.0f} s")
    run.figure(f"changes waited {min(waits):.1f} to {max(waits):.1f} s, a stop {took:.1f} s")
    for problem in asked.compare(Ledger(daemon.database).recorded) + Ledger(daemon.database).problems:
        run.expect(False, problem)
    run.expect(read_health(daemon).status == "no answer", "it answers after its stop")
