"""Lines that are dear to read: what one costs the worker or the event loop, and what the others notice."""

from __future__ import annotations

import time

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import STOP_SECONDS
from ..support.latency import answered, compact, greedy, measure
from ..support.wire import Connection, Ended, Json
from .hostile_lines import large_lines, random_lines

OTHERS: dict[str, tuple[str, Json]] = {"health": ("registry.health", {})}


def line_of_labels(count: int, dry_run: bool = False) -> bytes:
    labels = {f"k{number}": "" for number in range(count)}
    parameters = {"resourceGroup": "a", "name": "b", "dryRun": dry_run, "labels": labels}
    return compact({"jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": parameters})


@entry(
    "1",
    "one line of 200,000 labels occupies a worker",
    "refused before anything is built; a line costs its length, and health never waits for a worker",
    seconds=400,
)
def labels(run: Run) -> None:
    daemon = run.started()
    seconds: dict[int, float] = {}
    for count, dry_run in ((100_000, True), (200_000, False)):
        with daemon.connect(180) as connection:
            begun = time.monotonic()
            try:
                kind = answered(connection.raw(line_of_labels(count, dry_run)))
                run.expect(kind == "invalid-params", f"{count} labels are answered with {kind}")
            except (Ended, TimeoutError):
                run.expect(False, f"{count} labels are not answered")
            seconds[count] = time.monotonic() - begun
    run.figure(f"200,000 labels answered after {seconds[200_000]:.2f} s")
    run.expect(seconds[200_000] < 1, "the line takes a second or more")
    # Two such lines, one for each worker; then somebody else asks.
    holders = [daemon.connect(180) for _ in range(2)]
    for holder in holders:
        holder.socket.sendall(line_of_labels(200_000))
    time.sleep(0.1)
    try:
        others = measure(daemon.socket, 1, OTHERS, timeout=170)
    except TimeoutError:
        others = measure(daemon.socket, 0, OTHERS, timeout=1)
    slowest = others.slowest("health")
    run.figure(f"health beside two of them after {slowest / 1000:.2f} s")
    run.expect(slowest < 500 and not others.failures, "health waits for them")
    daemon.kill()
    daemon.start()
    with daemon.connect(60) as connection:
        connection.socket.sendall(line_of_labels(130_000))
        time.sleep(0.2)
        status, took = daemon.stop(60)
    run.figure(f"SIGTERM with one in hand {took:.1f} s")
    run.expect(status == 0 and took < STOP_SECONDS, "the stop waits for the line")


@entry(
    "13",
    "expensive refusals on the event loop",
    "a suggestion costs microseconds",
    seconds=120,
)
def refusals(run: Run) -> None:
    daemon = run.started()
    with daemon.connect() as connection:
        Asked().create(connection, "honest")
    # Below 16 KiB, so that it is decoded on the loop.
    methods = [{"jsonrpc": "2.0", "id": 1, "method": "q" * 95} for _ in range(100)]
    line = compact(methods)
    with daemon.connect() as connection:
        alone = []
        for _ in range(30):
            begun = time.monotonic()
            connection.raw(line)
            alone.append((time.monotonic() - begun) * 1000)
    best = sorted(alone)[len(alone) // 2]
    quiet = measure(daemon.socket, 2)
    with greedy(run, daemon.socket, line, clients=2, at_once=4):
        beside = measure(daemon.socket, 5)
    run.figure(f"a batch of 100 unknown methods ({len(line) / 1000:.1f} KB) {best:.1f} ms")
    run.figure(f"get beside two such clients {quiet.median('get'):.1f} -> {beside.median('get'):.1f} ms (median)")
    run.expect(best < 5, "the batch takes 5 ms or more")
    run.expect(beside.median("get") < 5, "the others' get takes 5 ms or more")


def first_answer(connection: Connection, line: bytes) -> float:
    """Seconds until the line is answered."""
    begun = time.monotonic()
    connection.raw(line)
    return time.monotonic() - begun


@entry(
    "held-parser",
    "lines of 8 MB, and hostile ones, then random ones",
    "no crash, no internal error, and the connection goes on",
    seconds=300,
)
def parser(run: Run) -> None:
    daemon = run.started()
    with daemon.connect() as connection:
        Asked().create(connection, "honest")
    slowest = 0.0
    for name, line in large_lines():
        with daemon.connect(60) as connection:
            took = first_answer(connection, line)
            slowest = max(slowest, took)
            run.expect(took < 10, f"{name} takes {took:.0f} s")
        with daemon.connect() as connection:
            connection.call("registry.describe")
    run.figure(f"{len(large_lines())} large lines, slowest {slowest:.1f} s")
    count = random_lines(run, daemon, seconds=60 * run.options.scale)
    run.figure(f"{count} random lines")
    run.expect(daemon.alive, f"the daemon ended with {daemon.status}")
    run.expect(daemon.stop()[0] == 0, "the stop fails")
