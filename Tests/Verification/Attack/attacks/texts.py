"""Control characters in messages: taken, shown to an auditor, printed raw."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.fake_daemon import FakeDaemon
from ..support.wire import Json

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What no output may contain: control characters but line feed and tab, and marks that turn the direction of text."""

CONTROLS = {
    "NUL": "\x00",
    "ESC": "\x1b[2K",
    "CR": "\r",
    "DEL": "\x7f",
    "C1": "\x9b2J",
    "bidi": "\u202e",
    "isolate": "\u2066",
}


@entry(
    "14",
    "control characters in messages reach auditors and terminals",
    "refused in messages but for line feed and tab; old ones are shown as JSON",
    seconds=90,
)
def control_characters(run: Run) -> None:
    daemon = run.started()
    taken = []
    with daemon.connect() as connection:
        asked = Asked()
        for number, (name, text) in enumerate(CONTROLS.items()):
            if asked.create(connection, f"c{number}", message=f"approved by CAB-17{text} -- no, it was not"):
                taken.append(name)
        run.expect(asked.create(connection, "plain", message="two\nlines\tand a tab"), "line feed and tab are refused")
        run.expect(
            asked.create(connection, "old", message="approved by CAB-17 and more"), "a plain message is refused"
        )
    run.figure(f"{len(taken)} of {len(CONTROLS)} control characters taken")
    run.expect(not taken, f"messages with {', '.join(taken)} are taken")
    daemon.stop()
    old_record(run, daemon.database, asked.acknowledged["old"])
    rendered_controls(run)


def old_record(run: Run, database: Path, seq: int) -> None:
    """A record of an earlier version with such a message, as an auditor sees it."""
    with sqlite3.connect(database) as file:
        trigger = file.execute("SELECT sql FROM sqlite_schema WHERE name = 'change_is_never_rewritten'").fetchone()[0]
        file.execute("DROP TRIGGER change_is_never_rewritten")
        text = file.execute("SELECT record FROM change WHERE seq = ?", (seq,)).fetchone()[0]
        text = text.replace("CAB-17 and more", "CAB-17\\u0000 -- no\\u001b[2K")
        file.execute("UPDATE change SET record = ? WHERE seq = ?", (text, seq))
        file.execute(trigger)
    file.close()
    # What a daemon does to the views at its start is part of the answer.
    daemon = run.daemon(database.parent)
    daemon.start()
    daemon.stop()
    shell = subprocess.run(
        [
            "sqlite3",
            "-readonly",
            str(database),
            f"SELECT message = 'approved by CAB-17', message FROM audit_log WHERE seq = {seq}",
        ],
        capture_output=True,
        check=False,
    )
    run.figure(f"the audit query prints {shell.stdout.strip().decode(errors='replace')[:60]!r}")
    run.expect(shell.stdout.startswith(b"0|"), "an old message is cut at NUL for an auditor's query")
    run.expect(b"\x1b" not in shell.stdout, "an old message reaches the auditor's terminal")


def rendered_controls(run: Run) -> None:
    """Each form of output, of a daemon that sends such characters."""

    def answer(method: str) -> Json:
        cluster = {
            "subscription": "default",
            "resourceGroup": "rg",
            "name": "x",
            "revision": 1,
            "config": {},
            "effective": {},
            "facts": {},
        }
        times = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z", "updatedSeq": 1}
        return {**cluster, **times, "labels": {"k": "\x9b2J\u202egnp.exe\u2066x\x07"}}

    fake = FakeDaemon(run.folder("fake") / "s", answer)
    raw = []
    for form in ("json", "yaml", "text"):
        shown = subprocess.run(
            [
                str(run.options.binaries / "fairlead"),
                "--socket",
                str(fake.path),
                "show",
                "-g",
                "rg",
                "-n",
                "x",
                "-o",
                form,
            ],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        text = shown.stdout.decode(errors="replace")
        # A form that is not copied from the reply may refuse it as a whole.
        shown_or_refused = "gnp.exe" in text or (shown.returncode != 0 and not text)
        run.expect(shown_or_refused, f"-o {form} shows nothing: {shown.stderr.decode(errors='replace')[:100]}")
        text += shown.stderr.decode(errors="replace")
        if CONTROL.search(text):
            raw.append(form)
    fake.close()
    run.figure(f"printed raw in {', '.join(raw) or 'no form of output'}")
    run.expect(not raw, f"-o {' and '.join(raw)} print what a terminal acts on")
