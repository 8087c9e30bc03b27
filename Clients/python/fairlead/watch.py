"""Watches: an iterator over changes, which connects again when its connection breaks."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Optional, cast

from ._connection import Connected, Connection, Deadline, connect
from ._wire import refusal, request_line
from .errors import Busy, NotTrusted, Unavailable, Unreachable
from .types import Change

__all__ = ["Watch"]


class Watch(Connected, Iterator[Change]):
    """An iterator over changes, from `Client.change_watch`, that waits for the next one.

    It continues across restarts of the daemon: it connects again and asks for what follows
    ``last``, the number of the last change that it returned. It waits up to five seconds between
    two attempts. It ends with ``close`` or at the end of a ``with``, also where another thread
    closes it; and with an exception where the daemon refuses to continue. To continue in another
    process, remember the ``seq`` of the last change that you dealt with, and give it as ``after``.
    """

    _SHORTEST_PAUSE = 0.1
    _LONGEST_PAUSE = 5.0

    def __init__(
        self, socket_path: str, params: Mapping[str, Any], timeout: Optional[float]
    ) -> None:
        self.socket_path = socket_path
        self._params = dict(params)
        self._timeout = timeout
        # A thread that waits for a change holds the lock. Re-entrant, since a signal's handler may
        # close the watch in that thread.
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._waiting: deque[Change] = deque()
        head = self._begin()
        self.last: int = self._params.setdefault("after", head)

    def __iter__(self) -> Watch:
        return self

    def __next__(self) -> Change:
        with self._lock:
            pause = self._SHORTEST_PAUSE
            while not self._closed.is_set():
                if self._waiting:
                    change = self._waiting.popleft()
                    self.last = self._params["after"] = change["seq"]
                    return change
                try:
                    if self._connection is None:
                        self._begin()
                    else:
                        self._receive(self._connection)
                except NotTrusted:
                    # Waiting would not help, and whoever reads changes must know.
                    raise
                except (Unreachable, Busy, Unavailable, EOFError, OSError):
                    self._drop()
                    self._closed.wait(pause)
                    pause = min(2 * pause, self._LONGEST_PAUSE)
            raise StopIteration

    def __enter__(self) -> Watch:
        return self

    def close(self) -> None:
        """Ends the watch, also while another thread waits for its next change."""
        self._closed.set()
        connection = self._connection
        if connection is not None:
            connection.interrupt()
        with self._lock:
            self._drop()

    def _begin(self) -> int:
        """Subscribes, and returns the number of the registry's last change."""
        deadline = Deadline(self._timeout)
        connection = connect(self.socket_path, deadline)
        try:
            connection.send(request_line(1, "change.watch", self._params), deadline)
            reply = json.loads(connection.receive(deadline))
            if "error" in reply:
                raise refusal(reply["error"])
            head: int = reply["result"]["head"]
        except (EOFError, OSError) as error:
            connection.close()
            problem = "cannot watch: the daemon closed the connection before it answered"
            if isinstance(error, socket.timeout):
                problem = f"cannot watch: no answer within {self._timeout} seconds"
            raise Unreachable(self.socket_path, problem, "Nothing is lost: watch again.") from error
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        # A close that came meanwhile saw no connection to interrupt.
        if self._closed.is_set():
            connection.interrupt()
        return head

    def _receive(self, connection: Connection) -> None:
        """Waits for the daemon's next message, without a limit of time."""
        message = json.loads(connection.receive(Deadline(None)))
        if message.get("method") == "change.event":
            change = dict(message["params"])
            change.pop("subscription", None)
            self._waiting.append(cast(Change, change))
