"""Plays requests to a daemon, checks that each goes as the story expects, and writes the conversation down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from recorder.daemon import Connection, Daemon, Failed
from recorder.transcript import bytes_of, reference, value_at

Params = dict[str, Any]

MAIN = "main"


class Session:
    """The conversation with one daemon. What is sent goes into `lines`, and so does what comes back."""

    def __init__(self, daemon: Daemon) -> None:
        self.lines: list[str] = []
        self.methods: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self._daemon = daemon
        self._connections: dict[str, Connection] = {}
        self._replies: dict[int, Any] = {}
        self._last_id = 0
        daemon.start()

    # What the reader sees

    def section(self, name: str) -> None:
        """Begins a part of the transcript that a test can play by itself."""
        self.lines.append(f"## {name}")

    def comment(self, text: str) -> None:
        self.lines.append(f"# {text}")

    # One request, one reply

    def call(self, method: str, params: Params | None = None, *, on: str = MAIN, refused: str | None = None) -> int:
        """Sends a request, expects a result or a refusal of the kind `refused`, and returns the request's id."""
        request_id = self._send_request(method, params, on)
        self._receive_reply(request_id, on, refused)
        return request_id

    def raw(self, text: str, *, on: str = MAIN, refused: str | None = None) -> None:
        """Sends a line as it is, and expects one reply."""
        self._send(text, on)
        self._check(json.loads(self._receive(on)), text, refused)

    def notify(self, method: str, params: Params, *, on: str = MAIN) -> None:
        """Sends a request without an id, which gets no reply."""
        self._send(self._request(method, params), on)

    # Several

    def pipeline(self, calls: Sequence[tuple[str, Params]], *, on: str = MAIN) -> list[int]:
        """Sends all requests before the first reply is read; all get results."""
        ids = [self._send_request(method, params, on) for method, params in calls]
        for request_id in ids:
            self._receive_reply(request_id, on, None)
        return ids

    def batch(self, items: Sequence[Any], *, on: str = MAIN, replies: int) -> None:
        """Sends an array of requests on one line, and expects an array of `replies` replies, or nothing."""
        for item in items:
            if isinstance(item, dict) and isinstance(item.get("method"), str):
                self.methods[item["method"]] += 1
        self._send(_text(list(items)), on)
        if replies == 0:
            return
        answers = json.loads(self._receive(on))
        for answer in answers:
            self.kinds[answer.get("error", {}).get("data", {}).get("kind", "result")] += 1
        if len(answers) != replies:
            raise Failed(f"{len(answers)} replies to a batch, not {replies}")

    def events(self, methods: Sequence[str], *, on: str) -> None:
        """Reads notifications, which are of changes by these methods in this order."""
        for method in methods:
            event = json.loads(self._receive(on))
            if event.get("method") != "change.event" or event["params"]["method"] != method:
                raise Failed(f"expected an event of {method}: {event}")

    def own_change(self, method: str, params: Params, told: Sequence[str], *, on: str) -> int:
        """Sends a change on a connection that watches it: its events come first, then its reply."""
        request_id = self._send_request(method, params, on)
        self.events(told, on=on)
        self._receive_reply(request_id, on, None)
        return request_id

    # The connection and the daemon

    def ended(self, on: str) -> None:
        """Expects that the daemon has ended the connection."""
        if (line := self._connections.pop(on).read_line()) is not None:
            raise Failed(f"expected the end of {on}: {line}")
        self.lines.append(f"! ended {on}")

    def close(self, on: str) -> None:
        self._connections.pop(on).close()
        self.lines.append(f"! close {on}")

    def restart(self, *arguments: str) -> None:
        """Stops the daemon and starts it again on the same ledger."""
        self.stop()
        self._daemon.start(*arguments)
        self.lines.append(" ".join(["! restart", *arguments]))

    def stop(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections = {}
        self._daemon.stop()

    # Earlier replies

    def ref(self, request_id: int, path: str) -> str:
        """Stands for a string in an earlier reply, which whoever plays the transcript looks up."""
        self.value(request_id, path)
        return reference(request_id, path)

    def value(self, request_id: int, path: str) -> Any:
        return value_at(self._replies[request_id], path)

    # Pieces

    def _request(self, method: str, params: Params | None, request_id: int | None = None) -> str:
        self.methods[method] += 1
        request: dict[str, Any] = {"jsonrpc": "2.0"}
        if request_id is not None:
            request["id"] = request_id
        request["method"] = method
        if params is not None:
            request["params"] = params
        return _text(request)

    def _send_request(self, method: str, params: Params | None, on: str) -> int:
        self._last_id += 1
        self._send(self._request(method, params, self._last_id), on)
        return self._last_id

    def _send(self, text: str, on: str) -> None:
        if on not in self._connections:
            self._connections[on] = self._daemon.connect()
        self.lines.append(f"{on}> {text}")
        data, is_last = bytes_of(text, self._replies)
        self._connections[on].send(data)
        if is_last:
            self._connections[on].finish_sending()

    def _receive(self, on: str) -> str:
        line = self._connections[on].read_line()
        if line is None:
            raise Failed(f"the daemon ended the connection {on}")
        # The one machine's paths are no part of the record.
        for path, name in ((self._daemon.socket, "SOCKET"), (self._daemon.ledger, "DATABASE")):
            line = line.replace(f'"{path}"', f'"{name}"')
        self.lines.append(f"{on}< {line}")
        return line

    def _receive_reply(self, request_id: int, on: str, refused: str | None) -> None:
        reply = json.loads(self._receive(on))
        if reply["id"] != request_id:
            raise Failed(f"expected the reply to {request_id}: {reply}")
        self._replies[request_id] = reply
        self._check(reply, f"request {request_id}", refused)

    def _check(self, reply: Any, asked: str, refused: str | None) -> None:
        kind = reply.get("error", {}).get("data", {}).get("kind")
        self.kinds[kind or "result"] += 1
        if kind != refused:
            raise Failed(f"{asked}: expected {refused or 'a result'}: {_text(reply)[:600]}")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
