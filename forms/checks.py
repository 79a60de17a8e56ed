"""The rules that one component of a form file must keep, and the rules between components."""

import re
from collections.abc import Iterator
from typing import Any

from forms.kinds import KINDS, WIDGETS, Kind
from forms.model import Component
from kernel.text import Text, say

Finding = tuple[str, Text]

_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_SUBTYPES = ("date", "time", "datetime")
_FORMATS = ("utc_offset", "utc_normalized", "no_timezone")


def at(raw: dict[str, Any], place: str) -> Any:
    """The value of a dotted property of the JSON, or None."""
    found: Any = raw
    for name in place.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def shape(raw: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with one component by itself."""
    kind, name = raw.get("type"), raw.get("id")
    if not isinstance(name, str) or not name:
        yield "id", say("A component of type {type} has no id. Give it one: errors are told by it.", type=str(kind))
    known = KINDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        yield (
            "type",
            say(
                "{id} is of type {type}, which no viewer of schema 19 knows. Use a standard type and a widget.",
                id=str(name),
                type=str(kind),
            ),
        )
        return
    yield from _properties(raw, str(kind), str(name), known)
    yield from _binding(raw, str(kind), str(name), known)
    yield from _rules(raw, str(kind), str(name), known)
    yield from _layout(raw, str(name))
    yield from _widget(raw, str(kind), str(name))
    if known.options:
        yield from _options(raw, str(name))
    if kind == "datetime":
        yield from _datetime(raw, str(name))
    if kind == "dynamiclist":
        yield from _list(raw, str(name))


def _properties(raw: dict[str, Any], kind: str, name: str, known: Kind) -> Iterator[Finding]:
    for prop in raw.keys() - known.properties:
        yield (
            "property",
            say(
                "{id} has the property {prop}, which a {type} does not have. Remove it.", id=name, prop=prop, type=kind
            ),
        )


def _binding(raw: dict[str, Any], kind: str, name: str, known: Kind) -> Iterator[Finding]:
    if known.keyed or kind == "dynamiclist":
        prop = "key" if known.keyed else "path"
        value = raw.get(prop)
        if not isinstance(value, str) or not _PATH.fullmatch(value):
            yield (
                prop,
                say(
                    "{id} needs a {prop}: letters, digits, _, no digit in front, joined by dots. It has {value}.",
                    id=name,
                    prop=prop,
                    value=repr(value),
                ),
            )
    elif raw.get("path") and not _PATH.fullmatch(str(raw["path"])):
        yield (
            "path",
            say(
                "{id} has the path {value}, which is no chain of names. Correct it or leave it empty.",
                id=name,
                value=raw["path"],
            ),
        )
    if kind == "expression" and not raw.get("expression"):
        yield "expression", say("{id} computes nothing. Give it an expression.", id=name)


def _rules(raw: dict[str, Any], kind: str, name: str, known: Kind) -> Iterator[Finding]:
    rules = raw.get("validate")
    if rules is None:
        return
    if not isinstance(rules, dict):
        yield "validate", say("{id} must hold its rules as an object.", id=name)
        return
    for rule, value in rules.items():
        if rule not in known.rules:
            yield (
                rule,
                say(
                    "{id} has the rule {rule}, which a {type} does not know. Remove it.", id=name, rule=rule, type=kind
                ),
            )
        elif rule in ("minLength", "maxLength", "min", "max") and not _number_or_expression(value):
            yield (
                rule,
                say(
                    "{id} has the rule {rule} with {value}; write a number or an expression.",
                    id=name,
                    rule=rule,
                    value=repr(value),
                ),
            )
        elif rule == "required" and not isinstance(value, bool):
            yield rule, say("{id} has the rule required with {value}; write true or false.", id=name, value=repr(value))
        elif rule == "validationType" and value not in ("", "custom", "email", "phone"):
            yield (
                rule,
                say(
                    "{id} has the validation type {value}; email, phone and custom are known.",
                    id=name,
                    value=repr(value),
                ),
            )


def _number_or_expression(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith("=") or re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII) is not None or value == ""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _layout(raw: dict[str, Any], name: str) -> Iterator[Finding]:
    columns = at(raw, "layout.columns")
    if columns is not None and (not isinstance(columns, int) or not 2 <= columns <= 16):
        yield (
            "layout",
            say(
                "{id} spans {columns} columns; a row has 16, and a field needs at least 2.",
                id=name,
                columns=repr(columns),
            ),
        )


def _widget(raw: dict[str, Any], kind: str, name: str) -> Iterator[Finding]:
    properties = raw.get("properties", {})
    if not isinstance(properties, dict) or not all(isinstance(value, str) for value in properties.values()):
        yield "properties", say("{id} must hold its custom properties as texts.", id=name)
        return
    widget = properties.get("widget")
    if widget is not None and kind not in WIDGETS.get(widget, ()):
        known = ", ".join(f"{w} ({'/'.join(sorted(kinds))})" for w, kinds in sorted(WIDGETS.items()))
        yield (
            "widget",
            say(
                "{id} is a {type} with the widget {widget}. Known are: {known}.",
                id=name,
                type=kind,
                widget=widget,
                known=known,
            ),
        )
    if "ruleMessage" in properties and "rule" not in properties:
        yield "rule", say("{id} has a rule message and no rule. Add the rule or remove the message.", id=name)
    if "rule" in properties and not properties.get("ruleMessage"):
        yield "rule", say("{id} has a rule and no message. Say in ruleMessage what the person is to correct.", id=name)


def _options(raw: dict[str, Any], name: str) -> Iterator[Finding]:
    sources = [prop for prop in ("values", "valuesKey", "valuesExpression") if raw.get(prop) is not None]
    if len(sources) > 1:
        yield (
            "values",
            say("{id} takes its choices from {sources}. Keep one of them.", id=name, sources=" and ".join(sources)),
        )
    if not sources and at(raw, "properties.widget") is None:
        yield "values", say("{id} offers no choices. Give it values, a valuesKey or a valuesExpression.", id=name)
    values = raw.get("values")
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(option, dict) and "value" in option for option in values):
        yield "values", say("{id} must list its choices as objects with label and value.", id=name)
        return
    seen = [repr(option["value"]) for option in values]
    for value in sorted({value for value in seen if seen.count(value) > 1}):
        yield "values", say("{id} offers the choice {value} twice.", id=name, value=value)


def _datetime(raw: dict[str, Any], name: str) -> Iterator[Finding]:
    subtype = raw.get("subtype", "date")
    if subtype not in _SUBTYPES:
        yield (
            "subtype",
            say("{id} has the subtype {subtype}; date, time and datetime are known.", id=name, subtype=repr(subtype)),
        )
    written = raw.get("timeSerializingFormat")
    if written is not None and written not in _FORMATS:
        yield (
            "timeSerializingFormat",
            say(
                "{id} writes times as {format}; known are: {known}.",
                id=name,
                format=repr(written),
                known=", ".join(_FORMATS),
            ),
        )


def _list(raw: dict[str, Any], name: str) -> Iterator[Finding]:
    if raw.get("isRepeating", True) is not True:
        yield "isRepeating", say("{id} is a list that does not repeat. Use a group.", id=name)
    rows = raw.get("defaultRepetitions", 1)
    if not isinstance(rows, int) or not 0 <= rows <= 100:
        yield (
            "defaultRepetitions",
            say("{id} begins with {rows} rows; write a number from 0 to 100.", id=name, rows=repr(rows)),
        )


def together(root: Component) -> Iterator[tuple[str, Finding]]:
    """What is wrong between components: two of one id, two bound to one place, a place inside another's value."""
    seen: set[str] = set()
    for component in root.walk():
        if component.id and component.id in seen:
            yield component.id, ("id", say("Two components have the id {id}. Rename one.", id=component.id))
        seen.add(component.id)
    yield from _claims(root, (), {})


def _claims(
    component: Component, base: tuple[str, ...], taken: dict[tuple[str, ...], Component]
) -> Iterator[tuple[str, Finding]]:
    for child in component.children:
        known = KINDS.get(child.kind)
        path = base + child.path
        if child.path and known is not None and (known.keyed or child.repeats):
            other = _rival(path, child, taken)
            if other is not None:
                where = ".".join(path)
                sentence = say(
                    "{id} is bound to {path}, which {other} holds already. Choose another.",
                    id=child.id,
                    path=where,
                    other=other.id,
                )
                yield child.id, ("key", sentence)
            taken.setdefault(path, child)
        yield from _claims(child, (), {}) if child.repeats else _claims(child, path, taken)


def _rival(path: tuple[str, ...], child: Component, taken: dict[tuple[str, ...], Component]) -> Component | None:
    for other_path, other in taken.items():
        shorter = min(len(path), len(other_path))
        if path[:shorter] == other_path[:shorter] and other is not child:
            return other
    return None
