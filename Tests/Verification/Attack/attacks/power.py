"""The power fails under writers: what was acknowledged is there when it is back."""

from __future__ import annotations

import contextlib
import random
import threading
import time

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, recorded_by_daemon
from ..support.daemon import Daemon
from ..support.ext4 import Ext4
from ..support.ledger import Ledger
from ..support.wire import Connection, Ended


class PowerWriter:
    """Writes until the connection ends or a change is refused."""

    def __init__(self, daemon: Daemon, name: str) -> None:
        self.daemon = daemon
        self.name = name
        self.asked = Asked()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self) -> None:
        with contextlib.suppress(OSError, Ended), self.daemon.connect(5) as connection:
            self.write(connection)

    def write(self, connection: Connection) -> None:
        number = 0
        while self.asked.create(connection, f"{self.name}-{number}"):
            number += 1


@entry(
    "held-power",
    "the power fails under 6 writers, on ext4",
    "nothing acknowledged is lost",
    "loop",
    seconds=420,
)
def power(run: Run) -> None:
    chance = random.Random(7)
    disk = Ext4(run, 768)
    acknowledged: dict[str, int] = {}
    cuts = run.times(39, least=5)
    for cut in range(cuts):
        with disk.mounted() as folder:
            daemon = run.daemon(folder)
            if not run.expect(daemon.start(), f"no start after cut {cut}: {daemon.last_line()}"):
                return
            if cut == 0:
                daemon.open_gates()
            with daemon.connect() as connection:
                check(run, cut, acknowledged, recorded_by_daemon(connection))
            writers = [PowerWriter(daemon, f"c{cut}w{number}") for number in range(6)]
            time.sleep(chance.uniform(0.05, 1.0))
            disk.cut_power()
            for writer in writers:
                acknowledged |= dict(writer.asked.acknowledged)
            time.sleep(0.05)
            daemon.kill()
            for writer in writers:
                writer.thread.join()
        with disk.mounted():
            ledger = Ledger(daemon.database)
            check(run, cut, acknowledged, ledger.recorded)
            run.expect(not ledger.problems, f"cut {cut}: {ledger.problems[:1]}")
    run.figure(f"{cuts} cuts, {len(acknowledged)} acknowledged" + ("" if run.problems else ", 0 lost, 0 bad"))


def check(run: Run, cut: int, acknowledged: dict[str, int], recorded: dict[str, int]) -> None:
    lost = [name for name, seq in acknowledged.items() if recorded.get(name) != seq]
    run.expect(not lost, f"after cut {cut} {len(lost)} acknowledged changes are lost")
