"""Lines for the parser: large ones of each kind, and lawful ones that are spoilt at random."""

from __future__ import annotations

import random
import time

from ..run import Run
from ..support.daemon import IPVS, NFTABLES, Daemon
from ..support.latency import batch, compact
from ..support.wire import Ended, request

SPOILERS = [
    b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\ud800", b"\\u0000", b"1e999999", b"-0", b"9" * 400,
    b"1E+2", b"0.1e-400", b"{" * 70, b"[" * 70, b'"', b"\\", b"null", b"true", b"\xef\xbb\xbf", b"\r", b"NaN", b"0x10", b"01", b"1.",
    b'"a":1,"a":2', b"9223372036854775807", b"-9223372036854775809", b"\xe2\x80\xa8",
]  # fmt: skip


def large_lines() -> list[tuple[str, bytes]]:
    def with_parameters(method: str, **parameters: object) -> bytes:
        return compact({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})

    update = {"method": "cluster.update", "params": {"resourceGroup": "rg", "name": "honest"}}
    return [
        (
            "an object of 600,000 keys",
            with_parameters("cluster.get", **{f"k{number}": 1 for number in range(600_000)}),
        ),
        ("empty arrays", b'{"jsonrpc":"2.0","id":1,"method":"x","params":[' + b"[]," * 2_600_000 + b"[]]}\n"),
        ("a string as a name", with_parameters("cluster.get", resourceGroup="x" * 8_000_000, name="y")),
        ("an id", compact({"jsonrpc": "2.0", "id": "i" * 8_000_000, "method": "registry.describe"})),
        (
            "a number",
            b'{"jsonrpc":"2.0","id":1,"method":"cluster.get","params":{"revision":' + b"9" * 8_000_000 + b"}}\n",
        ),
        (
            "overrides",
            with_parameters("cluster.create", resourceGroup="a", name="b", message="m", override=["ENV-01"] * 800_000),
        ),
        ("kinds", with_parameters("change.watch", kinds=["cluster"] * 800_000)),
        ("an apply of one cluster", with_parameters("cluster.apply", detail="summary", changes=[update] * 10_000)),
        ("9 MB without an end", b"x" * (9 << 20) + b"\n"),
    ]


def random_lines(run: Run, daemon: Daemon, seconds: float) -> int:
    """Sends spoilt lines and holds each answer to be JSON and no accident; how many were sent."""
    chance = random.Random(3)
    lawful = [
        request("cluster.get", resourceGroup="rg", name="honest"),
        request("cluster.update", resourceGroup="rg", name="honest", labels={"a": "b"}, ifRevision=1),
        request("change.list", after=0, limit=3),
        request(
            "cluster.create",
            resourceGroup="rg",
            name="z",
            config=IPVS,
            facts={"nodeCount": 3},
            message="m",
            dryRun=True,
        ),
        batch(
            [
                request("registry.health"),
                request("cluster.update", resourceGroup="rg", name="honest", config=NFTABLES, dryRun=True),
            ]
        ),
    ]
    sync = request("registry.describe", "sync")
    connection = daemon.connect()
    sent = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = spoilt(chance, chance.choice(lawful).strip())
        sent += 1
        try:
            connection.socket.sendall(line + b"\n" + sync)
            while (reply := connection.receive()) is None or isinstance(reply, list) or reply.get("id") != "sync":
                kind = "" if isinstance(reply, list) else (reply.get("error", {}).get("data") or {}).get("kind")
                if not run.expect(kind != "internal", f"{line[:120]!r} is answered with an internal error"):
                    return sent
        except (Ended, OSError) as error:
            run.expect(False, f"the connection ended after {line[:120]!r}: {error}")
            return sent
    return sent


def spoilt(chance: random.Random, lawful: bytes) -> bytes:
    line = bytearray(lawful)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(line))
        match chance.randrange(5):
            case 0:
                line[at] = chance.randrange(256)
            case 1:
                line[at:at] = chance.choice(SPOILERS)
            case 2:
                line[at : at + chance.randrange(1, 30)] = chance.choice(SPOILERS)
            case 3:
                del line[at : at + chance.randrange(1, 9)]
            case _:
                start = chance.randrange(len(line))
                line[at:at] = line[start : start + chance.randrange(1, 40)]
        if not line:
            line = bytearray(b"{}")
    return bytes(line).replace(b"\n", b" ")
