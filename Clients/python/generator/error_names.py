"""Maps each kind of error to its class in ``fairlead/errors.py``."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from .model import Unsupported

ERRORS = Path(__file__).resolve().parent.parent / "fairlead" / "errors.py"


def error_names(kinds: Iterable[str]) -> dict[str, str]:
    """The class for each kind.

    The file is parsed and not imported: the package imports modules that may not be written yet.
    """
    names: dict[str, str] = {}
    for node in ast.parse(ERRORS.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for each in node.body:
            if (
                isinstance(each, ast.Assign)
                and isinstance(each.targets[0], ast.Name)
                and each.targets[0].id == "KIND"
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                names[each.value.value] = node.name
    unknown = sorted(set(kinds) - set(names))
    if unknown:
        raise Unsupported(f"cannot raise {unknown}: fairlead/errors.py has no class of that KIND")
    return names
