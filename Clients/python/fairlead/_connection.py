"""The Unix socket: finds its path, connects, and sends and receives lines."""

from __future__ import annotations

import errno
import os
import pwd
import socket
import stat
import struct
import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Optional, Union

from .errors import NobodyListens, NoSocket, NotAllowed, NotTrusted, Unreachable

SYSTEM_SOCKET = "/run/fairlead/fairlead.sock"

# Bytes that the kernel accepts for a socket's path: sun_path without its terminating zero.
_LONGEST_PATH = 107
_CHUNK = 1 << 16

# Bytes of one line of the daemon. The longest honest one answers an apply with whole reports: 20 MB
# for 1,000 changes, several times that where labels have their full length, and ten times with a
# daemon that did not limit their number yet.
_LONGEST_LINE = 256 << 20


def find_socket(path: Union[str, os.PathLike[str], None] = None) -> str:
    """The socket's path, found as the command finds it.

    That is ``path``; else FAIRLEAD_SOCKET; else fairlead.sock in XDG_RUNTIME_DIR, if it exists;
    else the system's. An empty value counts as none.
    """
    if path is not None and os.fspath(path):
        return os.fspath(path)
    named = os.environ.get("FAIRLEAD_SOCKET")
    if named:
        return named
    directory = os.environ.get("XDG_RUNTIME_DIR")
    if directory:
        own = os.path.join(directory, "fairlead.sock")
        if os.path.exists(own):
            return own
    return SYSTEM_SOCKET


class Deadline:
    """The time by which several steps together must be done."""

    def __init__(self, seconds: Optional[float]) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def arm(self, peer: socket.socket) -> None:
        """Gives the next operation on ``peer`` what is left of the time."""
        if self._end is None:
            peer.settimeout(None)
            return
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout
        peer.settimeout(left)


class Connection:
    """A connected socket that carries lines."""

    def __init__(self, path: str, deadline: Deadline) -> None:
        self._received = bytearray()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            deadline.arm(self._socket)
            self._socket.connect(path)
            _check_peer(self._socket, path)
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def interrupt(self) -> None:
        """Ends the connection for a thread that waits in ``receive``. For use by other threads."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It has ended already.

    def is_over(self) -> bool:
        """Whether the daemon has closed its end. Consumes nothing."""
        self._socket.settimeout(0)
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def send(self, line: bytes, deadline: Deadline) -> None:
        deadline.arm(self._socket)
        try:
            self._socket.sendall(line)
        except (BrokenPipeError, ConnectionResetError):
            # A daemon that refuses may answer and close before it has read everything. Its answer
            # counts; without one, the next read finds the end.
            pass

    def receive(self, deadline: Deadline) -> bytes:
        """The next line; raises EOFError where the daemon closes before its end."""
        searched = 0
        while True:
            end = self._received.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._received[:end])
                del self._received[: end + 1]
                return line
            searched = len(self._received)
            deadline.arm(self._socket)
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise EOFError
            self._received += chunk
            if len(self._received) > _LONGEST_LINE:
                raise ValueError(f"a line of more than {_LONGEST_LINE} bytes")


class Connected(ABC):
    """What has one connection at a time, and ends with it at the end of a ``with``."""

    _connection: Optional[Connection] = None

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def connect(path: str, deadline: Deadline) -> Connection:
    """Opens a connection, or raises `Unreachable`."""
    length = len(os.fsencode(path))
    if length > _LONGEST_PATH:
        problem = f"cannot use {path} for a socket: it has {length} bytes"
        hint = f"The system takes {_LONGEST_PATH}; a symbolic link to its folder will do."
        raise Unreachable(path, problem, hint)
    try:
        return Connection(path, deadline)
    except Unreachable:
        raise
    except OSError as error:
        raise _unreachable(path, error) from error


def _check_peer(peer: socket.socket, path: str) -> None:
    """Raises `NotTrusted` unless root, the caller, or the daemon's user listens on the socket.

    That user is named by FAIRLEAD_DAEMON_USER, by name or number, and is ``fairlead`` without it.
    The kernel says who called listen(2), before anything is sent.
    """
    pid, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    uid &= 0xFFFFFFFF
    if uid in (0, os.geteuid()):
        return
    user = os.environ.get("FAIRLEAD_DAEMON_USER") or "fairlead"
    try:
        expected = pwd.getpwnam(user).pw_uid
    except KeyError:
        expected = int(user) if user.isascii() and user.isdigit() else -1
    if uid == expected:
        return
    try:
        owner = pwd.getpwuid(uid).pw_name
    except KeyError:
        owner = str(uid)
    problem = (
        f"cannot trust what listens on {path}: process {pid} of {owner} (uid {uid}) does; "
        "nothing was sent to it"
    )
    hint = (
        f"Expected are root, you, or {user}. If fairleadd runs as {owner} here, say so: "
        f"FAIRLEAD_DAEMON_USER={owner}."
    )
    raise NotTrusted(path, problem, hint)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False


def _unreachable(path: str, error: OSError) -> Unreachable:
    cannot = "cannot reach the daemon: "
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = "Start it with 'fairleadd', or name its socket: Client(path), or FAIRLEAD_SOCKET."
        return NoSocket(path, f"{cannot}there is no socket at {path}", hint)
    if error.errno in (errno.EACCES, errno.EPERM):
        hint = "Ask whoever runs fairleadd to let you in; 'ls -l' shows the socket's owner."
        return NotAllowed(path, f"{cannot}you are not allowed to use the socket {path}", hint)
    if error.errno == errno.ECONNREFUSED and not _is_socket(path):
        return NoSocket(path, f"{cannot}{path} is no socket", "Name the daemon's socket instead.")
    if error.errno == errno.ECONNREFUSED:
        hint = "The daemon that made this socket has ended. Start 'fairleadd' again."
        return NobodyListens(path, f"{cannot}nobody listens on {path}", hint)
    why = error.strerror or "it did not answer in time"
    return Unreachable(path, f"cannot reach the daemon at {path}: {why}", "See how it is doing.")
