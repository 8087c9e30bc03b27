"""The write-ahead log is cut, flipped or zeroed after a crash: a whole prefix starts, and what is missing from it is said."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import NFTABLES, Daemon
from ..support.health import read_health
from ..support.ledger import Ledger
from ..support.wire import Ended

FRAME = 4096 + 24
HEADER = 32


class Image:
    """A ledger as it lay on the disk when the daemon was killed under four writers."""

    def __init__(self, run: Run, seconds: float) -> None:
        daemon = run.started()
        self.asked = [Asked() for _ in range(4)]

        def write(number: int) -> None:
            with daemon.connect(5) as connection:
                for count in range(400):
                    if (
                        not self.asked[number].create(connection, f"w{number}-{count}", config=NFTABLES)
                        and not daemon.alive
                    ):
                        return

        def work(number: int) -> None:
            try:
                write(number)
            except (OSError, Ended):
                pass

        threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        daemon.kill()
        for thread in threads:
            thread.join()
        self.folder = daemon.folder
        self.database = daemon.database.read_bytes()
        self.wal = daemon.wal.read_bytes()
        self.ledger = Ledger(daemon.database)
        salt = self.wal[16:24]
        self.frames = 0
        while self.wal[self.end + 8 : self.end + 16] == salt and len(self.wal) >= self.end + FRAME:
            self.frames += 1

    @property
    def end(self) -> int:
        """Where the last valid frame ends."""
        return HEADER + self.frames * FRAME

    @property
    def acknowledged(self) -> dict[str, int]:
        return {name: seq for asked in self.asked for name, seq in asked.acknowledged.items()}

    def spoilt(self, chance: random.Random) -> tuple[str, bytes]:
        wal = bytearray(self.wal)
        kind = chance.choice(("cut", "flip", "zero", "garbage"))
        match kind:
            case "cut":
                del wal[chance.randrange(len(wal)) :]
            case "flip":
                wal[chance.randrange(HEADER, self.end)] ^= 1 << chance.randrange(8)
            case "zero":
                at = max(HEADER, self.end - chance.randrange(1, 8 * FRAME))
                length = min(512 * chance.randrange(1, 9), self.end - at)
                wal[at : at + length] = bytes(length)
            case _:
                at = self.end - FRAME * chance.randrange(1, min(6, self.frames))
                wal[at : self.end] = chance.randbytes(self.end - at)
        return kind, bytes(wal)

    def put(self, daemon: Daemon, wal: bytes) -> None:
        """The folder as it was, the lock files of the daemon included, with this -wal."""
        for path in self.folder.iterdir():
            if path.name.endswith(".lock"):
                (daemon.folder / path.name).write_bytes(path.read_bytes())
                (daemon.folder / path.name).chmod(0o600)
        for path, content in ((daemon.database, self.database), (Path(f"{daemon.database}-wal"), wal)):
            path.write_bytes(content)
            path.chmod(0o600)


@entry(
    "held-torn",
    "kill -9, then the -wal cut, flipped, zeroed or filled with garbage",
    "what starts is a whole prefix of the log",
    seconds=300,
)
def torn(run: Run) -> None:
    chance = random.Random(5)
    seen: Counter[str] = Counter()
    for seconds in (0.35, 0.9, 1.4):
        image = Image(run, seconds)
        lost = [name for name, seq in image.acknowledged.items() if image.ledger.recorded.get(name) != seq]
        run.expect(
            not lost and not image.ledger.problems, f"kill -9 alone: {len(lost)} lost, {image.ledger.problems[:1]}"
        )
        for _ in range(run.times(240) // 3 + 1):
            daemon = run.daemon()
            kind, wal = image.spoilt(chance)
            seen[kind] += 1
            image.put(daemon, wal)
            before = Ledger(daemon.database)
            prefix = before.records == image.ledger.records[: len(before.records)]
            run.expect(prefix and not before.problems, f"{kind}: the file is no prefix of the log")
            if run.expect(daemon.start(), f"{kind}: no start: {daemon.last_line()}"):
                head = read_health(daemon).answer.get("head")
                run.expect(
                    head == len(before.records),
                    f"{kind}: the daemon's head is {head}, the file's {len(before.records)}",
                )
            daemon.kill()
            after = Ledger(daemon.database)
            run.expect(not after.problems, f"{kind}: after the start {after.problems[:1]}")
            for path in daemon.folder.iterdir():
                path.unlink()
    run.figure(
        f"{sum(seen.values())} runs ({', '.join(f'{count} {kind}' for kind, count in sorted(seen.items()))}), each a whole prefix"
    )


@entry(
    "31",
    "a flipped bit in the -wal silently takes acknowledged changes away",
    "the next start says that acknowledged changes are missing",
    seconds=180,
)
def silent_loss(run: Run) -> None:
    chance = random.Random(8)
    image = Image(run, 1.2)
    shorter = silent = 0
    count = run.times(60, least=20)
    for _ in range(count):
        daemon = run.daemon()
        wal = bytearray(image.wal)
        wal[chance.randrange(HEADER, HEADER + (image.end - HEADER) * 3 // 4)] ^= 1 << chance.randrange(8)
        image.put(daemon, bytes(wal))
        if daemon.start(wait=10):
            health = read_health(daemon)
            missing = [name for name, seq in image.acknowledged.items() if seq > int(health.answer.get("head", 0))]
            shorter += bool(missing)
            silent += bool(missing) and health.ok
        daemon.kill()
    run.figure(f"{count} flips: {shorter} starts on a shorter log, {silent} of them with health ok")
    run.expect(silent == 0, "acknowledged changes are missing, and health says ok")
    run.expect(shorter > 0, "no flip shortened the log")
