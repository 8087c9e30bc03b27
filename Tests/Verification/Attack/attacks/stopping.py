"""Stops under load, and starts at the same moment."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import fill
from ..support.daemon import IPVS, NFTABLES, STOP_SECONDS
from ..support.latency import deaf
from ..support.ledger import Ledger
from ..support.wire import Connection, Ended, request


class Pipeliner:
    """Sends changes in bursts until its connection ends, and keeps what was answered."""

    def __init__(self, path: Path, number: int) -> None:
        self.path = path
        self.number = number
        self.acknowledged: dict[str, int] = {}
        self.refused: set[str] = set()
        self.unanswered: set[str] = set()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self) -> None:
        chance = random.Random(self.number)
        count = 0
        with Connection(self.path, 20) as connection:
            try:
                while True:
                    burst = [f"{self.number}-{count + index}" for index in range(chance.choice((1, 4, 16)))]
                    count += len(burst)
                    self.unanswered |= set(burst)
                    connection.socket.sendall(b"".join(self.line(name) for name in burst))
                    for _ in burst:
                        self.take(connection)
            except (Ended, OSError):
                # What was sent to us before the end is an answer, too.
                try:
                    while True:
                        self.take(connection)
                except (Ended, OSError):
                    pass

    def line(self, name: str) -> bytes:
        return request("cluster.create", name, resourceGroup="rg", name=name, config=NFTABLES, requestId=name)

    def take(self, connection: Connection) -> None:
        reply = connection.receive()
        self.unanswered.discard(reply["id"])
        if "result" in reply:
            self.acknowledged[reply["id"]] = reply["result"]["seq"]
        else:
            self.refused.add(reply["id"])


@entry(
    "held-sigterm",
    "SIGTERM under 8 pipelining writers",
    "all that is recorded is answered, and all that is answered is recorded",
    seconds=180,
)
def sigterm(run: Run) -> None:
    chance = random.Random(2)
    count = run.times(25)
    answers = 0
    slowest = 0.0
    for number in range(count):
        daemon = run.started()
        writers = [Pipeliner(daemon.socket, writer) for writer in range(8)]
        time.sleep(chance.uniform(0.1, 0.5))
        status, took = daemon.stop(20)
        slowest = max(slowest, took)
        run.expect(status == 0, f"stop {number} ends with {status}")
        ledger = Ledger(daemon.database)
        for writer in writers:
            writer.thread.join(20)
            answers += len(writer.acknowledged)
            lost = [name for name, seq in writer.acknowledged.items() if ledger.recorded.get(name) != seq]
            run.expect(not lost, f"{len(lost)} answered changes are not recorded")
            silent = [name for name in writer.unanswered | writer.refused if name in ledger.recorded]
            run.expect(not silent, f"{len(silent)} recorded changes are not answered")
        for problem in ledger.problems:
            run.expect(False, problem)
        daemon.kill()
    daemon = run.started()
    with daemon.connect() as connection:
        fill(connection, 2000, lambda at: {"resourceGroup": "rg", "name": f"f{at}", "config": IPVS})
    peers = [
        deaf(daemon.socket, request("change.list", limit=1000) * 50),
        deaf(daemon.socket, request("change.watch", after=0)),
    ]
    time.sleep(0.5)
    status, deaf_took = daemon.stop(20)
    for peer in peers:
        peer.close()
    run.figure(f"{count} stops, {answers} answers, slowest {slowest:.2f} s; {deaf_took:.1f} s with deaf peers")
    run.expect(status == 0 and max(slowest, deaf_took) < STOP_SECONDS, "a stop takes longer than promised")


@entry(
    "held-starts",
    "four daemons at once on one socket, or on one database",
    "one of them serves",
    seconds=180,
)
def starts(run: Run) -> None:
    count = run.times(20)
    for shared in ("socket", "database"):
        for _ in range(count):
            folder = run.folder()
            daemons = [run.daemon(folder) for _ in range(4)]
            for number, daemon in enumerate(daemons):
                if shared == "socket":
                    daemon.database = folder / f"{number}.db"
                else:
                    daemon.socket = folder / f"s{number}"
                daemon.launch()
            end = time.monotonic() + 10
            while sum(daemon.alive for daemon in daemons) > 1 and time.monotonic() < end:
                time.sleep(0.02)
            winners = [daemon for daemon in daemons if daemon.alive]
            run.expect(len(winners) == 1 and winners[0].answers(5), f"{len(winners)} daemons run on one {shared}")
            for daemon in daemons:
                daemon.kill()
    run.figure(f"{2 * count} races, one winner each")
