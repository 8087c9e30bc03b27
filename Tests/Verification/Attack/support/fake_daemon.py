"""Somebody who took the place of the socket: a listener that answers a command whatever the attack wants."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from .wire import Json


class FakeDaemon:
    """Listens in a thread. `answer` maps a method to a result, or sends what it likes itself and returns None."""

    def __init__(
        self,
        path: Path,
        answer: Callable[[str], Json] | None = None,
        send: Callable[[socket.socket], None] | None = None,
    ) -> None:
        self.path = path
        self.answer = answer
        self.send = send
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        path.chmod(0o666)
        self.listener.listen(8)
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer, peer.makefile("rb") as lines:
            for line in lines:
                asked = json.loads(line)
                if self.send:
                    self.send(peer)
                elif self.answer:
                    reply = {"jsonrpc": "2.0", "id": asked["id"], "result": self.answer(asked["method"])}
                    peer.sendall(json.dumps(reply, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
