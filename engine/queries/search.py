"""Search over one noun: conditions, order and page, as the search endpoints of the process API have them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NamedTuple, TypeVar, Union

from psycopg.errors import UndefinedFunction

from engine.queries import keys
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")

Operator = Literal["eq", "neq", "gt", "gte", "lt", "lte", "in", "not_in", "like", "exists", "overlaps", "has", "holds"]
Mark = tuple[Any, ...]
Order = Sequence[tuple[str, bool]]

COUNTED = 10_000
JSON = "::jsonb"  # a column that ends so is compared with JSON texts, by what they mean

_ANOTHER = say("The cursor is of another search. Send it with the sort that it came from.")

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
    "holds": "{column} @> %s::text[]",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` is a name of the noun, not a column. For `like`, `*` stands for anything and `?` for one character.

    Of a list of texts, `overlaps` asks whether it shares one with another, `has` for one text, `holds` for all of some.
    """

    field: str
    value: Any
    operator: Operator = "eq"


@dataclass(frozen=True, slots=True)
class Either:
    """Holds where one of its criteria does; nowhere if it has none."""

    conditions: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Every:
    """Holds where all of its criteria do."""

    conditions: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Holds where something beside the noun meets all criteria, such as one of an instance's `variables`.

    `name` is one of the noun's `related`; the fields of the criteria are those of what stands there.
    """

    name: str
    conditions: tuple["Criterion", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where its criterion does not."""

    condition: "Criterion"


Criterion = Union[Condition, Either, Every, Not, Related]  # noqa: UP007  # the classes name it before it is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of what was found. `total` counts up to COUNTED; `more` tells that there are more than that.

    `first` and `last` mark its ends in the order of the search: what comes `after` or `before` them is asked with them.
    """

    items: list[T] = field(default_factory=list)
    total: int = 0
    more: bool = False
    first: Mark | None = None
    last: Mark | None = None


class Pair(NamedTuple):
    """A key made of two columns (`queries.keys`). `alone`: number 0 goes by the key of the instance alone."""

    instance: str
    number: str
    alone: bool = False

    @property
    def column(self) -> str:
        return (keys.scope_column if self.alone else keys.column)(self.instance, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Rows that hang on a noun: `source` ends in the condition that joins them to it."""

    source: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun(Generic[T]):
    """Something that can be searched: from which rows, by which fields, shown how.

    `fields` gives each name its column. The rows come in the order of `columns`. `key` makes the order one: columns
    that are never null. `pairs` are fields that two columns make, `where` holds for all of it.
    """

    name: str
    source: str
    fields: Mapping[str, str]
    columns: str
    key: tuple[str, ...]
    make: Callable[[Sequence[Any]], T]
    pairs: Mapping[str, Pair] = field(default_factory=dict)
    related: Mapping[str, Beside] = field(default_factory=dict)
    where: str = ""


def search(
    unit: Unit,
    noun: Noun[T],
    conditions: Sequence[Criterion] = (),
    order: Order = (),
    limit: int = 100,
    offset: int = 0,
    *,
    after: Mark | None = None,
    before: Mark | None = None,
    given: Sequence[Any] = (),
) -> Page[T]:
    """What meets all conditions. `order` lists fields, true for falling. Raises Invalid for an unknown field.

    `after` and `before` are marks of an earlier page in the same order. What comes in or goes meanwhile moves nothing:
    no row is seen twice, none is passed over. `given` are the values of the noun's source, where it has places.
    """
    if not 0 <= limit <= COUNTED or offset < 0:
        raise Invalid(say("A page has 0 to {most} rows and starts at 0 or later.", most=COUNTED))
    args = list(given)
    where = _where(noun, conditions, args)
    columns, begins = _ordered(noun, order), list(args)
    mark, back = (before, True) if before is not None else (after, False)
    beyond = "" if mark is None else _beyond(columns, mark, begins, back=back)
    by = ", ".join(_by(column, back=back) for column in columns)
    shown = ", ".join([noun.columns, *(column.text for column in columns)])
    # As literals: a plan that is made for any limit sorts where it could stop early.
    page = f"limit {int(limit)} offset {int(offset)}"
    try:
        rows = unit.all(f"select {shown} from {noun.source}{_and(where, beyond)} order by {by} {page}", begins)
    except UndefinedFunction:
        if mark is None:
            raise
        raise Invalid(_ANOTHER) from None
    if back:
        rows.reverse()
    width = len(columns)
    items = [noun.make(row[:-width]) for row in rows]
    first, last = (rows[0][-width:], rows[-1][-width:]) if rows else (None, None)
    if mark is None and (items and len(items) < limit or (not items and not offset and limit)):
        return Page(items=items, total=offset + len(items), first=first, last=last)
    counted = f"select count(*) from (select 1 from {noun.source}{_and(where, '')} limit {COUNTED + 1}) c"
    (total,) = unit.one(counted, args)
    return Page(items=items, total=min(total, COUNTED), more=total > COUNTED, first=first, last=last)


@dataclass(frozen=True, slots=True)
class Search(Generic[T]):
    """`search` for one noun: what the engine offers by name, such as `queries.jobs`."""

    noun: Noun[T]

    def __call__(
        self,
        unit: Unit,
        conditions: Sequence[Criterion] = (),
        order: Order = (),
        limit: int = 100,
        offset: int = 0,
        *,
        after: Mark | None = None,
        before: Mark | None = None,
    ) -> Page[T]:
        return search(unit, self.noun, conditions, order, limit, offset, after=after, before=before)


# -- order


class _Column(NamedTuple):
    text: str
    falling: bool
    nullable: bool


def _ordered(noun: Noun[Any], order: Order) -> list[_Column]:
    """The columns that the rows are in order by, to the one that tells every two of them apart."""
    found: list[_Column] = []
    for name, falling in order:
        column = _column(noun, name)
        found.append(_Column(column, falling, column not in noun.key))
        if (column,) == noun.key:
            return found
    return [*found, *(_Column(column, False, False) for column in noun.key)]


def _by(column: _Column, *, back: bool) -> str:
    falling, last = column.falling != back, "first" if back else "last"
    return f"{column.text} {'desc' if falling else 'asc'}" + (f" nulls {last}" if column.nullable else "")


def _beyond(columns: Sequence[_Column], mark: Mark, args: list[Any], *, back: bool) -> str:
    """What lies after the mark, or before it: by the first column that differs."""
    if len(mark) != len(columns):
        raise Invalid(_ANOTHER)
    ways = []
    for at, column in enumerate(columns):
        same = [_same(other, value, args) for other, value in zip(columns[:at], mark, strict=False)]
        differs = _differs(column, mark[at], args, back=back)
        ways.append("(" + " and ".join([*same, differs]) + ")")
    return "(" + " or ".join(ways) + ")"


def _same(column: _Column, value: Any, args: list[Any]) -> str:
    if value is None:
        return f"{column.text} is null"
    args.append(value)
    return f"{column.text} = %s"


def _differs(column: _Column, value: Any, args: list[Any], *, back: bool) -> str:
    """Nulls come last in either order: nothing is after one, and everything else before."""
    if value is None:
        return f"{column.text} is not null" if back else "false"
    args.append(value)
    sign = "<" if column.falling != back else ">"
    further = f"{column.text} {sign} %s"
    return f"({further} or {column.text} is null)" if column.nullable and not back else further


# -- conditions


def criteria(noun: Noun[Any], conditions: Sequence[Criterion]) -> tuple[str, list[Any]]:
    """The conditions as SQL that begins with `where`, empty where there are none, and its values."""
    args: list[Any] = []
    return _and(_where(noun, conditions, args)), args


def _where(noun: Noun[Any], conditions: Sequence[Criterion], args: list[Any]) -> str:
    parts = [noun.where] if noun.where else []
    return " and ".join([*parts, *(_holds(noun, condition, args) for condition in conditions)])


def _and(*parts: str) -> str:
    held = " and ".join(part for part in parts if part)
    return f" where {held}" if held else ""


def _holds(noun: Noun[Any], criterion: Criterion, args: list[Any]) -> str:
    """The criterion as SQL; its values are put behind `args`."""
    if isinstance(criterion, Either):
        return "(" + (" or ".join([_holds(noun, one, args) for one in criterion.conditions]) or "false") + ")"
    if isinstance(criterion, Every):
        return "(" + (" and ".join([_holds(noun, one, args) for one in criterion.conditions]) or "true") + ")"
    if isinstance(criterion, Not):
        return f"not {_holds(noun, criterion.condition, args)}"
    if isinstance(criterion, Related):
        return _related(noun, criterion, args)
    pair = noun.pairs.get(criterion.field)
    if pair is not None and criterion.operator in ("eq", "in"):
        wanted = criterion.value if criterion.operator == "in" else [criterion.value]
        return "(" + (" or ".join([_of_two(pair, key, args) for key in wanted]) or "false") + ")"
    return _compared(_column(noun, criterion.field), criterion, args)


def _compared(column: str, condition: Condition, args: list[Any]) -> str:
    if condition.operator == "exists":
        return f"{column} is {'not ' if condition.value else ''}null"
    if condition.operator == "like":
        args.append(_pattern(str(condition.value)))
        return f"{column} like %s"
    several = condition.operator in ("in", "not_in")
    args.append(list(condition.value) if several else condition.value)
    sign = _SIGNS[condition.operator].format(column=column)
    return sign.replace("%s", f"%s{JSON}{'[]' if several else ''}") if column.endswith(JSON) else sign


def _of_two(pair: Pair, key: int, args: list[Any]) -> str:
    """By both columns, so that their index is used."""
    args += keys.split(key)
    held = f"({pair.instance} = %s and {pair.number} = %s)"
    if not pair.alone:
        return held
    args.append(key)
    return f"{held} or ({pair.instance} = %s and {pair.number} = 0)"


def _related(noun: Noun[Any], related: Related, args: list[Any]) -> str:
    beside = noun.related[related.name]
    of: Noun[Any] = Noun(name=related.name, source="", fields=beside.fields, columns="", key=(), make=tuple)
    held = " and ".join([beside.source, *(_holds(of, one, args) for one in related.conditions)])
    return f"exists (select from {held})"


def _column(noun: Noun[Any], name: str) -> str:
    pair = noun.pairs.get(name)
    column = noun.fields.get(name) if pair is None else pair.column
    if column is None:
        known = ", ".join(sorted([*noun.fields, *noun.pairs]))
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
