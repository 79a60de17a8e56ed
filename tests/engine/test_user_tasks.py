"""A person takes a task, hands it on, completes it: once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine import queries
from engine.commands import start, user_task
from engine.turn import Engine
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import Conflict, Invalid, NotFound
from tests.engine.house import LI, ZHANG, House
from tests.engine.spiff.drawing import ENDS, boundary, extend, process, script, tag, timer, user

APPROVAL = process(
    ENDS
    + script("c", "=days * 2", "doubled")
    + user("a", extend(tag("userTask"), tag("assignmentDefinition", candidateGroups="hr,hr-head")))
    + '<exclusiveGateway id="x"/>'
    + user("b"),
    "s c a x {doubled > 10} b e",
    "x {default} e",
)


@pytest.mark.requirement("F2")
def test_a_case_goes_through_its_steps_and_leaves_history(house: House) -> None:
    house.deploy(APPROVAL)
    case = house.start(days=6)
    task = queries.user_task(house.unit, house.task(case.instance_key, "a"))
    assert (task.candidate_groups, task.process_version, task.state) == (["hr", "hr-head"], 1, "CREATED")

    assert house.done(case.instance_key, "a", approved=True).ended is None
    assert house.done(case.instance_key, "b").ended == "COMPLETED"

    assert queries.variables(house.unit, case.instance_key) == {"days": 6, "doubled": 12, "approved": True}
    entries = queries.history(house.unit, case.instance_key)
    who = [(entry.actor, entry.ip, entry.data["variables"]) for entry in entries if entry.kind == "USER_TASK_COMPLETED"]
    assert who == [("zhang", "10.0.0.7", {"approved": True}), ("zhang", "10.0.0.7", {})]
    assert [(step.element, step.state) for step in queries.steps(house.unit, case.instance_key)] == [
        (element, "COMPLETED") for element in ("p", "s", "c", "a", "x", "b", "e")
    ]


def test_a_second_completion_reads_who_was_first_and_when(house: House) -> None:
    house.deploy(APPROVAL)
    key = house.task(house.start(days=1).instance_key, "a")
    user_task.complete(house.engine, house.unit, key, actor=ZHANG)

    with pytest.raises(Conflict, match=rf"Task {key} \(a\) was completed by zhang at 2026-11-02 01:00Z"):
        user_task.complete(house.engine, house.unit, key, actor=LI)
    with pytest.raises(NotFound, match="There is no user task 4711"):
        user_task.complete(house.engine, house.unit, 4711, actor=LI)


def at_once(database: Database, clock: ManualClock, keys: list[int]) -> list[str]:
    """Complete these tasks at the same moment, each by an engine of its own, as by several nodes."""
    gate = Barrier(len(keys))

    def go(key: int) -> str:
        engine = Engine(database, clock)
        unit = database.once()
        gate.wait()
        try:
            user_task.complete(engine, unit, key, actor=ZHANG)
        except Conflict:
            return "refused"
        return "done"

    with ThreadPoolExecutor(len(keys)) as pool:
        return sorted(pool.map(go, keys))


def test_of_three_completions_at_once_one_wins(house: House) -> None:
    house.deploy(APPROVAL)
    for _ in range(20):
        case = house.start(days=1).instance_key
        assert at_once(house.database, house.clock, [house.task(case, "a")] * 3) == ["done", "refused", "refused"]
        assert house.unit.one("select version from instance where key = %s", (case,)) == (2,)


def test_two_branches_at_once_both_win(house: House) -> None:
    gateways = '<parallelGateway id="f"/><parallelGateway id="j"/>'
    house.deploy(process(ENDS + gateways + user("a b"), "s f a j e", "f b j"))
    for _ in range(20):
        case = house.start().instance_key
        assert at_once(house.database, house.clock, [house.task(case, "a"), house.task(case, "b")]) == ["done", "done"]
        assert house.state(case) == "COMPLETED"


def test_a_task_is_claimed_given_back_and_handed_on(house: House) -> None:
    house.deploy(APPROVAL)
    case = house.start(days=1).instance_key
    key = house.task(case, "a")
    engine, unit = house.engine, house.unit

    user_task.claim(engine, unit, key, actor=ZHANG)
    user_task.claim(engine, unit, key, actor=ZHANG)
    with pytest.raises(Conflict, match="already with zhang, since 2026-11-02 01:00Z"):
        user_task.claim(engine, unit, key, actor=LI)
    user_task.unclaim(engine, unit, key, actor=ZHANG)
    with pytest.raises(Conflict, match="is with nobody"):
        user_task.unclaim(engine, unit, key, actor=ZHANG)
    user_task.assign(engine, unit, key, "wang", actor=LI)
    with pytest.raises(Conflict, match="already with wang"):
        user_task.assign(engine, unit, key, "zhao", actor=LI, allow_override=False)

    changes = [e for e in queries.history(unit, case) if e.kind.startswith("USER_TASK")]
    assert [(e.kind, e.data["before"], e.data["after"]) for e in changes] == [
        ("USER_TASK_CLAIMED", {"assignee": None}, {"assignee": "zhang"}),
        ("USER_TASK_UNCLAIMED", {"assignee": "zhang"}, {"assignee": None}),
        ("USER_TASK_ASSIGNED", {"assignee": None}, {"assignee": "wang"}),
    ]


def test_a_task_is_planned_anew(house: House) -> None:
    house.deploy(APPROVAL)
    key = house.task(house.start(days=1).instance_key, "a")
    engine, unit = house.engine, house.unit

    user_task.update(
        engine, unit, key, actor=LI, due_at="2026-11-05T10:00:00+08:00", priority=80, candidate_groups=["it"]
    )
    task = queries.user_task(unit, key)
    assert task.due_at is not None
    assert (task.due_at.isoformat(), task.priority) == ("2026-11-05T02:00:00+00:00", 80)
    user_task.update(engine, unit, key, actor=LI, due_at="")
    after = queries.user_task(unit, key)
    assert (after.due_at, after.candidate_groups) == (None, ["it"])
    with pytest.raises(Invalid, match="outside 0 to 100"):
        user_task.update(engine, unit, key, actor=LI, priority=101)


def test_a_task_that_fell_away_says_so(house: House) -> None:
    house.deploy(process(ENDS + user("a b") + boundary("t", "a", timer("Duration", "PT1H")), "s a e", "t b e"))
    case = house.start().instance_key
    key = house.task(case, "a")
    house.clock.set("2026-11-02T03:00:00+00:00")
    assert house.run_due() == 1

    with pytest.raises(Conflict, match="fell away at 2026-11-02 03:00Z"):
        user_task.complete(house.engine, house.unit, key, actor=ZHANG)
    assert house.open(case) == ["b"]


def test_inside_a_transaction_a_turn_goes_or_stays_with_it(house: House) -> None:
    house.deploy(APPROVAL)
    case = house.start(days=1).instance_key
    key = house.task(case, "a")

    def archive() -> None:
        with house.database.transaction() as unit:
            user_task.complete(house.engine, unit, key, actor=ZHANG)
            raise RuntimeError("the archive is full")

    with pytest.raises(RuntimeError, match="the archive is full"):
        archive()
    assert house.open(case) == ["a"]

    with house.database.transaction() as unit:
        user_task.complete(house.engine, unit, key, actor=ZHANG)
    assert house.state(case) == "COMPLETED"


@pytest.mark.parametrize("value", ["\0", {"a": ["\0"]}, "\ud800", float])
def test_what_the_database_cannot_hold_is_refused_by_a_sentence(house: House, value: object) -> None:
    house.deploy(APPROVAL)
    with pytest.raises(Invalid, match="cannot be kept|cannot be stored"):
        start.start(house.engine, house.unit, process_id="p", variables={"days": 1, "x": value}, actor=ZHANG)
    kept = house.start(days=1, x="\\u0000 as text", y=2**70).instance_key
    assert queries.variables(house.unit, kept) == {"days": 1, "doubled": 2, "x": "\\u0000 as text", "y": 2**70}
