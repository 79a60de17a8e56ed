"""Which row of a submitted list is which row of before.

A browser sends back only what its fields hold, so a row has lost its key. It is known again by what the person could
not change in it, then by what they left as it was. Members that the form does not show stay with the row that they
belong to.
"""

from collections.abc import Callable

from forms import values
from forms.kinds import KINDS
from forms.model import Component, Value
from forms.places import NOWHERE, get

Locks = Callable[[Component, int], bool]

_NAMES = ("key", "id", "no", "uuid")
_TELLING = frozenset({"textfield", "textarea", "number", "datetime", "filepicker"})


def origins(component: Component, submitted: list[Value], rows: list[Value], locked: Locks) -> list[int | None]:
    """For each submitted row the position of the row that it comes from, None for one that the person added.

    A list that keeps its rows keeps their order. Elsewhere a row is matched by its key, id or number where it has one;
    else among the rows whose locked fields it repeats by most values in common; else, filled in by the person, in order
    with the rows that were empty.
    """
    if component.raw.get("allowAddRemove", True) is not True:
        return [index if index < len(rows) else None for index in range(len(submitted))]
    left = list(range(len(rows)))
    found: list[int | None] = []
    for row in submitted:
        match = _named(row, rows, left) if _name(row) else _likest(component, row, rows, left, locked)
        if match is not None:
            left.remove(match)
        found.append(match)
    for place, row in enumerate(submitted):
        if found[place] is None and not _name(row):
            found[place] = _blank(component, row, rows, left, locked)
    return found


def _name(row: Value) -> str:
    return next((name for name in _NAMES if row.get(name) not in (None, "")), "")


def _named(row: Value, rows: list[Value], left: list[int]) -> int | None:
    name = _name(row)
    return next((index for index in left if values.same(rows[index].get(name), row[name])), None)


def _likest(component: Component, row: Value, rows: list[Value], left: list[int], locked: Locks) -> int | None:
    best, most = None, 0
    for index in left:
        score = _likeness(component, row, rows[index], index, locked)
        if score is not None and score > most:
            best, most = index, score
    return best


def _likeness(component: Component, row: Value, before: Value, index: int, locked: Locks) -> int | None:
    """How many telling values two rows have in common; None if they differ where the person could change nothing."""
    score = 0
    for field in component.children:
        if not KINDS[field.kind].keyed:
            continue
        now, then = get(row, field.path), get(before, field.path)
        same = values.same(now, then)
        if not same and now is not NOWHERE and locked(field, index):
            return None
        score += same and field.kind in _TELLING and now not in (None, "", NOWHERE)
    return score


def _blank(component: Component, row: Value, rows: list[Value], left: list[int], locked: Locks) -> int | None:
    """The first row left that showed nothing, and that `row` may have been filled into."""
    for index in left:
        shown = [get(rows[index], field.path) for field in component.children if field.kind in _TELLING]
        untouched = all(value in (None, "", NOWHERE) for value in shown)
        if untouched and _likeness(component, row, rows[index], index, locked) is not None:
            left.remove(index)
            return index
    return None
