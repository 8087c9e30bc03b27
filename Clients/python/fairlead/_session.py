"""The hand-written half of a client: one connection, and one call over it at a time."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Optional, TypeVar, Union, cast

from ._connection import Connected, Connection, Deadline, connect, find_socket
from ._wire import own_copy, refusal, request_line
from .errors import FairleadError, OutcomeUnknown, TimedOut
from .watch import Watch

T = TypeVar("T")
Self = TypeVar("Self", bound="Session")


class Session(Connected):
    """A connection to the daemon, and the calls that `Client`'s methods are made of."""

    # The methods that record nothing; `Client` has them from the schema.
    _READS: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        socket_path: Union[str, os.PathLike[str], None] = None,
        *,
        timeout: Optional[float] = None,
    ) -> None:
        self.socket_path = find_socket(socket_path)
        self.timeout = timeout
        self._lock = threading.Lock()
        self._last_id = 0

    def __enter__(self: Self) -> Self:
        self.connect()
        return self

    def connect(self) -> None:
        """Connects now, if there is no connection yet, to find out early whether it can."""
        with self._lock:
            self._ready(Deadline(self.timeout))

    def close(self) -> None:
        """Ends the connection, once a call in progress has its answer."""
        with self._lock:
            self._drop()

    def call(self, method: str, /, **params: Any) -> Any:
        """Calls ``method`` with ``params``, both spelt as on the wire, and returns its result.

        This reaches methods and parameters that this client does not know. Raises TypeError or
        ValueError, before anything is sent, for what is not JSON.
        """
        with self._lock:
            self._last_id += 1
            line = request_line(self._last_id, method, params)
            deadline = Deadline(self.timeout)
            connection = self._ready(deadline)
            try:
                return self._exchange(connection, line, deadline)
            except FairleadError:
                raise
            except BaseException as error:
                # In every case an answer may still arrive, and the next call would take it for
                # its own.
                self._drop()
                unknown = self._unknown(error, self._advice(method, params))
                if unknown is None:
                    raise
                raise unknown from error

    def _ready(self, deadline: Deadline) -> Connection:
        # A connection that the daemon closed between two calls is noticed before anything is sent,
        # so that nothing is sent twice.
        if self._connection is not None and self._connection.is_over():
            self._drop()
        if self._connection is None:
            self._connection = connect(self.socket_path, deadline)
        return self._connection

    def _exchange(self, connection: Connection, line: bytes, deadline: Deadline) -> Any:
        connection.send(line, deadline)
        while True:
            reply = json.loads(connection.receive(deadline))
            # What has a method is a notification, not a reply.
            if "method" not in reply:
                return self._result(reply)

    def _result(self, reply: Mapping[str, Any]) -> Any:
        error = reply.get("error")
        if reply["id"] is None and error is not None:
            # The daemon did not read our line to its end, and may close now.
            self._drop()
        elif reply["id"] != self._last_id:
            raise LookupError("this answers another request")
        if error is None:
            return reply["result"]
        raise refusal(error)

    def _advice(self, method: str, params: Mapping[str, Any]) -> str:
        """The hint for a call without an answer."""
        if method in self._READS or params.get("dryRun") is True:
            return "It was a question only: nothing was recorded."
        if "requestId" in params:
            return (
                "It may have been recorded. Send it again with its request_id: it is recorded once."
            )
        return "It may have been recorded. Look at the log before you send it again."

    def _unknown(self, error: BaseException, advice: str) -> Optional[OutcomeUnknown]:
        """The exception for an answer that did not come; None for what has another cause."""
        cannot = "cannot tell what came of it: "
        if isinstance(error, socket.timeout):
            problem = f"{cannot}no answer within {self.timeout} seconds"
            return TimedOut(self.socket_path, problem, advice)
        if isinstance(error, (EOFError, OSError)):
            problem = f"{cannot}the daemon closed the connection before its answer was complete"
            return OutcomeUnknown(self.socket_path, problem, advice)
        if isinstance(error, (ValueError, LookupError, TypeError, AttributeError)):
            problem = f"{cannot}the answer is not one of this protocol"
            return OutcomeUnknown(self.socket_path, problem, advice)
        return None

    def _ask(self, shape: type[T], method: str, params: Mapping[str, Any]) -> T:
        """Calls ``method`` with the ``params`` that are not None; the result is a ``shape``."""
        return cast(T, self.call(method, **_given(params)))

    def _pages(self, item: type[T], method: str, params: Mapping[str, Any]) -> Iterator[T]:
        """The items of a list, fetched page by page as they are wanted."""
        cursor = params.get("after")
        while True:
            page = self._ask(dict, method, {**params, "after": cursor})
            yield from cast("list[T]", page["items"])
            last, cursor = cursor, page.get("after")
            # The same cursor again would fetch the same page for ever.
            if cursor is None or cursor == last:
                return

    def _watch(self, params: Mapping[str, Any]) -> Watch:
        """Opens a watch, with a copy of ``params``: it sends them again whenever it reconnects."""
        given = {name: own_copy(value) for name, value in _given(params).items()}
        return Watch(self.socket_path, given, self.timeout)


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}
