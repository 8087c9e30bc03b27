"""The process as a citizen: arguments, descriptors, signals, its start and its name service."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import Daemon
from ..support.health import ask
from ..support.wire import Connection, Ended, Refused


@entry(
    "12",
    "arguments vanish when a preloaded library changes the environment",
    "compared with what the kernel was given, and refused",
    "gcc",
    "mount",
    seconds=60,
)
def vanished_arguments(run: Run) -> None:
    # /var/lib is an empty folder in the namespace of the attacks; the ledger of this machine is not in it.
    library = run.library("environment")
    statuses = []
    for options in (
        ["--no-such-option"],
        ["--socket", str(run.folder() / "s"), "--database", str(run.folder() / "r.db")],
    ):
        with subprocess.Popen(
            [str(run.options.binaries / "fairleadd"), *options],
            env={**os.environ, **library.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                statuses.append(str(process.wait(3)))
            except subprocess.TimeoutExpired:
                statuses.append("serves")
                process.kill()
    made = Path("/var/lib/fairlead").exists()
    run.figure(
        f"with an unknown option: {statuses[0]}; with a socket and a database: {statuses[1]}; default ledger made: {made}"
    )
    run.expect(statuses[0] not in ("serves", "0"), "an unknown option is ignored")
    run.expect(not made, "the default ledger is made in place of the one that was named")


@entry(
    "15",
    "out of descriptors, and started without the first three",
    "it pauses accepting and says so; descriptors 0 to 2 are always open",
    seconds=120,
)
def descriptors(run: Run) -> None:
    daemon = run.daemon(wrapper=["prlimit", "--nofile=96:96"])
    run.expect(daemon.start(), "no start with 96 descriptors")
    daemon.open_gates()
    peers = [socket.socket(socket.AF_UNIX) for _ in range(120)]
    with daemon.connect() as connection:
        for peer in peers:
            peer.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                peer.connect(str(daemon.socket))
        time.sleep(1)
        used = daemon.processor_seconds()
        time.sleep(2)
        load = (daemon.processor_seconds() - used) / 2 * 100
        told = turned_away(peers)
        health = ask(connection)
        run.figure(f"120 peers, 96 descriptors: {load:.0f} % of a core, {told} turned away, health {health}")
        run.expect(load < 20, "it is busy with connections that it cannot accept")
        run.expect(told > 0 or "out-of-descriptors" in health.codes, "nobody is told that it is out of descriptors")
        run.expect(Asked().create(connection, "beside"), "a connected client's change is refused")
    for peer in peers:
        peer.close()
    run.expect(daemon.answers(5), "it does not come back when the peers have gone")
    daemon.kill()
    trapped = []
    for count in (8, 12, 16, 20, 24):
        few = run.daemon(wrapper=["prlimit", f"--nofile={count}:{count}"])
        few.start(wait=3)
        if few.crashed:
            trapped.append(count)
        few.kill()
    run.figure(f"trapped with {trapped or 'no'} descriptors")
    run.expect(not trapped, f"it traps with {trapped} descriptors")
    without_standard_streams(run)


def turned_away(peers: list[socket.socket]) -> int:
    """How many peers were sent something, though they asked nothing: that the daemon has no room for them."""
    told = 0
    for peer in peers:
        with contextlib.suppress(BlockingIOError, ConnectionResetError, OSError):
            told += bool(peer.recv(1000))
    return told


def without_standard_streams(run: Run) -> None:
    daemon = run.daemon(wrapper=["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-'])
    run.expect(daemon.start(), "no start without descriptors 0 to 2")
    daemon.open_gates()
    with daemon.connect() as connection:
        Asked().create_some(connection, "closed", 10)
    streams = [os.readlink(f"/proc/{daemon.pid}/fd/{number}") for number in range(3)]
    daemon.stop()
    written = [
        path.name
        for path in (daemon.lock, daemon.database, daemon.folder / "s.lock")
        if b"fairleadd:" in path.read_bytes()
    ]
    run.figure(f"started without 0-2: they are {', '.join(Path(stream).name for stream in streams)}")
    run.expect(set(streams) == {"/dev/null"}, "files of the daemon stand where the standard streams should")
    run.expect(not written, f"lines of the log are written into {written}")


@entry(
    "17",
    "signals end it without a word",
    "SIGHUP is logged and ends nothing; the others end it well and say so",
    seconds=60,
)
def signals(run: Run) -> None:
    silent = []
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
        daemon = run.daemon()
        daemon.start()
        lines = len(daemon.lines())
        daemon.signal(number)
        end = time.monotonic() + 2
        while time.monotonic() < end and len(daemon.lines()) == lines and daemon.alive:
            time.sleep(0.02)
        time.sleep(0.2)
        said = len(daemon.lines()) > lines
        if daemon.alive:
            run.expect(said, f"{number.name} is not logged")
        else:
            well = said and daemon.status == 0 and not daemon.socket.exists()
            run.expect(
                well, f"{number.name} ends it ({daemon.status}), {'with' if said else 'without'} a line in the log"
            )
            silent += [] if well else [number.name]
        if number == signal.SIGHUP:
            run.expect(daemon.alive, "SIGHUP ends it")
        daemon.kill()
    run.figure(f"ended without a word by {', '.join(silent) or 'none'}")


@entry(
    "23",
    "clients get in before a start has failed",
    "it listens only once it can answer",
    "gcc",
    seconds=120,
)
def premature_listening(run: Run) -> None:
    library = run.library("faults")
    made = run.started()
    with made.connect() as connection:
        Asked().create_some(connection, "earlier", 50)
    made.stop()
    failed = reset = 0
    for call in ("pread", "fcntl"):
        for first in range(1, 1 + run.times(60, least=40)):
            faults = library.faults(call, "any", first, times=-1, error=5)
            daemon = run.daemon(environment=faults.environment)
            made.copy_ledger(daemon.database)
            daemon.launch()
            reset += clients_of_a_start(daemon)
            failed += daemon.status == 1
            daemon.kill()
            faults.forget()
    run.figure(f"{failed} starts that fail, {reset} clients reset")
    run.expect(failed > 0, "no start was made to fail")
    run.expect(reset == 0, f"{reset} clients are let in and then reset")


def clients_of_a_start(daemon: Daemon) -> int:
    """Connects as soon as it can; how many connections ended without an answer."""
    end = time.monotonic() + 1.5
    while daemon.alive and time.monotonic() < end:
        try:
            connection = Connection(daemon.socket, 3)
        except OSError:
            continue
        with connection:
            try:
                connection.call("registry.health")
                return 0
            except Refused:
                return 0
            except (Ended, OSError):
                return 1
    return 0


@entry(
    "30",
    "a slow name service stops the event loop",
    "the name is looked up away from the event loop",
    "gcc",
    seconds=60,
)
def slow_names(run: Run) -> None:
    daemon = run.daemon(environment=run.library("slownames").environment)
    run.expect(daemon.start(wait=20), "no start with a slow name service")
    with daemon.connect(20) as connection:
        connection.call("registry.describe")
        time.sleep(3)
        thread = threading.Thread(target=lambda: daemon.connect(20).close(), daemon=True)
        thread.start()
        time.sleep(0.2)
        begun = time.monotonic()
        connection.call("registry.describe")
        took = time.monotonic() - begun
        thread.join()
    run.figure(f"a read of memory while somebody connects: {took * 1000:.0f} ms")
    run.expect(took < 0.2, "reads wait for the name service")
