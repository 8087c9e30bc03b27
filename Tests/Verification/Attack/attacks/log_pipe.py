"""The log is a pipe that nobody reads: neither changes nor the stop may wait for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import STOP_SECONDS, Daemon
from ..support.health import UNKNOWN, read_health, wait_for


UNWRITTEN = ("log-not-written", "log-lines-dropped")


@contextlib.contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


def fill_pipe(writing: int) -> None:
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x")
    os.set_blocking(writing, True)


def limit_files(daemon: Daemon, size: str) -> None:
    """Changes fail while files may have only 4 KiB; the daemon says so in its log, and when it is over."""
    subprocess.run(["prlimit", f"--pid={daemon.pid}", f"--fsize={size}:unlimited"], check=True)


@entry(
    "2",
    "a log pipe that nobody reads stops the daemon",
    "lines that nobody reads are counted and dropped; nothing waits for the log",
    seconds=120,
)
def unread_log(run: Run) -> None:
    with pipe() as (_, writing):
        fill_pipe(writing)
        daemon = run.daemon(log=writing)
        run.expect(daemon.start(), "no start with a full pipe")
        status, took = daemon.stop(15)
        run.figure(f"full from the start: SIGTERM {ended(status, took)}")
        run.expect(status == 0 and took < STOP_SECONDS, "full from the start: the stop does not end")
    with pipe() as (_, writing):
        full_while_running(run, run.daemon(log=writing), writing)
    with pipe() as (reading, writing):
        daemon = run.daemon(log=writing)
        daemon.start()
        os.dup2(os.open(os.devnull, os.O_RDONLY), reading)
        run.expect(read_health(daemon) != UNKNOWN, "the pipe's reader gone: no answer")
        run.expect(daemon.stop(15)[0] == 0, "the pipe's reader gone: the stop fails")


def full_while_running(run: Run, daemon: Daemon, writing: int) -> None:
    daemon.start()
    daemon.open_gates()
    asked = Asked()
    with daemon.connect() as connection:
        asked.create(connection, "before")
    fill_pipe(writing)
    limit_files(daemon, "4096")
    with daemon.connect(5) as connection:
        asked.create(connection, "refused")
    limit_files(daemon, "unlimited")
    begun = time.monotonic()
    taken = 0
    while taken < 3 and time.monotonic() - begun < 10:
        try:
            with daemon.connect(2) as connection:
                taken += asked.create(connection, f"after-{time.monotonic_ns()}")
        except OSError:
            pass
    health, _ = wait_for(daemon, *UNWRITTEN, seconds=4)
    run.figure(f"full while running: {taken} of 3 further changes taken, health {health}")
    run.expect(taken == 3, "no change is answered while the pipe is full")
    run.expect(bool(health.codes & set(UNWRITTEN)), "health does not say that lines of the log are not written")
    status, took = daemon.stop(20)
    run.figure(f"SIGTERM {ended(status, took)}")
    run.expect(status == 0 and took < STOP_SECONDS, "full while running: the stop does not end")


def ended(status: int | None, seconds: float) -> str:
    return f"ended after {seconds:.1f} s" if status is not None else f"without effect for {seconds:.0f} s"
