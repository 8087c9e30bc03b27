"""Puts the attacks into namespaces of their own where that is allowed, so that nothing they start or mount outlives them.

As root, a child becomes the first process of a new PID namespace, with a mount namespace in which no mount reaches anybody
else. When it ends, however it ends, the kernel kills what it left and unmounts what it mounted. /var/lib and /run are empty
folders in it: an attack on the defaults of fairleadd must not find the ledger of this machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable
from types import FrameType

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_libc = ctypes.CDLL(None, use_errno=True)


def interrupted(number: int, frame: FrameType | None) -> None:
    """The handler of SIGINT, SIGTERM and SIGHUP: what runs is ended by its `finally`, and the exit status says why."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def isolated(main: Callable[[bool], int]) -> int:
    """Calls `main` in new namespaces and returns its status; the parameter says whether it is in them."""
    if os.geteuid() != 0 or _libc.unshare(CLONE_NEWNS | CLONE_NEWPID) != 0:
        for number in SIGNALS:
            signal.signal(number, interrupted)
        return main(False)
    child = os.fork()
    if child == 0:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        for number in SIGNALS:
            signal.signal(number, interrupted)
        status = 1
        try:
            subprocess.run(["mount", "--make-rprivate", "/"], check=True)
            subprocess.run(["mount", "-t", "proc", "proc", "/proc"], check=True)
            for folder in ("/var/lib", "/run"):
                subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "attack", folder], check=True)
            status = main(True)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 1
        except Exception:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)

    def forward(number: int, frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in SIGNALS:
        signal.signal(number, forward)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
