"""Writes ``fairlead/client.py``: the class ``Client``, with a method for each of the protocol's."""

from __future__ import annotations

from collections.abc import Sequence

from . import method_table, types_module
from .error_names import error_names
from .layout import COLUMNS, docstring, entry, filled, head, imports, sentence
from .model import Method, Parameter
from .schema import Protocol

_TYPING = ("Any", "Literal", "Optional", "Union")


def text(protocol: Protocol) -> str:
    """The module."""
    return _Client(protocol).text()


class _Client:
    """The class ``Client``."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._errors = error_names({kind for each in protocol.methods for kind in each.errors})
        # The exceptions that every method may raise are documented once, in the class.
        self._common = [
            kind for kind in protocol.methods[0].errors
            if all(kind in each.errors for each in protocol.methods)
        ]

    def text(self) -> str:
        methods = []
        for method in self._protocol.methods:
            methods.append(self._method(method))
            if method.wire in method_table.ITERATORS:
                methods.append(self._iterator(method))
        code = f"{self._opening()}\n" + "\n".join(methods)
        return (
            head("The client: a connection to the daemon, and a method for each of the protocol's.")
            + imports("collections.abc", ("Iterator", "Mapping", "Sequence"), code)
            + imports("datetime", ("datetime",), code)
            + imports("typing", ("TYPE_CHECKING", *_TYPING), f"TYPE_CHECKING {code}")
            + "\nfrom ._session import Session\n"
            + imports("._wire", ("wire_options", "wire_time"), code)
            + imports(".types", types_module.names(self._protocol), code)
            + imports(".watch", ("Watch",), code)
            + "\nif TYPE_CHECKING:\n"
            + "    # Type checkers bring this module along, and nothing needs it at run time.\n"
            + "    from typing_extensions import Unpack\n\n"
            + f'__all__ = ["Client"]\n\n\n{code}'
        )

    def _opening(self) -> str:
        common = ", ".join(f"`{self._errors[kind]}`" for kind in self._common)
        paragraphs = [
            "A connection to fairleadd, opened by the first call or ``with``, closed by ``close``.",
            "``socket_path`` names the socket; see `find_socket` for the default. ``timeout`` is "
            "how many seconds a call may take, without a limit by default.",
            "Every method raises a subclass of `FairleadError` where the daemon refuses, and a "
            "subclass of `Unreachable` where there is no answer; after that, the next call opens a "
            f"new connection. Besides the errors that a method names, it may raise {common}.",
        ]
        reads = [f'"{each.wire}"' for each in self._protocol.methods if each.is_read]
        return (
            f"class Client(Session):\n{docstring(paragraphs, '    ')}\n"
            f"    _READS = frozenset([\n{filled(reads, ' ' * 8)}    ])\n"
        )

    def _method(self, method: Method) -> str:
        iterator = method_table.ITERATORS.get(method.wire)
        summary = sentence(method.summary)
        if iterator:
            summary = f"One page of `{iterator.name}`: {method.summary}."
        doc = self._doc(method, summary, method.parameters)
        sent = _sent(method, method.parameters)
        if method.wire == method_table.WATCH:
            call = _call("_watch", [], sent)
        else:
            shape = method.result.partition("[")[0]
            call = _call("_ask", [shape, f'"{method.wire}"'], sent)
        signature = _signature(method.name, method.parameters, method.takes_options, method.result)
        return signature + doc + call

    def _iterator(self, method: Method) -> str:
        """The method that fetches page after page."""
        iterator = method_table.ITERATORS[method.wire]
        limit, after = (_named(method.parameters, each) for each in ("limit", "after"))
        others = [each for each in method.parameters if each not in (limit, after)]
        size = limit._replace(name="page_size")
        # As with every method, the subscription comes last.
        last = len([each for each in others if each.wire != "subscription"])
        parameters = [*others[:last], size, *others[last:]]
        if iterator.after:
            start = after._replace(type="int", default="0", doc=iterator.after)
            parameters.insert(len([each for each in others if each.default is None]), start)
        sent = _sent(method, parameters)
        call = _call("_pages", [str(method.item), f'"{method.wire}"'], sent)
        signature = _signature(iterator.name, parameters, False, f"Iterator[{method.item}]")
        return signature + self._doc(method, sentence(method.summary), parameters) + call

    def _doc(self, method: Method, summary: str, parameters: Sequence[Parameter]) -> str:
        paragraphs = [summary]
        if method.wire in method_table.NOTES:
            paragraphs.append(method_table.NOTES[method.wire])
        entries = [entry(each.name, each.doc) for each in parameters]
        if method.takes_options:
            entries.append(entry("options", "see `ChangeOptions`"))
        if entries:
            paragraphs.append("\n".join(["Args:", *entries]))
        raised = [f"`{self._errors[kind]}`" for kind in method.errors if kind not in self._common]
        if any(each.is_time for each in parameters):
            raised.append("ValueError for a time without a zone")
        if raised:
            paragraphs.append(f"Raises {', '.join(raised)}.")
        return docstring(paragraphs, " " * 8)


def _named(parameters: Sequence[Parameter], wire: str) -> Parameter:
    return next(each for each in parameters if each.wire == wire)


def _signature(name: str, parameters: Sequence[Parameter], options: bool, result: str) -> str:
    required = [f"{each.name}: {each.type}" for each in parameters if each.default is None]
    optional = [f"{each.name}: {each.type} = {each.default}" for each in parameters if each.default]
    items = ["self", *required, *(["*"] if optional else []), *optional]
    if options:
        items.append("**options: Unpack[ChangeOptions]")
    line = f"    def {name}({', '.join(items)}) -> {result}:\n"
    if len(line) <= COLUMNS + 1:
        return line
    lines = "".join(f"        {item},\n" for item in items)
    return f"    def {name}(\n{lines}    ) -> {result}:\n"


def _sent(method: Method, parameters: Sequence[Parameter]) -> list[str]:
    """The items of the dict that a method sends."""
    items = []
    for each in parameters:
        value = f"wire_time({each.name})" if each.is_time else each.name
        items.append(f'"{each.wire}": {value}')
    return [*items, "**wire_options(options)"] if method.takes_options else items


def _call(function: str, arguments: Sequence[str], sent: Sequence[str]) -> str:
    """The call of a method of `Session`; its last argument is a dict of what is sent."""
    short = ", ".join([*arguments, f"{{{', '.join(sent)}}}"])
    line = f"        return self.{function}({short})\n"
    if len(line) <= COLUMNS + 1:
        return line
    opening = ", ".join([*arguments, "{"])
    return (
        f"        return self.{function}(\n            {opening}\n{filled(sent, ' ' * 16)}"
        "            },\n        )\n"
    )
