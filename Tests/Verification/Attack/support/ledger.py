"""Checks a copy of a ledger's file with Python's own SQLite: is it whole and dense, do the projections follow from the log?"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from .wire import Json


class Ledger:
    """The log of a file, and what is wrong with the file."""

    def __init__(self, database: Path) -> None:
        self.problems: list[str] = []
        self.records: list[Json] = []
        with tempfile.TemporaryDirectory(dir=database.parent.parent) as folder:
            copy = Path(folder) / "copy.db"
            for suffix in ("", "-wal"):
                source = Path(f"{database}{suffix}")
                if source.exists():
                    shutil.copy(source, f"{copy}{suffix}")
            try:
                with sqlite3.connect(copy) as file:
                    file.row_factory = sqlite3.Row
                    self._check(file)
                file.close()
            except (sqlite3.Error, ValueError, KeyError) as error:
                self.problems.append(f"cannot be read: {error}")

    @property
    def recorded(self) -> dict[str, int]:
        """Request ids and numbers."""
        return {record["requestId"]: record["seq"] for record in self.records if record.get("requestId")}

    def _check(self, file: sqlite3.Connection) -> None:
        integrity = [row[0] for row in file.execute("PRAGMA integrity_check")]
        if integrity != ["ok"]:
            self.problems.append(f"integrity_check says {integrity[0]}")
        if file.execute("PRAGMA foreign_key_check").fetchone():
            self.problems.append("foreign_key_check finds something")
        if not file.execute("SELECT 1 FROM sqlite_schema WHERE name = 'change'").fetchone():
            return
        for row in file.execute("SELECT seq, at, actor_uid, request_id, record FROM change ORDER BY seq"):
            self._add(row)
        self._compare_clusters(file)
        self._compare_revisions(file)

    def _add(self, row: sqlite3.Row) -> None:
        record: Json = json.loads(row["record"])
        if row["seq"] != len(self.records) + 1:
            self.problems.append(f"change {row['seq']} follows {len(self.records)}")
        if (record["seq"], record["at"], record.get("requestId")) != (row["seq"], row["at"], row["request_id"]):
            self.problems.append(f"columns and record of change {row['seq']} differ")
        if self.records and record["at"] < self.records[-1]["at"]:
            self.problems.append(f"time goes back at change {row['seq']}")
        self.records.append(record)

    def _compare_clusters(self, file: sqlite3.Connection) -> None:
        heads: dict[str, Json] = {}
        for record in self.records:
            if "cluster" in record["effects"]:
                heads[cluster_key(record["effects"]["cluster"])] = record["effects"]["cluster"]
        rows = {row["cluster_key"]: row for row in file.execute("SELECT * FROM cluster")}
        if set(rows) != set(heads):
            self.problems.append(f"{len(set(rows) ^ set(heads))} clusters are in the log or in the table, not in both")
        for key in set(rows) & set(heads):
            row, head = rows[key], heads[key]
            kept: list[Any] = [row["revision"], row["updated_seq"], row["updated_at"], bool(row["deleted"])]
            kept += [json.loads(row[column]) for column in ("config", "effective", "facts", "labels")]
            logged = [head["revision"], head["updatedSeq"], head["updatedAt"], bool(head.get("deleted"))]
            logged += [head[member] for member in ("config", "effective", "facts", "labels")]
            if kept != logged:
                self.problems.append(f"cluster {key} differs from the log")

    def _compare_revisions(self, file: sqlite3.Connection) -> None:
        logged = {}
        for record in self.records:
            if "revision" in record["effects"]:
                revision = record["effects"]["revision"]
                key = cluster_key(record["effects"]["cluster"])
                logged[key, revision["revision"]] = (revision["origin"], revision["seq"], revision.get("config"))
        kept = {
            (row["cluster_key"], row["revision"]): (
                row["origin"],
                row["seq"],
                json.loads(row["config"]) if row["config"] else None,
            )
            for row in file.execute("SELECT * FROM revision")
        }
        if kept != logged:
            self.problems.append("the revisions differ from the log")


def cluster_key(cluster: Json) -> str:
    return f"{cluster.get('subscription', 'default')}/{cluster['resourceGroup']}/{cluster['name']}".lower()
