"""Functions that ask which items a list holds: equality pays for every comparison."""

from feel.builtins.registry import builtin
from feel.run import Run
from feel.values.compare import equal
from feel.values.host import adopt
from feel.values.model import Value

_HASHED = (int, str, bool)


@builtin("list contains(list: list, element: any?)")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    return any(equal(item, element, run) is True for item in items)


@builtin("index of(list: list, match: any?)")
def index_of(run: Run, items: list[Value], match: Value) -> list[int]:
    return [index for index, item in enumerate(items, 1) if equal(item, match, run) is True]


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """The first of each, in the order of the list."""
    seen = _Seen(run)
    return [item for item in items if seen.add(item)]


@builtin("union(list...: any)", "union(lists...: any)")
def union(run: Run, lists: list[Value]) -> list[Value]:
    seen, joined = _Seen(run), []
    for part in lists:
        for raw in part if type(part) is list else [part]:
            item = adopt(raw)
            if seen.add(item):
                joined.append(item)
    return joined


@builtin("duplicate values(list: list)")
def duplicate_values(run: Run, items: list[Value]) -> list[Value]:
    """Each value that is there more than once, at its first place."""
    once, twice = _Seen(run), _Seen(run)
    for item in items:
        if not once.add(item):
            twice.add(item)
    return [item for item in distinct_values(run, items) if twice.holds(item)]


class _Seen:
    """The values met so far: whole numbers, strings and booleans by hash, the others one by one."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain: set[tuple[type, Value]] = set()
        self._others: list[Value] = []

    def holds(self, value: Value) -> bool:
        self._run.charge(1)
        if type(value) in _HASHED:
            return (type(value), value) in self._plain
        self._run.charge(len(self._others))
        return any(equal(value, other, self._run) is True for other in self._others)

    def add(self, value: Value) -> bool:
        """True where the value is new."""
        if self.holds(value):
            return False
        if type(value) in _HASHED:
            self._plain.add((type(value), value))
        else:
            self._others.append(value)
        return True
