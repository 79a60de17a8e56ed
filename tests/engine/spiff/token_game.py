"""Random graphs of gateways and user tasks, and the token game on them written down once more, apart from the engine.

A node's kind is its first letter: x exclusive, p parallel, o inclusive, u user task; s starts, e ends.
"""

import random
from collections import Counter, deque

from tests.engine.spiff.drawing import ENDS, START, process, tags

KINDS = {"x": "exclusiveGateway", "p": "parallelGateway", "o": "inclusiveGateway", "u": "userTask"}
TOO_LONG = 3000


class Endless(Exception):
    """The graph goes round without waiting."""


class Graph:
    """`edges` are pairs of nodes; `conditions` say for which steps k an edge is open: k modulo n is r."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        nodes = [rng.choice("xpouuupo") + str(n) for n in range(rng.randint(4, 18))]
        drawn = [("s", nodes[0])]
        for at, node in enumerate(nodes):
            for _ in range(1 if node[0] == "u" else rng.choice([1, 1, 2, 2, 3])):
                drawn.append((node, self._target(rng, nodes, at)))
        reached = self._reached(drawn)
        self.nodes = [node for node in nodes if node in reached]
        self.edges = [edge for edge in drawn if edge[0] in reached]
        self.outs: dict[str, list[int]] = {}
        self.ins: dict[str, list[int]] = {}
        for number, (source, target) in enumerate(self.edges):
            self.outs.setdefault(source, []).append(number)
            self.ins.setdefault(target, []).append(number)
        self.conditions = {
            number: (rng.randint(2, 3), rng.randint(0, 1))
            for node, numbers in self.outs.items()
            if node[0] in "xo" and len(numbers) > 1
            for number in numbers[:-1]
        }

    @staticmethod
    def _target(rng: random.Random, nodes: list[str], at: int) -> str:
        where = rng.random()
        if where < 0.12:
            return "e"
        return rng.choice(nodes[at + 1 :] or ["e"]) if where < 0.85 else rng.choice(nodes)

    @staticmethod
    def _reached(edges: list[tuple[str, str]]) -> set[str]:
        reached, size = {"s"}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {target for source, target in edges if source in reached}
        return reached

    def xml(self) -> str:
        chains = []
        for number, (source, target) in enumerate(self.edges):
            mark = ""
            if number in self.conditions:
                mark = "{{modulo(k, {}) = {}}} ".format(*self.conditions[number])
            elif source[0] in "xo" and len(self.outs[source]) > 1:
                mark = "{default} "
            chains.append(f"{source} {mark}{target}")
        ends = ENDS if "e" in self.ins else START
        return process(ends + "".join(tags(KINDS[node[0]], node) for node in self.nodes), *chains)


class Game:
    """Tokens at open user tasks (`open`) and on the edges before joins (`at`)."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.open: Counter[str] = Counter()
        self.at: Counter[int] = Counter()
        self.moves = 0
        self.order_is_open = False  # two inclusive joins could fire: the standard leaves open which does first
        self.waiting_inclusive = 0
        self.play(deque([0]), 0)

    def complete(self, task: str, k: int) -> None:
        self.open[task] -= 1
        queue: deque[int] = deque()
        self.emit(task, k, queue)
        self.play(queue, k)

    def emit(self, node: str, k: int, queue: deque[int]) -> None:
        edges = self.graph.outs.get(node, [])
        if node[0] in "xo" and len(edges) > 1:
            held = [e for e in edges[:-1] if k % self.graph.conditions[e][0] == self.graph.conditions[e][1]]
            edges = (held[:1] if node[0] == "x" else held) or edges[-1:]
        queue.extend(edges)

    def play(self, queue: deque[int], k: int) -> None:
        while True:
            while queue:
                self.move(queue.popleft(), k, queue)
            able = [node for node in self.graph.nodes if self.is_inclusive_join(node) and self.may_fire(node)]
            if not able:
                self.waiting_inclusive += any(c and self.graph.edges[e][1][0] == "o" for e, c in self.at.items())
                return
            self.order_is_open |= len(able) > 1
            self.use(able[0], k, queue)

    def move(self, edge: int, k: int, queue: deque[int]) -> None:
        self.moves += 1
        if self.moves > TOO_LONG:
            raise Endless
        node = self.graph.edges[edge][1]
        if node == "e":
            return
        if node[0] == "u":
            self.open[node] += 1
        elif node[0] == "x" or len(self.graph.ins[node]) == 1:
            self.emit(node, k, queue)
        else:
            self.at[edge] += 1
            if node[0] == "p" and all(self.at[e] for e in self.graph.ins[node]):
                self.use(node, k, queue)

    def is_inclusive_join(self, node: str) -> bool:
        return node[0] == "o" and len(self.graph.ins.get(node, ())) > 1

    def use(self, node: str, k: int, queue: deque[int]) -> None:
        for edge in self.graph.ins[node]:
            self.at[edge] -= self.at[edge] > 0
        self.emit(node, k, queue)

    def may_fire(self, join: str) -> bool:
        filled = {edge for edge in self.graph.ins[join] if self.at[edge]}
        empty = set(self.graph.ins[join]) - filled
        if not filled:
            return False
        places = {node for node, count in self.open.items() if count}
        places |= {self.graph.edges[edge][1] for edge, count in self.at.items() if count}
        return all(
            not (hits & empty) or hits & filled for hits in (self.hits(place, join) for place in places - {join})
        )

    def hits(self, place: str, join: str) -> set[int]:
        """The edges into a join that a token at a place can come by, without passing the join."""
        seen, ahead, found = {place}, [place], set()
        while ahead:
            for edge in self.graph.outs.get(ahead.pop(), ()):
                target = self.graph.edges[edge][1]
                if target == join:
                    found.add(edge)
                elif target not in seen:
                    seen.add(target)
                    ahead.append(target)
        return found
