"""Converts between Python's values and the lines of the protocol."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any, Optional, Union

from . import errors
from .types import ChangeOptions

_ERRORS: dict[str, type[errors.FairleadError]] = {
    error.KIND: error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, errors.FairleadError) and error.KIND
}


def request_line(number: int, method: str, params: Mapping[str, Any]) -> bytes:
    """A request. Raises TypeError or ValueError for what is not JSON."""
    request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return json.dumps(request, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def refusal(error: Mapping[str, Any]) -> errors.FairleadError:
    """The exception for an error of the daemon."""
    data = error.get("data") or {}
    kind = _ERRORS.get(data.get("kind", ""), errors.FairleadError)
    return kind(error["code"], error["message"], data)


def wire_time(at: Union[str, datetime, None]) -> Optional[str]:
    """A time as the wire has it; ValueError for one without a zone."""
    if not isinstance(at, datetime):
        return at
    if at.tzinfo is None:
        raise ValueError("a time without its zone could be any: give it a tzinfo")
    text = at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def wire_options(options: ChangeOptions) -> dict[str, Any]:
    """The options in the names of the wire.

    Raises TypeError for a misspelt one, as Python does for a misspelt parameter: ``Unpack`` lets a
    type checker find it, and lets everything through at run time.
    """
    for name in options:
        if name not in ChangeOptions.__annotations__:
            known = ", ".join(ChangeOptions.__annotations__)
            raise TypeError(f"there is no option {name!r} of a change; there are {known}")
    return {_camel_case(name): value for name, value in options.items()}


def own_copy(value: Any) -> Any:
    """A mapping as a dict, another collection as a list, both new; anything else as it is."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return list(value)
    return value


def _camel_case(name: str) -> str:
    """``request_id`` as the wire has it: ``requestId``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
