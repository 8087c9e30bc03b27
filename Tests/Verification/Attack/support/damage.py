"""Damage to a database's file: bytes of a page, a value of a column, a tree of pages that leads in circles."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

PAGE = 4096


def flipped(chance: random.Random, whole: bytes) -> bytes:
    """The file with damage of one of five kinds in one page."""
    bytes_ = bytearray(whole)
    page = chance.randrange(len(whole) // PAGE) * PAGE
    match chance.choice(("flip", "flip", "flip", "head", "zero", "swap", "cut")):
        case "flip":
            for _ in range(chance.choice((1, 3, 16))):
                bytes_[page + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        case "head":
            for _ in range(2):
                bytes_[page + (100 if page == 0 else 0) + chance.randrange(12)] = chance.randrange(256)
        case "zero":
            bytes_[page : page + PAGE] = bytes(PAGE)
        case "swap":
            other = chance.randrange(len(whole) // PAGE) * PAGE
            bytes_[page : page + PAGE], bytes_[other : other + PAGE] = (
                whole[other : other + PAGE],
                whole[page : page + PAGE],
            )
        case _:
            del bytes_[page + chance.choice((0, 512)) :]
    return bytes(bytes_)


def write_over(database: Path, content: bytes) -> None:
    with database.open("r+b") as file:
        file.write(content)
        file.truncate(len(content))


Damage = Callable[[sqlite3.Connection], None]


def column_damages() -> Iterator[tuple[str, Damage]]:
    """Each column of each table holds NULL, bytes that are no UTF-8, or another type, in one row."""
    columns = {
        "change": ("at", "cluster_key", "actor_uid", "record"),
        "revision": ("origin", "config", "seq", "base_revision"),
        "cluster": (
            "resource_group",
            "name",
            "revision",
            "config",
            "effective",
            "facts",
            "labels",
            "updated_at",
            "updated_seq",
        ),
        "feature": ("namespace", "name", "state", "propagated", "since", "updated_seq"),
        "provider": ("namespace", "state", "since"),
    }
    for table, names in columns.items():
        for column in names:
            for value in ("NULL", "CAST(x'ff00fe22' AS TEXT)", "'{\"broken'", "-7.5"):
                yield f"{table}.{column} = {value}", set_column(table, column, value)


def set_column(table: str, column: str, value: str) -> Damage:
    """Without the table's declarations and triggers, which are put back."""

    def damage(file: sqlite3.Connection) -> None:
        sql = file.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
        triggers = file.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        without_rowid = ") WITHOUT ROWID" if "WITHOUT ROWID" in sql else ")"
        names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
        keys = [
            row[1]
            for row in sorted(file.execute(f"PRAGMA table_info({table})"), key=lambda row: int(row[5]))
            if row[5]
        ]
        kinds = [f"{name} INTEGER PRIMARY KEY" if [name] == keys and name == "seq" else name for name in names]
        loose = f"CREATE TABLE {table} ({', '.join(kinds)}"
        if without_rowid != ")":
            loose += f", PRIMARY KEY ({', '.join(keys)})"
        declare(file, table, loose + without_rowid)
        row = (
            "seq = 9"
            if table in ("change", "revision")
            else f"{keys[0]} IN (SELECT {keys[0]} FROM {table} LIMIT 1 OFFSET 0)"
        )
        file.execute(f"UPDATE {table} SET {column} = {value} WHERE {row}")
        declare(file, table, sql)
        for _, trigger in triggers:
            file.execute(trigger)

    return damage


def declare(file: sqlite3.Connection, table: str, sql: str) -> None:
    """Changes what SQLite believes about a table, and not the table."""
    version = file.execute("PRAGMA schema_version").fetchone()[0]
    file.execute("PRAGMA writable_schema = ON")
    file.execute("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (sql, table))
    file.execute("PRAGMA writable_schema = OFF")
    file.execute(f"PRAGMA schema_version = {version + 1}")


def endless(database: Path) -> None:
    """Lets the tree of the log lead to one leaf over and over: all children but the first become the first."""
    with sqlite3.connect(database) as file:
        root = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'change'").fetchone()[0]
    file.close()
    content = bytearray(database.read_bytes())
    page = (root - 1) * PAGE
    if content[page] != 5:
        raise AssertionError("the log has no interior page")
    cells = int.from_bytes(content[page + 3 : page + 5])
    places = [page + int.from_bytes(content[page + 12 + 2 * cell : page + 14 + 2 * cell]) for cell in range(cells)]
    first = bytes(content[places[0] : places[0] + 4])
    for place in places[1:]:
        content[place : place + 4] = first
    write_over(database, bytes(content))
