"""Reads the OpenRPC document into the model: shapes, aliases and methods.

A place in the document has a path: ``report.affected.named[]`` is the item of a list in a member of
the schema ``report``, ``cluster.list()`` the result of a method, ``cluster.create(facts)`` one of
its parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import member_table, method_table, type_table
from .model import Member, Method, Parameter, Unsupported, snake_case

Schema = Mapping[str, Any]


class Protocol:
    """The whole document. ``shapes`` are in an order in which each follows those that it uses."""

    def __init__(self, document: Schema) -> None:
        self._components: Schema = document["components"]["schemas"]
        self._used: set[str] = set()
        self._names = {path: name for name, its in type_table.TYPES.items() for path in its.paths}
        self.aliases = {name: self._enumeration(path) for name, path in type_table.ALIASES.items()}
        self.shapes: dict[str, list[Member]] = {}
        self.options: list[Parameter] = []
        self._wire_methods = {method["name"] for method in document["methods"]}
        # A name of one word cannot be distinguished from the word.
        self._wire_parameters = {
            parameter["name"] for method in document["methods"] for parameter in method["params"]
            if parameter["name"] != parameter["name"].lower()
        }
        for name in self._components:
            self._type({"$ref": f"#/components/schemas/{name}"}, name)
        self.methods = [self._method(method) for method in document["methods"]]
        self._check_tables()

    # Types.

    def _type(self, schema: Schema, path: str, *, is_input: bool = False) -> str:
        """The Python type of ``schema``. What callers pass may be any sequence or mapping."""
        if path in member_table.TYPE_AT:
            self._used.add(path)
            return member_table.TYPE_AT[path]
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            component = self._components[name]
            # A shape that is both given and returned has the types of what is returned.
            is_input = is_input and "properties" not in component
            return self._type(component, name, is_input=is_input)
        if "oneOf" in schema:
            return self._union(schema["oneOf"], path)
        if "enum" in schema:
            return self._literal(schema["enum"])
        kind = schema.get("type")
        if kind == "array":
            item = self._type(schema["items"], f"{path}[]", is_input=is_input)
            return f"Sequence[{item}]" if is_input else f"list[{item}]"
        if kind == "object":
            return self._object(schema, path, is_input=is_input)
        simple = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
        if kind in simple:
            return simple[kind]
        if not schema:
            return "Any"
        raise Unsupported(f"cannot put {path} into Python: its schema is {schema}")

    def _object(self, schema: Schema, path: str, *, is_input: bool) -> str:
        if "properties" in schema:
            return self._shape(schema, path, is_input=is_input)
        values = schema.get("additionalProperties")
        value = self._type(values, f"{path}{{}}", is_input=is_input) if values else "Any"
        return f"Mapping[str, {value}]" if is_input else f"dict[str, {value}]"

    def _shape(self, schema: Schema, path: str, *, is_input: bool) -> str:
        if path not in self._names:
            raise Unsupported(f"cannot name the object {path}: add it to generator/type_table.py")
        self._used.add(path)
        name = self._names[path]
        required = schema.get("required", [])
        members = []
        for member, its in schema["properties"].items():
            place = f"{name}.{member}"
            if place in member_table.ABSENT:
                self._used.add(place)
                continue
            if place in member_table.PRESENT:
                self._used.add(place)
            its_type = self._type(its, f"{path}.{member}", is_input=is_input)
            doc = self._doc(place, its.get("description", ""))
            is_required = member in required or place in member_table.PRESENT
            members.append(Member(member, its_type, is_required, doc))
        if self.shapes.setdefault(name, members) != members:
            raise Unsupported(f"cannot call {path} {name}: it differs from the others of that name")
        return name

    def _union(self, options: list[Schema], path: str) -> str:
        types = [self._type(each, path) for each in options if each.get("type") != "null"]
        union = types[0] if len(types) == 1 else f"Union[{', '.join(types)}]"
        return union if len(types) == len(options) else f"Optional[{union}]"

    def _literal(self, values: list[str]) -> str:
        for alias, its in self.aliases.items():
            if values == its:
                return alias
        return "Literal[" + ", ".join(f'"{value}"' for value in values) + "]"

    def _enumeration(self, path: str) -> list[str]:
        component, _, member = path.partition(".")
        schema = self._components.get(component, {}).get("properties", {}).get(member, {})
        if "enum" not in schema:
            raise Unsupported(f"cannot find an enumeration at {path}: see generator/type_table.py")
        values: list[str] = schema["enum"]
        return values

    # Methods.

    def _method(self, method: Schema) -> Method:
        wire: str = method["name"]
        parameters = [self._parameter(wire, each) for each in method["params"]]
        options = [each for each in parameters if each.wire in method_table.OPTIONS]
        takes_options = len(options) == len(method_table.OPTIONS)
        if takes_options:
            self.options = self.options or options
            if options != self.options:
                raise Unsupported(f"cannot take the options of {wire}: they differ from others'")
            parameters = [each for each in parameters if each not in options]
        # Few callers name a subscription: it comes last.
        parameters.sort(key=lambda each: (each.default is not None, each.wire == "subscription"))
        summary: str = method["summary"]
        result = method["result"]["schema"]
        item = None
        if {each.wire for each in parameters} >= {"limit", "after"}:
            item = self._type(result["properties"]["items"]["items"], f"{wire}().items[]")
        return Method(
            wire, snake_case(wire.replace(".", "_")), method_table.SUMMARIES.get(wire, summary),
            parameters, takes_options,
            "Watch" if wire == method_table.WATCH else self._type(result, f"{wire}()"), item,
            [error["data"]["kind"] for error in method["errors"]], method["x-role"] == "read",
        )

    def _parameter(self, method: str, parameter: Schema) -> Parameter:
        wire, schema = parameter["name"], parameter["schema"]
        path = f"{method}({wire})"
        name, doc = snake_case(wire), parameter["description"]
        if path in method_table.PARAMETERS:
            self._used.add(path)
            name, doc = method_table.PARAMETERS[path]
        is_time = schema.get("format") == "date-time"
        default = None if parameter["required"] else "None"
        if is_time:
            its_type = "Union[str, datetime, None]" if default else "Union[str, datetime]"
        else:
            its_type = self._type(schema, path, is_input=True)
            its_type = f"Optional[{its_type}]" if default else its_type
        if wire in method_table.OPTIONS:
            doc = self._doc(f"ChangeOptions.{name}", doc)
        return Parameter(wire, name, its_type, default, self._in_python(doc), is_time)

    def _in_python(self, description: str) -> str:
        """A description, with what it names of the wire in Python's spelling."""

        def word(match: re.Match[str]) -> str:
            if match[0] in self._wire_methods:
                return f"`{snake_case(match[0].replace('.', '_'))}`"
            if match[0] in self._wire_parameters:
                return f"``{snake_case(match[0])}``"
            return {"null": "None", "false": "False", "true": "True"}.get(match[0], match[0])

        return re.sub(r"[A-Za-z][A-Za-z.]*[A-Za-z]", word, description)

    # The tables.

    def _doc(self, place: str, description: str) -> str:
        if place in member_table.MEMBER_DOCS:
            self._used.add(place)
        return member_table.MEMBER_DOCS.get(place, description)

    def _check_tables(self) -> None:
        """Refuses entries that match nothing in the schema: they would mislead their readers."""
        places = {*self._names, *member_table.TYPE_AT, *method_table.PARAMETERS}
        places |= {*member_table.MEMBER_DOCS, *member_table.ABSENT, *member_table.PRESENT}
        unused = sorted(places - self._used)
        methods = {method.wire for method in self.methods}
        about = {*method_table.ITERATORS, *method_table.SUMMARIES, *method_table.NOTES}
        unused += sorted({*about, method_table.WATCH} - methods)
        if unused:
            raise Unsupported(f"cannot find what generator/*_table.py has of {unused}")
