"""Search over one table: conditions, order and page, as the search endpoints of the process API have them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")

Operator = Literal["eq", "neq", "gt", "gte", "lt", "lte", "in", "not_in", "like", "exists", "overlaps", "has"]

COUNTED = 10_000

_SIGNS = {
    "eq": "{column} = %s",
    "neq": "{column} is distinct from %s",
    "gt": "{column} > %s",
    "gte": "{column} >= %s",
    "lt": "{column} < %s",
    "lte": "{column} <= %s",
    "in": "{column} = any(%s)",
    "not_in": "not ({column} = any(%s))",
    "overlaps": "{column} && %s::text[]",
    "has": "%s::text = any({column})",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` is a name of the noun, not a column. For `like`, `*` stands for anything and `?` for one character.

    `overlaps` asks whether two lists of texts share one, `has` whether a list holds a text.
    """

    field: str
    value: Any
    operator: Operator = "eq"


@dataclass(frozen=True, slots=True)
class Either:
    """Holds where one of its conditions does."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of what was found. `total` counts up to COUNTED; `more` tells that there are more than that."""

    items: list[T] = field(default_factory=list)
    total: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun(Generic[T]):
    """Something that can be searched: from which rows, by which fields, shown how.

    `fields` gives each name its column. The rows come in the order of `columns`. `key` makes the order one.
    """

    name: str
    source: str
    fields: Mapping[str, str]
    columns: str
    key: str
    make: Callable[[Sequence[Any]], T]


def search(
    unit: Unit,
    noun: Noun[T],
    conditions: Sequence[Condition | Either] = (),
    order: Sequence[tuple[str, bool]] = (),
    limit: int = 100,
    offset: int = 0,
) -> Page[T]:
    """What meets all conditions. `order` lists fields, true for falling. Raises Invalid for an unknown field."""
    if not 0 <= limit <= COUNTED or offset < 0:
        raise Invalid(say("A page has 0 to {most} rows and starts at 0 or later.", most=COUNTED))
    where, args = _where(noun, conditions)
    by = "".join(f"{_column(noun, name)} {'desc' if falling else 'asc'} nulls last, " for name, falling in order)
    # As literals: a plan that is made for any limit sorts where it could stop early.
    page = f"limit {int(limit)} offset {int(offset)}"
    rows = unit.all(f"select {noun.columns} from {noun.source}{where} order by {by}{noun.key} {page}", args)
    items = [noun.make(row) for row in rows]
    if items and len(items) < limit or (not items and not offset and limit):
        return Page(items=items, total=offset + len(items))
    counted = f"select count(*) from (select 1 from {noun.source}{where} limit {COUNTED + 1}) c"
    (total,) = unit.one(counted, args)
    return Page(items=items, total=min(total, COUNTED), more=total > COUNTED)


def _where(noun: Noun[Any], conditions: Sequence[Condition | Either]) -> tuple[str, list[Any]]:
    args: list[Any] = []
    parts = [_holds(noun, condition, args) for condition in conditions]
    return (" where " + " and ".join(parts) if parts else ""), args


def _holds(noun: Noun[Any], condition: Condition | Either, args: list[Any]) -> str:
    """The condition as SQL; its values are put behind `args`."""
    if isinstance(condition, Either):
        return "(" + " or ".join([_holds(noun, one, args) for one in condition.conditions]) + ")"
    column = _column(noun, condition.field)
    if condition.operator == "exists":
        return f"{column} is {'not ' if condition.value else ''}null"
    if condition.operator == "like":
        args.append(_pattern(str(condition.value)))
        return f"{column} like %s"
    args.append(list(condition.value) if condition.operator in ("in", "not_in") else condition.value)
    return _SIGNS[condition.operator].format(column=column)


def _column(noun: Noun[Any], name: str) -> str:
    column = noun.fields.get(name)
    if column is None:
        known = ", ".join(sorted(noun.fields))
        raise Invalid(say("{noun} has no field {field}. It has: {known}.", noun=noun.name, field=name, known=known))
    return column


def _pattern(text: str) -> str:
    """`*` and `?` as SQL's `%` and `_`; what SQL would read otherwise is escaped, and `\\*` is a star itself."""
    made, taken = [], False
    for sign in text:
        if taken:
            made.append("\\\\" if sign == "\\" else f"\\{sign}" if sign in "%_" else sign)
            taken = False
        elif sign == "\\":
            taken = True
        else:
            made.append({"*": "%", "?": "_", "%": "\\%", "_": "\\_"}.get(sign, sign))
    return "".join(made)
