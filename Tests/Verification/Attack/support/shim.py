"""Libraries that are preloaded into the daemon, compiled from `native/` when they are needed."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

NATIVE = Path(__file__).parent.parent / "native"


@dataclass(frozen=True)
class Library:
    path: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.path)}

    def faults(self, call: str, file: str, first: int, times: int, error: int) -> Faults:
        """The environment for `native/faults.c`, which explains the parameters."""
        return Faults(self, call, file, first, times, error, self.path.with_name(f"{self.path.name}.count"))


@dataclass(frozen=True)
class Faults:
    """Which calls fail, and how many did."""

    library: Library
    call: str
    file: str
    first: int
    times: int
    error: int
    counter: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.library.environment,
            "FAULT_CALL": self.call,
            "FAULT_FILE": self.file,
            "FAULT_FIRST": str(self.first),
            "FAULT_TIMES": str(self.times),
            "FAULT_ERROR": str(self.error),
            "FAULT_COUNT": str(self.counter),
        }

    @property
    def counts(self) -> tuple[int, int]:
        """Matching calls, and failed ones."""
        try:
            calls, failed = struct.unpack("2q", self.counter.read_bytes())
        except (FileNotFoundError, struct.error):
            return 0, 0
        return int(calls), int(failed)

    def forget(self) -> None:
        self.counter.unlink(missing_ok=True)

    def __str__(self) -> str:
        return f"{self.call} of {self.file}, {self.times} from the {self.first}th, error {self.error}"


def compile_library(name: str, folder: Path) -> Library:
    path = folder / f"{name}.so"
    if not path.exists():
        source = NATIVE / f"{name}.c"
        subprocess.run(
            ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(path), str(source), "-ldl"],
            check=True,
        )
        path.chmod(0o755)
    return Library(path)
