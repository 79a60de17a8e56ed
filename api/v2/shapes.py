"""What the process API speaks: bodies in, filters, pages and keys. Keys are 64-bit integers, written as texts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import orjson

from engine.queries import Condition, Page
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")
MOST = 1000
# Camunda's filter operators, and ours.
OPERATORS = {
    "$eq": "eq",
    "$neq": "neq",
    "$gt": "gt",
    "$gte": "gte",
    "$lt": "lt",
    "$lte": "lte",
    "$in": "in",
    "$notIn": "not_in",
    "$like": "like",
    "$exists": "exists",
}


def body(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request; an empty body is an empty object. Raises Invalid."""
    if not raw:
        return {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as fault:
        raise Invalid(say("The body is not JSON: {why}.", why=str(fault))) from None
    if not isinstance(found, dict):
        raise Invalid(say("The body must be a JSON object."))
    return found


def key(text: Any, name: str) -> int:
    """A key from its text. Raises Invalid naming the field."""
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    raise Invalid(
        say("{name} is {text}, which is no key. Keys are whole numbers written as text.", name=name, text=text)
    )


def values(found: Mapping[str, Any], name: str = "variables") -> dict[str, Any]:
    """An object of variables, empty where there is none. Raises Invalid for anything else."""
    given = found.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid(say("{name} must be a JSON object.", name=name))
    return given


def text(found: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A text of the body. Raises Invalid where it is missing and has no default."""
    given = found.get(name, default)
    if not isinstance(given, str) or (default is None and not given):
        raise Invalid(say("{name} is missing. It is a text.", name=name))
    return given


def number(found: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of the body. Raises Invalid for anything else."""
    given = found.get(name, default)
    if isinstance(given, bool) or not isinstance(given, int):
        raise Invalid(say("{name} must be a whole number.", name=name))
    return given


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Fields = Mapping[str, tuple[str, Callable[[Any, str], Any]]]


def as_is(value: Any, _: str) -> Any:
    return value


def conditions(found: Mapping[str, Any], fields: Fields) -> list[Condition]:
    """The filter of a search. Raises Invalid for a field or an operator that the search does not have."""
    made: list[Condition] = []
    for name, wanted in values(found, "filter").items():
        if name not in fields:
            known = ", ".join(sorted(fields))
            raise Invalid(say("There is no filter {name} here. Filters: {known}.", name=name, known=known))
        column, read = fields[name]
        if not isinstance(wanted, dict):
            wanted = {"$eq": wanted}
        for sign, value in wanted.items():
            if sign not in OPERATORS:
                raise Invalid(say("There is no operator {sign} for {name}.", sign=sign, name=name))
            given = [read(v, name) for v in value] if isinstance(value, list) else read(value, name)
            made.append(Condition(column, given, OPERATORS[sign]))  # type: ignore[arg-type]  # of the table above
    return made


def sorting(found: Mapping[str, Any], fields: Fields) -> list[tuple[str, bool]]:
    """The order of a search as (field, descending). Raises Invalid for a field that the search does not have."""
    made = []
    for part in found.get("sort") or ():
        name = str(part.get("field")) if isinstance(part, dict) else ""
        if name not in fields:
            raise Invalid(say("Sorting by {name} is not possible here.", name=name))
        made.append((fields[name][0], str(part.get("order", "asc")).lower() == "desc"))
    return made


def page(found: Mapping[str, Any]) -> tuple[int, int]:
    """Limit and offset of a search. Raises Invalid outside of 0 to 1000."""
    wanted = values(found, "page")
    limit, offset = number(wanted, "limit", 100), number(wanted, "from", 0)
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid(say("A page has 0 to {most} items, from 0 on.", most=MOST))
    return limit, offset


def listed(found: Page[T], shape: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """A page as the API gives it."""
    return {
        "items": [shape(item) for item in found.items],
        "page": {"totalItems": found.total, "hasMoreTotalItems": found.more},
    }
