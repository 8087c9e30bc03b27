"""Hostile text in every free field, and every way in which the command prints it."""

from __future__ import annotations

import re
import subprocess

from ..entry import entry
from ..run import Run
from ..support.daemon import IPVS, Daemon
from ..support.wire import Json, Refused
from .texts import CONTROL

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>",
    '=HYPERLINK("http://evil","x")|cmd /C calc\'!A0,@SUM(1+1),+1,-1',
    "`code` | pipe | **bold** [link](javascript:alert(1)) ![i](http://evil/x.png) <!-- c -->\n# heading\n```\nfence",
    "'; DROP TABLE change; -- \" \\ %s %n $(touch {trap}) `touch {trap}` ${IFS} {{7*7}} &amp; &#x3c;script&#x3e;",
    "line1\nFAKE 42 rg/fake update by root\n\ttab {{{message}}} {{>partial}} </title><script>x</script>",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301" + "\u0301" * 60,
    "\u0300" * 300 + "W" * 1500,
]


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


@entry(
    "held-text",
    "hostile text in every free field, in every form of output",
    "no output acts on a terminal, a browser or a shell",
    seconds=240,
)
def hostile_text(run: Run) -> None:
    trap = run.folder("trap") / "sprung"
    daemon = run.started()
    with daemon.connect() as connection:
        for number, pattern in enumerate(HOSTILE):
            text = pattern.replace("{trap}", str(trap))
            for method, parameters in fields(number, text):
                try:
                    connection.call(method, **parameters)
                except Refused as error:
                    lawful = ("invalid-params", "already-exists", "not-found", "plan-stale")
                    run.expect(error.kind in lawful, f"{method} is refused as {error.kind}")
    outputs = pages = 0
    for arguments in renderings(len(HOSTILE)):
        done = command(run, daemon, *arguments)
        if done.returncode == 64:
            continue
        outputs += 1
        run.expect(
            done.returncode == 0,
            f"{' '.join(arguments)} ends with {done.returncode}: {done.stderr.decode(errors='replace')[:120]}",
        )
        text = done.stdout.decode()
        run.expect(not CONTROL.search(text), f"{' '.join(arguments)} prints a control character")
        if arguments[-1] == "html":
            pages += 1
            check_page(run, text)
    run.figure(f"{len(HOSTILE)} texts, {outputs} outputs, {pages} pages")
    run.expect(pages > 0 and outputs > 50, "too little was rendered")
    run.expect(not trap.exists(), "a text was executed")


def fields(number: int, text: str) -> list[tuple[str, Json]]:
    """A method, and parameters of which one has the text; all are otherwise lawful."""

    def create(name: str, **parameters: object) -> tuple[str, Json]:
        return "cluster.create", {"resourceGroup": "rg", "name": name, "config": IPVS, **parameters}

    return [
        create(f"m{number}", message=text),
        create(f"l{number}", labels={"x": text[:250]}),
        create(f"k{number}", labels={text[:60]: "v"}),
        create(f"i{number}", requestId=text[:120]),
        create(f"f{number}", facts={"networkPlugin": text}),
        create(f"g{number}", config={"mode": text}),
        create(f"o{number}", override=[text], message="m"),
        create(text),
        create(f"r{number}", resourceGroup=text),
        create(f"s{number}", subscription=text),
        create(f"a{number}", apiVersion=text),
        create(f"p{number}", planDigest=text),
        ("extension.set", {"name": text}),
        ("extension.set", {"name": f"e{number}", "version": text}),
        ("feature.register", {"namespace": "a.b", "name": text}),
        ("provider.register", {"namespace": text}),
        ("cluster.get", {"resourceGroup": "rg", "name": "m0", "at": text}),
    ]


def renderings(count: int) -> list[list[str]]:
    forms = ("text", "json", "yaml", "table", "tsv", "csv", "jsonl")
    found = [[name, "-o", form] for name in ("log", "list") for form in forms]
    for number in range(count):
        cluster = ["-g", "rg", "-n", f"m{number}"]
        found += [["show", *cluster, "-o", form] for form in forms]
        found += [["history", *cluster, "--format", form] for form in ("text", "markdown", "html")]
    for seq in range(5, 5 + count):
        found += [["report", str(seq), "--format", form] for form in ("text", "markdown", "html", "json")]
    return found


def check_page(run: Run, page: str) -> None:
    for bad in (
        "<script>alert",
        "<img src=x",
        "<svg/onload",
        'href="javascript:',
        'href="http://evil',
        "<script>x</script>",
    ):
        run.expect(bad not in page, f"a page contains {bad}")
    run.expect("default-src 'none'" in page, "a page has no content security policy")
    run.expect(not re.search(r'(?:src|href)="https?://(?!www\.w3\.org)', page), "a page links outside")
