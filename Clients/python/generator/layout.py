"""How generated code is laid out: lines of at most 100 columns, docstrings, filled lists."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from .model import Unsupported

COLUMNS = 100


def head(doc: str) -> str:
    """The beginning of a generated module."""
    return (
        f'"""{doc}\n\n'
        "Generated from Clients/schema/openrpc.json by scripts/generate-python: do not edit this "
        "file.\nNames and explanations that the schema does not have are in "
        'Clients/python/generator.\n"""\n\nfrom __future__ import annotations\n\n'
    )


def sentence(text: str) -> str:
    """A description of the schema as a sentence."""
    return text[:1].upper() + text[1:] + "."


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )


def entry(name: str, text: str) -> str:
    """An entry of a list in a method's docstring."""
    return wrapped(f"{name}: {text}", COLUMNS - 8, "    ", "        ")


def docstring(paragraphs: Sequence[str], indent: str) -> str:
    """A docstring. A paragraph of several lines is laid out already."""
    if any('"""' in each or "\\" in each for each in paragraphs):
        raise Unsupported(f"cannot write these paragraphs as a docstring: {paragraphs}")
    width = COLUMNS - len(indent)
    if len(paragraphs) == 1:
        if len(paragraphs[0]) + 6 <= width:
            return f'{indent}"""{paragraphs[0]}"""\n'
        # The first sentence is a line of its own, as PEP 257 requires.
        paragraphs = paragraphs[0].replace(". ", ".\0", 1).split("\0")
    texts = [f'"""{paragraphs[0]}', *paragraphs[1:]]
    laid_out = [each if "\n" in each else wrapped(each, width) for each in texts]
    return textwrap.indent("\n\n".join(laid_out), indent) + f'\n{indent}"""\n'


def filled(items: Iterable[str], indent: str) -> str:
    """Items with a comma behind each, as many to a line as fit."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 <= COLUMNS:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{indent}{item},")
    return "".join(f"{line}\n" for line in lines)


def broken(line: str) -> str:
    """A line that ends with a list in brackets, split at the list's items if it is too long."""
    if len(line) <= COLUMNS + 1:
        return line
    opening, _, rest = line.rpartition("[")
    items = rest.rstrip("]\n")
    indent = " " * (len(line) - len(line.lstrip()))
    fields = filled(items.split(", "), indent + " " * 4)
    return f"{opening}[\n{fields}{indent}{rest[len(items):]}"


def imports(module: str, names: Iterable[str], code: str) -> str:
    """The import of those of ``names`` that ``code`` uses; nothing where it uses none."""
    words = set(re.findall(r"\w+", re.sub(r'""".*?"""', "", code, flags=re.DOTALL)))
    used = [name for name in names if name in words]
    if not used:
        return ""
    line = f"from {module} import {', '.join(used)}\n"
    if len(line) <= COLUMNS + 1:
        return line
    return f"from {module} import (\n{filled(used, '    ')})\n"
