"""A `fairleadd` in a scratch folder: started, spoken to over its socket, and stopped cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import IO

# A hang is a failure, not a wait for ever. The longest wait of a story is for a deadline of one second.
PATIENCE_SECONDS = 60


class Failed(Exception):
    """The daemon did something that the story does not expect."""


class Connection:
    """One connection, which sends bytes and reads lines."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE_SECONDS)
        self._socket.connect(str(path))
        self._replies: IO[bytes] = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            # The daemon ends the connection while an over-long line is being sent; its reply can be read all the same.
            pass

    def finish_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def read_line(self) -> str | None:
        """The next line without its line feed; None where the daemon has ended the connection."""
        try:
            line = self._replies.readline()
        except ConnectionResetError:
            return None
        return line.decode().removesuffix("\n") if line else None

    def close(self) -> None:
        self._replies.close()
        self._socket.close()


class Daemon:
    """A daemon on a ledger of its own, which survives a restart."""

    def __init__(self, program: Path) -> None:
        # Short, since a socket's path has at most 107 bytes.
        self._folder = tempfile.TemporaryDirectory(prefix="fl-", dir="/tmp")
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = Path(self._folder.name) / "s.sock"
        self.ledger = Path(self._folder.name) / "ledger.db"

    def start(self, *arguments: str) -> None:
        """Starts the daemon and returns once it takes connections."""
        command = [str(self._program), "--socket", str(self.socket), "--database", str(self.ledger), *arguments]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)
        self._process = process
        assert process.stderr is not None
        said = b""
        while b"ready on" not in said:
            line = process.stderr.readline()
            if not line:
                raise Failed(f"the daemon did not start: {said.decode()}")
            said += line

    def connect(self) -> Connection:
        return Connection(self.socket)

    def stop(self) -> None:
        """Stops the daemon, which leaves everything in the ledger's file and an empty write-ahead log."""
        process = self._process
        if process is None:
            return
        self._process = None
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
        if process.returncode != 0:
            raise Failed(f"the daemon ended with {process.returncode}")
        if b"incident" in said:
            raise Failed(f"the daemon met an error of its own: {said.decode()}")

    def remove(self) -> None:
        """Kills the daemon where it still runs, and removes its folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()
