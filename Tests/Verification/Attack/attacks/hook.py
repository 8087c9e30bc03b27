"""The program that runs on a revert: what it inherits, who may have written it, and what if it misbehaves."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import fill
from ..support.daemon import IPVS, NFTABLES, Daemon
from ..support.outsider import NOBODY


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
        changes = [
            {"method": "cluster.update", "params": {**name, "config": NFTABLES, "confirmWithinSeconds": 1}}
            for name in names
        ]
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


@entry(
    "24",
    "the program that runs on a revert inherits secrets, or may be anybody's",
    "a minimal environment, a folder of its own, and only a program that others may not write",
    seconds=60,
)
def hook_environment(run: Run) -> None:
    out = run.folder("out") / "env"
    hook = script(run, f"{{ env; echo CWD=$(pwd); echo END; }} > {out}.new 2>&1; mv {out}.new {out}; cat > /dev/null")
    daemon = hooked(
        run, hook, {"MY_SECRET": "s3cr3t", "LD_LIBRARY_PATH": "/nowhere", "PATH": f"/evil:{os.environ['PATH']}"}
    )
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


@entry(
    "held-hook",
    "a program on reverts that misbehaves",
    "the stop is bounded, and no zombies and no descriptors are left",
    seconds=180,
)
def hook_misbehaves(run: Run) -> None:
    times = []
    for name, text in (
        ("sleeps", "exec sleep 100"),
        ("ignores TERM", "trap '' TERM; sleep 100"),
        ("prints", "head -c 100000000 /dev/zero; exit 3"),
    ):
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
    children = subprocess.run(
        ["ps", "--ppid", str(daemon.pid), "-o", "stat="], capture_output=True, text=True, check=False
    ).stdout
    run.figure(f"stops {max(times):.1f} s at most; {count} reverts run {ran} programs, {children.count('Z')} zombies")
    run.expect(ran == count, f"{ran} of {count} programs ran")
    run.expect("Z" not in children and daemon.descriptors() <= before + 2, "zombies or descriptors are left")
