"""Writes the generated modules, or checks that the ones in the repository are up to date."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from pathlib import Path

from . import client_module, types_module
from .model import Unsupported
from .schema import Protocol

PYTHON = Path(__file__).resolve().parent.parent
SCHEMA = PYTHON.parent / "schema" / "openrpc.json"


def main() -> int:
    """Runs the command, and returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="generate-python",
        description="Write the Python client's types and methods from the protocol's schema.",
        epilog="Ends with 0; with 1 where --check finds a difference; with 2 where the generator "
        "cannot put the schema into Python.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; print what would change"
    )
    parser.add_argument(
        "--schema", type=Path, default=SCHEMA, metavar="PATH", help="another OpenRPC document"
    )
    arguments = parser.parse_args()
    try:
        protocol = Protocol(json.loads(arguments.schema.read_text(encoding="utf-8")))
        modules = {
            "fairlead/types.py": types_module.text(protocol),
            "fairlead/client.py": client_module.text(protocol),
        }
    except Unsupported as trouble:
        print(f"generate-python: {trouble}", file=sys.stderr)
        return 2
    except (OSError, ValueError, LookupError) as trouble:
        print(f"generate-python: cannot read {arguments.schema}: {trouble!r}", file=sys.stderr)
        return 2
    if arguments.check:
        return check(modules)
    for name, text in modules.items():
        (PYTHON / name).write_text(text, encoding="utf-8")
    return 0


def check(modules: dict[str, str]) -> int:
    """Prints how the modules in the repository differ from the generated ones."""
    differs = False
    for name, text in modules.items():
        file = PYTHON / name
        present = file.read_text(encoding="utf-8") if file.exists() else ""
        difference = list(
            difflib.unified_diff(
                present.splitlines(keepends=True), text.splitlines(keepends=True),
                fromfile=f"Clients/python/{name}", tofile=f"Clients/python/{name} as generated",
            )
        )
        sys.stdout.writelines(difference)
        differs = differs or bool(difference)
    if differs:
        print("generate-python: run scripts/generate-python to write them", file=sys.stderr)
    return 1 if differs else 0
