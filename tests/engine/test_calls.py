"""A called process is an instance of its own, started and answered by turns of their own."""

from typing import Any

import pytest

from engine import queries, turn
from engine.commands import calls, follow_up, operate, user_task
from engine.commands.errand import Errand
from engine.turn import Engine, Turned
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    boundary,
    extend,
    process,
    tag,
    timer,
    user,
)


def call(id: str, target: str) -> str:
    called = tag("calledElement", processId=target, propagateAllChildVariables="true")
    return f'<callActivity id="{id}">{extend(called)}</callActivity>'


CALLER = process(ENDS + call("c", "child") + user("after"), "s c after e")
CHILD = process(ENDS + user("a"), "s a e", id="child")


def test_the_child_starts_and_its_end_answers(house: House) -> None:
    house.deploy(CALLER, CHILD)
    case = house.start(no=7).instance_key
    ((child, state),) = house.children(case)
    assert state == "ACTIVE"
    seen = queries.instance(house.unit, child)
    assert (seen.parent_key, seen.root_key, seen.process_id) == (case, case, "child")
    assert queries.variables(house.unit, child) == {"no": 7}

    house.done(child, "a", found=3)
    assert house.open(case) == ["after"]
    assert queries.variables(house.unit, case) == {"no": 7, "found": 3}


class Crash(BaseException):
    """The process dies here."""


def test_both_ways_survive_a_crash(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.deploy(CALLER, CHILD)

    def die(*_: object) -> int:
        raise Crash

    monkeypatch.setattr(follow_up, "settle", die)
    with pytest.raises(Crash):
        house.start(no=7)
    monkeypatch.undo()
    case = house.unit.one("select key from instance")[0]
    assert house.children(case) == []
    assert house.run_due() == 0, "whoever died still holds it"
    house.unit.run("update follow_up set lease_until = now() - interval '1 s'")
    assert house.run_due() == 1
    ((child, _),) = house.children(case)

    monkeypatch.setattr(follow_up, "settle", die)
    with pytest.raises(Crash):
        house.done(child, "a")
    monkeypatch.undo()
    assert (house.state(child), house.open(case)) == ("COMPLETED", [])
    house.unit.run("update follow_up set lease_until = now() - interval '1 s'")
    assert house.run_due() == 1
    assert house.open(case) == ["after"]


def _complete(house: House, unit: Unit, instance: int) -> None:
    user_task.complete(house.engine, unit, house.task(instance, "a"), actor=ZHANG, answer_callers=True)


def test_callers_go_on_in_the_commit_of_the_last_step(house: House) -> None:
    """Two levels up, with nobody else at work: outside nothing is seen before the commit, and all of it after."""
    house.deploy(
        CALLER, process(ENDS + call("c", "inner"), "s c e", id="child"), process(ENDS + user("a"), "s a e", id="inner")
    )
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    ((inner, _),) = house.children(child)
    with house.database.transaction() as unit:
        _complete(house, unit, inner)
        assert (house.open(inner), house.open(case)) == (["a"], [])
    assert house.open(case) == ["after"]
    house.done(case, "after")
    house.sound()


def test_a_transaction_that_fails_takes_the_caller_back_too(house: House) -> None:
    house.deploy(CALLER, CHILD)
    case = house.start().instance_key
    ((child, _),) = house.children(case)

    def fall() -> None:
        with house.database.transaction() as unit:
            _complete(house, unit, child)
            raise Crash

    with pytest.raises(Crash):
        fall()
    assert (house.open(child), house.open(case)) == (["a"], [])


def test_a_caller_in_trouble_leaves_the_last_step_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the called process has done is kept; the caller is answered by a worker once it can be."""
    house.deploy(CALLER, CHILD)
    case = house.start().instance_key
    ((child, _),) = house.children(case)

    def fall(engine: Engine, unit: Unit, errand: Errand) -> list[Turned]:
        unit.run("select 1 / 0")
        return []

    monkeypatch.setitem(follow_up.HANDLERS, "return", fall)
    with house.database.transaction() as unit:
        _complete(house, unit, child)
    monkeypatch.undo()
    assert (house.state(child), house.open(case)) == ("COMPLETED", [])
    assert house.run_due() == 1
    assert house.open(case) == ["after"]


def test_a_slow_errand_is_fenced_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.deploy(CALLER, CHILD)
    kept: list[Turned] = []
    monkeypatch.setattr(follow_up, "settle", lambda engine, unit, turned: kept.append(turned))
    case = house.start().instance_key
    monkeypatch.undo()
    house.unit.run("update follow_up set lease_until = now() - interval '1 s'")
    assert house.run_due() == 1
    follow_up.settle(house.engine, house.unit, *kept)
    assert len(house.children(case)) == 1


def test_what_cannot_be_called_is_an_incident_to_retry(house: House) -> None:
    house.deploy(CALLER)
    case = house.start().instance_key
    key = house.incident(case, "c")
    assert queries.incident(house.unit, key).message == "There is no process child. Deploy it first."
    house.deploy(("child.bpmn", CHILD))
    operate.retry_incident(house.engine, house.unit, key, actor=ZHANG)
    assert len(house.children(case)) == 1


def test_cancelling_goes_down_and_only_from_the_top(house: House) -> None:
    middle = process(ENDS + call("c", "child"), "s c e", id="middle")
    house.deploy(process(ENDS + call("c", "middle"), "s c e"), middle, CHILD)
    case = house.start().instance_key
    ((inner, _),) = house.children(case)
    ((innermost, _),) = house.children(inner)
    with pytest.raises(Conflict, match=f"was called by instance {inner}. Cancel {case}"):
        operate.cancel(house.engine, house.unit, innermost, actor=ZHANG)
    operate.cancel(house.engine, house.unit, case, actor=ZHANG)
    assert [house.state(key) for key in (case, inner, innermost)] == ["TERMINATED"] * 3


def test_a_call_that_is_interrupted_ends_its_child(house: House) -> None:
    caller = process(
        ENDS + call("c", "child") + boundary("t", "c", timer("Duration", "PT0S")) + user("late"), "s c e", "t late e"
    )
    house.deploy(caller, CHILD)
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    house.run_due()
    assert house.open(case) == ["late"]
    assert house.state(child) == "TERMINATED"


THROWS = process(ENDS.replace('<endEvent id="e"/>', f'<endEvent id="e">{ON_ERROR}</endEvent>') + user("a"), "s a e",
                 definitions=DEFINITIONS, id="child")  # fmt: skip


def test_an_error_reaches_the_caller_that_catches_it(house: House) -> None:
    middle = process(ENDS + call("c", "child"), "s c e", id="middle")
    caller = process(
        ENDS + call("c", "middle") + boundary("x", "c", ON_ERROR) + user("mend"),
        "s c e",
        "x mend e",
        definitions=DEFINITIONS,
    )
    house.deploy(caller, middle, THROWS)
    case = house.start().instance_key
    ((inner, _),) = house.children(case)
    ((innermost, _),) = house.children(inner)
    house.done(innermost, "a")
    assert house.open(case) == ["mend"]
    assert [house.state(key) for key in (inner, innermost)] == ["TERMINATED"] * 2


def test_an_error_that_no_caller_catches_stays_where_it_was_thrown(house: House) -> None:
    house.deploy(CALLER, THROWS)
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    house.done(child, "a")
    assert (house.state(case), house.state(child)) == ("ACTIVE", "ACTIVE")
    assert queries.incident(house.unit, house.incident(child, "e")).kind == "UNHANDLED_ERROR_EVENT"
    assert queries.instance(house.unit, case).incidents == 0


def test_calls_without_end_stop_with_an_incident(house: House) -> None:
    house.deploy(process(ENDS + call("c", "p"), "s c e"))
    case = house.start().instance_key
    assert house.unit.one("select count(*), max(depth) from instance where root_key = %s", (case,)) == (51, 50)
    assert house.unit.one("select count(*) from incident") == (1,)


def test_a_process_that_calls_itself_twice_does_not_fill_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each level doubles: the bound on what runs under one case stops it long before the depth of calls does."""
    monkeypatch.setattr(calls, "MOST_AT_ONCE", 20)
    house.deploy(process(ENDS + '<parallelGateway id="g"/>' + call("c", "p") + call("d", "p"), "s g c e", "g d e"))
    case = house.start().instance_key
    while house.run_due():
        pass
    assert house.unit.one("select count(*) from instance where root_key = %s", (case,)) == (20,)
    told = house.unit.all("select distinct kind, message from incident")
    assert [kind for kind, _ in told] == ["CALLED_ELEMENT_ERROR"]
    assert told[0][1].startswith(f"20 instances run under instance {case} already.")


def test_a_child_whose_first_turn_cannot_be_kept_is_an_incident_at_its_caller(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deploy(CALLER, CHILD)
    begin = turn.begin

    def refuse(engine: Engine, unit: Unit, statement: Any, loaded: Any, *more: Any) -> Turned | None:
        if loaded.id == "child":
            raise Invalid(say("Variable no holds a character that no text may hold."))
        return begin(engine, unit, statement, loaded, *more)

    monkeypatch.setattr(turn, "begin", refuse)
    case = house.start(no=7).instance_key
    monkeypatch.undo()
    key = house.incident(case, "c")
    assert "no text may hold" in queries.incident(house.unit, key).message
    operate.retry_incident(house.engine, house.unit, key, actor=ZHANG)
    assert len(house.children(case)) == 1


def test_an_errand_that_fails_again_and_again_stops_whoever_waits_for_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deploy(CALLER, CHILD)

    def break_down(*_: object) -> list[Turned]:
        raise RuntimeError("a fault of ours")

    monkeypatch.setitem(follow_up.HANDLERS, "call", break_down)
    case = house.start().instance_key
    for attempt in range(1, follow_up.ATTEMPTS):
        assert house.unit.one("select attempts, error from follow_up") == (attempt, "RuntimeError: a fault of ours")
        house.unit.run("update follow_up set lease_until = now() - interval '1 s'")
        house.run_due()
    assert "a fault of ours" in queries.incident(house.unit, house.incident(case, "c")).message
    monkeypatch.undo()
    operate.retry_incident(house.engine, house.unit, house.incident(case, "c"), actor=ZHANG)
    assert len(house.children(case)) == 1


def test_in_a_transaction_the_child_starts_after_its_commit(house: House) -> None:
    house.deploy(process(ENDS + user("a") + call("c", "child"), "s a c e"), CHILD)
    case = house.start().instance_key
    with house.database.transaction() as unit:
        user_task.complete(house.engine, unit, house.task(case, "a"), actor=ZHANG)
    assert house.children(case) == []
    assert follow_up.drain(house.engine, house.unit) == 1
    assert len(house.children(case)) == 1
