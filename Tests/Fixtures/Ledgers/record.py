#!/usr/bin/env python3
"""Plays the story to a daemon, and keeps its ledger and the transcript: record.py DAEMON NAME.

Writes NAME.db and NAME.jsonl beside this script. README.md says what they are for and how to read them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
from pathlib import Path

import story
from recorder.daemon import Daemon, Failed
from recorder.session import Session

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parents[2] / "Clients" / "schema" / "openrpc.json"


def record(program: Path, name: str, folder: Path) -> str:
    """Records one ledger and its transcript, and returns a line on what they hold."""
    daemon = Daemon(program)
    try:
        session = Session(daemon)
        for chapter in story.CHAPTERS:
            chapter(session)
        session.stop()
        check_methods(session)
        check_file(daemon.ledger)
        ledger = folder / f"{name}.db"
        shutil.copyfile(daemon.ledger, ledger)
        transcript = folder / f"{name}.jsonl"
        transcript.write_text("\n".join(session.lines) + "\n", encoding="utf-8")
    finally:
        daemon.remove()
    with sqlite3.connect(f"file:{ledger}?mode=ro&immutable=1", uri=True) as database:
        (changes,) = database.execute("SELECT count(*) FROM change").fetchone()
    sizes = f"{ledger.stat().st_size} and {transcript.stat().st_size} bytes"
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(session.kinds.items()))
    return f"{changes} changes, {sum(session.methods.values())} requests, {sizes}; answered {kinds}"


def check_methods(session: Session) -> None:
    """A story that leaves a method out is no yardstick."""
    methods = {method["name"] for method in json.loads(SCHEMA.read_text(encoding="utf-8"))["methods"]}
    if missing := methods - set(session.methods):
        raise Failed(f"the story calls none of these: {', '.join(sorted(missing))}")


def check_file(ledger: Path) -> None:
    """A copy of the file alone is the whole ledger, and nothing in it waits for a clock."""
    log = ledger.with_name(ledger.name + "-wal")
    if log.exists() and log.stat().st_size > 0:
        raise Failed("the daemon left something in the write-ahead log")
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as database:
        for table, column in (("cluster", "confirm_seq"), ("feature", "settle_seq"), ("provider", "settle_seq")):
            (waiting,) = database.execute(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL").fetchone()
            if waiting:
                raise Failed(f"{waiting} rows of {table} wait for a deadline: opening the ledger would change it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("daemon", type=Path, help="the fairleadd to record")
    parser.add_argument("name", help="the name of both files, such as format-1-c025cb1")
    parser.add_argument("--into", type=Path, default=HERE, help="another folder for them")
    arguments = parser.parse_args()
    if os.getuid() != 0:
        parser.exit(1, "record.py: run it as root: a requestId is one uid's, and the test repeats requests as root\n")
    try:
        print(record(arguments.daemon.resolve(), arguments.name, arguments.into))
    except Failed as failure:
        parser.exit(1, f"record.py: {failure}\n")


if __name__ == "__main__":
    main()
