"""Somebody edits the projections in a shell: are they believed?"""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.health import wait_for
from ..support.ledger import Ledger

EDITS: list[tuple[str, str, str]] = [
    (
        "a cluster",
        """UPDATE cluster SET config = '{"mode":"NFTABLES"}', effective = '{"enabled":true,"mode":"NFTABLES"}'""",
        "projection-differs",
    ),
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


@entry(
    "27",
    "projections that were edited by hand, and a foreign trigger, are believed",
    "noticed after the start, and said in health; `fairleadd --rebuild` makes the projections anew",
    seconds=120,
)
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
            [
                str(run.options.binaries / "fairleadd"),
                "--rebuild",
                "--socket",
                str(daemon.socket),
                "--database",
                str(daemon.database),
            ],
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
