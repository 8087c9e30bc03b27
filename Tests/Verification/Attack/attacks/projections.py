"""Somebody edits the file in a shell, and the ledger is of another version, or of another program."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import NFTABLES, Daemon
from ..support.health import wait_for
from ..support.ledger import Ledger
from ..support.wire import Ended, Json, Refused

TABLES = ("change", "revision", "cluster", "feature", "provider", "extension")

EDITS: list[tuple[str, str, str]] = [
    ("a cluster", """UPDATE cluster SET config = '{"mode":"NFTABLES"}', effective = '{"enabled":true,"mode":"NFTABLES"}'""", "projection-differs"),
    ("a feature", "UPDATE feature SET state = 'Unregistered', propagated = 0", "projection-differs"),
    ("a deleted cluster", "DELETE FROM cluster WHERE name = 'a3'", "projection-differs"),
    (
        "a trigger of somebody's",
        """CREATE TRIGGER evil AFTER INSERT ON change BEGIN UPDATE cluster SET labels = '{"evil":"1"}'; END""",
        "foreign-trigger",
    ),
]


def statement(database: Path, sql: str) -> None:
    """What the stock shell does, once."""
    with sqlite3.connect(database) as file:
        file.execute(sql)
    file.close()


@entry("27", "projections that were edited by hand, and a foreign trigger, are believed", seconds=120)
def edited(run: Run) -> None:
    believed = []
    for name, sql, code in EDITS:
        daemon = run.started()
        asked = Asked()
        with daemon.connect() as connection:
            asked.create_some(connection, "a", 10)
        daemon.stop()
        statement(daemon.database, sql)
        if not daemon.start(wait=5):
            # A start that is refused believes nothing.
            run.expect(not daemon.crashed, f"{name}: the daemon is killed by a signal")
        else:
            health, _ = wait_for(daemon, code, seconds=3)
            if not run.expect(code in health.codes, f"{name}: health says {health}"):
                believed.append(name)
            daemon.stop()
        rebuilt = subprocess.run(
            [str(run.options.binaries / "fairleadd"), "--rebuild", "--socket", str(daemon.socket), "--database", str(daemon.database)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
        if code == "projection-differs":
            run.expect(rebuilt.returncode == 0, f"{name}: fairleadd --rebuild ends with {rebuilt.returncode}")
            ledger = Ledger(daemon.database)
            run.expect(not ledger.problems, f"{name}: after --rebuild {ledger.problems[:1]}")
        daemon.kill()
    run.figure(f"{len(EDITS)} edits, {len(believed)} believed" + (f" ({', '.join(believed)})" if believed else ""))


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


@entry("28", "an upgrade migrates for good without a word, and keeps no copy", seconds=60)
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


@entry("held-upgrade", "an upgrade, and a first start, killed before each call on the file", "gcc", seconds=900)
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
                run.expect(problem is None, f"{'upgrade' if source else 'first start'} killed before {call} {first}: {problem}")
                shutil.rmtree(daemon.folder)
                if not died:
                    break
                kills += 1
                first += step
    run.figure(f"{kills} kills: old or new, never between" if not run.problems else f"{kills} kills")
    run.expect(kills > 0, "nothing was killed")


def after_a_kill(daemon: Daemon, records: list[Json]) -> str | None:
    """What is wrong with the ledger that a killed start left behind."""
    # Without --create a ledger of which only traces are left is not made anew; here nothing was ever in it.
    if not records:
        daemon.options = ["--create"] if daemon.lock.exists() and creates(daemon.binaries) else []
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


_creates: dict[Path, bool] = {}


def creates(binaries: Path) -> bool:
    """Whether this fairleadd has the option --create; that of 0.1.0 has not."""
    if binaries not in _creates:
        shown = subprocess.run([str(binaries / "fairleadd"), "--help"], capture_output=True, check=False)
        _creates[binaries] = b"--create" in shown.stdout
    return _creates[binaries]


@entry("held-foreign", "databases of a newer version, of another program, without a version", seconds=60)
def foreign(run: Run) -> None:
    made = run.started()
    with made.connect() as connection:
        Asked().create_some(connection, "a", 5)
    made.stop()
    cases = ("PRAGMA user_version = 99", "PRAGMA user_version = -1", "PRAGMA application_id = 5", "CREATE TABLE foreign_table (a)")
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
