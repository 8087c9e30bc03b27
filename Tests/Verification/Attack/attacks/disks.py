"""Disks that fill up, or become read-only; each is a small file system of its own."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, recorded_by_daemon
from ..support.daemon import Daemon
from ..support.ext4 import Ext4
from ..support.health import read_health, wait_until_ok
from ..support.ledger import Ledger
from ..support.wire import Ended, Refused


@contextlib.contextmanager
def small_disk(run: Run) -> Iterator[Path]:
    """4 MiB in memory."""
    with run.mounted("-t", "tmpfs", "-o", "size=4m,mode=755", "attack", at=run.folder("disk")) as path:
        yield path


def fill_up(folder: Path) -> Path:
    path = folder / "filler"
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 1000)
    return path


def reads(daemon: Daemon) -> bool:
    """Whether the log and a list are read."""
    try:
        with daemon.connect() as connection:
            connection.call("cluster.list")
            connection.call("change.list", limit=1000)
        return True
    except (Refused, Ended, OSError):
        return False


def compare(run: Run, asked: Asked, daemon: Daemon) -> None:
    with daemon.connect() as connection:
        for problem in asked.compare(recorded_by_daemon(connection)):
            run.expect(False, problem)


@entry(
    "19",
    "no start, and so no reads, on a full or read-only disk",
    "it serves reads, and health says read-only",
    "mount",
    seconds=90,
)
def start_without_room(run: Run) -> None:
    figures = []
    for name in ("full", "read-only"):
        with small_disk(run) as disk:
            daemon = run.started(folder=disk)
            asked = Asked()
            with daemon.connect() as connection:
                asked.create_some(connection, "before", 20)
            daemon.stop()
            # The log of the process stands elsewhere, as with systemd.
            daemon.log_file = run.folder("log") / "log"
            if name == "full":
                fill_up(disk)
            else:
                subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
                daemon.socket = run.folder("socket") / "s"
            served = daemon.start(wait=5)
            health = read_health(daemon)
            figures.append(f"{name}: {f'serves reads, health {health}' if served else 'no start'}")
            if run.expect(served, f"no start on a {name} disk"):
                run.expect(reads(daemon), f"no reads on a {name} disk")
                run.expect(health.status == "read-only", f"on a {name} disk health says {health}")
                compare(run, asked, daemon)
            daemon.kill()
    run.figure(", ".join(figures))


@entry(
    "held-full",
    "a disk of 4 MiB that the ledger or another program fills",
    "honest answers, `read-only` in health, and it comes back by itself",
    "mount",
    seconds=180,
)
def full(run: Run) -> None:
    total = back = 0
    for filled_by_another in (False, True):
        with small_disk(run) as disk:
            daemon = run.started(folder=disk)
            asked = Asked()
            with daemon.connect(60) as connection:
                asked.create_some(connection, "first", 5)
                filler = fill_up(disk) if filled_by_another else None
                asked.create_some(connection, "many", 500)
                health = read_health(daemon)
                run.expect(bool(asked.refused) and health.status == "read-only", f"full: health says {health}")
                run.expect(reads(daemon), "full: no reads")
                if filler:
                    filler.unlink()
                subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
                time.sleep(0.2)
                back += asked.create(connection, "again")
            daemon.kill()
            daemon.start()
            compare(run, asked, daemon)
            run.expect(daemon.stop()[0] == 0, "the stop fails")
            run.expect(not Ledger(daemon.database).problems, "the file is damaged")
            total += len(asked.acknowledged)
    run.expect(back == 2, "it does not come back by itself")
    with small_disk(run) as disk:
        daemon = run.started(folder=disk)
        asked = Asked()
        with daemon.connect() as connection:
            for number in range(6):
                filler = fill_up(disk)
                asked.create_some(connection, f"full{number}-", 3)
                filler.unlink()
                run.expect(asked.create(connection, f"room{number}"), "no change is taken when there is room again")
        run.expect(wait_until_ok(daemon), "health does not become ok when there is room again")
        daemon.kill()
        daemon.start()
        compare(run, asked, daemon)
        total += len(asked.acknowledged)
        daemon.kill()
    run.figure(
        f"8 times full, {total} acknowledged, 0 lost" if not run.problems else f"8 times full, {total} acknowledged"
    )


@entry(
    "held-limits",
    "a disk that becomes read-only by an error; little address space",
    "honest answers; nothing acknowledged is lost",
    "loop",
    seconds=180,
)
def limits(run: Run) -> None:
    disk = Ext4(run, 64)
    asked = Asked()
    with disk.mounted() as folder:
        daemon = run.started(folder=folder)
        with daemon.connect() as connection:
            asked.create_some(connection, "before", 20)
            Path(f"/sys/fs/ext4/{disk.device}/trigger_fs_error").write_text("1")
            asked.create_some(connection, "after", 5)
            run.expect(
                not any(name.startswith("after") for name in asked.acknowledged),
                "changes are taken on a read-only disk",
            )
            run.expect(reads(daemon), "no reads on a disk that became read-only")
            health = read_health(daemon)
            run.expect(not health.ok, "health says ok on a disk that became read-only")
        daemon.stop()
        daemon.kill()
    subprocess.run(["fsck.ext4", "-fy", str(disk.image)], capture_output=True, check=False)
    with disk.mounted():
        run.expect(daemon.start(), "no start after fsck")
        compare(run, asked, daemon)
        daemon.stop()
    run.figure(f"ext4 became read-only: health {health}, {len(asked.acknowledged)} acknowledged, 0 lost")
    ends = []
    for mib in (300, 500, 800, 1200):
        daemon = run.daemon(wrapper=["prlimit", f"--as={mib << 20}"])
        asked = Asked()
        if daemon.start(wait=5):
            with contextlib.suppress(OSError, Ended, Refused), daemon.connect(30) as connection:
                daemon.open_gates()
                for number in range(100):
                    asked.create(connection, f"a{number}", labels={f"k{index}": "v" * 250 for index in range(60)})
                peers = [daemon.connect(10) for _ in range(12)]
                for peer in peers:
                    peer.socket.sendall(b"x" * 7_000_000)
                time.sleep(1)
        ends.append(f"{mib} MiB: {'serves' if daemon.alive else f'ended {daemon.status}'}")
        daemon.kill()
        if daemon.database.exists():
            for problem in asked.compare(Ledger(daemon.database).recorded):
                run.expect(False, f"{mib} MiB of address space: {problem}")
    run.figure(", ".join(ends))
