"""Variable scopes as in Camunda 8: looked up inside out, written where the name lives, else at the process."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.model import Value, Values
from engine.spiff.values import check_all

if TYPE_CHECKING:
    from engine.spiff.turn import Turn


class Scope(Mapping[str, Value]):
    """One level of variables, seen together with the levels around it. Expressions read it in place, never a copy.

    `id` is the token that owns it, 0 for the process. A value is never changed in place: an assignment replaces it.
    """

    __slots__ = ("id", "own", "parent", "turn")

    def __init__(self, id: int, parent: "Scope | None", turn: "Turn", own: dict[str, Value] | None = None) -> None:
        self.id = id
        self.parent = parent
        self.turn = turn
        self.own: dict[str, Value] = {} if own is None else own

    def __getitem__(self, name: str) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.parent
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.own:
                return True
            scope = scope.parent
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(self.visible())

    def __len__(self) -> int:
        return len(self.visible())

    def visible(self) -> dict[str, Value]:
        """A copy of all that can be read here, the nearest value of each name."""
        seen = self.parent.visible() if self.parent is not None else {}
        seen.update(self.own)
        return seen

    def assign(self, name: str, value: Value) -> None:
        """Set a variable at this very level. Raises Invalid for a value that cannot be kept (see values.py)."""
        check_all({name: value})
        self._set(name, value)

    def assign_all(self, values: Values) -> None:
        """Set variables at this very level: all of them, or none where one cannot be kept."""
        check_all(values)
        for name, value in values.items():
            self._set(name, value)

    def merge(self, values: Values) -> None:
        """Set each variable at the nearest level that has it, else at the outermost one: all of them, or none."""
        check_all(values)
        for name, value in values.items():
            scope = self
            while scope.parent is not None and name not in scope.own:
                scope = scope.parent
            scope._set(name, value)

    def _set(self, name: str, value: Value) -> None:
        if name not in self.own:
            self.own[name] = value
            self.turn.variable(self.id, name, None, value, created=True)
            return
        before = self.own[name]
        if not same(before, value):
            self.own[name] = value
            self.turn.variable(self.id, name, before, value, created=False)


def same(one: Value, other: Value) -> bool:
    """True if two JSON values are written alike: 1 is not true, and 1 is not 1.0, though Python calls them equal."""
    return one is other or (one == other and repr(one) == repr(other))


def put(target: dict[str, Value], path: str, value: Value) -> None:
    """Assign to `a.b.c`. The old nested value, which another scope may hold as well, stays as it is."""
    head, _, rest = path.partition(".")
    if rest:
        old = target.get(head)
        inner = dict(old) if isinstance(old, dict) else {}
        put(inner, rest, value)
        value = inner
    target[head] = value
