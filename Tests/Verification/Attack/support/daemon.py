"""A fairleadd in a folder: start it, wait until it answers, look at it from outside, end it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from .wire import Connection, Ended, Json, Refused

NAMESPACE = "Microsoft.ContainerService"
FEATURE = "KubeProxyConfigurationPreview"

IPTABLES: Json = {"enabled": True, "mode": "IPTABLES"}
NFTABLES: Json = {"enabled": True, "mode": "NFTABLES"}
IPVS: Json = {
    "enabled": True,
    "mode": "IPVS",
    "ipvsConfig": {
        "scheduler": "LeastConnection",
        "tcpTimeoutSeconds": 900,
        "tcpFinTimeoutSeconds": 120,
        "udpTimeoutSeconds": 300,
    },
}

STOP_SECONDS = 6.0
"""A stop is promised within five seconds, whatever the peers do; one more is for a busy machine."""


class Daemon:
    """The socket is `s` and the database `r.db` in its folder; the log is `log`, unless a descriptor was given for it."""

    def __init__(
        self,
        binaries: Path,
        folder: Path,
        options: list[str],
        environment: dict[str, str],
        wrapper: list[str],
        log: int | None,
    ) -> None:
        self.binaries = binaries
        self.folder = folder
        self.options = options
        self.environment = environment
        self.wrapper = wrapper
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.socket = folder / "s"
        self.database = folder / "r.db"
        self.wal = folder / "r.db-wal"
        self.shm = folder / "r.db-shm"
        self.lock = folder / "r.db.lock"
        self.log_file = folder / "log"

    # Life

    def launch(self, umask: int = -1) -> None:
        """Starts it and waits for nothing."""
        arguments = [
            *self.wrapper,
            str(self.binaries / "fairleadd"),
            "--socket",
            str(self.socket),
            "--database",
            str(self.database),
        ]
        with open(self.log_file, "ab") as own:
            self.process = subprocess.Popen(
                arguments + self.options,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=own if self.log is None else self.log,
                env={**os.environ, **self.environment},
                umask=umask,
            )

    def start(self, wait: float = 15, umask: int = -1) -> bool:
        """Starts it; whether it answers a request within `wait` seconds."""
        self.launch(umask)
        return self.answers(wait)

    def answers(self, wait: float = 15) -> bool:
        """Whether it answers a request within `wait` seconds."""
        end = time.monotonic() + wait
        while time.monotonic() < end and self.alive:
            try:
                with Connection(self.socket, 5) as connection:
                    connection.call("registry.describe")
                return True
            except (OSError, Ended, Refused):
                time.sleep(0.01)
        return False

    def allow_new_ledger(self) -> None:
        """Where a start was killed before anything was in the ledger, its traces stand for no loss: the next start may make it.

        fairleadd refuses that without --create; that of 0.1.0 has no such option, and makes it always.
        """
        if self.database.exists() and self.database.stat().st_size > 0:
            return
        shown = subprocess.run([str(self.binaries / "fairleadd"), "--help"], capture_output=True, check=False)
        if b"--create" in shown.stdout and "--create" not in self.options:
            self.options.append("--create")

    def connect(self, timeout: float = 20) -> Connection:
        return Connection(self.socket, timeout)

    def open_gates(self) -> None:
        with self.connect() as connection:
            connection.call("feature.register", namespace=NAMESPACE, name=FEATURE)
            connection.call("provider.register", namespace=NAMESPACE)
            end = time.monotonic() + 10
            while connection.call("feature.get", namespace=NAMESPACE, name=FEATURE)["state"] != "Registered":
                if time.monotonic() > end:
                    raise RuntimeError("the feature does not settle")
                time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait()

    def stop(self, wait: float = 25) -> tuple[int | None, float]:
        """SIGTERM: the exit status, None where it had to be killed after `wait` seconds, and the seconds that it took."""
        process = self.running
        begun = time.monotonic()
        process.terminate()
        try:
            return process.wait(wait), time.monotonic() - begun
        except subprocess.TimeoutExpired:
            self.kill()
            return None, wait

    def signal(self, number: signal.Signals) -> None:
        self.running.send_signal(number)

    # From outside

    @property
    def running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("the daemon was not started")
        return self.process

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return None if self.process is None else self.process.poll()

    def ends_soon(self) -> bool:
        """Whether it ends within a second: a connection is reset some time before the process is gone."""
        try:
            self.running.wait(1)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def crashed(self) -> bool:
        """Whether a signal ended it that nobody here sent."""
        return self.status is not None and self.status < 0 and self.status not in (-signal.SIGKILL, -signal.SIGTERM)

    @property
    def pid(self) -> int:
        return self.running.pid

    def lines(self) -> list[str]:
        try:
            return self.log_file.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def last_line(self) -> str:
        lines = [line for line in self.lines() if line.strip()]
        return lines[-1].replace(str(self.folder), "")[:200] if lines else "no line in the log"

    def resident_mib(self) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def copy_ledger(self, target: Path) -> None:
        """The files of the ledger under another name; the daemon should not run."""
        for suffix in ("", "-wal"):
            source = Path(f"{self.database}{suffix}")
            if source.exists():
                shutil.copy(source, f"{target}{suffix}")
