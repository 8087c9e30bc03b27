"""What this machine and this user cannot do, with the reason that a skipped entry gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def _root() -> str | None:
    return None if os.geteuid() == 0 else "it takes root, to be somebody else or to change whose a file is"


def _mount() -> str | None:
    if os.geteuid() != 0:
        return "it takes root, to mount what only the attack sees"
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "attack", folder], capture_output=True, check=False)
        if tried.returncode != 0:
            return "mount is not allowed here, not even to root"
        subprocess.run(["umount", folder], check=True)
    return None


def _loop() -> str | None:
    missing = _mount() or (None if shutil.which("mkfs.ext4") else "mkfs.ext4 is missing")
    if missing:
        return missing
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "image"
        with image.open("wb") as file:
            file.truncate(1 << 20)
        tried = subprocess.run(
            ["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False
        )
        if tried.returncode != 0:
            return "there is no loop device"
        subprocess.run(["losetup", "--detach", tried.stdout.strip()], check=True)
    return None


def _gcc() -> str | None:
    return None if shutil.which("gcc") else "gcc is missing; scripts/setup attack installs it"


def _faketime() -> str | None:
    return None if FAKETIME.exists() else "libfaketime is missing; scripts/setup attack installs it"


def _shell_client() -> str | None:
    missing = [tool for tool in ("jq", "nc", "socat") if not shutil.which(tool)]
    return f"{', '.join(missing)} is missing; scripts/setup attack installs it" if missing else None


MISSING: dict[str, Callable[[], str | None]] = {
    "root": _root,
    "mount": _mount,
    "loop": _loop,
    "gcc": _gcc,
    "faketime": _faketime,
    "shell client": _shell_client,
}
"""For each word that an entry can need: why it is missing, or None."""


def missing(needs: tuple[str, ...], known: dict[str, str | None]) -> str | None:
    """Why an entry with these needs cannot run; each is looked for once."""
    for need in needs:
        if need not in known:
            known[need] = MISSING[need]()
        if reason := known[need]:
            return reason
    return None
