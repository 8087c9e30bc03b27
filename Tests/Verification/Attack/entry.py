"""An entry of the list: what is attacked, what it needs, how long it may take; and the register of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .run import Run


@dataclass(frozen=True)
class Entry:
    """One line of the output."""

    name: str
    """A number of the list of defects, or a word that begins with `held-`."""
    title: str
    should: str
    """What happens in place of that, or what must always hold."""
    needs: tuple[str, ...]
    """Words of `support.machine.MISSING`; where one is missing, the entry is skipped and says which."""
    seconds: int
    """How long it may take before it counts as failed."""
    attack: Callable[[Run], None]

    @property
    def order(self) -> tuple[int, str]:
        return (int(self.name), "") if self.name.isdigit() else (1000, self.name)


ENTRIES: dict[str, Entry] = {}


def entry(
    name: str, title: str, should: str, *needs: str, seconds: int = 120
) -> Callable[[Callable[[Run], None]], Callable[[Run], None]]:
    """Registers a function as the attack of an entry."""

    def register(attack: Callable[[Run], None]) -> Callable[[Run], None]:
        if name in ENTRIES or not re.fullmatch(r"\d+|held-[a-z]+", name):
            raise ValueError(f"cannot register an entry named {name}")
        ENTRIES[name] = Entry(name, title, should, needs, seconds, attack)
        return attack

    return register


def in_order() -> list[Entry]:
    return sorted(ENTRIES.values(), key=lambda each: each.order)
