"""Applies of many clusters that overlap or are killed, and random clients under kills."""

from __future__ import annotations

import random
import re
import subprocess
import threading
import time

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, fill
from ..support.daemon import IPVS
from ..support.health import read_health
from ..support.latency import measure
from ..support.ledger import Ledger
from ..support.wire import Json, Refused, request


@entry(
    "held-applies",
    "applies that overlap in opposite orders; an apply of 10,000 under kill -9",
    "an apply is whole or not at all, and never seen half done",
    seconds=240,
)
def applies(run: Run) -> None:
    overlapping(run)
    under_kill(run)


def overlapping(run: Run) -> None:
    daemon = run.started()
    with daemon.connect() as connection:
        fill(connection, 20, lambda number: {"resourceGroup": "ap", "name": f"c{number}", "config": IPVS})
    done: list[int] = []
    count = run.times(40, least=10)

    def apply(owner: int, order: list[int]) -> None:
        with daemon.connect(60) as connection:
            for turn in range(count):
                labels = {"by": f"{owner}-{turn}"}
                changes = [
                    {
                        "method": "cluster.update",
                        "params": {"resourceGroup": "ap", "name": f"c{number}", "labels": labels},
                    }
                    for number in order
                ]
                try:
                    done.append(int(connection.call("cluster.apply", detail="summary", changes=changes)["seq"]))
                except Refused as error:
                    run.expect(error.kind == "conflict", f"an overlapping apply is refused as {error.kind}")

    orders = [list(range(20)), list(reversed(range(20)))]
    threads = [threading.Thread(target=apply, args=(owner, order), daemon=True) for owner, order in enumerate(orders)]
    for thread in threads:
        thread.start()
    halves = lists = 0
    with daemon.connect() as connection:
        while any(thread.is_alive() for thread in threads):
            owners = {
                each["labels"].get("by") for each in connection.call("cluster.list", resourceGroup="ap")["items"]
            }
            halves += len(owners) != 1
            lists += 1
    daemon.stop()
    run.expect(len(done) == 2 * count, f"{len(done)} of {2 * count} overlapping applies were done")
    run.expect(halves == 0, f"{halves} of {lists} lists show an apply half done")
    run.expect(not Ledger(daemon.database).problems, "the file differs from the log")
    run.figure(f"{len(done)} overlapping applies, {lists} lists")


def big(number: int) -> Json:
    return {
        "method": "cluster.create",
        "params": {"resourceGroup": f"g{number % 50}", "name": f"n{number}", "config": IPVS},
    }


def under_kill(run: Run) -> None:
    chance = random.Random(9)
    line = request(
        "cluster.apply",
        atomic=True,
        detail="summary",
        requestId="big",
        changes=[big(number) for number in range(10_000)],
    )
    took = 2.0
    kills = run.times(8, least=3)
    whole = 0
    for number in range(1 + kills):
        daemon = run.started()
        with daemon.connect(60) as connection:
            Asked().create(connection, "honest")
            head = int(connection.call("registry.health")["head"])
            begun = time.monotonic()
            connection.socket.sendall(line)
            if number == 0:
                connection.line()
                took = time.monotonic() - begun
            else:
                time.sleep(chance.uniform(0.2, took * 1.05))
        daemon.kill()
        run.expect(daemon.start(), "no start after a killed apply")
        now = int(read_health(daemon).answer["head"])
        whole += now == head + 10_000
        run.expect(now in (head, head + 10_000), f"{now - head} changes of an apply of 10,000 are there")
        others = measure(daemon.socket, 0)
        run.expect(not others.failures, f"after a killed apply: {others.failures[:1]}")
        daemon.kill()
    run.figure(f"an apply of 10,000 {took:.1f} s; {kills} kills, {whole - 1} whole, the others not at all")


@entry(
    "held-random",
    "random clients under kills, every answer checked against the log",
    "no answer contradicts another",
    seconds=900,
)
def soak(run: Run) -> None:
    """docs/correctness.md says what is checked; this is `scripts/soak`."""
    minutes = max(1, round(4 * run.options.scale))
    process = run.process([str(run.options.binaries / "Soak"), str(minutes)], folder=run.folder("soak"))
    try:
        out, said = process.communicate(timeout=minutes * 60 + 240)
    except subprocess.TimeoutExpired:
        run.expect(False, "it does not end")
        return
    lines = [line for line in (out + said).decode(errors="replace").splitlines() if line.strip()]
    run.figure(f"{minutes} min: {re.sub(' +', ' ', lines[-1])[:200] if lines else 'no output'}")
    run.expect(process.returncode == 0, f"it ends with {process.returncode}")
