"""The notation of a transcript: what stands for bytes and for values of earlier replies in a request."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"@\{([^}]*)\}")
_HEX = re.compile(r"hex ((?:[0-9a-f]{2} ?)+)")
_REPEATED = re.compile(r"(.+)\*(\d+)")
_REFERENCE = re.compile(r"(\d+)\.(.+)")


def reference(request_id: int, path: str) -> str:
    """What stands for the string at `path` in the reply to the request `request_id`."""
    return f"@{{{request_id}.{path}}}"


def value_at(reply: Any, path: str) -> Any:
    """The value at a dotted path, in which a number is an index."""
    for step in path.split("."):
        reply = reply[int(step)] if isinstance(reply, list) else reply[step]
    return reply


def bytes_of(text: str, replies: Mapping[int, Any]) -> tuple[bytes, bool]:
    """The bytes that a request is sent as, and whether they are the connection's last."""
    is_last = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal is_last
        name = match[1]
        if name == "end":
            is_last = True
            return ""
        if found := _HEX.fullmatch(name):
            # Bytes that need not be UTF-8 travel through the string as lone surrogates.
            return bytes.fromhex(found[1]).decode(errors="surrogateescape")
        if found := _REPEATED.fullmatch(name):
            return found[1] * int(found[2])
        if found := _REFERENCE.fullmatch(name):
            return json.dumps(value_at(replies[int(found[1])], found[2]), ensure_ascii=False).strip('"')
        raise ValueError(f"no placeholder: @{{{name}}}")

    data = _PLACEHOLDER.sub(replaced, text).encode(errors="surrogateescape")
    return (data if is_last else data + b"\n", is_last)
