"""The search endpoints: filter with operators, sort, page. One shape for all nouns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from api.v2 import cursors, shapes
from engine.queries import Condition, Criterion, Either, Every, Mark, Order, Page
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
Fields = Mapping[str, tuple[str, Reader]]  # a name of the API: the noun's field, and how its values are read

LIMIT = 100
MOST = 10_000  # items of a page
LISTED = 1000  # values of $in
OR = "$or"
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


class Filter(NamedTuple):
    """A filter that is more than one field: how it is read from what the caller sends, and what is told of it.

    `plain`: it is a value, or `{"$eq": value}`; otherwise `read` gets whatever was sent.
    """

    read: Callable[[Any, str], Criterion]
    schema: Mapping[str, Any]
    plain: bool = True


Own = Mapping[str, Filter]
First = Callable[[dict[str, Any]], tuple[list[Criterion], dict[str, Any]]]  # takes what belongs together off a filter
NO_OWN: Own = {}


class Find(Protocol[T]):
    """A search of `engine.queries`."""

    def __call__(
        self,
        conditions: Sequence[Criterion],
        order: Order,
        limit: int,
        offset: int,
        *,
        after: Mark | None,
        before: Mark | None,
    ) -> Page[T]: ...


class Wanted(NamedTuple):
    """Which part of what is found: by its offset, or from a mark of an earlier page on."""

    limit: int = LIMIT
    offset: int = 0
    after: Mark | None = None
    before: Mark | None = None


def search(
    raw: bytes,
    fields: Fields,
    find: Find[T],
    shape: Callable[[T], dict[str, Any]],
    *,
    own: Own = NO_OWN,
    also: Sequence[Criterion] = (),
) -> dict[str, Any]:
    """The answer to a search request. Raises Invalid, naming what the search does not have."""
    return look(shapes.body(raw), fields, find, shape, own=own, also=also)


def look(
    body: Mapping[str, Any],
    fields: Fields,
    find: Find[T],
    shape: Callable[[T], dict[str, Any]],
    *,
    own: Own = NO_OWN,
    also: Sequence[Criterion] = (),
) -> dict[str, Any]:
    """The same for a body that was read already."""
    wanted, order = page(body), sorting(body, fields)
    criteria = [*also, *conditions(body, fields, own)]
    found = find(criteria, order, wanted.limit, wanted.offset, after=wanted.after, before=wanted.before)
    return answer([shape(item) for item in found.items], found)


def answer(items: list[dict[str, Any]], found: Page[Any]) -> dict[str, Any]:
    """A page as the API has it."""
    return {
        "items": items,
        "page": {
            "totalItems": found.total,
            "hasMoreTotalItems": found.more,
            "startCursor": cursors.written(found.first),
            "endCursor": cursors.written(found.last),
        },
    }


# -- filter


def conditions(found: Mapping[str, Any], fields: Fields, own: Own = NO_OWN) -> list[Criterion]:
    """The filter of a search. Raises Invalid for a field or an operator that the search does not have."""
    return criteria(shapes.values(found, "filter"), fields, own)


def criteria(wanted: dict[str, Any], fields: Fields, own: Own = NO_OWN, first: First | None = None) -> list[Criterion]:
    """What all must hold. `$or` lists further filters of which one must."""
    made: list[Criterion] = []
    if first is not None:
        made, wanted = first(wanted)
    for name, value in wanted.items():
        if name in own:
            filter_ = own[name]
            made.append(filter_.read(only_equal(value, name) if filter_.plain else value, name))
        elif name in fields:
            made += of_field(name, value, *fields[name])
        elif name == OR:
            made += _either(value, fields, own, first)
        else:
            known = ", ".join(sorted([*fields, *own]))
            raise Invalid(say("There is no filter {name} here. Filters: {known}.", name=name, known=known))
    return made


def _either(wanted: Any, fields: Fields, own: Own, first: First | None) -> list[Criterion]:
    if not isinstance(wanted, list) or len(wanted) > LISTED or not all(isinstance(one, dict) for one in wanted):
        raise Invalid(say("{name} takes a list of filters.", name=OR))
    return [Either(tuple(Every(tuple(criteria(one, fields, own, first))) for one in wanted))] if wanted else []


def of_field(name: str, wanted: Any, column: str, read: Reader) -> list[Criterion]:
    """What one field must be: a value, or an object of operators that all hold."""
    if not isinstance(wanted, dict):
        return [Condition(column, read(wanted, name))]
    return [_compared(name, column, sign, value, read) for sign, value in wanted.items()]


def _compared(name: str, column: str, sign: str, value: Any, read: Reader) -> Condition:
    operator = OPERATORS.get(sign)
    if operator is None or (operator == "like" and not shapes.is_text(read)):
        known = ", ".join(OPERATORS)
        raise Invalid(
            say("There is no operator {sign} for {name}. Operators: {known}.", sign=sign, name=name, known=known)
        )
    if operator in ("exists", "like"):
        read = shapes.flag if operator == "exists" else shapes.word
    if operator not in ("in", "not_in"):
        return Condition(column, read(value, name), operator)  # type: ignore[arg-type]  # of the table above
    if not isinstance(value, list) or len(value) > LISTED:
        raise Invalid(say("{sign} of {name} takes a list of at most {most}.", sign=sign, name=name, most=LISTED))
    return Condition(column, [read(one, name) for one in value], operator)  # type: ignore[arg-type]  # the same


def only_equal(wanted: Any, name: str) -> Any:
    """The value of a filter that knows no operator but `$eq`."""
    if not isinstance(wanted, dict):
        return wanted
    if wanted.keys() != {"$eq"}:
        raise Invalid(say("{name} can only be compared by $eq.", name=name))
    return wanted["$eq"]


# -- order and page


def sorting(found: Mapping[str, Any], fields: Fields) -> list[tuple[str, bool]]:
    """The order of a search as (field, descending). Raises Invalid for a field that the search does not have."""
    wanted = found.get("sort") or []
    if not isinstance(wanted, list):
        raise Invalid(say("{name} must be a list of fields with their order.", name="sort"))
    return [_ordered(part, fields) for part in wanted]


def _ordered(part: Any, fields: Fields) -> tuple[str, bool]:
    name, order = (part.get("field"), part.get("order") or "ASC") if isinstance(part, dict) else (part, "ASC")
    if not isinstance(name, str) or name not in fields:
        known = ", ".join(sorted(fields))
        raise Invalid(say("Sorting by {name} is not possible here. Fields: {known}.", name=str(name)[:60], known=known))
    if str(order).upper() not in ("ASC", "DESC"):
        raise Invalid(say("The order of {name} is ASC or DESC.", name=name))
    return fields[name][0], str(order).upper() == "DESC"


def page(found: Mapping[str, Any]) -> Wanted:
    """Which page is wanted. Raises Invalid outside of 0 to MOST, and for `after`, `before` and `from` together."""
    wanted = found.get("page")
    if wanted is None:
        return Wanted()
    if not isinstance(wanted, dict):
        raise Invalid(say("{name} must be a JSON object.", name="page"))
    if sum(wanted.get(name) is not None for name in ("after", "before", "from")) > 1:
        raise Invalid(say("A page is found by one of after, before and from. Send one of them."))
    limit, offset = shapes.number(wanted, "limit", LIMIT), shapes.number(wanted, "from", 0)
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid(say("A page has 0 to {most} items, from 0 on.", most=MOST))
    return Wanted(limit, offset, cursors.read(wanted, "after"), cursors.read(wanted, "before"))
