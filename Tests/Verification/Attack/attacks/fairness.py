"""A few clients read a lot: what the others notice, and what peers that never read cost."""

from __future__ import annotations

import socket
import time

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, fill
from ..support.daemon import IPVS, Daemon
from ..support.latency import Latencies, batch, deaf, greedy, measure
from ..support.wire import Connection, Json, request

PROMISED = {"health": 5.0, "get": 5.0, "history": 50.0}
"""Milliseconds, p99, beside four greedy clients."""

MEMORY_MIB = 512
"""What the daemon may grow by, whatever the peers do: its budget for all of them and some for the allocator."""


def promised(run: Run, name: str, found: Latencies) -> None:
    run.figure(f"{name}: {found.text(*PROMISED)}")
    for kind, limit in PROMISED.items():
        p99 = found.quantile(kind, 0.99)
        run.expect(p99 < limit, f"{name}: {kind} takes {p99:.0f} ms, p99")
    run.expect(not found.failures, f"{name}: {found.failures[:1]}")


@entry(
    "9",
    "greedy readers starve health and history (median/p99)",
    "health comes from memory, lists by kind have an index, and readers take turns: 5, 5 and 50 ms (p99)",
    seconds=300,
)
def greedy_readers(run: Run) -> None:
    daemon = run.started()
    with daemon.connect(120) as connection:
        Asked().create(connection, "honest")
        count = run.times(20_000, least=5_000)
        fill(
            connection,
            count,
            lambda number: {"resourceGroup": f"g{number % 40}", "name": f"f{number}", "config": IPVS},
        )
    seconds = 8
    run.figure(f"{count} changes, alone: {measure(daemon.socket, 2).text(*PROMISED)}")
    with greedy(run, daemon.socket, request("change.list", kind="extension", limit=1), clients=4):
        promised(run, "4 lists by kind", measure(daemon.socket, seconds))
    with greedy(run, daemon.socket, request("cluster.list", labels={"a": "b"}, limit=1), clients=4):
        promised(run, "4 lists by label", measure(daemon.socket, seconds))
    with greedy(run, daemon.socket, request("change.list", limit=1000), clients=4, at_once=8):
        promised(run, "4 lists of 1,000", measure(daemon.socket, seconds))
    with greedy(run, daemon.socket, request("change.watch", after=0), clients=2, at_once=30):
        promised(run, "2 x 30 watches from the beginning", measure(daemon.socket, seconds))


def fat(number: int) -> Json:
    labels = {f"k{index}" + "x" * 55: "\\" * 256 for index in range(64)}
    return {"resourceGroup": "rg", "name": f"fat{number}", "config": IPVS, "labels": labels}


def peak(daemon: Daemon, seconds: float) -> float:
    most = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        most = max(most, daemon.resident_mib())
        time.sleep(0.05)
    return most


@entry(
    "11",
    "memory is bounded per connection only",
    "one budget for all connections; the greediest is put off first",
    seconds=300,
)
def memory(run: Run) -> None:
    daemon = run.started()
    with daemon.connect(120) as connection:
        Asked().create(connection, "honest")
        fill(connection, 1000, fat, batch=100)

    def hostile(name: str, lines: bytes, count: int, seconds: float) -> None:
        # Started anew, since memory that was used once is not given back to the system.
        daemon.stop()
        daemon.start()
        before = daemon.resident_mib()
        peers = [deaf(daemon.socket, lines) for _ in range(count)]
        most = peak(daemon, seconds) - before
        run.figure(f"{name} +{most:.0f} MiB")
        run.expect(most < MEMORY_MIB, f"{name} cost {most:.0f} MiB")
        others = measure(daemon.socket, 0.5)
        run.expect(not others.failures, f"beside {name}: {others.failures[:1]}")
        for peer in peers:
            peer.close()

    listing = request("cluster.list", limit=1000)
    hostile("20 deaf peers", listing * 100, 20, seconds=10)
    hostile("8 deaf batches", batch([listing] * 100), 8, seconds=10)
    hostile("100 half lines of 7.9 MB", b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 7_900_000, 100, seconds=2)
    run.expect(daemon.stop()[0] == 0, "the stop fails")


@entry(
    "held-peers",
    "slow, idle, deaf and short-lived peers by the thousand",
    "the others notice nothing, and nothing is left",
    seconds=240,
)
def peers(run: Run) -> None:
    daemon = run.started()
    with daemon.connect() as connection:
        Asked().create(connection, "honest")
    quiet = measure(daemon.socket, 1)
    descriptors, memory_before = daemon.descriptors(), daemon.resident_mib()
    line = request("cluster.get", resourceGroup="rg", name="honest")
    slow = [deaf(daemon.socket, b"") for _ in range(2000)]
    for at in range(12):
        for peer in slow:
            peer.send(line[at : at + 1])
    promised_beside(run, "2,000 slow", daemon, quiet)
    idle = [deaf(daemon.socket, b"") for _ in range(2300)]
    promised_beside(run, "4,300 open", daemon, quiet, existing=slow)
    for peer in slow + idle:
        peer.close()
    watching = [
        deaf(daemon.socket, b"".join(request("change.watch", number) for number in range(64))) for _ in range(64)
    ]
    promised_beside(run, "4,096 watches", daemon, quiet)
    for peer in watching:
        peer.close()
    churned = churn(daemon, run.times(20_000, least=4000))
    time.sleep(2)
    kept, grown = daemon.descriptors() - descriptors, daemon.resident_mib() - memory_before
    run.figure(f"{churned} short connections; {kept} descriptors kept, {grown:+.0f} MiB")
    run.expect(kept <= 3, f"{kept} descriptors are kept")
    run.expect(grown < 128, f"{grown:.0f} MiB are kept")


def promised_beside(
    run: Run, name: str, daemon: Daemon, quiet: Latencies, existing: list[socket.socket] | None = None
) -> None:
    """An honest client beside these peers; where the daemon is full it is turned away, which is not slow."""
    try:
        found = measure(daemon.socket, 1)
    except OSError:
        found = Latencies()
    if existing is not None and (found.failures or not found.milliseconds):
        return
    run.figure(f"{name}: get {quiet.median('get'):.2f} -> {found.median('get'):.2f} ms")
    run.expect(found.median("get") < 5, f"beside {name} peers a get takes {found.median('get'):.0f} ms")
    run.expect(not found.failures, f"beside {name} peers: {found.failures[:1]}")


def churn(daemon: Daemon, count: int) -> int:
    """Connections of eight kinds, each closed at once."""
    for number in range(count):
        with Connection(daemon.socket) as connection:
            peer = connection.socket
            try:
                match number % 8:
                    case 1:
                        peer.sendall(b'{"jsonrpc":"2.0","id":1,"meth')
                    case 2:
                        peer.sendall(request("change.watch"))
                    case 3:
                        peer.sendall(
                            request("cluster.update", resourceGroup="rg", name="honest", labels={"n": str(number)})
                        )
                    case 4:
                        peer.sendall(request("change.list", limit=1000) * 5)
                    case 5:
                        peer.sendall(request("registry.health"))
                        peer.shutdown(socket.SHUT_WR)
                        peer.recv(1000)
                    case 6:
                        peer.sendall(b"x" * 100_000)
                    case 7:
                        peer.sendall(request("change.watch", after=0))
                        peer.shutdown(socket.SHUT_RD)
                    case _:
                        pass
            except (BrokenPipeError, ConnectionResetError):
                pass
    return count
