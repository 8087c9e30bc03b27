"""Damage in the database's file: it stops the writing, never the daemon, and no damaged byte is served as an answer."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, every_change
from ..support.damage import column_damages, endless, flipped, write_over
from ..support.daemon import IPVS, NFTABLES, Daemon
from ..support.health import read_health, wait_for
from ..support.wire import Connection, Ended, Garbled, Json, Refused

READS: list[tuple[str, Json]] = [
    ("cluster.list", {"limit": 1000}),
    ("cluster.get", {"resourceGroup": "rg", "name": "c7"}),
    ("cluster.history", {"resourceGroup": "rg", "name": "c7"}),
    ("cluster.get", {"resourceGroup": "rg", "name": "c80"}),
    ("cluster.history", {"resourceGroup": "rg", "name": "c80"}),
    ("feature.list", {}),
    ("change.get", {"seq": 9}),
    ("change.get", {"seq": 100}),
    ("report.get", {"seq": 60}),
]


def small_ledger(run: Run) -> Path:
    """A ledger of 124 changes, closed."""
    daemon = run.started()
    asked = Asked()
    with daemon.connect() as connection:
        for number in range(90):
            config = (IPVS, NFTABLES)[number % 2]
            asked.create(connection, f"c{number}", config=config, message="m" * 40, labels={"k": str(number)})
        for number in range(30):
            connection.call("cluster.update", resourceGroup="rg", name=f"c{number}", labels={"k": "u"})
    daemon.stop()
    return daemon.database


class Probe:
    """Reads everything of a daemon, then asks for a change, then looks at its health."""

    def __init__(self, daemon: Daemon) -> None:
        self.damaged = False
        """Whether a read was refused, other than with not-found."""
        self.wrong: list[str] = []
        self.acknowledged: int | None = None
        self.unseen = False
        """Whether a change was taken before anybody could see the damage, and cannot be read after a restart."""
        try:
            with daemon.connect(15) as connection:
                self.read(connection)
                self.write(connection)
        except (Ended, OSError) as error:
            if not daemon.ends_soon():
                self.wrong.append(f"no answer: {error}")
            elif daemon.crashed:
                self.wrong.append(f"the daemon ends ({daemon.status})")
            return
        health = read_health(daemon)
        if self.damaged and health.ok:
            self.wrong.append("health ok after damage was seen")
        if self.damaged and self.acknowledged is not None:
            self.wrong.append("a change taken after damage was seen")

    def read(self, connection: Connection) -> None:
        try:
            every_change(connection, limit=2000)
        except Refused as error:
            self.note(error)
        except AssertionError as error:
            self.wrong.append(f"change.list: {str(error).split(' from ')[0].split(' after ')[0]}")
        except Garbled:
            self.wrong.append("a line that is no JSON")
        for method, parameters in READS:
            try:
                connection.call(method, **parameters)
            except Refused as error:
                self.note(error)
            except Garbled:
                self.wrong.append("a line that is no JSON")

    def note(self, error: Refused) -> None:
        self.damaged |= error.kind != "not-found"

    def write(self, connection: Connection) -> None:
        asked = Asked()
        if asked.create(connection, "new"):
            self.acknowledged = asked.acknowledged["new"]

    def check_after_restart(self, daemon: Daemon) -> None:
        if self.acknowledged is None:
            return
        found = None
        if daemon.start(wait=10):
            try:
                with daemon.connect() as connection:
                    found = connection.call("change.get", seq=self.acknowledged).get("requestId")
            except (Refused, Ended, OSError):
                pass
        if found != "new" and not self.damaged:
            self.unseen = True
        elif found != "new":
            self.wrong.append("an acknowledged change cannot be read after the restart")


@entry(
    "7",
    "bytes flipped in the database, before a start or under the daemon",
    "the first sign of damage ends the writing, and health says so",
    seconds=600,
)
def flips(run: Run) -> None:
    whole = small_ledger(run).read_bytes()
    chance = random.Random(11)
    found: Counter[str] = Counter()
    count = run.times(150, least=30)
    seen = unseen = 0
    for _ in range(count):
        damaged = flipped(chance, whole)
        for before_start in (True, False):
            folder = run.folder()
            daemon = run.daemon(folder)
            daemon.database.write_bytes(damaged if before_start else whole)
            daemon.database.chmod(0o600)
            served = daemon.start(wait=10)
            if not before_start:
                write_over(daemon.database, damaged)
            wrong: list[str] = []
            if served:
                probe = Probe(daemon)
                seen += probe.damaged
                if daemon.alive:
                    daemon.stop(10)
                    probe.check_after_restart(daemon)
                unseen += probe.unseen
                wrong = probe.wrong
            if daemon.crashed:
                wrong.append(f"the daemon ends ({daemon.status})")
            found.update(set(wrong))
            daemon.kill()
            shutil.rmtree(folder)
    run.figure(f"{2 * count} runs, damage seen in {seen}")
    if unseen:
        # Such as a page of the schema that is spoilt under a daemon which has read it: only a restart meets it.
        run.figure(f"{unseen} x a restart refuses a file whose damage nothing had met when it took a change")
    for what, times in found.most_common():
        run.figure(f"{times} x {what}")
        run.expect(False, what)


@entry(
    "8",
    "a damaged row kills the daemon, or is served as it is",
    "a row that does not decode is a refusal that names it; nothing traps, and lists are strictly ascending",
    seconds=600,
)
def rows(run: Run) -> None:
    whole = small_ledger(run)
    found: dict[str, list[str]] = {}
    damages = list(column_damages())
    chosen = damages[:: max(1, round(1 / max(run.options.scale, 0.2)))]
    for name, damage in chosen:
        daemon = run.daemon(run.folder())
        shutil.copy(whole, daemon.database)
        daemon.database.chmod(0o600)
        file = sqlite3.connect(daemon.database, isolation_level=None)
        file.execute("PRAGMA ignore_check_constraints = ON")
        damage(file)
        file.close()
        judge(daemon, name, found)
        shutil.rmtree(daemon.folder)
    daemon = run.daemon()
    shutil.copy(whole, daemon.database)
    daemon.database.chmod(0o600)
    endless(daemon.database)
    judge(daemon, "a tree that leads in circles", found)
    if daemon.start(wait=5):
        health, _ = wait_for(daemon, "corrupt", seconds=1)
        run.figure(f"a tree that leads in circles: health {health}")
    run.figure(
        f"{len(chosen)} damaged columns, {len({name for names in found.values() for name in names})} with a wrong end"
    )
    for what, names in sorted(found.items()):
        run.expect(False, f"{len(names)} x {what} (for instance {names[0]})")


def judge(daemon: Daemon, name: str, found: dict[str, list[str]]) -> None:
    wrong: list[str] = []
    if daemon.start(wait=10):
        wrong = Probe(daemon).wrong
        if daemon.alive:
            daemon.stop(10)
    if daemon.crashed and not any("the daemon ends" in what for what in wrong):
        wrong.append(f"the daemon ends ({daemon.status})")
    for what in set(wrong):
        found.setdefault(what, []).append(name)
    daemon.kill()
