"""What an attack is given: a scratch folder, daemons, processes and disks that end with it, and a place for its findings."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .support import machine
from .support.daemon import Daemon
from .support.outsider import Outsider
from .support.shim import Library, compile_library


@dataclass(frozen=True)
class Options:
    """What holds for all entries of a call."""

    binaries: Path
    """The folder of fairleadd, fairlead and Soak."""
    repository: Path
    scale: float
    """How many of the repeats that an entry has by default."""
    known: dict[str, str | None]
    """What `machine.missing` has found out so far."""


class Run:
    """One entry while it runs. Whatever it started or mounted ends in `close`, in reverse order."""

    def __init__(self, options: Options, scratch: Path) -> None:
        self.options = options
        self.scratch = scratch
        self.figures: list[str] = []
        self.problems: list[str] = []
        self._stack = contextlib.ExitStack()
        self._folders = 0

    # Findings

    def figure(self, text: str) -> None:
        """Something that was measured, for the line of this entry."""
        self.figures.append(text)

    def expect(self, holds: bool, otherwise: str) -> bool:
        """Something that should be so, and what is wrong where it is not."""
        if not holds:
            self.problems.append(otherwise)
        return holds

    def can(self, need: str, what: str) -> bool:
        """Whether this machine has what a part of the attack needs; where it has not, the line says that the part is missing."""
        reason = machine.missing((need,), self.options.known)
        if reason:
            self.figures.append(f"not tried: {what} ({reason})")
        return reason is None

    def times(self, full: int, least: int = 2) -> int:
        """How often to repeat something that is repeated `full` times by default."""
        return max(least, round(full * self.options.scale))

    # Things that end with the entry

    def folder(self, name: str = "work") -> Path:
        """A new empty folder. Others may enter it, since some attacks are made by another user."""
        self._folders += 1
        path = self.scratch / f"{name}-{self._folders}"
        path.mkdir(mode=0o755)
        path.chmod(0o755)
        return path

    def daemon(
        self,
        folder: Path | None = None,
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        wrapper: Sequence[str] = (),
        log: int | None = None,
    ) -> Daemon:
        """A daemon that is not started yet, in a folder of its own where none is given."""
        made = Daemon(
            self.options.binaries,
            folder or self.folder("daemon"),
            list(options),
            dict(environment or {}),
            list(wrapper),
            log,
        )
        self._stack.callback(made.kill)
        return made

    def started(
        self, folder: Path | None = None, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Daemon:
        """A daemon that serves, with the registrations that changes of a configuration need."""
        made = self.daemon(folder, options, environment)
        if not made.start():
            raise RuntimeError(f"the daemon does not start: {made.last_line()}")
        made.open_gates()
        return made

    def process(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """A program with its output in pipes."""
        made = subprocess.Popen(
            list(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )

        def end() -> None:
            made.kill()
            made.communicate()

        self._stack.callback(end)
        return made

    def outsider(self, action: Callable[[], None], user: int | None = None, nice: int = 0) -> Outsider:
        """A process that runs a function, as another user where one is given."""
        made = Outsider(action, user, nice)
        self._stack.callback(made.end)
        return made

    def library(self, name: str) -> Library:
        """A library to preload, compiled from a C file of this package."""
        return compile_library(name, self.scratch)

    @contextlib.contextmanager
    def mounted(self, *arguments: str, at: Path) -> Iterator[Path]:
        """Mounts something for the time of a `with`."""
        subprocess.run(["mount", *arguments, str(at)], check=True, capture_output=True)
        try:
            yield at
        finally:
            # A daemon that an attack forgot would keep the mount; its files are of no more use, so it is detached.
            subprocess.run(["umount", "--lazy", str(at)], check=False, capture_output=True)

    def close(self) -> None:
        self._stack.close()
        for path in self.scratch.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
