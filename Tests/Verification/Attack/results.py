"""The result of an entry: the line that is printed, the JSON that is recorded, and the row of docs/reliability.md."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .entry import Entry


SHOWN = 12
"""How many problems of an entry a line names."""


@dataclass(frozen=True)
class Result:
    name: str
    title: str
    figures: list[str]
    problems: list[str]
    """What is not as it should be."""
    skipped: str | None
    """Why it was not run."""
    seconds: float

    @staticmethod
    def of_skipped(each: Entry, reason: str) -> Result:
        return Result(each.name, each.title, [], [], reason, 0)

    @property
    def verdict(self) -> str:
        if self.skipped:
            return f"skipped: {self.skipped}"
        if not self.problems:
            return "as it should be"
        shown = self.problems[:SHOWN]
        more = [f"and {len(self.problems) - SHOWN} more"] if len(self.problems) > SHOWN else []
        return f"WRONG: {'; '.join([*shown, *more])}"

    @property
    def line(self) -> str:
        return f"{self.name:<14} {self.title}: {' | '.join([*self.figures, self.verdict])} ({self.seconds:.0f} s)"


def read_results(path: Path) -> dict[str, Result]:
    """What a file holds, by entry; nothing where there is no file."""
    if not path.exists():
        return {}
    return {each["name"]: Result(**each) for each in json.loads(path.read_text())}


def write_results(path: Path, results: list[Result]) -> None:
    """Replaces these results in a file, and leaves the others."""
    kept = read_results(path) | {result.name: result for result in results}
    rows = [asdict(kept[name]) | {"seconds": round(kept[name].seconds, 1)} for name in sorted(kept, key=_order)]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


BEGIN, END = "<!-- table: scripts/attack --table -->", "<!-- end of the table -->"


def table(entries: list[Entry], before: dict[str, Result], after: dict[str, Result]) -> str:
    """The table of docs/reliability.md."""
    lines = ["| | attack | what should happen | before | now |", "|---|---|---|---|---|"]
    for each in entries:
        texts = [each.name, each.title, each.should, _before(before.get(each.name)), _now(after.get(each.name))]
        lines.append(f"| {' | '.join(_cell(text) for text in texts)} |")
    return "\n".join(lines) + "\n"


def replace_table(path: Path, new: str) -> None:
    """Puts the table between its two marks in a Markdown file."""
    head, rest = path.read_text().split(BEGIN)
    _, tail = rest.split(END)
    path.write_text(f"{head}{BEGIN}\n\n{new}\n{END}{tail}")


def _before(result: Result | None) -> str:
    """Its figures: what was wrong shows in them."""
    if result is None or result.skipped:
        return "not measured"
    return "; ".join(result.figures)


def _now(result: Result | None) -> str:
    if result is None:
        return "not measured"
    return "; ".join([*result.figures, result.verdict])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _order(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdigit() else (1000, name)
