"""Random block-structured processes: all that can be active when an instance moves, within each other."""

import random

from tests.engine.spiff.drawing import (
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    extend,
    flows,
    job,
    listener,
    many,
    process,
    tag,
    timer,
    user,
)

DEEPEST = 3
LOOP = "<standardLoopCharacteristics loopMaximum='2'><loopCondition>=true</loopCondition></standardLoopCharacteristics>"
CALLED = extend(tag("calledElement", processId="other"))


class Blocks:
    """`xml` is a process of blocks in a row; `kinds` are those that came up."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.count = 0
        self.kinds: set[str] = set()
        body, chain = self._row(0)
        extra = self._listeners("s")
        self.xml = process(ENDS + body + extra, *chain, definitions=DEFINITIONS)

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def _row(self, depth: int, first: str = "s", last: str = "e") -> tuple[str, list[str]]:
        """Some blocks between two nodes: what they are made of, and how they follow."""
        body, chains, before = "", [], first
        for _ in range(self.rng.randint(1, 3 if depth else 4)):
            made, entry, leave, inner = self._block(depth)
            body += made
            chains += [f"{before} {entry}", *inner]
            before = leave
        return body, [*chains, f"{before} {last}"]

    def _block(self, depth: int) -> tuple[str, str, str, list[str]]:
        simple = ["user", "job", "call", "many", "loop", "bound", "undone", "wait", "receive"]
        kind = self.rng.choice(simple + ["split", "gate", "sub", "many_sub", "adhoc"] * (2 if depth < DEEPEST else 0))
        self.kinds.add(kind)
        made: tuple[str, str, str, list[str]] = getattr(self, f"_{kind}")(depth)
        return made

    def _alone(self, kind: str, body: str) -> tuple[str, str, str, list[str]]:
        id = self.new(kind)
        return body.replace("ID", id), id, id, []

    def _user(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("u", user("ID"))

    def _job(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("j", job("ID"))

    def _call(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("c", f'<callActivity id="ID">{CALLED}</callActivity>')

    def _many(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("m", user("ID", many(sequential=self.rng.random() < 0.5)))

    def _loop(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("o", user("ID", LOOP))

    def _wait(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("w", catch("ID", self.rng.choice([ON_MESSAGE, ON_SIGNAL, timer("Duration", "PT1H")])))

    def _receive(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._alone("r", '<receiveTask id="ID" messageRef="m"/>')

    def _bound(self, depth: int) -> tuple[str, str, str, list[str]]:
        """A task with a boundary event, both of which come to the same gateway."""
        id, event, after, meet = self.new("u"), self.new("b"), self.new("u"), self.new("x")
        what = self.rng.choice([ON_MESSAGE, timer("Duration", "PT2H"), timer("Cycle", "R3/PT2H")])
        cuts = "Cycle" not in what and self.rng.random() < 0.5
        body = user(f"{id} {after}") + boundary(event, id, what, cuts) + f'<exclusiveGateway id="{meet}"/>'
        return body, id, meet, [f"{id} {meet}", f"{event} {after} {meet}"]

    def _undone(self, depth: int) -> tuple[str, str, str, list[str]]:
        """A task that is undone later: the token may wait between, and while it is undone."""
        id, event, undo, between, throw = (self.new(kind) for kind in "ubuut")
        handler = f'<userTask id="{undo}" isForCompensation="true"/>'
        link = f'<association id="{self.new("a")}" sourceRef="{event}" targetRef="{undo}"/>'
        body = user(f"{id} {between}") + boundary(event, id, COMPENSATE).replace('cancelActivity="true"', "")
        body += handler + link + f'<intermediateThrowEvent id="{throw}">{COMPENSATE}</intermediateThrowEvent>'
        return body, id, throw, [f"{id} {between} {throw}"]

    def _split(self, depth: int) -> tuple[str, str, str, list[str]]:
        kind = self.rng.choice(["parallelGateway", "inclusiveGateway"])
        split, meet = self.new("g"), self.new("g")
        body, chains = f'<{kind} id="{split}"/><{kind} id="{meet}"/>', []
        for _ in range(self.rng.randint(2, 3)):
            inner, row = self._row(depth + 1, split, meet)
            first, rest = row[0], row[1:]
            mark = "{true} " if kind == "inclusiveGateway" else ""
            chains += [first.replace(f"{split} ", f"{split} {mark}"), *rest]
            body += inner
        return body, split, meet, chains

    def _gate(self, depth: int) -> tuple[str, str, str, list[str]]:
        gate, meet = self.new("g"), self.new("x")
        body, chains = f'<eventBasedGateway id="{gate}"/><exclusiveGateway id="{meet}"/>', []
        for event in (ON_MESSAGE, ON_SIGNAL, timer("Duration", "PT3H")):
            id = self.new("w")
            body += catch(id, event)
            chains.append(f"{gate} {id} {meet}")
        return body, gate, meet, chains

    def _sub(self, depth: int, marker: str = "") -> tuple[str, str, str, list[str]]:
        id = self.new("p")
        body, chains = self._row(depth + 1, f"{id}s", f"{id}e")
        inner = f'<startEvent id="{id}s"/><endEvent id="{id}e"/>{body}{self._listeners(id)}'
        return f'<subProcess id="{id}">{marker}{inner}{flows(*chains, prefix=f"{id}f")[0]}</subProcess>', id, id, []

    def _many_sub(self, depth: int) -> tuple[str, str, str, list[str]]:
        return self._sub(depth, many(sequential=self.rng.random() < 0.5))

    def _adhoc(self, depth: int) -> tuple[str, str, str, list[str]]:
        id, order = self.new("h"), self.rng.choice(["Parallel", "Sequential"])
        inner = user(" ".join(self.new("u") for _ in range(3)))
        return f'<adHocSubProcess id="{id}" ordering="{order}">{inner}</adHocSubProcess>', id, id, []

    def _listeners(self, scope: str) -> str:
        if self.rng.random() < 0.6:
            return ""
        self.kinds.add("listener")
        id, activity = self.new("l"), self.new("u")
        event = self.rng.choice([ON_MESSAGE, timer("Duration", "PT5H")])
        return listener(id, event, activity, interrupting=self.rng.random() < 0.3)
