"""Texts that a terminal, a shell, a browser or an auditor's query would act on."""

from __future__ import annotations

import re
import shlex
import sqlite3
import subprocess
from pathlib import Path

from ..entry import entry
from ..run import Run
from ..support.changes import Asked
from ..support.daemon import FEATURE, IPVS, NAMESPACE, NFTABLES, Daemon
from ..support.fake_daemon import FakeDaemon
from ..support.wire import Connection, Json, Refused

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What no output may contain: control characters but line feed and tab, and marks that turn the direction of text."""

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>",
    "=HYPERLINK(\"http://evil\",\"x\")|cmd /C calc'!A0,@SUM(1+1),+1,-1",
    "`code` | pipe | **bold** [link](javascript:alert(1)) ![i](http://evil/x.png) <!-- c -->\n# heading\n```\nfence",
    "'; DROP TABLE change; -- \" \\ %s %n $(touch {trap}) `touch {trap}` ${IFS} {{7*7}} &amp; &#x3c;script&#x3e;",
    "line1\nFAKE 42 rg/fake update by root\n\ttab {{{message}}} {{>partial}} </title><script>x</script>",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301" + "\u0301" * 60,
    "\u0300" * 300 + "W" * 1500,
]

CONTROLS = {"NUL": "\x00", "ESC": "\x1b[2K", "CR": "\r", "DEL": "\x7f", "C1": "\x9b2J", "bidi": "\u202e", "isolate": "\u2066"}


def command(run: Run, daemon: Daemon, *arguments: str, timeout: float = 20) -> subprocess.CompletedProcess[bytes]:
    """`fairlead`, with nobody to answer its questions."""
    return subprocess.run(
        [str(run.options.binaries / "fairlead"), *arguments],
        env={"FAIRLEAD_SOCKET": str(daemon.socket), "PATH": "/usr/bin:/bin", "TERM": "xterm", "HOME": "/"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


@entry("14", "control characters in messages reach auditors and terminals", seconds=90)
def control_characters(run: Run) -> None:
    daemon = run.started()
    taken = []
    with daemon.connect() as connection:
        asked = Asked()
        for number, (name, text) in enumerate(CONTROLS.items()):
            if asked.create(connection, f"c{number}", message=f"approved by CAB-17{text} -- no, it was not"):
                taken.append(name)
        run.expect(asked.create(connection, "plain", message="two\nlines\tand a tab"), "line feed and tab are refused")
        run.expect(asked.create(connection, "old", message="approved by CAB-17 and more"), "a plain message is refused")
    run.figure(f"{len(taken)} of {len(CONTROLS)} control characters taken")
    run.expect(not taken, f"messages with {', '.join(taken)} are taken")
    daemon.stop()
    old_record(run, daemon.database, asked.acknowledged["old"])
    rendered_controls(run)


def old_record(run: Run, database: Path, seq: int) -> None:
    """A record of an earlier version with such a message, as an auditor sees it."""
    with sqlite3.connect(database) as file:
        trigger = file.execute("SELECT sql FROM sqlite_schema WHERE name = 'change_is_never_rewritten'").fetchone()[0]
        file.execute("DROP TRIGGER change_is_never_rewritten")
        text = file.execute("SELECT record FROM change WHERE seq = ?", (seq,)).fetchone()[0]
        text = text.replace("CAB-17 and more", "CAB-17\\u0000 -- no\\u001b[2K")
        file.execute("UPDATE change SET record = ? WHERE seq = ?", (text, seq))
        file.execute(trigger)
    file.close()
    # What a daemon does to the views at its start is part of the answer.
    daemon = run.daemon(database.parent)
    daemon.start()
    daemon.stop()
    shell = subprocess.run(
        ["sqlite3", "-readonly", str(database), f"SELECT message = 'approved by CAB-17', message FROM audit_log WHERE seq = {seq}"],
        capture_output=True,
        check=False,
    )
    run.figure(f"the audit query prints {shell.stdout.strip().decode(errors='replace')[:60]!r}")
    run.expect(shell.stdout.startswith(b"0|"), "an old message is cut at NUL for an auditor's query")
    run.expect(b"\x1b" not in shell.stdout, "an old message reaches the auditor's terminal")


def rendered_controls(run: Run) -> None:
    """`-o json` and `-o yaml` of a daemon that sends such characters."""

    def answer(method: str) -> Json:
        cluster = {"subscription": "default", "resourceGroup": "rg", "name": "x", "revision": 1, "config": {}, "effective": {}, "facts": {}}
        times = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z", "updatedSeq": 1}
        return {**cluster, **times, "labels": {"k": "\x9b2J\u202egnp.exe\u2066x\x07"}}

    fake = FakeDaemon(run.folder("fake") / "s", answer)
    raw = []
    for form in ("json", "yaml"):
        shown = subprocess.run(
            [str(run.options.binaries / "fairlead"), "--socket", str(fake.path), "show", "-g", "rg", "-n", "x", "-o", form],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        text = shown.stdout.decode(errors="replace")
        run.expect("gnp.exe" in text, f"-o {form} shows nothing: {shown.stderr.decode(errors='replace')[:100]}")
        if CONTROL.search(text):
            raw.append(form)
    fake.close()
    run.figure(f"printed raw in {', '.join(raw) or 'neither json nor yaml'}")
    run.expect(not raw, f"-o {' and '.join(raw)} print what a terminal acts on")


@entry("25", "commands of the report do not parse for names that begin with '-'", seconds=90)
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


@entry("held-text", "hostile text in every free field, in every form of output", seconds=240)
def hostile_text(run: Run) -> None:
    trap = run.folder("trap") / "sprung"
    daemon = run.started()
    with daemon.connect() as connection:
        for number, pattern in enumerate(HOSTILE):
            text = pattern.replace("{trap}", str(trap))
            for name, parameters in fields(number, text):
                try:
                    connection.call("cluster.create", **{"resourceGroup": "rg", "name": name, "config": IPVS, **parameters})
                except Refused as error:
                    run.expect(error.kind in ("invalid-params", "already-exists"), f"{name} is refused as {error.kind}")
    outputs = pages = 0
    for arguments in renderings(len(HOSTILE)):
        done = command(run, daemon, *arguments)
        if done.returncode == 64:
            continue
        outputs += 1
        run.expect(done.returncode == 0, f"{' '.join(arguments)} ends with {done.returncode}: {done.stderr.decode(errors='replace')[:120]}")
        text = done.stdout.decode()
        run.expect(not CONTROL.search(text), f"{' '.join(arguments)} prints a control character")
        if arguments[-1] == "html":
            pages += 1
            check_page(run, text)
    run.figure(f"{len(HOSTILE)} texts, {outputs} outputs, {pages} pages")
    run.expect(pages > 0 and outputs > 50, "too little was rendered")
    run.expect(not trap.exists(), "a text was executed")


def fields(number: int, text: str) -> list[tuple[str, Json]]:
    """A name for a cluster, and the member that has the text."""
    return [
        (f"m{number}", {"message": text}),
        (f"l{number}", {"labels": {"x": text[:250]}}),
        (f"k{number}", {"labels": {text[:60]: "v"}}),
        (f"i{number}", {"requestId": text[:120]}),
        (f"f{number}", {"facts": {"networkPlugin": text}}),
        (f"g{number}", {"config": {"mode": text}}),
        (f"o{number}", {"override": [text], "message": "m"}),
        (text, {}),
        (f"r{number}", {"resourceGroup": text}),
        (f"s{number}", {"subscription": text}),
        (f"a{number}", {"apiVersion": text}),
        (f"p{number}", {"planDigest": text}),
    ]


def renderings(count: int) -> list[list[str]]:
    forms = ("text", "json", "yaml", "table", "tsv", "csv", "jsonl")
    found = [[name, "-o", form] for name in ("log", "list") for form in forms]
    for number in range(count):
        cluster = ["-g", "rg", "-n", f"m{number}"]
        found += [["show", *cluster, "-o", form] for form in forms]
        found += [["history", *cluster, "--format", form] for form in ("text", "markdown", "html")]
    for seq in range(5, 5 + 2 * count):
        found += [["report", str(seq), "--format", form] for form in ("text", "markdown", "html", "json")]
    return found


def check_page(run: Run, page: str) -> None:
    for bad in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript:', 'href="http://evil', "<script>x</script>"):
        run.expect(bad not in page, f"a page contains {bad}")
    run.expect("default-src 'none'" in page, "a page has no content security policy")
    run.expect(not re.search(r'(?:src|href)="https?://(?!www\.w3\.org)', page), "a page links outside")
