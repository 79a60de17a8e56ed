"""Where a token can still come to: for every node of a scope, the ways into inclusive joins that lie ahead of it.

An inclusive join asks this of each token that is elsewhere (BPMN 2.0.2, table 13.3): can it come to one of my flows
without passing through me? All joins of a scope are answered by one walk against the flows. A set of flows is a whole
number with a bit for each; what is ahead of a node is what is ahead of the nodes behind its flows, except that the
flows of a join are taken off where the way leads through that join. The sets only grow, so the walk ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.spiff.nodes.gateways import InclusiveGateway


class Ahead(Mapping[str, frozenset[str]]):
    """For one join: the ids of its incoming flows that a token at a node can come to, by the node's name."""

    def __init__(self, table: Mapping[str, int], flows: Mapping[str, int]) -> None:
        self._table = table
        self._flows = tuple(flows.items())
        self._mask = sum(flows.values())

    def __getitem__(self, name: str) -> frozenset[str]:
        bits = self._table[name] & self._mask
        if not bits:
            raise KeyError(name)
        return frozenset(flow for flow, bit in self._flows if bits & bit)

    def __iter__(self) -> Iterator[str]:
        return (name for name, bits in self._table.items() if bits & self._mask)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Ahead({[flow for flow, _ in self._flows]})"


def find_reach(nodes: Iterable[Any]) -> None:
    """Tell each inclusive join of a scope what lies ahead of whom. All nodes and flows are there."""
    everything = list(nodes)
    bits, masks = _number(everything)
    if not bits:
        return
    table = _ahead(everything, bits, masks)
    for node in everything:
        if node.name in masks:
            node.reach = Ahead(table, {flow.id: bits[flow.id] for flow in node.incoming})


def _number(nodes: list[Any]) -> tuple[dict[str, int], dict[str, int]]:
    """A bit for each flow into an inclusive join, and all the bits of each join."""
    bits: dict[str, int] = {}
    masks: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, InclusiveGateway) and len(node.incoming) > 1:
            for flow in node.incoming:
                bits.setdefault(flow.id, 1 << len(bits))
            masks[node.name] = sum({bits[flow.id] for flow in node.incoming})
    return bits, masks


def _ahead(nodes: list[Any], bits: dict[str, int], masks: dict[str, int]) -> dict[str, int]:
    """The least sets that hold what lies ahead. In rounds from the ends, so only ways back need another round."""
    table = dict.fromkeys((node.name for node in nodes), 0)
    before = predecessors(nodes)
    order = from_the_ends(nodes)
    changed = set(table)
    while changed:
        for node in order:
            if node.name not in changed:
                continue
            changed.discard(node.name)
            found = 0
            for flow in node.flows:
                target = flow.target.name
                found |= bits.get(flow.id, 0) | (table[target] & ~masks.get(target, 0))
            for boundary in node.boundaries:
                found |= table[boundary.name]
            if found != table[node.name]:
                table[node.name] = found
                changed.update(other.name for other in before.get(node.name, ()))
    return table


def predecessors(nodes: Iterable[Any]) -> dict[str, list[Any]]:
    """From where a token comes to a node: over a flow, or over a boundary event of an activity."""
    before: dict[str, list[Any]] = {}
    for node in nodes:
        for target in {target.name: target for target in successors(node)}.values():
            before.setdefault(target.name, []).append(node)
    return before


def successors(node: Any) -> list[Any]:
    """Where a token of a node can go next."""
    return [flow.target for flow in node.flows] + list(node.boundaries)


def from_the_ends(nodes: Iterable[Any]) -> list[Any]:
    """The nodes so that, loops aside, each comes after all that lie ahead of it."""
    seen: set[str] = set()
    order: list[Any] = []
    for root in nodes:
        ahead = [(root, False)]
        while ahead:
            node, done = ahead.pop()
            if done:
                order.append(node)
            elif node.name not in seen:
                seen.add(node.name)
                ahead.append((node, True))
                ahead += [(target, False) for target in successors(node) if target.name not in seen]
    return order
