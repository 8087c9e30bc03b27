"""The generator's model of the schema: shapes and methods in Python's terms."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional


class Unsupported(Exception):
    """The schema has what the generator cannot put into Python."""


class Member(NamedTuple):
    """A member of an object, in the name of the wire."""

    name: str
    type: str
    required: bool
    doc: str


class Parameter(NamedTuple):
    """A parameter of a method: ``wire`` is its name there, ``name`` its name in Python.

    ``default`` is None where callers must give one.
    """

    wire: str
    name: str
    type: str
    default: Optional[str]
    doc: str
    is_time: bool


class Method(NamedTuple):
    """A method. ``item`` is the type of what its pages list; None where it has no pages."""

    wire: str
    name: str
    summary: str
    parameters: list[Parameter]
    takes_options: bool
    result: str
    item: Optional[str]
    errors: list[str]
    is_read: bool


def snake_case(name: str) -> str:
    """``resourceGroup`` as Python has it: ``resource_group``."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: "_" + match[0].lower(), name)
