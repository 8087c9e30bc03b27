"""What stands under the daemon is deleted, renamed, replaced or cut: is that noticed before the next acknowledgement?"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, recorded_by_daemon
from ..support.daemon import Daemon
from ..support.health import read_health, wait_for
from ..support.ledger import Ledger
from ..support.wire import Ended, Refused

BEFORE, AFTER = 40, 10
"""Changes that are acknowledged before an attack, and asked for after it."""

NOTICED = ("file-gone", "file-replaced", "file-truncated", "wal-gone", "shm-gone")


def remove(*suffixes: str) -> Callable[[Daemon], None]:
    def act(daemon: Daemon) -> None:
        for suffix in suffixes:
            Path(f"{daemon.database}{suffix}").unlink(missing_ok=True)

    return act


def rename(daemon: Daemon) -> None:
    daemon.database.rename(daemon.folder / "away.db")


def restore_a_copy(daemon: Daemon) -> None:
    shutil.copy(daemon.database, daemon.folder / "copy.db")
    os.rename(daemon.folder / "copy.db", daemon.database)


def cut(length: int, suffix: str = "") -> Callable[[Daemon], None]:
    return lambda daemon: os.truncate(f"{daemon.database}{suffix}", length)


CASES: list[tuple[str, Callable[[Daemon], None], bool]] = [
    ("database, -wal and -shm deleted", remove("", "-wal", "-shm"), False),
    ("database deleted", remove(""), False),
    ("database renamed", rename, False),
    ("a copy renamed over the database", restore_a_copy, False),
    ("-wal deleted, then kill -9", remove("-wal"), True),
    ("-wal and -shm deleted, then kill -9", remove("-wal", "-shm"), True),
    ("-shm deleted, then kill -9", remove("-shm"), True),
    ("database cut to nothing", cut(0), False),
    ("database cut to 8 KiB", cut(8192), False),
    ("-wal cut to nothing", cut(0, "-wal"), False),
]
"""A name, what is done under the running daemon, and whether the daemon is killed after it."""


@entry(
    "3",
    "the ledger is deleted, renamed, replaced or cut under the daemon",
    "noticed before the next acknowledgement: no further change is taken, health says why, and no ledger is made anew by mistake",
    seconds=240,
)
def ledger_taken_away(run: Run) -> None:
    into_nothing = silent = 0
    for name, act, kill in CASES:
        daemon = run.started()
        asked = Asked()
        with daemon.connect() as connection:
            asked.create_some(connection, "before", BEFORE)
        if not kill:
            # After a clean stop the changes are in the database itself, and not in the -wal.
            daemon.stop()
            daemon.start()
        act(daemon)
        lost, told = after_the_attack(run, name, daemon, asked, kill)
        into_nothing += lost
        silent += not told
    run.figure(f"{len(CASES)} attacks: {into_nothing} changes acknowledged afterwards and lost")
    run.figure(f"{silent} where a start then makes an empty or shorter ledger without a word")


def after_the_attack(run: Run, name: str, daemon: Daemon, asked: Asked, kill: bool) -> tuple[int, bool]:
    """How many changes are acknowledged from now on and lost; whether the next start hides that changes are missing."""
    later = Asked()
    with daemon.connect() as connection:
        later.create_some(connection, "after", AFTER)
    health, _ = wait_for(daemon, *NOTICED, seconds=1.5)
    if daemon.crashed:
        run.expect(False, f"{name}: the daemon ended with {daemon.status}")
    elif not later.acknowledged:
        run.expect(bool(health.codes & set(NOTICED)), f"{name}: health says {health}")
    if kill:
        daemon.kill()
    elif daemon.alive:
        run.expect(daemon.stop()[0] is not None, f"{name}: the stop does not end")
    if not daemon.start(wait=10):
        return _report(run, name, later, {}), True
    recorded, honest = {}, False
    try:
        with daemon.connect() as connection:
            recorded = recorded_by_daemon(connection)
    except (Refused, Ended):
        honest = True
    health = read_health(daemon)
    missing = asked.lost(recorded)
    told = honest or missing == 0 or not health.ok
    run.expect(
        told, f"{name}: the next start serves a ledger without {missing} of {BEFORE} changes, and health says ok"
    )
    daemon.kill()
    return _report(run, name, later, recorded), told


def _report(run: Run, name: str, later: Asked, recorded: dict[str, int]) -> int:
    lost = later.lost(recorded)
    run.expect(lost == 0, f"{name}: {lost} of {AFTER} acknowledged afterwards are lost")
    return lost


@entry(
    "6",
    "two daemons on one file, under two names",
    "the lock is of the file: the second daemon is refused under any name",
    seconds=120,
)
def two_daemons(run: Run) -> None:
    figures = []
    for name, second in (("renamed", _renamed), ("bind-mounted", _bound), ("without its lock file", _unlocked)):
        if name == "bind-mounted" and not run.can("mount", "the file under a second name by a bind mount"):
            continue
        daemon = run.started()
        with daemon.connect() as connection:
            Asked().create_some(connection, "first", 10)
        daemon.stop()
        daemon.start()
        with second(run, daemon) as database:
            figures.append(f"{name}: {_race(run, name, daemon, database)}")
    run.figure(", ".join(figures))


def _race(run: Run, name: str, daemon: Daemon, database: Path) -> str:
    other = run.daemon(run.folder("other"))
    other.database = database
    if not other.start(wait=5):
        return "refused"
    asked = Asked()
    try:
        with daemon.connect() as one, other.connect() as two:
            for number in range(200):
                asked.create(one, f"one-{number}")
                asked.create(two, f"two-{number}")
    except OSError:
        pass
    other.stop()
    daemon.stop()
    ledger = Ledger(database)
    lost = asked.lost(ledger.recorded)
    run.expect(False, f"{name}: a second daemon runs")
    return f"{lost} of {len(asked.acknowledged)} acknowledged changes lost" + (
        ", file damaged" if ledger.problems else ""
    )


class _renamed:
    """The name that the file has now, for a `with`."""

    def __init__(self, run: Run, daemon: Daemon) -> None:
        self.path = daemon.folder / "r2.db"
        daemon.database.rename(self.path)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *error: object) -> None:
        pass


class _unlocked(_renamed):
    def __init__(self, run: Run, daemon: Daemon) -> None:
        self.path = daemon.database
        daemon.lock.unlink()


class _bound(_renamed):
    def __init__(self, run: Run, daemon: Daemon) -> None:
        self.path = run.folder("bound") / "x.db"
        self.path.touch(mode=0o600)
        self.mount = run.mounted("--bind", str(daemon.database), at=self.path)

    def __enter__(self) -> Path:
        return self.mount.__enter__()

    def __exit__(self, *error: object) -> None:
        self.mount.__exit__(None, None, None)


@entry(
    "29",
    "the -shm cut to nothing; a file that may not grow",
    "noticed like any other loss; the limit has its own name",
    seconds=60,
)
def shared_memory_and_size(run: Run) -> None:
    daemon = run.started()
    asked = Asked()
    with daemon.connect() as connection:
        asked.create_some(connection, "before", BEFORE)
        os.truncate(daemon.shm, 0)
        asked.create_some(connection, "after", AFTER)
    time.sleep(0.2)
    run.figure(f"-shm cut: {read_health(daemon) if daemon.alive else f'ended with {daemon.status}'}")
    run.expect(not daemon.crashed, "a cut -shm ends the daemon")
    daemon.kill()
    run.expect(daemon.start(), "it does not start after the -shm was cut")
    with daemon.connect() as connection:
        for problem in asked.compare(recorded_by_daemon(connection)):
            run.expect(False, problem)
    daemon.kill()
    limited = run.daemon(wrapper=["prlimit", f"--fsize={2 << 20}"])
    limited.start()
    limited.open_gates()
    asked = Asked()
    with limited.connect() as connection:
        asked.create_some(connection, "many", 600)
    health = read_health(limited)
    refused = next(iter(asked.refused.values()), None)
    kept = f"{len(asked.acknowledged)} taken, then {refused.kind if refused else 'nothing refused'}"
    run.figure(f"2 MiB file limit: {kept}, health {health}")
    run.expect(refused is not None and not health.ok, "the limit is not reported")
    run.expect(bool(health.codes) and "disk-error" not in health.codes, f"health calls the limit {health}")
    limited.kill()
    limited.wrapper = []
    run.expect(limited.start(), "it does not start without the limit")
    with limited.connect() as connection:
        for problem in asked.compare(recorded_by_daemon(connection)):
            run.expect(False, problem)
