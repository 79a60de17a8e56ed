"""What lies between where an instance stands and its end: what comes for certain, and what may come.

Read from the drawing alone: no condition is evaluated, no decision is asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from processes.document import Document, Node

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
HOLDING = frozenset({"subProcess", "transaction", "adHocSubProcess"})
STEPS = frozenset(
    {
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "manualTask",
        "callActivity",
        "intermediateCatchEvent",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that is still to come. `certain` means that no way to the end leads round it."""

    element: str
    tag: str
    name: str
    certain: bool


def ahead(document: Document, live: Collection[str]) -> list[Step]:
    """The steps behind the elements where tokens are, nearest first, without those elements themselves.

    A step is certain if a token cannot come to an end of the process round it: gateways that choose, and boundary
    events that interrupt, leave open which way is taken.
    """
    order = _reached(document, live)
    certain = _certain(document, order, live)
    steps = (document.nodes[id_] for id_ in order if id_ not in live)
    return [Step(element=n.id, tag=n.tag, name=n.name, certain=n.id in certain) for n in steps if n.tag in STEPS]


def _reached(document: Document, live: Collection[str]) -> list[str]:
    """What tokens can come to, breadth first, the live elements first."""
    order = [id_ for id_ in live if id_ in document.nodes]
    seen = set(order)
    for here in order:  # grows while it is walked
        for following in (*_ways(document, here), *_inside(document, here)):
            if following not in seen:
                seen.add(following)
                order.append(following)
    return order


def _certain(document: Document, order: list[str], live: Collection[str]) -> set[str]:
    """What lies on every way: of the ways that are open one is taken, of those that are not all are."""
    everything = frozenset(order)
    found: dict[str, frozenset[str]] = dict.fromkeys(order, everything)
    changed = True
    while changed:
        changed = False
        for here in reversed(order):
            now = frozenset({here}) | _behind(document, here, found, here in live)
            if now != found[here]:
                found[here], changed = now, True
    return set().union(*(found[id_] for id_ in live if id_ in found))


def _behind(document: Document, here: str, found: Mapping[str, frozenset[str]], live: bool) -> frozenset[str]:
    """What is certain once `here` is left. A sub-process brings what is certain inside it, unless it is under way."""
    held = _holder(document, document.nodes[here])
    ends = not document.leaving(here) and held is not None
    behind = _left(document, held.id if ends and held else here, found)
    inside = [found[id_] for id_ in _inside(document, here) if id_ in found]
    return behind if live or not inside else behind | frozenset.intersection(*inside)


def _left(document: Document, here: str, found: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What is certain behind the flows of an element, as far as its interrupting boundaries lead there too."""
    flows = document.leaving(here)
    sets = [found[flow.target] for flow in flows if flow.target in found]
    choosing = document.nodes[here].tag in CHOOSING or any(flow.condition for flow in flows)
    behind: frozenset[str] = frozenset()
    if sets:
        behind = frozenset.intersection(*sets) if choosing else behind.union(*sets)
    for event in document.boundaries(here):
        if event.interrupts and event.id in found:
            behind &= found[event.id]
    return behind


def _ways(document: Document, here: str) -> list[str]:
    """The elements right behind one: by its flows and boundaries, and out of the sub-process that ends with it."""
    node = document.nodes[here]
    following = [flow.target for flow in document.leaving(here)]
    if not following and (held := _holder(document, node)):
        following = [flow.target for flow in document.leaving(held.id)]
    return following + [event.id for event in document.boundaries(here)]


def _inside(document: Document, here: str) -> list[str]:
    """Where a sub-process begins."""
    node = document.nodes[here]
    starts = [id_ for id_ in node.inside if document.nodes[id_].tag == "startEvent"] if node.tag in HOLDING else []
    return [id_ for id_ in starts if not document.nodes[id_].events]


def _holder(document: Document, node: Node) -> Node | None:
    held = document.nodes.get(node.parent)
    return held if held is not None and held.tag in HOLDING else None
