"""What another local user can do with the files, the locks, the socket and the places where they are made."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import Daemon
from ..support.outsider import NOBODY
from ..support.wire import Connection, Ended, request

WRITE_LOCK = 120
"""The byte of the -shm that a writer locks; SQLite's documentation of the WAL names it."""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@entry(
    "4",
    "another user locks the files, and so stops all changes",
    "all files are 0600, whatever the umask",
    seconds=90,
)
def locks_of_others(run: Run) -> None:
    for umask in (0o022, 0o000, 0o077):
        daemon = run.daemon()
        run.expect(daemon.start(umask=umask), f"no start under umask {umask:o}")
        daemon.open_gates()
        modes = {path.name: mode(path) for path in daemon.folder.iterdir() if path != daemon.log_file}
        loose = {name: f"{bits:o}" for name, bits in modes.items() if bits & 0o077}
        run.expect(not loose, f"under umask {umask:o} others may open {loose}")
        if umask == 0o022:
            run.figure("modes " + ", ".join(sorted({f"{bits:o}" for bits in modes.values()})))
            lock_as_nobody(run, daemon)
        daemon.kill()


def lock_as_nobody(run: Run, daemon: Daemon) -> None:
    if not run.can("root", "to lock them as another user"):
        return

    def hold() -> None:
        try:
            descriptor = os.open(daemon.shm, os.O_RDONLY)
        except PermissionError:
            return
        fcntl.fcntl(descriptor, fcntl.F_SETLK, struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, WRITE_LOCK, 1, 0))
        time.sleep(60)

    run.outsider(hold, user=NOBODY)
    time.sleep(0.5)
    asked = Asked()
    begun = time.monotonic()
    with daemon.connect() as connection:
        taken = asked.create(connection, "while-locked")
    run.figure(
        f"a change while nobody wants the lock: {'taken' if taken else 'refused'} after {time.monotonic() - begun:.1f} s"
    )
    run.expect(taken, "another user's lock stops the changes")


@entry(
    "5",
    "links and foreign files where locks and database are made",
    "opened without following links; owner, type and links are checked before a byte is changed",
    seconds=90,
)
def links(run: Run) -> None:
    tried = harmed = 0
    for name in ("s.lock", "r.db.lock", "r.db", "r.db-wal"):
        for dangling in (False, True):
            daemon = run.daemon()
            target = run.folder("target") / "important"
            if not dangling:
                target.write_text("root's\n" * 100)
                target.chmod(0o600)
            (daemon.folder / name).symlink_to(target)
            tried += 1
            daemon.start(wait=2)
            intact = not target.exists() if dangling else target.read_text() == "root's\n" * 100
            what = "a dangling link" if dangling else "a link"
            harmed += not intact
            run.expect(intact, f"{what} as {name}: its target is {'made' if dangling else 'changed'}")
            daemon.kill()
    for name in ("s.lock", "r.db.lock"):
        daemon = run.daemon()
        important = run.folder("target") / "important"
        important.write_text("root's\n" * 100)
        os.link(important, daemon.folder / name)
        tried += 1
        daemon.start(wait=2)
        intact = important.read_text() == "root's\n" * 100
        harmed += not intact
        run.expect(intact, f"a hard link as {name}: its other name is changed")
        daemon.kill()
    run.figure(f"{tried} links, {harmed} targets harmed")
    foreign_files(run)
    for name in ("s.lock", "r.db.lock", "r.db-wal"):
        daemon = run.daemon()
        os.mkfifo(daemon.folder / name)
        served = daemon.start(wait=3)
        how = (
            "served" if served else "waited for" if daemon.alive else f"the end of the daemon, status {daemon.status}"
        )
        run.expect(not daemon.alive and not daemon.crashed, f"a FIFO as {name} is {how}")
        daemon.kill()


def foreign_files(run: Run) -> None:
    if not run.can("root", "a database of another user's"):
        return
    daemon = run.started()
    daemon.stop()
    daemon.database.chmod(0o666)
    os.chown(daemon.database, NOBODY, NOBODY)
    run.expect(not daemon.start(wait=3), "a database of another user's, 0666, is served")
    daemon.kill()
    run.figure(f"nobody's database, 0666: {'served' if daemon.status == -9 else 'refused'}")


@entry(
    "held-strangers",
    "strangers on the socket, descriptors that are passed, what others put in its way",
    "refused by the kernel's word for who they are; no descriptor is kept",
    "root",
    seconds=120,
)
def strangers(run: Run) -> None:
    daemon = run.started()
    daemon.socket.chmod(0o666)

    def ask() -> None:
        with Connection(daemon.socket, 3) as connection:
            try:
                line = connection.raw(request("cluster.list"))
            except Ended:
                return
            if b'"error"' not in line:
                raise AssertionError(f"a stranger is answered: {line[:100]!r}")

    run.expect(run.outsider(ask, user=NOBODY).wait(), "a stranger is served")
    before = daemon.descriptors()

    def many() -> None:
        peers = [socket.socket(socket.AF_UNIX) for _ in range(900)]
        for peer in peers:
            peer.settimeout(2)
            peer.connect(str(daemon.socket))
        time.sleep(0.5)

    run.expect(run.outsider(many, user=NOBODY).wait(), "900 strangers cannot even connect")
    with daemon.connect() as connection:
        for _ in range(300):
            passed = [os.open("/etc/hostname", os.O_RDONLY) for _ in range(3)]
            socket.send_fds(connection.socket, [request("registry.describe")], passed)
            connection.line()
            for descriptor in passed:
                os.close(descriptor)
        time.sleep(0.5)
        kept = daemon.descriptors() - before
    run.figure(f"900 strangers, 900 descriptors passed: {max(0, kept - 1)} kept")
    run.expect(kept <= 3, f"{kept} descriptors are kept")
    daemon.kill()
    taken = run.daemon()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(taken.socket))
    listener.listen(1)
    run.expect(not taken.start(wait=2), "a socket that another program listens on is taken over")
    taken.kill()
    listener.close()
