"""What the daemon says about itself, decided by status and code and never by a text."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .daemon import Daemon
from .wire import Connection, Ended, Json, Refused


@dataclass(frozen=True)
class Health:
    """An answer of `registry.health`."""

    status: str
    codes: frozenset[str]
    pids: frozenset[int]
    """Whom the reasons name."""
    answer: Json

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    def __str__(self) -> str:
        return f"{self.status} ({', '.join(sorted(self.codes))})" if self.codes else self.status


UNKNOWN = Health("no answer", frozenset(), frozenset(), {})


def read_health(daemon: Daemon, timeout: float = 5) -> Health:
    """What a new connection is told; `UNKNOWN` where it is told nothing in time."""
    try:
        with daemon.connect(timeout) as connection:
            return ask(connection)
    except (OSError, Ended, Refused):
        return UNKNOWN


def ask(connection: Connection) -> Health:
    answer = connection.call("registry.health")
    reasons = answer.get("reasons", [])
    return Health(
        str(answer.get("status")),
        frozenset(str(reason.get("code")) for reason in reasons),
        frozenset(int(reason["by"]["pid"]) for reason in reasons if "pid" in reason.get("by", {})),
        answer,
    )


def wait_for(daemon: Daemon, *codes: str, seconds: float = 2) -> tuple[Health, float]:
    """Asks until one of these codes stands, at most so many seconds; the last answer, and after how many seconds it came."""
    begun = time.monotonic()
    while True:
        now = read_health(daemon)
        passed = time.monotonic() - begun
        if now.codes & set(codes) or passed > seconds:
            return now, passed
        time.sleep(0.02)


def wait_until_ok(daemon: Daemon, seconds: float = 5) -> bool:
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if read_health(daemon).ok:
            return True
        time.sleep(0.05)
    return False
