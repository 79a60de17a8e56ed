"""The random graphs notice an engine that is wrong in one rule: each mutant differs within the run of seeds."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.events import BoundaryEvent
from engine.spiff.nodes.gateways import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    JoiningGateway,
    ParallelGateway,
)
from engine.spiff.nodes.node import Node
from engine.spiff.nodes.subprocess import SubProcess
from engine.spiff.nodes.throw import THROW
from engine.spiff.runtime.instance import Instance
from engine.spiff.runtime.scopes import RunningScope
from engine.spiff.runtime.token import ROOT, Token
from tests.engine.spiff.test_random_graphs import GRAPHS, compare
from tests.engine.spiff.token_game import Endless

SOON = GRAPHS // 6
Patch = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Patch] = {}


def mutant(target: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A method that is put in another's place."""

    def keep(wrong: Callable[..., Any]) -> Callable[..., Any]:
        MUTANTS[wrong.__name__] = lambda patch: patch.setattr(target, name, wrong)
        return wrong

    return keep


def first_difference(seeds: int) -> int | None:
    """The first seed at which engine and token game differ; an engine that breaks down differs."""
    for seed in range(seeds):
        try:
            compare(seed)
        except Endless:
            continue
        except Exception:  # whatever a mutant breaks with, it was noticed
            return seed
    return None


# -- joins


@mutant(ParallelGateway, "arrived")
def a_parallel_join_counts_tokens_and_not_flows(self: Any, scope: Any, waiting: list[Token]) -> None:
    if len(waiting) >= len(self.incoming):
        self.fire(scope, list(waiting)[: len(self.incoming)])


@mutant(ParallelGateway, "arrived")
def a_parallel_join_waits_for_all_flows_but_one(self: Any, scope: Any, waiting: list[Token]) -> None:
    firsts = self.firsts(waiting)
    if len(firsts) >= max(2, len(self.incoming) - 1):
        self.fire(scope, list(firsts.values()))


@mutant(ParallelGateway, "arrived")
def a_parallel_join_uses_up_all_that_wait(self: Any, scope: Any, waiting: list[Token]) -> None:
    if len(self.firsts(waiting)) == len(self.incoming):
        self.fire(scope, list(waiting))


@mutant(InclusiveGateway, "expects_more")
def an_inclusive_join_fires_at_once(self: Any, scope: Any, empty: set[str], filled: set[str]) -> bool:
    return False


@mutant(InclusiveGateway, "expects_more")
def an_inclusive_join_ignores_what_can_reach_a_filled_flow(
    self: Any, scope: Any, empty: set[str], filled: set[str]
) -> bool:
    places = [t for t in scope.tasks.values() if t.task_spec is not self and t._parent == ROOT and not t.triggered]
    return any(not self.reach.get(token.task_spec.name, set()).isdisjoint(empty) for token in places)


@mutant(InclusiveGateway, "try_fire")
def an_inclusive_join_waits_for_every_flow(self: Any, scope: Any, waiting: list[Token]) -> bool:
    firsts = self.firsts(waiting)
    if len(firsts) < len(self.incoming):
        return False
    self.fire(scope, list(firsts.values()))
    return True


@mutant(InclusiveGateway, "try_fire")
def an_inclusive_join_uses_up_all_that_wait(self: Any, scope: Any, waiting: list[Token]) -> bool:
    firsts = self.firsts(waiting)
    empty = {flow.id for flow in self.incoming} - firsts.keys()
    if empty and self.expects_more(scope, empty, set(firsts)):
        return False
    self.fire(scope, list(waiting))
    return True


right_expectation = InclusiveGateway.expects_more


@mutant(InclusiveGateway, "expects_more")
def an_inclusive_join_forgets_boundary_events(self: Any, scope: Any, empty: set[str], filled: set[str]) -> bool:
    right, attached = self.reach, {node: node.boundaries for node in self._wf_spec.nodes}
    for node in attached:
        node.boundaries = []
    self.reach = {}
    self.find_reach()
    for node, boundaries in attached.items():
        node.boundaries = boundaries
    answer = right_expectation(self, scope, empty, filled)
    self.reach = right
    return answer


@mutant(Instance, "_fire_joins")
def an_inclusive_join_in_a_sub_process_is_not_asked(self: Any) -> bool:
    return any([self.model.nodes[n].try_fire(self, w) for n, w in list(self.joins.items()) if w])


@mutant(JoiningGateway, "fire")
def a_join_sends_on_every_token(self: Any, scope: Any, used: Sequence[Token]) -> None:
    for token in used:
        scope.joins[self.name].remove(token)
        self.announce(token)
        self.attempt(token)


# -- ways out


@mutant(ExclusiveGateway, "choose")
def an_exclusive_gateway_takes_the_last_way(self: Any, token: Token) -> Any:
    return self.flows[-1:]


right_choice = ExclusiveGateway.choose


@mutant(ExclusiveGateway, "choose")
def an_exclusive_gateway_takes_every_way_that_holds(self: Any, token: Token) -> Any:
    return InclusiveGateway.choose(self, token)


@mutant(ParallelGateway, "choose")
def a_parallel_split_takes_one_way(self: Any, token: Token) -> Any:
    return self.flows[:1]


@mutant(InclusiveGateway, "choose")
def an_inclusive_split_takes_one_way(self: Any, token: Token) -> Any:
    return right_choice(self, token)


inclusive_choice = InclusiveGateway.choose


@mutant(InclusiveGateway, "choose")
def an_inclusive_split_takes_its_default_too(self: Any, token: Token) -> Any:
    taken = inclusive_choice(self, token)
    return taken if self.default is None or self.default in taken else [*taken, self.default]


node_choice = Node.choose


@mutant(Activity, "choose")
def an_activity_takes_one_way(self: Any, token: Token) -> Any:
    return node_choice(self, token)[:1]


@mutant(Activity, "choose")
def an_activity_ignores_its_conditions(self: Any, token: Token) -> Any:
    return self.flows


@mutant(Activity, "choose")
def an_activity_takes_its_default_too(self: Any, token: Token) -> Any:
    taken = node_choice(self, token)
    return taken if self.default is None or self.default in taken else [*taken, self.default]


@mutant(Activity, "choose")
def an_activity_forgets_what_is_always_taken(self: Any, token: Token) -> Any:
    taken = node_choice(self, token)
    return [flow for flow in taken if flow.condition is not None] or taken


# -- events


@mutant(BoundaryEvent, "caught")
def a_boundary_event_does_not_cancel(self: Any, token: Token, index: int, variables: dict[str, Any]) -> None:
    token.workflow.token(self, go=1, v=variables)


right_catch = BoundaryEvent.caught


@mutant(BoundaryEvent, "caught")
def every_boundary_event_cancels(self: Any, token: Token, index: int, variables: dict[str, Any]) -> None:
    was, self.interrupting = self.interrupting, True
    try:
        right_catch(self, token, index, variables)
    finally:
        self.interrupting = was


@mutant(BoundaryEvent, "caught")
def a_boundary_event_hears_once(self: Any, token: Token, index: int, variables: dict[str, Any]) -> None:
    if self.interrupting:
        right_catch(self, token, index, variables)
        return
    token.workflow.token(self, go=1, v=variables)
    token.workflow.remove(token)


event_caught = EventBasedGateway.caught


@mutant(EventBasedGateway, "caught")
def an_event_gateway_goes_on_waiting(self: Any, token: Token, index: int, variables: dict[str, Any]) -> None:
    token.workflow.token(self.branch[index].target, go=1, v=variables)


@mutant(EventBasedGateway, "caught")
def an_event_gateway_takes_its_first_way(self: Any, token: Token, index: int, variables: dict[str, Any]) -> None:
    event_caught(self, token, 0, variables)


# -- scopes


remove = RunningScope.remove


@mutant(RunningScope, "remove")
def a_sub_process_ends_with_its_first_token(self: Any, token: Token) -> None:
    remove(self, token)
    if self.depth and not token.triggered:
        self.alive = min(self.alive, 0)


settle = RunningScope.settle


@mutant(RunningScope, "settle")
def a_sub_process_never_ends(self: Any) -> None:
    if not self.depth:
        settle(self)


@mutant(SubProcess, "_on_cancel")
def a_sub_process_that_is_cancelled_goes_on_inside(self: Any, token: Token) -> None:
    pass


def test_the_engine_as_it_is_agrees() -> None:
    assert first_difference(SOON // 5) is None


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    assert first_difference(SOON) is not None, "the graphs are not sharp enough"


def wrong_terminate(what: str) -> Callable[..., None]:
    def too_much(node: Any, token: Token, event: Any, variables: Any) -> None:
        token.workflow.top_workflow.clear()

    def too_little(node: Any, token: Token, event: Any, variables: Any) -> None:
        return None

    def inside_only(node: Any, token: Token, event: Any, variables: Any) -> None:
        for other in list(token.workflow.tasks.values()):
            if other.id != ROOT and other is not token and not isinstance(other.task_spec, SubProcess):
                other.cancel()

    return {"too much": too_much, "too little": too_little, "but sub-processes": inside_only}[what]


@pytest.mark.parametrize("what", ["too much", "too little", "but sub-processes"])
def test_a_terminate_end_event_that_ends(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THROW, "terminate", wrong_terminate(what))
    assert first_difference(SOON) is not None
