"""What stops one element over the database: everybody's clicks go through, and a stopped clock is not set back."""

from datetime import timedelta

import pytest

from engine import queries
from engine.commands import message, operate
from engine.commands.timer import _stop
from engine.turn import Turned
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    extend,
    job,
    process,
    script,
    tag,
    timer,
    user,
)


def stop(house: House, case: int, element: str) -> Turned:
    """What the timer's step leads to could not be kept."""
    return _stop(house.engine, house.unit, house.timer(case, element), "It cannot be kept.", ZHANG)


def retry(house: House, case: int, element: str) -> None:
    operate.retry_incident(house.engine, house.unit, house.incident(case, element), actor=ZHANG)


def due(house: House, case: int, element: str) -> object:
    return house.unit.one("select due_at from timer where instance_key = %s and element = %s", (case, element))[0]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_statutory_clock_that_was_stopped_fires_as_soon_as_it_is_mended(house: House, interrupting: bool) -> None:
    clock = boundary("b", "a", timer("Date", "=lastDay"), interrupting)
    house.deploy(process(ENDS + user("a u") + clock, "s a e", "b u e"))
    last_day = house.clock.now() + timedelta(days=30)
    case = house.start(lastDay=last_day.isoformat()).instance_key
    stop(house, case, "b")
    assert queries.incident(house.unit, house.incident(case, "b")).kind == "TIMER_ERROR"
    house.clock.advance(timedelta(days=10))
    assert house.run_due() == 0
    retry(house, case, "b")
    assert due(house, case, "b") == last_day
    assert house.run_due() == 0
    stop(house, case, "b")
    house.clock.advance(timedelta(days=30))
    retry(house, case, "b")
    assert due(house, case, "b") == last_day
    assert house.run_due() == 1
    assert house.open(case) == (["u"] if interrupting else ["a", "u"])


def test_a_condition_at_a_boundary_listens_again(house: House) -> None:
    watch = boundary("b", "a", condition("assert(n, n != 2) > 5"))
    house.deploy(process(ENDS + user("a u") + watch, "s a e", "b u e"))
    case = house.start(n=1).instance_key
    for n in (2, 3):
        operate.set_variables(house.engine, house.unit, case, {"n": n}, actor=ZHANG)
    retry(house, case, "b")
    assert house.open(case) == ["a"]
    operate.set_variables(house.engine, house.unit, case, {"n": 7}, actor=ZHANG)
    assert house.open(case) == ["u"]


LONG = '=string join(for i in 1..400 return string(i * 7919) + "王")'


def service(retries: str) -> str:
    return f'<serviceTask id="x">{extend(tag("taskDefinition", type="t", retries=retries))}</serviceTask>'


def assigned(to: str) -> str:
    return f'<userTask id="x">{extend(tag("assignmentDefinition", assignee=to))}</userTask>'


@pytest.mark.parametrize(
    "then",
    [
        script("x", '="a\\u0000b"', "r"),
        script("x", "=[[x]]", "r"),
        job("x", type=LONG),
        service('="²"'),
        assigned('="a\\u0000"'),
        assigned(LONG),
        catch("x", ON_MESSAGE),
    ],
    ids=["nul", "deep", "long type", "retries", "assignee", "long assignee", "long key"],
)
def test_a_click_that_leads_to_what_cannot_be_kept_goes_through(house: House, then: str) -> None:
    body = user("a z") + '<parallelGateway id="g"/>' + then
    house.deploy(process(ENDS + body, "s a g x e", "g z e", definitions=DEFINITIONS))
    deep: object = 1
    for _ in range(199):
        deep = [deep]
    case = house.start(x=deep, key="王" * 900).instance_key
    house.done(case, "a")
    assert house.open(case) == ["z"]
    assert queries.incident(house.unit, house.incident(case, "x")).kind == "EXTRACT_VALUE_ERROR"
    house.done(case, "z")
    operate.cancel(house.engine, house.unit, case, actor=ZHANG)


def test_a_timer_and_a_message_that_lead_there_too(house: House) -> None:
    bad = script("x", '="\\u0000"', "r")
    waits = '<eventBasedGateway id="g"/>' + catch("t", timer("Duration", "PT1H")) + catch("c", ON_MESSAGE)
    house.deploy(process(ENDS + waits + bad, "s g t x e", "g c x", definitions=DEFINITIONS))
    first, second = (house.start(key=key).instance_key for key in "kl")
    message.publish(house.engine, house.unit, "msg", "k", actor=ZHANG)
    house.clock.advance(timedelta(hours=2))
    house.run_due()
    for case in (first, second):
        assert "U+0000" in queries.incident(house.unit, house.incident(case, "x")).message
    assert house.run_due() == 0


def test_a_standing_case_and_one_that_explodes_are_told_once(house: House) -> None:
    loop = '<exclusiveGateway id="m"/><parallelGateway id="g"/>'
    split = '<exclusiveGateway id="x"/><parallelGateway id="j"/>' + user("a b")
    house.deploy(
        process(ENDS + loop, "s m g m", "g m", "g e", id="explodes"),
        process(ENDS + split, "s x {true} a j e", "x {default} b j", id="stands"),
    )
    case = house.start("explodes").instance_key
    rows = "select kind, count(*) from incident where instance_key = %s and state = 'ACTIVE' group by kind"
    assert house.unit.all(rows, (case,)) == [("STEP_LIMIT", 1)]
    assert house.unit.one("select length(blob) < 1000000 from instance where key = %s", (case,))[0]
    operate.cancel(house.engine, house.unit, case, actor=ZHANG)
    case = house.start("stands").instance_key
    house.done(case, "a")
    assert house.unit.all(rows, (case,)) == [("DEADLOCK", 1)]
    retry(house, case, "j")
    assert house.unit.all(rows, (case,)) == [("DEADLOCK", 1)]
    operate.cancel(house.engine, house.unit, case, actor=ZHANG)
