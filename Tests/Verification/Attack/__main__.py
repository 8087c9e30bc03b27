"""Runs the entries one after the other, prints a line for each, and exits with 1 if one is not as it should be."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

from . import attacks
from .entry import ENTRIES, Entry, in_order
from .results import Result, read_results, replace_table, table, write_results
from .run import Options, Run
from .support import machine
from .support.isolation import isolated


class OutOfTime(Exception):
    """An entry took longer than it may."""


def main() -> int:
    arguments = parse()
    attacks.load()
    if arguments.list:
        for each in in_order():
            print(f"{each.name:<16} {each.title}")
        return 0
    if arguments.table:
        before, after = arguments.table
        made = table(in_order(), read_results(before), read_results(after))
        if arguments.into:
            replace_table(arguments.into, made)
        else:
            print(made, end="")
        return 0
    unknown = [name for name in arguments.entries if name not in ENTRIES]
    if unknown:
        print(f"attack: cannot run '{unknown[0]}': there is no such entry; --list shows them", file=sys.stderr)
        return 64
    if not arguments.binaries or not (arguments.binaries / "fairleadd").exists():
        print(
            f"attack: cannot find a program fairleadd in {arguments.binaries}; --binaries names its folder",
            file=sys.stderr,
        )
        return 64
    chosen = [each for each in in_order() if not arguments.entries or each.name in arguments.entries]
    return isolated(lambda inside: run_all(chosen, arguments))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help="only these, for instance: 1 9 held-power")
    parser.add_argument("--list", action="store_true", help="show the entries and run none")
    parser.add_argument("--quick", action="store_true", help="a tenth of the repeats; the same as --scale 0.1")
    parser.add_argument("--scale", type=float, default=1.0, help="the factor for the repeats (default: 1)")
    parser.add_argument("--binaries", type=Path, help="a folder with other programs fairleadd, fairlead and Soak")
    parser.add_argument("--record", type=Path, metavar="FILE", help="add the results to this JSON file")
    parser.add_argument(
        "--table", type=Path, nargs=2, metavar=("BEFORE", "AFTER"), help="print recorded results as Markdown"
    )
    parser.add_argument("--into", type=Path, metavar="FILE", help="put that table between its marks in this file")
    return parser.parse_args()


def run_all(chosen: list[Entry], arguments: argparse.Namespace) -> int:
    scale = 0.1 if arguments.quick else arguments.scale
    options = Options(arguments.binaries.absolute(), Path(__file__).resolve().parents[3], scale, {})
    scratch = Path(tempfile.mkdtemp(prefix="fairlead-attack-"))
    # Others may enter: some attacks are made by another user.
    scratch.chmod(0o755)
    results: list[Result] = []
    try:
        for each in chosen:
            result = run_one(each, options, scratch)
            print(result.line, flush=True)
            results.append(result)
            if arguments.record:
                write_results(arguments.record, [result])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    wrong = [result for result in results if result.problems]
    skipped = [result for result in results if result.skipped]
    print(
        f"{len(results)} entries: {len(results) - len(wrong) - len(skipped)} as they should be, {len(wrong)} wrong, {len(skipped)} skipped"
    )
    return 1 if wrong else 0


def run_one(each: Entry, options: Options, scratch: Path) -> Result:
    reason = machine.missing(each.needs, options.known)
    if reason:
        return Result.of_skipped(each, reason)
    run = Run(options, scratch)
    begun = time.monotonic()

    def out_of_time(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, each.seconds)
    try:
        each.attack(run)
    except OutOfTime:
        run.problems.append(f"not done after {each.seconds} s")
    except Exception as error:
        # What an attack did not foresee is a finding as well: it must not hide the entries after it.
        place = traceback.extract_tb(error.__traceback__)[-1]
        run.problems.append(
            f"{type(error).__name__}: {str(error)[:200]} ({os.path.basename(place.filename)}:{place.lineno})"
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        run.close()
    return Result(each.name, each.title, run.figures, run.problems, None, time.monotonic() - begun)


if __name__ == "__main__":
    sys.exit(main())
