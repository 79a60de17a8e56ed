"""Filters that ask for something beside the thing itself: its variables, its elements, its incidents."""

from typing import Any

import orjson

from api.v2 import described, search, shapes
from engine.queries import Condition, Criterion, Every, Not, Related
from kernel.errors import Invalid
from kernel.text import say

MOST = 100  # variables of one filter
_STATE = shapes.OneOf("ACTIVE", "COMPLETED", "TERMINATED")
_ELEMENTS: search.Fields = {
    "elementId": ("element", shapes.word),
    "elementInstanceState": ("state", _STATE),
}
_HAS_INCIDENT = "hasElementInstanceIncident"
ELEMENTS: dict[str, described.Schema] = {
    **{name: described.compared(read) for name, (_, read) in _ELEMENTS.items()},
    _HAS_INCIDENT: described.FLAG_ALONE,
}
_VALUES = described.several(described.thing("name value", name=described.NAMED, value=described.compared(shapes.word)))


def field(beside: str, column: str, read: search.Reader) -> search.Filter:
    """A filter on a field of what hangs on the thing: one that meets all of it is enough."""

    def made(wanted: Any, name: str) -> Criterion:
        return Related(beside, tuple(search.of_field(name, wanted, column, read)))

    return search.Filter(made, described.compared(read), plain=False)


def elements(wanted: dict[str, Any]) -> tuple[list[Criterion], dict[str, Any]]:
    """What is asked of the elements, as one: all of it must be true of the same element. And the rest of the filter."""
    asked = {name: wanted[name] for name in ELEMENTS if name in wanted}
    held: list[Criterion] = []
    for name, value in asked.items():
        if name == _HAS_INCIDENT:
            held.append(Condition("incident", shapes.flag(search.only_equal(value, name), name)))
        else:
            held += search.of_field(name, value, *_ELEMENTS[name])
    rest = {name: value for name, value in wanted.items() if name not in asked}
    return ([Related("steps", tuple(held))] if held else []), rest


def variables(beside: str) -> search.Filter:
    """A filter `[{name, value}, …]`: each must be there. Values are JSON as text, so a text has its quotes."""

    def made(wanted: Any, name: str) -> Criterion:
        if not isinstance(wanted, list) or len(wanted) > MOST or not all(isinstance(one, dict) for one in wanted):
            raise Invalid(say("{name} takes a list of at most {most} variables.", name=name, most=MOST))
        return Every(tuple(Related(beside, tuple(_variable(one))) for one in wanted))

    return search.Filter(made, _VALUES, plain=False)


def _variable(wanted: dict[str, Any]) -> list[Criterion]:
    if wanted.get("value") is None:
        raise Invalid(say("{name} is missing. It is a text.", name="value"))
    held = search.of_field("value", wanted["value"], "value", shapes.word)
    return [Condition("name", shapes.text(wanted, "name")), *map(as_json, held)]


def as_json(criterion: Criterion) -> Criterion:
    """A condition on a variable's value: by what the JSON is, not by how it is spelt."""
    if not isinstance(criterion, Condition) or criterion.operator == "exists":
        return criterion
    if criterion.operator in ("in", "not_in"):
        return Condition(criterion.field, [_json(text) for text in criterion.value], criterion.operator)
    if criterion.operator == "like":
        return Condition("text", criterion.value, "like")
    return Condition(criterion.field, _json(criterion.value), criterion.operator)


def _json(text: str) -> str:
    try:
        orjson.loads(text)
        return text
    except orjson.JSONDecodeError:
        raise Invalid(
            say("A variable's value is written as JSON, a text with its quotes. {text} is none.", text=text[:60])
        ) from None


def member(column: str) -> search.Filter:
    """A filter on a list of texts by one that is in it: $eq, $neq, $in, $notIn."""
    ways = {"$eq": False, "$neq": True, "$in": False, "$notIn": True}

    def made(wanted: Any, name: str) -> Criterion:
        signs = wanted if isinstance(wanted, dict) else {"$eq": wanted}
        return Every(tuple(one(name, sign, value) for sign, value in signs.items()))

    def one(name: str, sign: str, value: Any) -> Criterion:
        if sign not in ways:
            known = ", ".join(ways)
            raise Invalid(
                say("There is no operator {sign} for {name}. Operators: {known}.", sign=sign, name=name, known=known)
            )
        (held,) = search.of_field(
            name, {sign.replace("$neq", "$eq").replace("$notIn", "$in"): value}, column, shapes.word
        )
        assert isinstance(held, Condition)  # of one operator comes one condition
        found = Condition(column, held.value, "has" if held.operator == "eq" else "overlaps")
        return Not(found) if ways[sign] else found

    texts = {"type": "array", "maxItems": search.LISTED, "items": described.TEXT}
    operators = {"$eq": described.TEXT, "$neq": described.TEXT, "$in": texts, "$notIn": texts}
    schema = {"anyOf": [described.TEXT, {**described.thing("", **operators), "additionalProperties": False}]}
    return search.Filter(made, schema, plain=False)


def tags(wanted: Any, name: str) -> Criterion:
    """All of these tags."""
    return Condition("tags", shapes.texts({name: wanted}, name), "holds")


def retries_left(value: Any, name: str) -> Criterion:
    """Whether a job of it has failed and will be tried again."""
    failed = Related("jobs", (Condition("retries", 0, "gt"), Condition("message", True, "exists")))
    return failed if shapes.flag(value, name) else Not(failed)
