"""The attacks, one family a file; each function decorated with `entry` is one line of the output."""

from __future__ import annotations

import importlib
import pkgutil


def load() -> None:
    """Imports every module of this package, and so registers its entries."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
