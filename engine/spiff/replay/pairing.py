"""Which element of one version is which of the other, and where their flows lead among those that both have."""

from collections.abc import Mapping
from typing import Any

from engine.spiff.model import Flow, Model
from engine.spiff.moves.likeness import called
from engine.spiff.replay.twin import Path


class Side:
    """One version, seen as what it shares with the other: `shared` gives the common name of an element, in ids of the
    proposed version.
    """

    def __init__(self, model: Model, shared: Mapping[str, str]) -> None:
        self.model = model
        self.shared = shared
        self.flows: dict[str, Flow] = {flow.id: flow for node in model.nodes.values() for flow in node.flows}
        self._leads: dict[str, frozenset[str]] = {}
        for node in model.nodes.values():  # the ways of an event-based gateway
            self.flows.update((flow.id, flow) for flow in getattr(node, "branch", ()))

    def leads(self, flow: str) -> frozenset[str]:
        """The first shared elements that a flow leads to, past those that only this version has."""
        if flow not in self._leads:
            self._leads[flow] = frozenset(self._search(self.flows[flow].target)) if flow in self.flows else frozenset()
        return self._leads[flow]

    def _search(self, node: Any) -> set[str]:
        found, seen, ahead = set(), {node.name}, [node]
        while ahead:
            at = ahead.pop()
            if at.name in self.shared:
                found.add(self.shared[at.name])
                continue
            for flow in (*at.flows, *getattr(at, "branch", ())):
                if flow.target.name not in seen:
                    seen.add(flow.target.name)
                    ahead.append(flow.target)
        return found

    def path(self, found: Path) -> Path:
        """A path in common names, without what only this version has."""
        return tuple((self.shared[element], number) for element, number in found if element in self.shared)

    def named(self, element: str) -> str:
        """An element as people find it."""
        known = self.model.elements.get(element)
        return called(known) if known is not None else element

    def target(self, flow: str) -> str:
        """Where a flow leads, as people find it."""
        return self.named(self.flows[flow].target.name) if flow in self.flows else flow


class Pairing:
    """The version of the case (`old`) and the proposed one (`new`). `images` maps elements of one to the other's."""

    def __init__(self, old: Model, new: Model, images: Mapping[str, str]) -> None:
        paired = {source: target for source, target in images.items() if source in old.nodes and target in new.nodes}
        self.images: Mapping[str, str] = {**paired, old.process_id: new.process_id}
        self.sources: Mapping[str, str] = {target: source for source, target in self.images.items()}
        self.old = Side(old, self.images)
        self.new = Side(new, {target: target for target in self.images.values()})
