"""Which element of the new version takes the place of which of the old one, as a plan says it and as it follows.

What is active is moved only where the plan names it. What merely listens, what is completed, and the ways between
elements go to what the plan names, else to the same id where that is the same kind of thing in the same place.
"""

from collections.abc import Mapping
from typing import Any

from engine.spiff.model import Flow, Model
from engine.spiff.moves.likeness import difference


class Plan:
    """`named` maps ids of elements, and of sequence flows into joins, from the old model to the new one."""

    def __init__(self, old: Model, new: Model, named: Mapping[str, str]) -> None:
        self.old = old
        self.new = new
        self.named = named
        self._images: dict[str, str | None] = {old.process_id: new.process_id}

    def image(self, id: str) -> str | None:
        """The element that takes the place of this one; None where there is none."""
        if id not in self._images:
            self._images[id] = self._image(id)
        return self._images[id]

    def _image(self, id: str) -> str | None:
        target = self.named.get(id)
        if target is not None:
            return target
        if id not in self.new.elements or difference(self.old, id, self.new, id) is not None:
            return None
        return id if self.keeps_scope(id, id) else None

    def keeps_scope(self, source: str, target: str) -> bool:
        """Whether the new element lies in the scope that takes the place of the old one's."""
        return self.image(self.old.elements[source].scope) == self.new.elements[target].scope

    def way(self, join: str, id: str) -> str | None:
        """The flow into a join by which a token goes on waiting there; None where there is none."""
        target = self.image(join)
        if target is None:
            return None
        incoming: list[Flow] = self.new.nodes[target].incoming
        ids = [flow.id for flow in incoming]
        if id in self.named:
            return self.named[id] if self.named[id] in ids else None
        return id if id in ids else self._way_between(self.old.nodes[join].incoming, incoming, id)

    def _way_between(self, before: list[Flow], after: list[Flow], id: str) -> str | None:
        """The flow between the same two elements; of several the one in the same place among them."""
        source = next((flow.source.name for flow in before if flow.id == id), "")
        alike = [flow.id for flow in before if flow.source.name == source]
        origin = self.image(source) if source else None
        found = [flow.id for flow in after if flow.source.name == origin]
        place = alike.index(id) if id in alike else 0
        return found[place] if place < len(found) else None

    def ways(self) -> dict[str, str]:
        """The sequence flows that have another id in the new version, for reading the history by it."""
        drawn: dict[tuple[str, str], list[str]] = {}
        ids = set()
        for id, source, target in self.new.flows:
            drawn.setdefault((source, target), []).append(id)
            ids.add(id)
        found: dict[str, str] = {}
        for id, source, target in self.old.flows:
            ends = (self.image(source) or "", self.image(target) or "")
            if id in self.named:
                found[id] = self.named[id]
            elif id not in ids and drawn.get(ends):
                found[id] = drawn[ends].pop(0)
        return found

    def listener(self, listener: Any, among: list[Any]) -> str | None:
        """The boundary event or event sub-process, one of `among`, that goes on listening in place of an old one."""
        target = self.image(listener.name)
        return target if target in [node.name for node in among] else None
