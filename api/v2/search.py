"""The search endpoints: filter with operators, sort, page. One shape for all nouns."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from api.v2 import shapes
from engine.queries import Condition, Either, Page
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
Fields = Mapping[str, tuple[str, Reader]]  # a name of the API: the noun's field, and how its values are read
Own = Mapping[str, Callable[[Any, str], Condition]]  # filters that are more than one field
Find = Callable[[Sequence[Condition | Either], Sequence[tuple[str, bool]], int, int], Page[T]]

MOST = 1000
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
NO_OWN: Own = {}


def search(
    raw: bytes,
    fields: Fields,
    find: Find[T],
    shape: Callable[[T], dict[str, Any]],
    *,
    own: Own = NO_OWN,
    also: Sequence[Condition | Either] = (),
) -> dict[str, Any]:
    """The answer to a search request. Raises Invalid, naming what the search does not have."""
    body = shapes.body(raw)
    limit, offset = page(body)
    found = find([*also, *conditions(body, fields, own)], sorting(body, fields), limit, offset)
    return {
        "items": [shape(item) for item in found.items],
        "page": {
            "totalItems": found.total,
            "hasMoreTotalItems": found.more,
            "startCursor": _cursor(offset) if found.items else None,
            "endCursor": _cursor(offset + len(found.items)) if found.items else None,
        },
    }


def conditions(found: Mapping[str, Any], fields: Fields, own: Own = NO_OWN) -> list[Condition]:
    """The filter of a search. Raises Invalid for a field or an operator that the search does not have."""
    made: list[Condition] = []
    for name, wanted in shapes.values(found, "filter").items():
        if name in own:
            made.append(own[name](_only_equal(wanted, name), name))
        elif name in fields:
            made += _of_field(name, wanted, *fields[name])
        else:
            known = ", ".join(sorted([*fields, *own]))
            raise Invalid(say("There is no filter {name} here. Filters: {known}.", name=name, known=known))
    return made


def _of_field(name: str, wanted: Any, column: str, read: Reader) -> list[Condition]:
    if not isinstance(wanted, dict):
        return [Condition(column, read(wanted, name))]
    return [_compared(name, column, sign, value, read) for sign, value in wanted.items()]


def _compared(name: str, column: str, sign: str, value: Any, read: Reader) -> Condition:
    operator = OPERATORS.get(sign)
    if operator is None or (operator == "like" and read is not shapes.word):
        known = ", ".join(OPERATORS)
        raise Invalid(
            say("There is no operator {sign} for {name}. Operators: {known}.", sign=sign, name=name, known=known)
        )
    if operator == "exists":
        read = shapes.flag
    if operator not in ("in", "not_in"):
        return Condition(column, read(value, name), operator)  # type: ignore[arg-type]  # of the table above
    if not isinstance(value, list) or len(value) > MOST:
        raise Invalid(say("{sign} of {name} takes a list of at most {most}.", sign=sign, name=name, most=MOST))
    return Condition(column, [read(one, name) for one in value], operator)  # type: ignore[arg-type]  # the same


def _only_equal(wanted: Any, name: str) -> Any:
    if not isinstance(wanted, dict):
        return wanted
    if wanted.keys() != {"$eq"}:
        raise Invalid(say("{name} can only be compared by $eq.", name=name))
    return wanted["$eq"]


def sorting(found: Mapping[str, Any], fields: Fields) -> list[tuple[str, bool]]:
    """The order of a search as (field, descending). Raises Invalid for a field that the search does not have."""
    wanted = found.get("sort") or []
    if not isinstance(wanted, list):
        raise Invalid(say("{name} must be a list of fields with their order.", name="sort"))
    return [_ordered(part, fields) for part in wanted]


def _ordered(part: Any, fields: Fields) -> tuple[str, bool]:
    name, order = (part.get("field"), part.get("order", "ASC")) if isinstance(part, dict) else (part, "ASC")
    if not isinstance(name, str) or name not in fields:
        known = ", ".join(sorted(fields))
        raise Invalid(say("Sorting by {name} is not possible here. Fields: {known}.", name=str(name)[:60], known=known))
    if str(order).upper() not in ("ASC", "DESC"):
        raise Invalid(say("The order of {name} is ASC or DESC.", name=name))
    return fields[name][0], str(order).upper() == "DESC"


def page(found: Mapping[str, Any]) -> tuple[int, int]:
    """Limit and offset of a search; `after` is the end of an earlier page. Raises Invalid outside of 0 to MOST."""
    wanted = shapes.values(found, "page")
    shapes.lacking(wanted, "before")
    limit, offset = shapes.number(wanted, "limit", 100), shapes.number(wanted, "from", 0)
    if wanted.get("after") is not None:
        offset = _offset(shapes.text(wanted, "after"))
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid(say("A page has 0 to {most} items, from 0 on.", most=MOST))
    return limit, offset


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(b"%d" % offset).decode()


def _offset(cursor: str) -> int:
    try:
        return shapes.whole(int(base64.urlsafe_b64decode(cursor)), "after")
    except (binascii.Error, ValueError):
        raise Invalid(say("The cursor is of no page of ours. Use endCursor of the page before.")) from None
