"""The command against somebody who listens in the daemon's place, and the clients against hostile words."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import recorded_by_daemon
from ..support.fake_daemon import FakeDaemon
from ..support.outsider import NOBODY

ENDED_SECONDS = 30


def resident_mib(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def watched(run: Run, path: Path, *arguments: str) -> tuple[int | None, float, float, bytes]:
    """Runs `fairlead`: its status (None: it had to be ended), its most memory, its seconds, its first output."""
    with open(run.folder("out") / "text", "w+b") as out:
        process = subprocess.Popen(
            [str(run.options.binaries / "fairlead"), "--socket", str(path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        begun = time.monotonic()
        most = 0.0
        # A machine with little memory should survive this attack as well.
        while process.poll() is None and time.monotonic() - begun < ENDED_SECONDS and most < 2000:
            most = max(most, resident_mib(process.pid))
            time.sleep(0.02)
        status = process.poll()
        took = time.monotonic() - begun
        process.kill()
        process.wait()
        out.seek(0)
        return status, most, took, out.read(4000)


@entry(
    "26",
    "the command: no limit on a reply, and no look at who listens",
    "replies have a limit, and only root, the caller or the daemon's user is believed",
    seconds=180,
)
def somebody_listens(run: Run) -> None:
    def endless(peer: socket.socket) -> None:
        while True:
            peer.sendall(b"x" * 65536)

    path = run.folder("fake") / "s"
    fake = FakeDaemon(path, send=endless)
    status, most, took, _ = watched(run, path, "list")
    fake.close()
    run.figure(
        f"a reply without an end: {most:.0f} MiB in {took:.0f} s, {'ended' if status is not None else 'still reading'}"
    )
    # The limit is 256 MiB, and the program has some of its own.
    run.expect(status not in (0, None) and most < 320, "the command reads a reply without an end")
    fake = FakeDaemon(path, send=lambda peer: time.sleep(100))
    status, _, took, _ = watched(run, path, "status")
    fake.close()
    run.figure(f"silence: status ends after {took:.0f} s")
    run.expect(status not in (0, None), "status waits for a daemon that says nothing")
    for name, sent in (("deep", b"[" * 100_000 + b"\n"), ("garbage", b"\xff\xfe\n")):
        content = sent
        fake = FakeDaemon(path, send=lambda peer, content=content: peer.sendall(content))  # type: ignore[misc]
        status, _, _, said = watched(run, path, "list")
        fake.close()
        well = status is not None and status > 0 and b"\x1b" not in said
        run.expect(well, f"a {name} reply ends the command with {status}")
    if run.can("root", "a listener of another user's"):
        believes_nobody(run)


def believes_nobody(run: Run) -> None:
    folder = run.folder("nobody")
    os.chown(folder, NOBODY, NOBODY)
    path = folder / "s"

    def listen() -> None:
        FakeDaemon(path, answer=lambda method: {"items": [], "status": "ok"})
        time.sleep(60)

    run.outsider(listen, user=NOBODY)
    end = time.monotonic() + 5
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.2)
    status, _, _, said = watched(run, path, "list")
    believed = status == 0
    run.figure(f"nobody listens in root's place: {'believed' if believed else 'refused'}")
    run.expect(not believed, "an answer of another user's program is believed")
    run.expect(believed or b"nobody" in said or b"65534" in said, f"it does not say who listens: {said[:100]!r}")


SHELL = r"""
. "$REPOSITORY"/Clients/shell/fairlead.sh
fl_feature_register Microsoft.ContainerService KubeProxyConfigurationPreview >/dev/null
fl_provider_register Microsoft.ContainerService >/dev/null
fl_create rg web config:='{"mode":"IPTABLES"}' message="$WORDS" requestId=words >/dev/null
fl_history rg web | jq -r .message
for name in "\$(touch $TRAP)" "\`touch $TRAP\`" "a'b" 'a"b' '-n' '--help' '*' 'x=y' '@/etc/passwd' ':=1'; do
  fl_show rg "$name" >/dev/null 2>&1
done
fl_call 'cluster.get' '{"resourceGroup":"rg","name":"web"}}{"x":1' >/dev/null 2>&1
fl_call 'cluster.get","params":{},"x":"' '{}' >/dev/null 2>&1
fl_create rg w2 config:=@/etc/passwd >/dev/null 2>&1
fl_create rg w2 "config:=\$(touch $TRAP)" >/dev/null 2>&1
FL_TRANSPORT="nc;touch $TRAP" fl_show rg web >/dev/null 2>&1
FL_TRANSPORT=socat fl_show rg web | jq -r .name
true
"""

PYTHON = """
import fairlead
with fairlead.Client() as ledger:
    for name in ("a'b", 'a"b', "$(id)", "a\\nb", "\\x00", "-x", {"a": 1}, 5, None):
        try:
            ledger.cluster_get("rg", name)
        except (fairlead.FairleadError, TypeError, ValueError, AttributeError):
            pass
    print([each["message"] for each in ledger.history("rg", "web")][0])
"""


@entry(
    "held-clients",
    "the shell and Python clients with hostile words and a hostile socket path",
    "nothing is executed, and words arrive as they were typed",
    "shell client",
    seconds=90,
)
def clients(run: Run) -> None:
    folder = run.folder("sh ' dir")
    daemon = run.daemon(folder)
    trap = run.folder("trap") / "sprung"
    daemon.socket = folder / "s o,c:k$(touch x).sock"
    run.expect(daemon.start(), "no start on a socket with such a name")
    words = (
        f"$(touch {trap}) `touch {trap}` \"quoted\" 'single' ; touch {trap} & | > < \\ \\\\ %s %d \u00e9 \U0001f600"
    )
    environment = {
        **os.environ,
        "FAIRLEAD_SOCKET": str(daemon.socket),
        "REPOSITORY": str(run.options.repository),
        "TRAP": str(trap),
        "WORDS": words,
        "PYTHONPATH": str(run.options.repository / "Clients/python"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    told = {}
    for name, arguments in (("bash", ["bash", "-c", SHELL]), ("python", ["python3", "-c", PYTHON])):
        done = subprocess.run(arguments, env=environment, cwd=folder, capture_output=True, timeout=60, check=False)
        told[name] = done.stdout.decode().split("\n")[0]
        run.expect(done.returncode == 0, f"{name} ends with {done.returncode}: {done.stderr.decode()[-200:]}")
        run.expect(told[name] == words, f"{name} reads {told[name]!r}")
    run.expect(not trap.exists() and not (folder / "x").exists(), "something was executed")
    with daemon.connect() as connection:
        run.expect("words" in recorded_by_daemon(connection), "the change is not recorded under its id")
        change = next(
            each for each in connection.call("change.list", limit=100)["items"] if each.get("requestId") == "words"
        )
    run.expect(json.dumps(change["message"]) == json.dumps(words), "the words are recorded otherwise than typed")
    run.figure(f"{len(told)} clients, nothing executed, words arrive as typed")
