"""Names that look like options: do the commands of a report still parse?"""

from __future__ import annotations

import shlex
import subprocess

from ..entry import entry
from ..run import Run
from ..support.daemon import FEATURE, IPVS, NAMESPACE, NFTABLES, Daemon
from ..support.wire import Connection, Json, Refused


@entry(
    "25",
    "commands of the report do not parse for names that begin with '-'",
    "written so that every command of a report parses",
    seconds=300,
)
def option_like_names(run: Run) -> None:
    daemon = run.daemon()
    daemon.start()
    commands: set[str] = set()
    with daemon.connect() as connection:
        for subscription in ("default", "my (sub) x"):
            more = {} if subscription == "default" else {"subscription": subscription}
            connection.call("feature.register", namespace=NAMESPACE, name=FEATURE, **more)
            connection.call("provider.register", namespace=NAMESPACE, **more)
            for group in ("-x", "--help", "--yes", "-", "(a)", "rg"):
                try:
                    commands |= commands_for(connection, {**more, "resourceGroup": group, "name": "n"})
                except Refused as error:
                    run.expect(error.kind == "invalid-params", f"group {group} is refused as {error.kind}")
    broken = sorted(each for each in commands if not parses(run, daemon, each))
    run.figure(f"{len(commands)} commands, {len(broken)} do not parse")
    run.expect(len(commands) > 4, "the reports have no commands")
    for each in broken[:2]:
        run.expect(False, f"does not parse: {each[:90]}")


def commands_for(connection: Connection, names: Json) -> set[str]:
    """The commands of fairlead in the reports of a create, an update and a rollback."""
    answers = [
        connection.call("cluster.create", **names, config=IPVS),
        connection.call("cluster.update", **names, config=NFTABLES, confirmWithinSeconds=100),
        connection.call("cluster.rollback", **names),
    ]
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, str) and value.startswith("fairlead "):
            found.add(value)
        elif isinstance(value, dict):
            for member in value.values():
                walk(member)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk([answer["report"] for answer in answers])
    return found


def parses(run: Run, daemon: Daemon, text: str) -> bool:
    """Runs a command of a report as a person would, in a shell; 64 is the status of a command that does not parse."""
    words = shlex.split(text)
    shell = shlex.join([str(run.options.binaries / "fairlead")]) + text.removeprefix("fairlead")
    done = subprocess.run(
        ["sh", "-c", shell],
        env={"FAIRLEAD_SOCKET": str(daemon.socket), "PATH": "/usr/bin:/bin", "HOME": "/"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=False,
    )
    # --help in the place of a value shows the help and exits with 0.
    return bool(words) and done.returncode != 64 and b"OVERVIEW" not in done.stdout
