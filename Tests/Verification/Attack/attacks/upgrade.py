"""A ledger of another version, or of another program."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import NFTABLES, Daemon
from ..support.ledger import Ledger
from ..support.wire import Ended, Json, Refused
from .projections import statement

TABLES = ("change", "revision", "cluster", "feature", "provider", "extension")


def first_version(run: Run) -> tuple[Path, list[Json]]:
    """A ledger of schema 1 with rows, and its log."""
    made = run.started()
    asked = Asked()
    with made.connect() as connection:
        asked.create_some(connection, "a", 40)
        for number in range(10):
            connection.call("cluster.update", resourceGroup="rg", name=f"a{number}", config=NFTABLES)
        for number in range(5):
            connection.call("cluster.delete", resourceGroup="rg", name=f"a{number}")
        connection.call("extension.set", name="aks-preview", version="1.0")
    made.stop()
    records = Ledger(made.database).records
    old = run.folder("old") / "r.db"
    file = sqlite3.connect(old, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.executescript((run.options.repository / "migrations/0001_ledger.sql").read_text())
    file.execute("PRAGMA user_version = 1")
    file.execute("ATTACH ? AS new", (str(made.database),))
    for table in TABLES:
        columns = ", ".join(row[1] for row in file.execute(f"PRAGMA main.table_info({table})"))
        file.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
    old.chmod(0o600)
    return old, records


def version(database: Path) -> int:
    file = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(file.execute("PRAGMA user_version").fetchone()[0])
    finally:
        file.close()


@entry(
    "28",
    "an upgrade migrates for good without a word, and keeps no copy",
    "the log says so, and that there is no way back but the copy that is kept",
    seconds=60,
)
def upgrade(run: Run) -> None:
    old, records = first_version(run)
    daemon = run.daemon()
    shutil.copy(old, daemon.database)
    run.expect(daemon.start(), "no start on a ledger of the first version")
    daemon.stop()
    now = version(daemon.database)
    own = {"s", "s.lock", "r.db", "r.db-wal", "r.db-shm", "r.db.lock", "log"}
    copies = [path for path in daemon.folder.iterdir() if path.name not in own and path.stat().st_size > 4096]
    whole = [path for path in copies if version(path) == 1 and len(Ledger(path).records) == len(records)]
    said = [line for line in daemon.lines() if any(path.name in line for path in whole)]
    run.figure(f"schema 1 -> {now}: {len(whole)} whole copies, {len(said)} lines of the log name it")
    run.expect(len(whole) == 1, "no whole copy of the old ledger is kept")
    run.expect(bool(said), "the log does not name a copy")
    run.expect(Ledger(daemon.database).records == records, "the log is another after the upgrade")


@entry(
    "held-upgrade",
    "an upgrade, and a first start, killed before each call on the file",
    "the old version or the new one, and never something between",
    "gcc",
    seconds=900,
)
def killed_upgrade(run: Run) -> None:
    library = run.library("faults")
    old, records = first_version(run)
    kills = 0
    for source in (old, None):
        for call in ("pwrite", "fdatasync", "ftruncate", "pread", "fcntl", "open"):
            first, step = 1, 1 if run.options.scale >= 1 else round(1 / run.options.scale)
            while first < 400:
                faults = library.faults(call, "any", first, times=1, error=-1)
                faults.forget()
                daemon = run.daemon(run.folder(), environment=faults.environment)
                if source:
                    shutil.copy(source, daemon.database)
                daemon.start()
                # The daemon may outlive its start, and die at its last calls, in the stop.
                died = faults.counts[1] > 0
                if daemon.alive:
                    daemon.kill()
                daemon.environment = {}
                problem = after_a_kill(daemon, records if source else [])
                run.expect(
                    problem is None,
                    f"{'upgrade' if source else 'first start'} killed before {call} {first}: {problem}",
                )
                shutil.rmtree(daemon.folder)
                if not died:
                    break
                kills += 1
                first += step
    run.figure(f"{kills} kills: old or new, never between" if not run.problems else f"{kills} kills")
    run.expect(kills > 0, "nothing was killed")


def after_a_kill(daemon: Daemon, records: list[Json]) -> str | None:
    """What is wrong with the ledger that a killed start left behind."""
    if not records:
        daemon.allow_new_ledger()
    if not daemon.start():
        return f"no start: {daemon.last_line()}"
    try:
        with daemon.connect() as connection:
            if not records:
                daemon.open_gates()
            asked = Asked()
            if not asked.create(connection, "new"):
                return f"no change is taken: {asked.refused.get('new')}"
    except (Refused, Ended, OSError) as error:
        return f"no answer: {error}"
    daemon.stop()
    ledger = Ledger(daemon.database)
    if ledger.problems:
        return ledger.problems[0]
    if ledger.records[: len(records)] != records:
        return "the log is another"
    return None


@entry(
    "held-foreign",
    "databases of a newer version, of another program, without a version",
    "refused and left as they are",
    seconds=60,
)
def foreign(run: Run) -> None:
    made = run.started()
    with made.connect() as connection:
        Asked().create_some(connection, "a", 5)
    made.stop()
    cases = (
        "PRAGMA user_version = 99",
        "PRAGMA user_version = -1",
        "PRAGMA application_id = 5",
        "CREATE TABLE foreign_table (a)",
    )
    refused = 0
    for sql in cases:
        daemon = run.daemon()
        if sql.startswith("PRAGMA"):
            made.copy_ledger(daemon.database)
        statement(daemon.database, sql)
        daemon.database.chmod(0o600)
        before = daemon.database.read_bytes()
        served = daemon.start(wait=5)
        refused += not served and daemon.status not in (None, 0) and not daemon.crashed
        run.expect(not served and not daemon.crashed, f"{sql}: it {'serves' if served else 'is killed by a signal'}")
        daemon.kill()
        run.expect(daemon.database.read_bytes() == before, f"{sql}: the file is changed")
    run.figure(f"{refused} of {len(cases)} refused, untouched")
