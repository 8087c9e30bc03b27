"""An ext4 file system in a file, whose power can be cut."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..run import Run

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
"""What is not on the disk yet is gone, as when the power fails."""


class Ext4:
    """A file system in a file."""

    def __init__(self, run: Run, mib: int) -> None:
        self.run = run
        self.image = run.folder("image") / "disk"
        self.folder = run.folder("disk")
        with self.image.open("wb") as file:
            file.truncate(mib << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-e", "remount-ro", str(self.image)], check=True, capture_output=True)

    def mounted(self) -> contextlib.AbstractContextManager[Path]:
        return self.run.mounted("-o", "loop", str(self.image), at=self.folder)

    def cut_power(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(descriptor, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(descriptor)

    @property
    def device(self) -> str:
        found = subprocess.run(
            ["findmnt", "-n", "-o", "SOURCE", str(self.folder)], capture_output=True, text=True, check=True
        )
        return Path(found.stdout.strip()).name
