"""An admin changes by hand where a case stands."""

from typing import Any

import pytest

from engine import queries
from engine.commands import job, modify, suspend, user_task
from engine.commands.modify import Activate, Modification, Move, Terminate
from kernel.errors import Conflict, Invalid, NotFound
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import ENDS, boundary, extend, process, sub, tag, timer, user
from tests.engine.spiff.drawing import job as task

HOUR = timer("Duration", "PT1H")


def change(house: House, case: int, **orders: tuple[Any, ...]) -> None:
    modify.modify(house.engine, house.unit, case, Modification(**orders), actor=ZHANG, reason="as agreed")


def test_a_token_is_moved(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    change(house, case, move=(Move(source="a", target="b", variables={"": {"n": 1}}),))
    assert house.open(case) == ["b"]
    first = next(entry for entry in queries.history(house.unit, case) if entry.kind == "INSTANCE_MODIFIED")
    assert first.data == {"moved": [{"from": "a", "to": "b"}], "reason": "as agreed"}
    assert queries.diagram(house.unit, case).active == {"b": 1}
    house.done(case, "b")
    assert house.state(case) == "COMPLETED"


def test_what_has_nothing_left_is_terminated(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    change(house, case, terminate=(Terminate(what="a"),))
    assert house.state(case) == "TERMINATED"
    with pytest.raises(Conflict, match="is over"):
        change(house, case, activate=(Activate(element="b"),))


def test_nothing_to_change_is_refused(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    with pytest.raises(Invalid, match="Nothing is to be changed"):
        change(house, case)
    assert house.open(case) == ["a"]


def test_what_is_terminated_takes_its_open_work_along(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))
    body = '<parallelGateway id="g"/>' + user("a u") + task("j") + boundary("t", "a", HOUR)
    body += f'<callActivity id="c">{called}</callActivity>'
    house.deploy(
        process(ENDS + body, "s g a e", "g j e", "g c e", "t u e"),
        process(ENDS + user("x"), "s x e", id="child"),
    )
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    lease = house.lease()
    change(house, case, activate=(Activate(element="u"),), terminate=tuple(Terminate(what=id) for id in "ajc"))
    assert house.open(case) == ["u"]
    assert house.unit.all("select from timer") == []
    assert house.state(child) == "TERMINATED"
    with pytest.raises(Conflict, match="is over: CANCELED"):
        job.complete(house.engine, house.unit, lease, actor=WORKER)
    house.done(case, "u")
    assert house.state(case) == "COMPLETED"


def test_what_comes_after_a_modification_is_opened_as_ever(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))
    inside = sub("p1", f'<callActivity id="c">{called}</callActivity>', "p1s c p1e")
    house.deploy(
        process(ENDS + user("a") + inside + boundary("t", "p1", HOUR), "s a p1 e", "t e"),
        process(ENDS + user("x"), "s x e", id="child"),
    )
    case = house.start().instance_key
    change(house, case, move=(Move(source="a", target="c", variables={"p1": {"n": 1}}),))
    assert house.timer(case, "t")
    ((child, _),) = house.children(case)
    house.done(child, "x")
    assert house.state(case) == "COMPLETED"


def test_a_suspended_case_is_changed_and_stays_suspended(house: House) -> None:
    house.deploy(process(ENDS + user("a") + task("b"), "s a b e"))
    case = house.start().instance_key
    suspend.suspend(house.engine, house.unit, case, actor=ZHANG)
    change(house, case, move=(Move(source="a", target="b"),))
    assert house.state(case) == "SUSPENDED"
    assert job.activate(house.engine, house.unit, ["work"], "w") == []
    suspend.resume(house.engine, house.unit, case, actor=ZHANG)
    job.complete(house.engine, house.unit, house.lease(), actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_a_called_process_is_not_emptied_behind_its_callers_back(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))
    house.deploy(
        process(ENDS + f'<callActivity id="c">{called}</callActivity>', "s c e"),
        process(ENDS + user("x y"), "s x y e", id="child"),
    )
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    with pytest.raises(Conflict, match=f"instance {case}, which called it, waits for it"):
        change(house, child, terminate=(Terminate(what="x"),))
    change(house, child, move=(Move(source="x", target="y"),))
    house.done(child, "y")
    assert house.state(case) == "COMPLETED"


def test_what_something_outside_depends_on_is_not_emptied_either(house: House) -> None:
    def kept(unit: object, key: int) -> None:
        raise Conflict("A case depends on it.")

    house.engine.cancel_check = kept
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    with pytest.raises(Conflict, match="A case depends on it"):
        change(house, case, terminate=(Terminate(what="a"),))
    change(house, case, move=(Move(source="a", target="b"),))
    house.done(case, "b")


def test_values_that_cannot_be_kept_change_nothing(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    with pytest.raises(Invalid, match="n cannot be kept"):
        change(house, case, move=(Move(source="a", target="b", variables={"": {"n": "\0"}}),))
    with pytest.raises(NotFound, match="no process instance 999"):
        change(house, 999, terminate=(Terminate(what="a"),))
    assert house.open(case) == ["a"]


def test_who_completes_what_is_moved_away_meanwhile_is_told(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    key = house.task(case, "a")
    change(house, case, move=(Move(source="a", target="b"),))
    with pytest.raises(Conflict, match="fell away"):
        user_task.complete(house.engine, house.unit, key, actor=LI)
    assert house.open(case) == ["b"]
