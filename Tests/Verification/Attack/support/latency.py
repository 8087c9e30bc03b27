"""What other clients notice: one that measures its own answers, and greedy ones in processes of their own."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .wire import Connection, Ended, Json, Refused

if TYPE_CHECKING:
    from ..run import Run

USUAL: Mapping[str, tuple[str, Json]] = {
    "get": ("cluster.get", {"resourceGroup": "rg", "name": "honest"}),
    "health": ("registry.health", {}),
    "history": ("cluster.history", {"resourceGroup": "rg", "name": "honest", "limit": 5}),
}


class Latencies:
    """Milliseconds of each kind of request."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, list[float]] = {}
        self.failures: list[str] = []

    def add(self, kind: str, seconds: float) -> None:
        self.milliseconds.setdefault(kind, []).append(seconds * 1000)

    def quantile(self, kind: str, part: float) -> float:
        """0.5 is the median. Infinity where nothing was answered."""
        values = sorted(self.milliseconds.get(kind, []))
        return values[min(len(values) - 1, math.ceil(part * len(values)) - 1)] if values else math.inf

    def median(self, kind: str) -> float:
        return self.quantile(kind, 0.5)

    def slowest(self, kind: str) -> float:
        return self.quantile(kind, 1)

    def text(self, *kinds: str) -> str:
        """Median and p99 of these kinds, for a figure."""
        return ", ".join(f"{kind} {self.median(kind):.1f}/{self.quantile(kind, 0.99):.0f} ms" for kind in kinds)


def measure(
    path: Path, seconds: float, kinds: Mapping[str, tuple[str, Json]] = USUAL, timeout: float = 60
) -> Latencies:
    """Asks in turn for some seconds on one connection, and at least once."""
    found = Latencies()
    end = time.monotonic() + seconds
    with Connection(path, timeout) as connection:
        while True:
            for kind, (method, parameters) in kinds.items():
                begun = time.monotonic()
                try:
                    connection.call(method, **parameters)
                except (Refused, Ended, OSError) as error:
                    found.failures.append(f"{method}: {error}")
                    if not isinstance(error, Refused):
                        return found
                found.add(kind, time.monotonic() - begun)
            if time.monotonic() > end:
                return found
            time.sleep(0.005)


@contextlib.contextmanager
def greedy(run: Run, path: Path, line: bytes, clients: int, at_once: int = 50) -> Iterator[None]:
    """Clients that always have `at_once` such requests in flight, while the `with` lasts.

    Their processes are nice, since it is the daemon's turns between connections that are measured, and not those of the
    machine's processors.
    """

    def ask() -> None:
        with Connection(path, 120) as connection:
            connection.socket.sendall(line * at_once)
            open_requests = at_once
            while received := connection.socket.recv(1 << 20):
                answered = received.count(b"\n")
                open_requests -= answered
                if open_requests < at_once // 2:
                    connection.socket.sendall(line * (at_once - open_requests))
                    open_requests = at_once

    others = [run.outsider(ask, nice=5) for _ in range(clients)]
    time.sleep(0.5)
    try:
        yield
    finally:
        for other in others:
            other.end()


@contextlib.contextmanager
def working(run: Run, count: int, work: Callable[[int], None], nice: int = 0) -> Iterator[None]:
    """Processes that do something until the `with` ends."""

    def numbered(number: int) -> Callable[[], None]:
        return lambda: work(number)

    others = [run.outsider(numbered(number), nice=nice) for number in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.end()


def deaf(path: Path, lines: bytes) -> socket.socket:
    """A peer that asks and never reads."""
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(20)
    peer.connect(str(path))
    with contextlib.suppress(TimeoutError, BrokenPipeError, ConnectionResetError):
        peer.sendall(lines)
    return peer


def batch(lines: list[bytes]) -> bytes:
    return b"[" + b",".join(line.strip() for line in lines) + b"]\n"


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def answered(line: bytes) -> str:
    """`result`, or the kind of the error of a reply."""
    reply = json.loads(line)
    if isinstance(reply, list):
        return "batch"
    return "result" if "result" in reply else str((reply["error"].get("data") or {}).get("kind"))
