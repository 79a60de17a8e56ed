"""Which variables FEEL may name at each element: what can be there when a token comes to it.

A variable counts where the node that leaves it can come before the element, or on another branch at the same time. What
comes only later does not. A node that may bring anything (a message, a job of someone else's) leaves the list open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from processes.hints import shapes
from processes.hints.drawing import Drawing, Node, Place, scopes
from processes.hints.family import Family
from processes.hints.provides import Named, Provided, provided
from processes.hints.shapes import ANY, Shape

MOST_NODES = 1_500  # of a file: beyond, nobody draws by hand, and what comes before what would cost too much
MOST_SOURCES = 8


@dataclass(frozen=True, slots=True)
class Source:
    """Where a variable comes from; no node if the file itself has it. `surely`: its node lies before the element."""

    node: Node | None
    shape: Shape
    surely: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What can be seen at a place: `own` of the element and of the scopes around it, and what nodes before it left.

    `left` and `before` are nodes as bits: those that may have left something, and those that lie before the place.
    `open` says that there may be more than is known.
    """

    index: "Index | None" = None
    own: Mapping[str, Source] = field(default_factory=dict)
    left: int = 0
    before: int = 0
    open: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.own or (self.index is not None and bool(self.index.leaving.get(name, 0) & self.left))

    def names(self) -> list[str]:
        """Every name, sorted."""
        leaving = self.index.leaving if self.index is not None else {}
        return sorted({*self.own, *(name for name, nodes in leaving.items() if nodes & self.left)})

    def sources(self, name: str) -> list[Source]:
        """Where a variable comes from, the surest first, a few at most."""
        found = [self.own[name]] if name in self.own else []
        if self.index is None:
            return found
        nodes = self.index.leaving.get(name, 0) & self.left
        for part, surely in ((nodes & self.before, True), (nodes & ~self.before, False)):
            for node in self.index.nodes_of(part, MOST_SOURCES - len(found)):
                found.append(Source(node, self.index.provided[node.id].left[name], surely))
        return found


class Index:
    """The nodes of a file as bits: what each leaves, what comes before and after what."""

    def __init__(self, drawn: Drawing, provided: Mapping[str, Provided]) -> None:
        self.provided = provided
        self._nodes: Sequence[Node] = list(drawn.nodes.values())
        self.bits = {node.id: 1 << place for place, node in enumerate(self._nodes)}
        ways = {node.id: node.ways for node in self._nodes}
        back: dict[str, set[str]] = {id: set() for id in ways}
        for id, following in ways.items():
            for way in following:
                back[way].add(id)
        order = list(ways)
        self.after = _reach(order[::-1], ways, self.bits)
        self.before = _reach(order, back, self.bits)
        self.processes: dict[str, int] = {}
        self.leaving: dict[str, int] = {}
        self.opening = 0
        for node in self._nodes:
            self._note(node)

    def _note(self, node: Node) -> None:
        bit = self.bits[node.id]
        self.processes[node.process] = self.processes.get(node.process, 0) | bit
        for name in self.provided[node.id].left:
            self.leaving[name] = self.leaving.get(name, 0) | bit
        if self.provided[node.id].leaves_all:
            self.opening |= bit

    def nodes_of(self, bits: int, most: int) -> Iterator[Node]:
        """The nodes of some bits, the last drawn first, so many at most."""
        while bits and most > 0:
            place = bits.bit_length() - 1
            yield self._nodes[place]
            bits ^= 1 << place
            most -= 1


@dataclass(frozen=True, kw_only=True)  # without slots: what is worked out is kept
class Upstream:
    """One file of a family."""

    family: Family
    drawn: Drawing

    @cached_property
    def known(self) -> bool:
        """False for a file that is too large to be looked through."""
        return len(self.drawn.nodes) <= MOST_NODES

    @cached_property
    def provided(self) -> dict[str, Provided]:
        """What each node brings, by id."""
        return provisions(self.drawn, self.family, {})

    @cached_property
    def index(self) -> Index:
        return Index(self.drawn, self.provided)

    @cached_property
    def everything(self) -> frozenset[str]:
        """Every name that any node of the file gives."""
        return frozenset(name for one in self.provided.values() for name in (*one.left, *one.own, *one.result))

    @cached_property
    def flows(self) -> dict[str, Node]:
        """The node that each sequence flow leaves."""
        found = {}
        for process in self.drawn.processes.values():
            for flow in process.iter("{*}sequenceFlow"):
                if flow.get("sourceRef") in self.drawn.nodes:
                    found[flow.get("id", "")] = self.drawn.nodes[flow.get("sourceRef")]
        return found

    def at(self, place: Place) -> Seen:
        """What an expression sees. Those of a flow are asked when its source is done."""
        node = self.drawn.nodes.get(place.element)
        if node is None:
            return self.flow(place.element)
        return self.around(node) if place.sees == "outside" else self.inside(node, result=place.sees == "result")

    def flow(self, id: str) -> Seen:
        """What the condition of a sequence flow sees; anything, for one that leads from nowhere."""
        source = self.flows.get(id)
        return Seen(open=True) if source is None else self.around(source, done=True)

    def around(self, node: Node, *, done: bool = False) -> Seen:
        """What is there when a token comes to a node, or, if it is `done`, leaves it."""
        kept = self._around.get((node.id, done))
        if kept is None:
            kept = self._around[node.id, done] = self._look(node, done)
        return kept

    @cached_property
    def _around(self) -> dict[tuple[str, bool], Seen]:
        return {}

    def _look(self, node: Node, done: bool) -> Seen:
        index = self.index
        own: dict[str, Source] = {}
        for holder in scopes(node, self.drawn.nodes):
            if holder in self.drawn.nodes:
                for name, shape in self.provided[holder].own.items():
                    own.setdefault(name, Source(self.drawn.nodes[holder], shape))
        before, bit = index.before[node.id], index.bits[node.id]
        itself = bit if done or before & bit else 0
        left = index.processes[node.process] & (before | ~index.after[node.id]) & ~bit | itself
        return Seen(index=index, own=own, left=left, before=before | itself, open=bool(index.opening & left))

    def inside(self, node: Node, *, result: bool = False) -> Seen:
        """What a node sees of its own besides: its inputs, and with `result` what its work brought."""
        outside, brings = self.around(node), self.provided[node.id]
        mine = {**brings.own, **(brings.result if result else {})}
        return Seen(
            index=outside.index,
            own={**outside.own, **{name: Source(node, shape) for name, shape in mine.items()}},
            left=outside.left,
            before=outside.before,
            open=outside.open or (result and brings.open),
        )


def provisions(drawn: Drawing, family: Family, callers: dict[str, tuple[Named, bool]]) -> dict[str, Provided]:
    """What each node of a drawing brings, by id. `callers` keeps what called processes leave: each is read once.

    A process that calls itself, over others too, is taken to leave anything.
    """

    def calls(process: str) -> tuple[Named, bool]:
        if process not in callers:
            callers[process] = ({}, True)
            other = family.process(process)
            if other is not None:
                callers[process] = _left(provisions(other, family, callers), other, process)
        return callers[process]

    seen: dict[str, Shape] = {}
    found: dict[str, Provided] = {}
    for _ in range(2):  # the second time what comes from behind, in a loop, is known as well
        for node in _in_order(drawn):
            brings = provided(node, drawn, family, lambda name: seen.get(name, ANY), calls)
            found[node.id] = brings
            for name, shape in (*brings.left.items(), *brings.own.items()):
                seen[name] = shapes.merged(shape, seen[name]) if name in seen else shape
    return found


def _left(found: Mapping[str, Provided], drawn: Drawing, process: str) -> tuple[Named, bool]:
    """What a process leaves to who calls it: all that any of its nodes leaves."""
    left: dict[str, Shape] = {}
    inner = [node for node in drawn.nodes.values() if node.process == process]
    for node in inner:
        for name, shape in found[node.id].left.items():
            left[name] = shapes.merged(shape, left.get(name, ANY))
    return left, any(found[node.id].leaves_all for node in inner if node.tag != "startEvent")


def _in_order(drawn: Drawing) -> list[Node]:
    """The nodes, starts first, each after one that leads to it."""
    order = [node.id for node in drawn.nodes.values() if node.tag == "startEvent" and node.scope in drawn.processes]
    met = set(order)
    for id in order:  # grows while it is walked
        for way in drawn.nodes[id].ways:
            if way not in met:
                met.add(way)
                order.append(way)
    return [drawn.nodes[id] for id in (*order, *(id for id in drawn.nodes if id not in met))]


def _reach(order: Sequence[str], ways: Mapping[str, set[str]], bits: Mapping[str, int]) -> dict[str, int]:
    """The nodes that can be reached from each, as bits; itself only if it lies in a loop."""
    reach = dict.fromkeys(order, 0)
    changed = True
    while changed:
        changed = False
        for id in order:
            now = reach[id]
            for way in ways[id]:
                now |= bits[way] | reach[way]
            if now != reach[id]:
                reach[id], changed = now, True
    return reach
