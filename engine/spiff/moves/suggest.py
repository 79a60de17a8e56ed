"""A plan as it suggests itself: elements of the same id, then of the same name, then in the same position.

Only what could take a token across is suggested: the same kind, in the scope that takes the place of its own.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from engine.spiff.model import Model
from engine.spiff.moves.likeness import difference, kinds_of_events

ENDS = ("startEvent", "endEvent")

Why = Literal["id", "name", "position"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A mapping, and why it suggests itself."""

    source: str
    target: str
    why: Why


def suggested(old: Model, new: Model) -> list[Suggested]:
    """The mappings that suggest themselves, in the order of the old file. The same files give the same list."""
    found = _Search(old, new)
    found.run()
    return [Suggested(source=id, target=found.images[id], why=found.whys[id]) for id in old.nodes if id in found.whys]


class _Search:
    def __init__(self, old: Model, new: Model) -> None:
        self.old = old
        self.new = new
        self.images: dict[str, str] = {old.process_id: new.process_id}
        self.whys: dict[str, Why] = {}
        self._before = _neighbours(old)
        self._after = _neighbours(new)

    def run(self) -> None:
        """Again and again, because what is matched makes scopes and neighbours of the rest known."""
        while self._by_id() or self._by_name() or self._by_position():
            pass

    def _by_id(self) -> bool:
        return self._take("id", [(id, id) for id in self._open(self.old) if id in self.new.nodes])

    def _by_name(self) -> bool:
        return self._take("name", self._pairs(self._named(self.old), self._named(self.new)))

    def _named(self, model: Model) -> Callable[[str], Hashable | None]:
        def signature(id: str) -> Hashable | None:
            element = model.elements[id]
            scope = self._scope(model, id)
            return (element.type, scope, element.name) if element.name and scope is not None else None

        return signature

    def _by_position(self) -> bool:
        return self._take("position", self._pairs(self._placed(self.old), self._placed(self.new)))

    def _placed(self, model: Model) -> Callable[[str], Hashable | None]:
        """Its kind and its neighbours, as soon as all of them are matched. The ends of a scope need none."""
        neighbours = self._before if model is self.old else self._after
        taken = set(self.images.values())

        def signature(id: str) -> Hashable | None:
            scope, sides = self._scope(model, id), neighbours[id]
            element, kinds = model.elements[id], tuple(kinds_of_events(model.nodes[id]))
            if scope is not None and element.type in ENDS:
                return element.type, kinds, scope
            if scope is None or not any(sides):
                return None
            known: Iterable[Any] = self.images if model is self.old else taken
            if any(other not in known for side in sides for other in side):
                return None
            ends = sides if model is not self.old else tuple([self.images[other] for other in side] for side in sides)
            around = tuple(frozenset(side) for side in ends)
            return element.type, kinds, scope, around

        return signature

    def _scope(self, model: Model, id: str) -> str | None:
        """The scope of an element in the new model's words."""
        scope = model.elements[id].scope
        return scope if model is self.new else self.images.get(scope)

    def _open(self, model: Model) -> list[str]:
        known = set(self.images) if model is self.old else set(self.images.values())
        return [id for id in model.nodes if id not in known]

    def _pairs(
        self, before: Callable[[str], Hashable | None], after: Callable[[str], Hashable | None]
    ) -> list[tuple[str, str]]:
        """Those that only one on each side is like."""
        sources, targets = _only(self._open(self.old), before), _only(self._open(self.new), after)
        return [(id, targets[signature]) for signature, id in sources.items() if signature in targets]

    def _take(self, why: Why, pairs: list[tuple[str, str]]) -> bool:
        taken, found = set(self.images.values()), False
        for source, target in pairs:
            fits = self._scope(self.old, source) == self.new.elements[target].scope
            if fits and target not in taken and difference(self.old, source, self.new, target) is None:
                self.images[source], self.whys[source] = target, why
                taken.add(target)
                found = True
        return found


def _only(ids: list[str], signature: Callable[[str], Hashable | None]) -> dict[Hashable, str]:
    """The ids by their signature, without those that share it."""
    found: dict[Hashable, list[str]] = {}
    for id in ids:
        made = signature(id)
        if made is not None:
            found.setdefault(made, []).append(id)
    return {made: alike[0] for made, alike in found.items() if len(alike) == 1}


def _neighbours(model: Model) -> dict[str, tuple[list[str], list[str]]]:
    """For each element those before it and those after it; an activity comes before its boundary events."""
    found: dict[str, tuple[list[str], list[str]]] = {id: ([], []) for id in model.nodes}
    for _, source, target in model.flows:
        found[source][1].append(target)
        found[target][0].append(source)
    for id, element in model.elements.items():
        host = element.attributes.get("attachedTo")
        if host in found and id in found:
            found[id][0].append(host)
    return found
