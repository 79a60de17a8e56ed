"""Multi-instance activities as Camunda 8 runs them, and the standard loop (BPMN 2.0.2, 10.3.8 and 13.3.6).

The body's `mi` is [iterations planned or None, started, ended]. Each iteration is a token whose parent is the body; its
scope lies in the body's and holds `loopCounter`, from 1, and the input element.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from engine.model import Value, Values
from engine.spiff.expression import Evaluates, Fault, shown, truth
from engine.spiff.numbers import whole_number
from engine.spiff.runtime.token import STARTED, Token
from engine.spiff.scope import Scope
from kernel.text import say

MOST = 5_000  # iterations of one activity, half of what a turn may run
FAR_TOO_MANY = 1_000_000_000


class Repeats(Protocol):
    """How an activity repeats."""

    def plan(self, body: Token) -> list[Value]:
        """The items of the iterations to start at once; none if there is nothing to do."""
        ...

    def begin(self, body: Token, plan: list[Value]) -> None: ...

    def next_of(self, body: Token, child: Token) -> list[Value] | bool:
        """What an iteration's end leads to: the items to start now, or True if the activity is complete."""
        ...

    def ended(self, body: Token, child: Token) -> None: ...

    def finish(self, body: Token) -> None:
        """Bring the results home."""
        ...


def _spawn(body: Token, item: Values) -> None:
    """Start an iteration with variables of its own."""
    counts = body.internal_data["mi"]
    number = counts[1]
    counts[1] += 1
    node, workflow = body.task_spec, body.workflow
    child = Token(workflow, node, body, body.scope)
    child.internal_data = {"i": number}
    child.open_scope().assign_all({"loopCounter": number + 1, **item})
    node._update(child)


def _go_on(body: Token, child: Token) -> None:
    counts, then = body.internal_data["mi"], child.internal_data["n"]
    counts[2] += 1
    if then is True:
        for other in list(body._children):
            if other in body.workflow.tasks and not body.workflow.tasks[other].triggered:
                body.workflow.tasks[other].cancel()
        body.complete()
        return
    for item in then:
        _spawn(body, item)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiInstance:
    """One iteration for each item of a collection, or as many as the cardinality says."""

    items: Evaluates | None = None
    cardinality: Evaluates | None = None
    element: str | None = None
    output: str | None = None
    output_element: Evaluates | None = None
    until: Evaluates | None = None
    sequential: bool = False

    def plan(self, body: Token) -> list[Value]:
        found, size = self._collection(body.scope)
        first = min(size, 1) if self.sequential else size
        body.workflow.top_workflow.reserve(first)
        scope = body.open_scope()
        body.internal_data["mi"] = [size, 0, 0]
        if self.output:
            scope.assign(self.output, [None] * size)
        return [self._item(found, number) for number in range(first)]

    def _collection(self, scope: Scope) -> tuple[list[Value] | None, int]:
        """The items, if there is a collection, and how many iterations there are."""
        if self.items is not None:
            found = self.items(scope)
            if not isinstance(found, list):
                raise _fault(self.items, found, say("which is no list"))
            size = len(found)
        else:
            assert self.cardinality is not None
            found, size = None, _count(self.cardinality, scope)
        if size > MOST:
            raise Fault(
                "EXTRACT_VALUE_ERROR",
                say("{size} iterations are more than the {most} that one activity may have.", size=size, most=MOST),
            )
        return found, size

    def _item(self, found: list[Value] | None, number: int) -> Values:
        """What an iteration starts on. The collection may have grown shorter since the first."""
        if self.element is None or found is None:
            return {}
        return {self.element: found[number] if number < len(found) else None}

    def begin(self, body: Token, plan: list[Value]) -> None:
        for item in plan:
            if body._state != STARTED:
                return
            _spawn(body, item)

    def next_of(self, body: Token, child: Token) -> list[Value] | bool:
        total, started, ended = body.internal_data["mi"]
        ended += 1
        self._collect(body, child)
        if self.until is not None:
            counts = {
                "numberOfInstances": total,
                "numberOfActiveInstances": started - ended,
                "numberOfCompletedInstances": ended,
                "numberOfTerminatedInstances": 0,
            }
            if truth(self.until, Scope(0, child.scope, child.scope.turn, counts)):
                return True
        if ended >= total:
            return True
        if not self.sequential or started >= total:
            return []
        return [self._item(self._collection(body.scope)[0], started)]

    def _collect(self, body: Token, child: Token) -> None:
        if not self.output or self.output_element is None:
            return
        results = list(body.scope.own[self.output])
        results[child.internal_data["i"]] = self.output_element(child.scope)
        body.scope.assign(self.output, results)

    def ended(self, body: Token, child: Token) -> None:
        _go_on(body, child)

    def finish(self, body: Token) -> None:
        if self.output:
            outer = body.scope.parent
            assert outer is not None
            outer.merge({self.output: body.scope.own[self.output]})


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLoop:
    """Again while the condition holds, at most `maximum` times."""

    condition: Evaluates | None = None
    maximum: int | None = None
    test_before: bool = False

    def plan(self, body: Token) -> list[Value]:
        none = self.maximum == 0 or (
            self.test_before and self.condition is not None and not truth(self.condition, body.scope)
        )
        body.open_scope()
        body.internal_data["mi"] = [self.maximum, 0, 0]
        return [] if none else [{}]

    def begin(self, body: Token, plan: list[Value]) -> None:
        _spawn(body, plan[0])

    def next_of(self, body: Token, child: Token) -> list[Value] | bool:
        ended = body.internal_data["mi"][2] + 1
        if self.maximum is not None and ended >= self.maximum:
            return True
        return [{}] if self.condition is None or truth(self.condition, body.scope) else True

    def ended(self, body: Token, child: Token) -> None:
        _go_on(body, child)

    def finish(self, body: Token) -> None:
        pass


def _count(cardinality: Evaluates, scope: Scope) -> int:
    found: Any = cardinality(scope)
    count = whole_number(found, FAR_TOO_MANY) if isinstance(found, str) else found
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise _fault(cardinality, found, say("which is no number of iterations"))
    return count


def _fault(expression: Evaluates, value: Value, why: object) -> Fault:
    return Fault(
        "EXTRACT_VALUE_ERROR",
        say("The expression {text} gave {value}, {why}.", text=expression.text, value=shown(value), why=why),
    )
