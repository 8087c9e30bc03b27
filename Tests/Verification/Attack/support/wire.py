"""A connection to a daemon: one JSON value per line, each with a time-out."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(str(error.get("message")))
        self.error = error
        data = error.get("data") or {}
        self.kind = str(data.get("kind"))

    @property
    def uncertain(self) -> bool:
        """Whether the daemon says that it does not know if the change is recorded; its text is the only sign of that."""
        return "whether this change is recorded" in str(self)


class Ended(Exception):
    """The daemon closed the connection in place of an answer."""


class Garbled(Exception):
    """A line from the daemon that is no JSON, or no UTF-8."""


def request(method: str, identity: int | str = 1, **parameters: Any) -> bytes:
    """A line that asks for something."""
    value = {"jsonrpc": "2.0", "id": identity, "method": method, "params": parameters}
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


class Connection:
    """A client; not to be shared between threads."""

    def __init__(self, path: Path, timeout: float = 20) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        end = time.monotonic() + timeout
        while True:
            try:
                self.socket.connect(str(path))
                break
            except BlockingIOError:  # The backlog is full.
                if time.monotonic() > end:
                    raise
                time.sleep(0.005)
        self.reader = self.socket.makefile("rb")
        self.sent = 0

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, method: str, **parameters: Any) -> int:
        self.sent += 1
        self.socket.sendall(request(method, self.sent, **parameters))
        return self.sent

    def line(self) -> bytes:
        """The next line; `Ended` where there is none."""
        try:
            line = self.reader.readline()
        except (ConnectionResetError, BrokenPipeError) as error:
            raise Ended(str(error)) from error
        if not line.endswith(b"\n"):
            raise Ended("in the middle of a line" if line else "before an answer")
        return line

    def receive(self) -> Any:
        line = self.line()
        try:
            return json.loads(line.decode())
        except ValueError as error:
            raise Garbled(f"{error}: {line[:80]!r}") from error

    def answer(self) -> Json:
        """The next reply's result; `Refused` where it is an error."""
        reply = self.receive()
        if "error" in reply:
            raise Refused(reply["error"])
        result: Json = reply["result"]
        return result

    def call(self, method: str, **parameters: Any) -> Json:
        try:
            self.send(method, **parameters)
        except (ConnectionResetError, BrokenPipeError) as error:
            raise Ended(str(error)) from error
        return self.answer()

    def raw(self, line: bytes) -> bytes:
        """Sends a line as it is, and returns the line that answers it."""
        try:
            self.socket.sendall(line)
        except (ConnectionResetError, BrokenPipeError) as error:
            raise Ended(str(error)) from error
        return self.line()

    def close(self) -> None:
        self.reader.close()
        self.socket.close()
