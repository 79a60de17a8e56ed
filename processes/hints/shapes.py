"""What a variable looks like, as far as it can be known before anything runs: read from forms, answers and FEEL."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic.alias_generators import to_camel

import feel
from feel import syntax

LEVELS = 2  # of entries that are shown below a variable
KINDS: Mapping[str, str] = {
    "textfield": "string",
    "textarea": "string",
    "number": "number",
    "datetime": "string",
    "checkbox": "boolean",
    "checklist": "list",
    "taglist": "list",
    "radio": "string",
    "select": "string",
    "filepicker": "list",
    "expression": "Any",
}
_BASES: Mapping[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    date: "string",
    datetime: "string",
}
_CALLS: Mapping[str, str] = {
    "string": "string",
    "number": "number",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "now": "date and time",
    "today": "date",
    "count": "number",
    "sum": "number",
    "not": "boolean",
    "contains": "boolean",
    "list contains": "boolean",
    "string length": "number",
    "uuid": "string",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """`type` is a type of FEEL, `Any` where it is not known. `entries` are those of a context, or of a list's items.

    `words` is what people call it: the label of a field, with its options.
    """

    type: str = "Any"
    entries: Mapping[str, "Shape"] = field(default_factory=dict)
    words: str = ""

    def entry(self, name: str) -> "Shape":
        """The shape of an entry; of a list, that of the entry of its items."""
        return self.entries.get(name, ANY)

    def item(self) -> "Shape":
        """The shape of an item of a list."""
        return Shape("context" if self.entries else "Any", self.entries)

    def with_entry(self, path: list[str], shape: "Shape") -> "Shape":
        """The same with `a.b` inside it."""
        if not path:
            return shape
        inner = self.entry(path[0]).with_entry(path[1:], shape)
        return Shape("list" if self.type == "list" else "context", {**self.entries, path[0]: inner}, self.words)


ANY = Shape()
BOOLEAN, NUMBER, TEXT = Shape("boolean"), Shape("number"), Shape("string")


def merged(one: Shape, other: Shape) -> Shape:
    """What either of two sources may give."""
    if one == other or other == ANY:
        return one
    if one == ANY:
        return other
    type_ = one.type if one.type == other.type else "Any"
    entries = {**other.entries, **one.entries}
    shared = {name: merged(one.entries[name], other.entries[name]) for name in one.entries.keys() & other.entries}
    return Shape("context" if entries and type_ == "Any" else type_, {**entries, **shared}, one.words or other.words)


def of_form(schema: Any) -> dict[str, Shape]:
    """The variables that a form fills, by name, from its JSON; what is no form fills none."""
    whole = Shape("context")
    for path, shape in _filled(schema, []):
        whole = whole.with_entry(path, shape)
    return dict(whole.entries)


def _filled(component: Any, around: list[str], depth: int = 0) -> Iterator[tuple[list[str], Shape]]:
    inner = component.get("components") if isinstance(component, dict) and depth < 12 else None
    for child in inner if isinstance(inner, list) else ():
        if not isinstance(child, dict):
            continue
        kind, path = child.get("type"), around + _path(child)
        if kind == "dynamiclist" and path != around:
            rows = Shape("context")
            for name, shape in _filled(child, [], depth + 1):
                rows = rows.with_entry(name, shape)
            yield path, Shape("list", rows.entries, _label(child))
        elif kind in ("group", "dynamiclist"):
            yield from _filled(child, path, depth + 1)
        elif isinstance(kind, str) and kind in KINDS and path != around:
            yield path, Shape(KINDS[kind], {}, _label(child))


def _path(component: Mapping[str, Any]) -> list[str]:
    dotted = component.get("path" if component.get("type") in ("group", "dynamiclist") else "key")
    return [part for part in dotted.split(".") if part] if isinstance(dotted, str) else []


def _label(component: Mapping[str, Any]) -> str:
    label = next((component[n] for n in ("label", "dateLabel", "timeLabel") if isinstance(component.get(n), str)), "")
    values = component.get("values")
    options = (
        [str(value.get("value")) for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    )
    shown = " | ".join(options[:6]) + (" | …" if len(options) > 6 else "")
    return " · ".join(part for part in (label[:60], shown) if part)


def of_fields(kind: Any, levels: int = LEVELS) -> dict[str, Shape]:
    """The fields of a dataclass as they are on the wire, nested ones down to `levels`."""
    if not is_dataclass(kind):
        return {}
    hints = get_type_hints(kind)
    return {to_camel(part.name): _of_hint(hints[part.name], levels) for part in fields(kind)}


def _of_hint(hint: Any, levels: int) -> Shape:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        known = [part for part in arguments if part is not types.NoneType]
        return _of_hint(known[0], levels) if len(known) == 1 else ANY
    if origin is Literal:
        return Shape("string", {}, " | ".join(str(value) for value in arguments))
    if origin in (tuple, list):
        return Shape("list", _of_hint(arguments[0], levels).entries if arguments else {})
    if origin is dict or hint is dict:
        return Shape("context")
    if isinstance(hint, TypeVar):
        return ANY
    if is_dataclass(hint):
        return Shape("context", of_fields(hint, levels - 1) if levels else {})
    return Shape(_BASES.get(getattr(hint, "__origin__", hint), "Any"))


Lookup = Callable[[str], Shape]


def of_feel(source: str, known: Lookup, functions: feel.Functions | None = None) -> Shape:
    """What an expression gives, as far as its text tells. An expression that cannot be read gives anything."""
    try:
        return _of_node(feel.compile(source, functions=functions).node, known)
    except feel.FeelSyntaxError:
        return ANY


_TRUE_OR_FALSE = (
    syntax.Comparison,
    syntax.Junction,
    syntax.Between,
    syntax.In,
    syntax.Quantified,
    syntax.InstanceOf,
)


def _of_node(node: Any, known: Lookup) -> Shape:
    if isinstance(node, _TRUE_OR_FALSE):
        return BOOLEAN
    read = _READ.get(type(node))
    return ANY if read is None else read(node, known)


def _of_if(node: syntax.If, known: Lookup) -> Shape:
    return merged(_of_node(node.then, known), _of_node(node.otherwise, known))


def _of_context(node: syntax.ContextLiteral, known: Lookup) -> Shape:
    return Shape("context", {name: _of_node(value, known) for name, value in node.entries})


def _of_list(node: syntax.ListLiteral, known: Lookup) -> Shape:
    return Shape("list", _of_node(node.items[0], known).entries if node.items else {})


def _of_for(node: syntax.For, known: Lookup) -> Shape:
    rows = {one.name: _of_node(one.low, known).item() for one in node.iterators}
    return Shape("list", _of_node(node.body, lambda name: rows[name] if name in rows else known(name)).entries)


def _of_call(node: syntax.Call, known: Lookup) -> Shape:
    name = node.function.name if isinstance(node.function, syntax.Name) else ""
    if name.startswith("context put") and node.arguments:
        return _of_node(node.arguments[0], known)
    return Shape(_CALLS.get(name, "Any"))


_READ: Mapping[type, Callable[[Any, Lookup], Shape]] = {
    syntax.Literal: lambda node, known: Shape(_BASES.get(type(node.value), "Any")),
    syntax.Name: lambda node, known: known(node.name),
    syntax.Path: lambda node, known: _of_node(node.of, known).entry(node.name),
    syntax.Group: lambda node, known: _of_node(node.inner, known),
    syntax.Filter: lambda node, known: _of_node(node.of, known),
    syntax.If: _of_if,
    syntax.ContextLiteral: _of_context,
    syntax.ListLiteral: _of_list,
    syntax.For: _of_for,
    syntax.Call: _of_call,
}
