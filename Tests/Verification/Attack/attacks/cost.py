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


WAIT = 250
"""Seconds for a line that once took 109 on an idle machine."""


def line_of_labels(count: int, dry_run: bool = False) -> bytes:
    labels = {f"k{number}": "" for number in range(count)}
    parameters = {"resourceGroup": "a", "name": "b", "dryRun": dry_run, "labels": labels}
    return compact({"jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": parameters})


@entry(
    "1",
    "one line of 200,000 labels occupies a worker",
    "refused before anything is built; a line costs its length, and health never waits for a worker",
    seconds=900,
)
def labels(run: Run) -> None:
    daemon = run.started()
    seconds: dict[int, float] = {}
    for count, dry_run in ((100_000, True), (200_000, False)):
        with daemon.connect(WAIT) as connection:
            begun = time.monotonic()
            try:
                kind = answered(connection.raw(line_of_labels(count, dry_run)))
                run.expect(kind in ("too-large", "invalid-params"), f"{count} labels are answered with {kind}")
            except (Ended, TimeoutError):
                run.expect(False, f"{count} labels are not answered")
            seconds[count] = time.monotonic() - begun
    run.figure(f"200,000 labels answered after {seconds[200_000]:.2f} s")
    run.expect(seconds[200_000] < 1, "the line takes a second or more")
    # Two such lines, one for each worker; then somebody else asks.
    holders = [daemon.connect(WAIT) for _ in range(2)]
    for holder in holders:
        holder.socket.sendall(line_of_labels(200_000))
    time.sleep(0.1)
    others = measure(daemon.socket, 1, OTHERS, timeout=WAIT)
    slowest = others.slowest("health")
    answer = f"after {slowest / 1000:.2f} s" if others.milliseconds else f"not within {WAIT} s"
    run.figure(f"health beside two of them {answer}")
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
    # Below 16 KiB, so that they are decoded on the loop.
    unknown_method = {"jsonrpc": "2.0", "id": 1, "method": "q" * 95}
    facts = {"resourceGroup": "a", "name": "b", "facts": {"q" * 120: 1}}
    unknown_fact = {"jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": facts}
    quiet = measure(daemon.socket, 2)
    for name, value, count in (("methods", unknown_method, 100), ("facts", unknown_fact, 60)):
        line = compact([value] * count)
        with daemon.connect() as connection:
            alone = sorted(first_answer(connection, line) * 1000 for _ in range(30))
        median = alone[len(alone) // 2]
        with greedy(run, daemon.socket, line, clients=2, at_once=4):
            beside = measure(daemon.socket, 5).median("get")
        run.figure(f"{count} unknown {name} in {len(line) / 1000:.1f} KB: {median:.1f} ms")
        run.figure(f"get beside two such clients {quiet.median('get'):.1f} -> {beside:.1f} ms (median)")
        run.expect(median < 5, f"a batch of {count} unknown {name} takes {median:.0f} ms")
        run.expect(beside < 5, f"beside unknown {name} a get takes {beside:.0f} ms")


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
