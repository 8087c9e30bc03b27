"""Stops under load, starts at once, and the program that runs on a revert."""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import fill
from ..support.daemon import IPVS, NFTABLES, STOP_SECONDS, Daemon
from ..support.latency import deaf
from ..support.ledger import Ledger
from ..support.outsider import NOBODY
from ..support.wire import Connection, Ended, request


class Pipeliner:
    """Sends changes in bursts until its connection ends, and keeps what was answered."""

    def __init__(self, path: Path, number: int) -> None:
        self.path = path
        self.number = number
        self.acknowledged: dict[str, int] = {}
        self.refused: set[str] = set()
        self.unanswered: set[str] = set()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self) -> None:
        chance = random.Random(self.number)
        count = 0
        with Connection(self.path, 20) as connection:
            try:
                while True:
                    burst = [f"{self.number}-{count + index}" for index in range(chance.choice((1, 4, 16)))]
                    count += len(burst)
                    self.unanswered |= set(burst)
                    connection.socket.sendall(b"".join(self.line(name) for name in burst))
                    for _ in burst:
                        self.take(connection)
            except (Ended, OSError):
                # What was sent to us before the end is an answer, too.
                try:
                    while True:
                        self.take(connection)
                except (Ended, OSError):
                    pass

    def line(self, name: str) -> bytes:
        return request("cluster.create", name, resourceGroup="rg", name=name, config=NFTABLES, requestId=name)

    def take(self, connection: Connection) -> None:
        reply = connection.receive()
        self.unanswered.discard(reply["id"])
        if "result" in reply:
            self.acknowledged[reply["id"]] = reply["result"]["seq"]
        else:
            self.refused.add(reply["id"])


@entry("held-sigterm", "SIGTERM under 8 pipelining writers", seconds=180)
def sigterm(run: Run) -> None:
    chance = random.Random(2)
    count = run.times(25)
    answers = 0
    slowest = 0.0
    for number in range(count):
        daemon = run.started()
        writers = [Pipeliner(daemon.socket, writer) for writer in range(8)]
        time.sleep(chance.uniform(0.1, 0.5))
        status, took = daemon.stop(20)
        slowest = max(slowest, took)
        run.expect(status == 0, f"stop {number} ends with {status}")
        ledger = Ledger(daemon.database)
        for writer in writers:
            writer.thread.join(20)
            answers += len(writer.acknowledged)
            lost = [name for name, seq in writer.acknowledged.items() if ledger.recorded.get(name) != seq]
            run.expect(not lost, f"{len(lost)} answered changes are not recorded")
            silent = [name for name in writer.unanswered | writer.refused if name in ledger.recorded]
            run.expect(not silent, f"{len(silent)} recorded changes are not answered")
        for problem in ledger.problems:
            run.expect(False, problem)
        daemon.kill()
    daemon = run.started()
    with daemon.connect() as connection:
        fill(connection, 2000, lambda at: {"resourceGroup": "rg", "name": f"f{at}", "config": IPVS})
    peers = [deaf(daemon.socket, request("change.list", limit=1000) * 50), deaf(daemon.socket, request("change.watch", after=0))]
    time.sleep(0.5)
    status, deaf_took = daemon.stop(20)
    for peer in peers:
        peer.close()
    run.figure(f"{count} stops, {answers} answers, slowest {slowest:.2f} s; {deaf_took:.1f} s with deaf peers")
    run.expect(status == 0 and max(slowest, deaf_took) < STOP_SECONDS, "a stop takes longer than promised")


@entry("held-starts", "four daemons at once on one socket, or on one database", seconds=180)
def starts(run: Run) -> None:
    count = run.times(20)
    for shared in ("socket", "database"):
        for _ in range(count):
            folder = run.folder()
            daemons = [run.daemon(folder) for _ in range(4)]
            for number, daemon in enumerate(daemons):
                if shared == "socket":
                    daemon.database = folder / f"{number}.db"
                else:
                    daemon.socket = folder / f"s{number}"
                daemon.launch()
            end = time.monotonic() + 10
            while sum(daemon.alive for daemon in daemons) > 1 and time.monotonic() < end:
                time.sleep(0.02)
            winners = [daemon for daemon in daemons if daemon.alive]
            run.expect(len(winners) == 1 and winners[0].answers(5), f"{len(winners)} daemons run on one {shared}")
            for daemon in daemons:
                daemon.kill()
    run.figure(f"{2 * count} races, one winner each")


def script(run: Run, text: str, mode: int = 0o755) -> Path:
    path = run.folder("hook") / "hook.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return path


def hooked(run: Run, hook: Path, environment: dict[str, str] | None = None) -> Daemon:
    return run.daemon(options=["--exec-on-revert", str(hook)], environment=environment)


def revert(daemon: Daemon, count: int = 1) -> None:
    """Changes that nobody confirms, until they are taken back."""
    daemon.open_gates()
    with daemon.connect(60) as connection:
        names = [{"resourceGroup": "rg", "name": f"n{number}"} for number in range(count)]
        fill(connection, count, lambda number: {**names[number], "config": IPVS})
        changes = [{"method": "cluster.update", "params": {**name, "config": NFTABLES, "confirmWithinSeconds": 1}} for name in names]
        connection.call("cluster.apply", detail="summary", changes=changes)
        end = time.monotonic() + 20
        while any("pendingConfirm" in connection.call("cluster.get", **name) for name in names[-1:]):
            if time.monotonic() > end:
                raise AssertionError("a change is not taken back")
            time.sleep(0.05)


def wait_for_lines(path: Path, count: int, seconds: float = 10) -> list[str]:
    end = time.monotonic() + seconds
    while True:
        lines = path.read_text().splitlines() if path.exists() else []
        if len(lines) >= count or time.monotonic() > end:
            return lines
        time.sleep(0.05)


@entry("24", "the program that runs on a revert inherits secrets, or may be anybody's", seconds=60)
def hook_environment(run: Run) -> None:
    out = run.folder("out") / "env"
    hook = script(run, f"{{ env; echo CWD=$(pwd); echo END; }} > {out}.new 2>&1; mv {out}.new {out}; cat > /dev/null")
    daemon = hooked(run, hook, {"MY_SECRET": "s3cr3t", "LD_LIBRARY_PATH": "/nowhere", "PATH": f"/evil:{os.environ['PATH']}"})
    daemon.start()
    revert(daemon)
    lines = wait_for_lines(out, 2)
    inherited = [name for name in ("s3cr3t", "/nowhere", "/evil") if any(name in line for line in lines)]
    folder = next((line[4:] for line in lines if line.startswith("CWD=")), "?")
    run.expect(bool(lines), "the program did not run")
    run.expect(not inherited, f"the program inherits {inherited}")
    run.expect(folder != os.getcwd(), "the program runs in the daemon's folder")
    daemon.kill()
    anybody = script(run, "cat > /dev/null", mode=0o777)
    if os.geteuid() == 0:
        os.chown(anybody, NOBODY, NOBODY)
    refused = not hooked(run, anybody).start(wait=2)
    run.figure(f"inherits {len(inherited)} of 3 things; a program of 0777 is {'refused' if refused else 'run'}")
    run.expect(refused, "a program that others may write is accepted")


@entry("held-hook", "a program on reverts that misbehaves", seconds=180)
def hook_misbehaves(run: Run) -> None:
    times = []
    for name, text in (("sleeps", "exec sleep 100"), ("ignores TERM", "trap '' TERM; sleep 100"), ("prints", "head -c 100000000 /dev/zero; exit 3")):
        daemon = hooked(run, script(run, text))
        daemon.start()
        revert(daemon)
        time.sleep(0.3)
        status, took = daemon.stop(30)
        times.append(took)
        run.expect(status == 0 and took < 12, f"a program that {name}: the stop takes {took:.0f} s, status {status}")
    gone = script(run, "true")
    daemon = hooked(run, gone)
    daemon.start()
    gone.unlink()
    revert(daemon)
    run.expect(daemon.alive and daemon.stop()[0] == 0, "a program that was removed ends the daemon")
    out = run.folder("out") / "lines"
    count = run.times(300, least=30)
    daemon = hooked(run, script(run, f"cat > /dev/null; echo x >> {out}"))
    daemon.start()
    before = daemon.descriptors()
    revert(daemon, count)
    ran = len(wait_for_lines(out, count, seconds=60))
    time.sleep(0.5)
    children = subprocess.run(["ps", "--ppid", str(daemon.pid), "-o", "stat="], capture_output=True, text=True, check=False).stdout
    run.figure(f"stops {max(times):.1f} s at most; {count} reverts run {ran} programs, {children.count('Z')} zombies")
    run.expect(ran == count, f"{ran} of {count} programs ran")
    run.expect("Z" not in children and daemon.descriptors() <= before + 2, "zombies or descriptors are left")
