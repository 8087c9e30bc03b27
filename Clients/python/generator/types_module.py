"""Writes ``fairlead/types.py``: the shapes of the protocol."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence

from . import type_table
from .layout import broken, docstring, filled, head, imports, sentence
from .model import Member
from .schema import Protocol

_TYPING = ("Any", "Literal", "Optional", "TypedDict", "Union")


def text(protocol: Protocol) -> str:
    """The module."""
    aliases = [_alias(name, values) for name, values in protocol.aliases.items()]
    classes = []
    for name, members in protocol.shapes.items():
        classes.append(_shape(name, members, type_table.TYPES[name].doc))
        for patch, (base, doc) in type_table.PATCHES.items():
            if base == name:
                classes.append(_shape(patch, [_cleared(each) for each in members], doc))
    classes.append(_options(protocol))
    code = "".join(aliases) + "\n\n" + "\n\n".join(classes)
    exports = filled([f'"{name}"' for name in names(protocol)], "    ")
    return (
        head("The shapes of the protocol: what methods take and what they answer.")
        + imports("collections.abc", ("Mapping", "Sequence"), code)
        + imports("typing", _TYPING, code)
        + f"\n__all__ = [\n{exports}]\n\n{code}"
    )


def names(protocol: Protocol) -> list[str]:
    """What the module offers."""
    return sorted([*protocol.aliases, *protocol.shapes, *type_table.PATCHES, "ChangeOptions"])


def _alias(name: str, values: Sequence[str]) -> str:
    quoted = ", ".join(f'"{value}"' for value in values)
    return broken(f"{name} = Literal[{quoted}]\n")


def _cleared(member: Member) -> Member:
    return Member(member.name, f"Optional[{member.type}]", False, "")


def _shape(name: str, members: Sequence[Member], doc: str) -> str:
    """A shape, and the bases that it needs.

    Python 3.9 has no ``Required``: where some members are optional, the required ones need a base
    class. A member that is named like a keyword cannot be written in a class at all.
    """
    bases, before = [], ""
    keywords = [each for each in members if keyword.iskeyword(each.name)]
    members = [each for each in members if each not in keywords]
    required = [each for each in members if each.required]
    optional = [each for each in members if not each.required]
    if required and optional:
        before += f"class _{name}Base(TypedDict):\n{_members(required)}\n\n"
        bases.append(f"_{name}Base")
    for is_required, suffix in ((True, "Keywords"), (False, "OptionalKeywords")):
        their = [f'"{each.name}": {each.type}' for each in keywords if each.required == is_required]
        if their:
            base, total = f"_{name}{suffix}", "" if is_required else ", total=False"
            before += f'{base} = TypedDict("{base}", {{{", ".join(their)}}}{total})\n\n\n'
            bases.append(base)
    heads = [*(bases or ["TypedDict"]), *(["total=False"] if optional else [])]
    own = _members(optional or required)
    gap = "\n" if own else ""
    return f"{before}class {name}({', '.join(heads)}):\n{docstring([doc], '    ')}{gap}{own}"


def _members(members: Iterable[Member]) -> str:
    lines = ""
    for each in members:
        lines += broken(f"    {each.name}: {each.type}\n")
        if each.doc:
            lines += docstring([sentence(each.doc)], "    ")
    return lines


def _options(protocol: Protocol) -> str:
    members = [Member(each.name, each.type, False, each.doc) for each in protocol.options]
    doc = "The options of every change. None is the same as leaving one out."
    return _shape("ChangeOptions", members, doc)
