"""Random graphs of gateways, tasks, sub-processes, boundary events and event-based gateways, from a seed.

A node's kind is its first letter:

    s start      e end          t terminate end       u user task    w sub-process
    x exclusive  p parallel     o inclusive gateway   g event-based gateway, each of its ways a catch event k
    i boundary event that interrupts its host         n one that does not

Besides single nodes a graph holds motifs: small shapes in which several tokens come to one join, or a token could still
come to a join by either of two flows. Chance alone draws them too seldom.
"""

import random
from collections.abc import Iterator
from itertools import count

from tests.engine.spiff.drawing import DEFINITIONS, ON_MESSAGE, TERMINATE, boundary, flows, process

TAGS = {
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "o": "inclusiveGateway",
    "u": "userTask",
    "g": "eventBasedGateway",
}
MANY_WAYS = "xpouw"
SINGLES = "xxpoouuuuuuuwwgt"
MOTIFS = ("surplus", "surplus", "either", "balanced", "balanced", "by_event", "cut_off")

Unit = tuple[str, str]  # where its tokens come in, and where they go out; an empty way out for what ends


class Graph:
    """One scope. `edges` are pairs of nodes; `conditions` say for which k an edge is open: k modulo n is r.

    `defaults` are edges that are taken where no condition of their node holds. `inner` has the scopes of sub-processes,
    `attached` the boundary events of a host.
    """

    def __init__(self, seed: int, numbers: Iterator[int] | None = None, depth: int = 0) -> None:
        self.rng = random.Random(seed)
        self.numbers = numbers or count()
        self.depth = depth
        self.nodes: list[str] = []
        self.edges: list[tuple[str, str]] = []
        self.inner: dict[str, Graph] = {}
        self.attached: dict[str, list[str]] = {}
        self.start = self.new("s")
        self.end = self.new("e")
        self._draw()
        self._forget_what_nothing_leads_to()
        self.outs: dict[str, list[int]] = {node: [] for node in self.nodes}
        self.ins: dict[str, list[int]] = {node: [] for node in self.nodes}
        for number, (source, target) in enumerate(self.edges):
            self.outs[source].append(number)
            self.ins[target].append(number)
        self.conditions: dict[int, tuple[int, int]] = {}
        self.defaults: set[int] = set()
        for node in self.nodes:
            self._set_conditions(node)

    # -- drawing

    def new(self, kind: str) -> str:
        node = f"{kind}{next(self.numbers)}"
        self.nodes.append(node)
        return node

    def join(self, *chain: str) -> None:
        self.edges += zip(chain, chain[1:], strict=False)

    def _draw(self) -> None:
        rng = self.rng
        units = [self._unit() for _ in range(rng.randint(2, 5) if self.depth else rng.randint(3, 10))]
        self.join(self.start, units[0][0])
        for at, (_, out) in enumerate(units):
            if out:
                for _ in range(rng.choice([1, 1, 2, 2, 3]) if out[0] in MANY_WAYS else 1):
                    self.join(out, self._target(units, at))
        for host in [node for node in self.nodes if node[0] in "uw" and node not in self.attached]:
            if rng.random() < 0.2:
                event = self.new(rng.choice("in"))
                self.attached.setdefault(host, []).append(event)
                self.join(event, self._target(units, rng.randrange(len(units))))

    def _target(self, units: list[Unit], at: int) -> str:
        where = self.rng.random()
        if where < 0.12 or (where < 0.85 and at + 1 == len(units)):
            return self.end
        return self.rng.choice(units[at + 1 :] if where < 0.85 else units)[0]

    def _unit(self) -> Unit:
        if self.rng.random() < 0.3:
            return getattr(self, f"_{self.rng.choice(MOTIFS)}")()
        kind = self.rng.choice(SINGLES)
        if kind == "t" and (self.depth == 0 or self.rng.random() < 0.5) or (kind == "w" and self.depth == 2):
            kind = "u"
        node = self._sub_process() if kind == "w" else self.new(kind)
        if kind != "g":
            return node, "" if kind == "t" else node
        merge = self.new("x")
        for _ in range(self.rng.randint(2, 3)):
            self.join(node, self.new("k"), *([self.new("u")] if self.rng.random() < 0.5 else []), merge)
        return node, merge

    def _surplus(self) -> Unit:
        """Two tokens on either way into a join, one after the other."""
        split, join = self.new("p"), self.new(self.rng.choice("po"))
        for _ in range(2):
            merge = self.new("x")
            for _ in range(self.rng.randint(1, 2)):
                self.join(split, self.new("u"), merge)
            self.join(merge, join)
        return split, join

    def _either(self) -> Unit:
        """A token that can come to an inclusive join by the flow that is filled, or by the one that is not."""
        split, merge, choice, join = self.new("p"), self.new("x"), self.new("x"), self.new("o")
        self.join(split, self.new("u"), merge, join)
        self.join(split, self.new("u"), choice, merge)
        self.join(choice, join)
        return split, join

    def _balanced(self) -> Unit:
        """A split and its join."""
        kind = self.rng.choice("po")
        split, join = self.new(kind), self.new(kind)
        for _ in range(self.rng.randint(2, 3)):
            self.join(split, self.new("u"), join)
        return split, join

    def _by_event(self) -> Unit:
        """A token that can come to an inclusive join by the boundary event of its task only."""
        split, host, join, event = self.new("p"), self.new("u"), self.new("o"), self.new(self.rng.choice("in"))
        self.join(split, self.new("u"), join)
        self.join(split, host, self.end)
        self.attached[host] = [event]
        self.join(event, join)
        return split, join

    def _cut_off(self) -> Unit:
        """A terminate end event beside a sub-process. At the top it would end too many graphs too soon."""
        if self.depth != 1:
            return self._balanced()
        split = self.new("p")
        self.join(split, self._sub_process(), self.end)
        self.join(split, self.new("u"), self.new("t"))
        return split, ""

    def _sub_process(self) -> str:
        node = self.new("w")
        self.inner[node] = Graph(self.rng.randrange(1 << 30), self.numbers, self.depth + 1)
        return node

    def _forget_what_nothing_leads_to(self) -> None:
        reached, size = {self.start}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {target for source, target in self.edges if source in reached}
            reached |= {event for host, events in self.attached.items() if host in reached for event in events}
        self.nodes = [node for node in self.nodes if node in reached]
        self.edges = [edge for edge in self.edges if edge[0] in reached]
        self.attached = {host: events for host, events in self.attached.items() if host in reached}
        self.inner = {node: inner for node, inner in self.inner.items() if node in reached}

    def _set_conditions(self, node: str) -> None:
        """Gateways have a default; an activity has one, or else a flow that is always taken."""
        outs, rng = self.outs[node], self.rng
        if len(outs) < 2 or node[0] not in "xouw" or (node[0] in "uw" and rng.random() < 0.3):
            return
        always = node[0] in "uw" and rng.random() < 0.4
        for edge in outs[:-1]:
            if node[0] in "xo" or rng.random() < 0.7:
                self.conditions[edge] = rng.randint(2, 3), rng.randint(0, 1)
        if not always and any(edge in self.conditions for edge in outs):
            self.defaults.add(outs[-1])

    # -- as a file

    def xml(self) -> str:
        return process(self.body(), definitions=DEFINITIONS)

    def body(self) -> str:
        chains = []
        for number, (source, target) in enumerate(self.edges):
            mark = "{default} " if number in self.defaults else ""
            if number in self.conditions:
                mark = "{{modulo(k, {}) = {}}} ".format(*self.conditions[number])
            chains.append(f"{source} {mark}{target}")
        drawn, defaults = flows(*chains, prefix=f"f{self.start}_")
        body = "".join(self._element(node) for node in self.nodes)
        for node, flow in defaults.items():
            body = body.replace(f'id="{node}"', f'id="{node}" default="{flow}"')
        return body + drawn

    def _element(self, node: str) -> str:
        kind = node[0]
        if kind in "in":
            host = next(host for host, events in self.attached.items() if node in events)
            return boundary(node, host, ON_MESSAGE, interrupting=kind == "i")
        if kind == "w":
            return f'<subProcess id="{node}">{self.inner[node].body()}</subProcess>'
        ends = {"t": TERMINATE, "e": "", "k": ON_MESSAGE, "s": ""}
        tags = {"t": "endEvent", "e": "endEvent", "k": "intermediateCatchEvent", "s": "startEvent"} | TAGS
        return f'<{tags[kind]} id="{node}">{ends.get(kind, "")}</{tags[kind]}>'
