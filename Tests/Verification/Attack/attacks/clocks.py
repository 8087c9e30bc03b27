"""Clocks that jump, absurd years, and deadlines to the millisecond."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked, fill
from ..support.daemon import IPVS, NFTABLES, Daemon
from ..support.health import read_health, wait_for
from ..support.ledger import Ledger
from ..support.machine import FAKETIME
from ..support.wire import Ended, Json, Refused


class Clock:
    """The wall clock of a daemon, set from outside; its other clocks run as they do."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.set("+0")

    def set(self, shift: str) -> None:
        """A shift such as `+5y`, or a time such as `@9999-12-31 23:59:50`."""
        new = self.file.with_suffix(".new")
        new.write_text(shift + "\n")
        new.rename(self.file)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Otherwise the times of files would move with the clock, as no file's do.
            "NO_FAKE_STAT": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def wrapper(self) -> list[str]:
        """libfaketime changes the environment of the first program it is loaded into; Swift's must not be that one (entry 12)."""
        return ["env"]


def with_clock(run: Run, folder: Path | None = None) -> tuple[Clock, Daemon]:
    clock = Clock(run.folder("clock"))
    return clock, run.daemon(folder, environment=clock.environment, wrapper=clock.wrapper)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def key(name: str) -> Json:
    return {"resourceGroup": "rg", "name": name}


@entry(
    "20",
    "the clock was ahead for a moment: later changes are stamped in the future, without a word",
    "health says that the clock is behind the log; a deadline is never before its change",
    "faketime",
    seconds=60,
)
def ahead_for_a_moment(run: Run) -> None:
    clock, daemon = with_clock(run)
    run.expect(daemon.start(), "no start")
    daemon.open_gates()
    with daemon.connect() as connection:
        Asked().create(connection, "a")
        clock.set("+5y")
        connection.call("cluster.update", **key("a"), labels={"n": "1"})
        clock.set("+0")
        change = connection.call("cluster.update", **key("a"), config=NFTABLES, confirmWithinSeconds=60)
        health, _ = wait_for(daemon, "clock-behind", seconds=2)
        deadline = change["cluster"]["pendingConfirm"]["deadline"]
        stamped = connection.call("change.get", seq=change["seq"])["at"]
    run.figure(f"after a jump of 5 y and back: health {health}; change of {stamped[:4]}, its deadline {deadline[:4]}")
    run.expect("clock-behind" in health.codes, "health does not say that the clock is behind the log")
    run.expect(deadline >= stamped, "the deadline stands before its change")


@entry(
    "21",
    "a deadline after the year 9999 cannot be read again: no start ever again",
    "a deadline after the year 9999 is refused",
    "faketime",
    seconds=60,
)
def the_last_year(run: Run) -> None:
    clock, daemon = with_clock(run)
    clock.set("@9999-12-31 23:59:00")
    answer = "no start"
    if daemon.start(wait=5):
        try:
            daemon.open_gates()
            with daemon.connect(5) as connection:
                Asked().create(connection, "a")
                change = connection.call("cluster.update", **key("a"), config=NFTABLES, confirmWithinSeconds=604_800)
                deadline = str(change["cluster"]["pendingConfirm"]["deadline"])
            answer = f"recorded as {deadline}"
            run.expect(len(deadline.split("-")[0]) == 4, "a deadline after the year 9999 is recorded")
        except (Refused, Ended, OSError) as error:
            answer = f"refused as {error.kind}" if isinstance(error, Refused) else f"no answer ({error})"
    crashed = daemon.crashed
    daemon.kill()
    again = daemon.start(wait=10)
    crashed |= daemon.crashed
    run.figure(
        f"a deadline of 10000: {answer}; then {'a start' if again else 'no start'}{', killed by a signal' if crashed else ''}"
    )
    run.expect(not crashed, "the daemon is killed by a signal")
    run.expect(again, "the daemon does not start again")


@entry(
    "22",
    "reverts are stamped before their deadline",
    "a revert is never stamped before its deadline",
    seconds=60,
)
def reverts_on_time(run: Run) -> None:
    daemon = run.started()
    count = run.times(600, least=300)
    with daemon.connect(60) as connection:
        fill(connection, count, lambda number: {**key(f"n{number}"), "config": IPVS})
        for number in range(count):
            connection.call("cluster.update", **key(f"n{number}"), config=NFTABLES, confirmWithinSeconds=1)
    time.sleep(2.5)
    daemon.kill()
    ledger = Ledger(daemon.database)
    late = [lateness(ledger, record) for record in ledger.records if record["method"] == "cluster.revert"]
    early = sum(each < 0 for each in late)
    run.figure(f"{len(late)} reverts, {early} early, at most {max(late)} ms late")
    run.expect(len(late) == count, f"{len(late)} of {count} changes were taken back")
    run.expect(early == 0, f"{early} reverts are stamped before their deadline")


def lateness(ledger: Ledger, revert: Json) -> int:
    """Milliseconds from a deadline to its revert."""
    pending = ledger.records[revert["params"]["seq"] - 1]["effects"]["cluster"]["pendingConfirm"]
    return round((moment(revert["at"]) - moment(pending["deadline"])).total_seconds() * 1000)


@entry(
    "held-clock",
    "clocks that jump while a deadline runs, over a restart, over a boot; other years",
    "deadlines run by the boot's clock, and after a boot by the wall's; none is early",
    "faketime",
    "mount",
    seconds=180,
)
def jumps(run: Run) -> None:
    clock, daemon = with_clock(run)
    daemon.start()
    daemon.open_gates()
    afters = []
    for number, (jump, restart) in enumerate(
        (("+3h", False), ("-3h", False), ("+20y", False), ("+3h", True), ("-3h", True))
    ):
        with daemon.connect() as connection:
            clock.set("+0")
            Asked().create(connection, f"c{number}")
            connection.call("cluster.update", **key(f"c{number}"), config=NFTABLES, confirmWithinSeconds=3)
        begun = time.monotonic()
        if restart:
            daemon.kill()
        clock.set(jump)
        if restart:
            run.expect(daemon.start(), f"no start after {jump}")
        after = seconds_to_revert(daemon, f"c{number}", begun, patience=9)
        afters.append(after)
        run.expect(after > 2.9, f"{jump}: reverted after {after:.1f} of 3 s")
        # libfaketime spoils the daemon's timer now and then, and then the next request meets the deadline.
        with daemon.connect() as connection:
            try:
                connection.call("cluster.confirm", **key(f"c{number}"))
                run.expect(False, f"{jump}: a confirmation {time.monotonic() - begun:.1f} s after a wait of 3 s is taken")
            except Refused as error:
                run.expect(error.kind == "conflict", f"{jump}: a late confirmation is refused as {error.kind}")
    run.figure(f"{len(afters)} jumps: 3 s deadlines after {min(afters):.1f} to {max(afters):.1f} s")
    daemon.kill()
    # Where the clock was 20 years ahead, later changes are stamped so; the wall clock decides after a boot, so in a new ledger.
    another_boot(run)
    years(run)


def seconds_to_revert(daemon: Daemon, name: str, begun: float, patience: float) -> float:
    with daemon.connect() as connection:
        while time.monotonic() - begun < patience:
            if "pendingConfirm" not in connection.call("cluster.get", **key(name)):
                break
            time.sleep(0.02)
    return time.monotonic() - begun


def another_boot(run: Run) -> None:
    clock, daemon = with_clock(run)
    daemon.start()
    daemon.open_gates()
    with daemon.connect() as connection:
        Asked().create(connection, "e")
        connection.call("cluster.update", **key("e"), config=NFTABLES, confirmWithinSeconds=3600)
    daemon.kill()
    boot = run.folder("boot") / "id"
    boot.write_text("00000000-1111-2222-3333-444444444444\n")
    with run.mounted("--bind", str(boot), at=Path("/proc/sys/kernel/random/boot_id")):
        for jump, waits in (("+30m", True), ("-30m", True), ("+61m", False)):
            clock.set(jump)
            run.expect(daemon.start(), f"no start after a boot, {jump}")
            time.sleep(0.5)
            with daemon.connect() as connection:
                pending = "pendingConfirm" in connection.call("cluster.get", **key("e"))
            run.expect(pending == waits, f"after another boot, clock {jump}: {'waits' if pending else 'reverted'}")
            daemon.kill()
    run.figure("3 boots by the wall clock")


def years(run: Run) -> None:
    for stamp in ("@1969-06-01 00:00:00", "@1970-01-01 00:00:10", "@2038-01-20 00:00:00"):
        clock, daemon = with_clock(run)
        clock.set(stamp)
        if not daemon.start(wait=5):
            run.expect(not daemon.crashed, f"{stamp}: the daemon ends with {daemon.status}")
            continue
        try:
            daemon.open_gates()
            with daemon.connect(5) as connection:
                Asked().create(connection, "a")
        except (Refused, Ended):
            run.expect(not read_health(daemon).ok, f"{stamp}: a change is refused, and health says ok")
        run.expect(not daemon.crashed, f"{stamp}: the daemon ends with {daemon.status}")
        daemon.kill()
        run.expect(daemon.start(wait=5), f"{stamp}: no second start")
        run.expect(not Ledger(daemon.database).problems, f"{stamp}: {Ledger(daemon.database).problems[:1]}")
        daemon.kill()
