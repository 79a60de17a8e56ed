"""Where components stand in the data: one place for each component, and in a dynamic list one for each row.

Expressions inside a list see, as in form-js: `this` (the row), `parent` (what holds the list), `i` (the row's number,
from 1, as a list that has one number for each list around); outside a list `this` is the whole data.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.model import Clock, Component, Path, Value
from forms.template import hides

Hidden = frozenset[tuple[str, tuple[int, ...]]]
NOWHERE = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A component at one path. `rows` are the row numbers, from 0, of the lists around, `scopes` their paths."""

    component: Component
    path: Path
    rows: tuple[int, ...] = ()
    scopes: tuple[Path, ...] = ()

    @property
    def key(self) -> tuple[str, tuple[int, ...]]:
        """What tells this place from every other."""
        return self.component.id, self.rows


def get(data: Value, path: Path) -> Value:
    """The value at a path, or NOWHERE."""
    for part in path:
        if isinstance(part, int):
            if not isinstance(data, list) or part >= len(data):
                return NOWHERE
        elif not isinstance(data, dict) or part not in data:
            return NOWHERE
        data = data[part]
    return data


def put(data: dict[str, Value], path: Path, value: Value) -> None:
    """Set the value at a path, making objects on the way. A row must be there already."""
    here: Any = data
    for part in path[:-1]:
        if isinstance(part, str) and not isinstance(here.get(part), dict | list):
            here[part] = {}
        here = here[part]
    here[path[-1]] = value


def drop(data: dict[str, Value], path: Path) -> None:
    """Take the value at a path away, if it is there."""
    here = get(data, path[:-1])
    if isinstance(here, dict):
        here.pop(path[-1], None)


def scope(
    place: Place,
    data: Mapping[str, Value],
    around: Mapping[str, Value] | None = None,
    whole: Mapping[str, Value] | None = None,
) -> Mapping[str, Value]:
    """What an expression at a place sees: the data over `around`, and the names of the row that it stands in.

    The row itself is taken from `whole` where that is given: as in form-js, a row sees all of its own fields, those
    that are hidden as well, which `data` lacks.
    """
    seen: Mapping[str, Value] = data if around is None else ChainMap(dict(data), dict(around))
    rows = [{} if found is NOWHERE else found for found in (get(whole or data, path) for path in place.scopes)]
    this = rows[-1] if rows else dict(seen)
    parent = None if not rows else (rows[-2] if len(rows) > 1 else dict(seen))
    special = {"this": this, "parent": parent, "i": [row + 1 for row in place.rows]}
    wrapped = {f"_{name}_": value for name, value in special.items()}
    return ChainMap(wrapped, dict(seen), special)


def places(
    component: Component, data: Mapping[str, Value], base: Path = (), at: Place | None = None
) -> Iterator[Place]:
    """Every place below a component, top-down in document order, rows as the data has them."""
    rows, scopes = (at.rows, at.scopes) if at else ((), ())
    for child in component.children:
        path = base + child.path
        place = Place(component=child, path=path, rows=rows, scopes=scopes)
        yield place
        if child.repeats:
            found = get(data, path)
            for index in range(len(found) if isinstance(found, list) else 0):
                row = (*path, index)
                inside = Place(component=child, path=row, rows=(*rows, index), scopes=(*scopes, row))
                yield from places(child, data, row, inside)
        elif child.children:
            yield from places(child, data, path, place)


def visible(
    component: Component,
    data: Mapping[str, Value],
    seen: Mapping[str, Value],
    around: Mapping[str, Value],
    clock: Clock,
) -> tuple[list[Place], list[Place]]:
    """The places of `data` that are shown and those that are hidden, each in document order.

    Conditions are asked over `seen`, then over `around`.
    A place is hidden when its own condition says so or when it stands in something hidden.
    """
    shown: list[Place] = []
    hidden: list[Place] = []
    concealed: set[tuple[int, tuple[int, ...]]] = set()
    parents = {id(child): outer for outer in component.walk() for child in outer.children}
    for place in places(component, data):
        outer = parents[id(place.component)]
        rows = place.rows[:-1] if outer.repeats else place.rows
        if (id(outer), rows) in concealed or hides(place.component, scope(place, seen, around, data), clock):
            concealed.add((id(place.component), place.rows))
            hidden.append(place)
        else:
            shown.append(place)
    return shown, hidden
