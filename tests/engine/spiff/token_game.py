"""The token game of BPMN on a random graph, written down once more, apart from the engine (BPMN 2.0.2, 13)."""

from collections import Counter, deque
from collections.abc import Iterator

from tests.engine.spiff.random_graph import Graph

TOO_LONG = 2000


class Endless(Exception):
    """The graph goes round without waiting."""


class Place:
    """A scope that runs: tokens at open tasks and event-based gateways, on the edges before joins, in sub-processes.

    `alive` counts them all, and those on their way.
    """

    def __init__(self, graph: Graph, around: "Place | None" = None, node: str = "") -> None:
        self.graph = graph
        self.around = around
        self.node = node
        self.open: Counter[str] = Counter()
        self.at: Counter[int] = Counter()
        self.inside: dict[str, list[Place]] = {}
        self.alive = 0
        self.over = False

    def all(self) -> Iterator["Place"]:
        yield self
        for inner in self.inside.values():
            for place in inner:
                yield from place.all()

    def plain(self) -> Iterator["Place"]:
        """Without the scopes of which several run at once: their tokens cannot be told apart from outside."""
        yield self
        for inner in self.inside.values():
            if len(inner) == 1:
                yield from inner[0].plain()

    def busy(self) -> set[str]:
        """The nodes at which tokens stand."""
        waiting = {self.graph.edges[edge][1] for edge in +self.at}
        return waiting | set(+self.open) | {node for node, inner in self.inside.items() if inner}


class Game:
    """`order_is_open` where two inclusive joins could fire: the standard leaves open which does first."""

    def __init__(self, graph: Graph) -> None:
        self.moves = 0
        self.order_is_open = False
        self.waiting_inclusive = 0
        self.queue: deque[tuple[Place, int]] = deque()
        self.top = Place(graph)
        self.begin(self.top, 0)
        self.play(0)

    # -- what is seen from outside

    def tasks(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for place in self.top.all():
            found.update({node: number for node, number in place.open.items() if number and node[0] == "u"})
        return found

    def waits(self) -> Counter[str]:
        """Catch events behind gateways, and boundary events."""
        found: Counter[str] = Counter()
        for place in self.top.all():
            for node, number in (+place.open).items():
                for wait in self._waits_of(place.graph, node):
                    found[wait] += number
            for node, inner in place.inside.items():
                for wait in place.graph.attached.get(node, ()):
                    found[wait] += len(inner)
        return +found

    @staticmethod
    def _waits_of(graph: Graph, node: str) -> list[str]:
        if node[0] == "g":
            return [graph.edges[edge][1] for edge in graph.outs[node]]
        return graph.attached.get(node, [])

    def choices(self) -> list[tuple[Place, str, str]]:
        """What can be done next: (scope, node where the token stands, what happens)."""
        found = []
        for place in self.top.plain():
            for node in place.busy():
                if node[0] == "u":
                    found.append((place, node, node))
                if node[0] in "ug" or len(place.inside.get(node, ())) == 1:
                    found += [(place, node, wait) for wait in self._waits_of(place.graph, node)]
        return sorted(found, key=lambda choice: choice[1:])

    # -- moves

    def choose(self, place: Place, node: str, what: str, k: int) -> None:
        """A task is completed, an event happens."""
        if what[0] == "n":
            place.alive += 1
        elif node in place.inside:
            self.end(place.inside[node].pop())
        else:
            place.open[node] -= 1
        self.emit(place, what, k)
        self.play(k)

    def begin(self, place: Place, k: int) -> None:
        place.alive = 1
        self.emit(place, place.graph.start, k)

    def end(self, place: Place) -> None:
        for inner in place.all():
            inner.over = True

    def emit(self, place: Place, node: str, k: int) -> None:
        """One token goes on by the ways that its node takes."""
        graph = place.graph
        outs = graph.outs[node]
        held = [e for e in outs if e in graph.conditions and k % graph.conditions[e][0] == graph.conditions[e][1]]
        if node[0] == "p" or not any(e in graph.conditions for e in outs):
            taken = outs
        elif node[0] == "x":
            taken = held[:1] or outs[-1:]
        elif node[0] == "o":
            taken = held or outs[-1:]
        else:
            always = [e for e in outs if e not in graph.conditions and e not in graph.defaults]
            taken = [e for e in outs if e in held or e in always or (e in graph.defaults and not held)]
        place.alive += len(taken) - 1
        self.queue.extend((place, edge) for edge in taken)
        self.look_whether_over(place, k)

    def look_whether_over(self, place: Place, k: int) -> None:
        if place.alive or place.over:
            return
        place.over = True
        if place.around is not None:
            place.around.inside[place.node].remove(place)
            self.emit(place.around, place.node, k)

    def play(self, k: int) -> None:
        while True:
            while self.queue:
                place, edge = self.queue.popleft()
                if not place.over:
                    self.move(place, edge, k)
            able = [(place, n) for place in self.top.all() for n in place.graph.nodes if self.may_fire(place, n)]
            if not able:
                self.waiting_inclusive += any(
                    number and place.graph.edges[edge][1][0] == "o"
                    for place in self.top.all()
                    for edge, number in place.at.items()
                )
                return
            self.order_is_open |= len(able) > 1
            self.use(*able[0], k)

    def move(self, place: Place, edge: int, k: int) -> None:
        self.moves += 1
        if self.moves > TOO_LONG:
            raise Endless
        node = place.graph.edges[edge][1]
        kind = node[0]
        if kind == "e":
            place.alive -= 1
            self.look_whether_over(place, k)
        elif kind == "t":
            self.terminate(place, k)
        elif kind in "ug":
            place.open[node] += 1
        elif kind == "w":
            inner = Place(place.graph.inner[node], place, node)
            place.inside.setdefault(node, []).append(inner)
            self.begin(inner, k)
        else:
            self.come_to_gateway(place, edge, node, k)

    def terminate(self, place: Place, k: int) -> None:
        """The scope ends with all in it, and nothing else does."""
        for inner in [inner for found in place.inside.values() for inner in found]:
            self.end(inner)
        place.inside.clear()
        place.alive = 0
        self.look_whether_over(place, k)

    def come_to_gateway(self, place: Place, edge: int, node: str, k: int) -> None:
        ins = place.graph.ins[node]
        if node[0] == "x" or len(ins) == 1:
            self.emit(place, node, k)
            return
        place.at[edge] += 1
        if node[0] == "p" and all(place.at[e] for e in ins):
            self.use(place, node, k)

    def use(self, place: Place, node: str, k: int) -> None:
        """A join makes one token of one from each way in."""
        for edge in place.graph.ins[node]:
            if place.at[edge]:
                place.at[edge] -= 1
                place.alive -= 1
        place.alive += 1
        self.emit(place, node, k)

    # -- inclusive joins

    def may_fire(self, place: Place, join: str) -> bool:
        if join[0] != "o" or len(place.graph.ins[join]) < 2:
            return False
        filled = {edge for edge in place.graph.ins[join] if place.at[edge]}
        empty = set(place.graph.ins[join]) - filled
        if not filled:
            return False
        return all(
            not (hits & empty) or hits & filled
            for hits in (self.hits(place.graph, node, join) for node in place.busy() - {join})
        )

    @staticmethod
    def hits(graph: Graph, node: str, join: str) -> set[int]:
        """The edges into a join that a token at a node can come by, without passing the join."""
        seen, ahead, found = {node}, [node], set()
        while ahead:
            at = ahead.pop()
            for event in graph.attached.get(at, ()):
                if event not in seen:
                    seen.add(event)
                    ahead.append(event)
            for edge in graph.outs[at]:
                target = graph.edges[edge][1]
                if target == join:
                    found.add(edge)
                elif target not in seen:
                    seen.add(target)
                    ahead.append(target)
        return found
