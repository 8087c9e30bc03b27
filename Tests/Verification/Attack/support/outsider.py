"""A process of another program, perhaps of another user: it runs one function, and is ended with the entry."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

NOBODY = 65534


class Outsider:
    """Forks, and gives up root for `user` before it does anything."""

    def __init__(self, action: Callable[[], None], user: int | None, nice: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_DFL)
                os.nice(nice)
                if user is not None:
                    os.setgroups([])
                    os.setgid(user)
                    os.setuid(user)
                action()
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(status)

    def wait(self) -> bool:
        """Whether its function returned without an error."""
        if self.status is None:
            _, self.status = os.waitpid(self.pid, 0)
        return self.status == 0

    def end(self) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            _, self.status = os.waitpid(self.pid, 0)
