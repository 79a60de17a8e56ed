"""The same act on many: each once, by however many workers, and the refused ones say why."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import queries
from engine.commands import follow_up, job, suspend, user_task
from engine.queries import Condition
from engine.turn import Engine
from engine.upkeep import batches
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user
from tests.engine.spiff.drawing import job as work

ONE = process(ENDS + user("a"), "s a e")
TWO = process(ENDS + user("a") + user("b"), "s a b e")
WORKS = process(ENDS + work("w"), "s w e", id="works")


def begin(house: House, count: int, process_id: str = "p") -> list[int]:
    return [house.start(process_id).instance_key for _ in range(count)]


def create(house: House, kind: str, conditions: Any = (), payload: Any = None, **more: Any) -> int:
    return batches.create(house.engine, house.unit, kind, conditions, payload, actor=LI, reason="tidied up", **more)


def run(house: House, limit: int = 1000) -> int:
    done = batches.run_some(house.engine, house.database, limit)
    while follow_up.drain(house.engine, house.unit):
        pass
    return done


def standing(house: House, key: int) -> tuple[str, int, dict[str, int]]:
    (state, total) = house.unit.one("select state, total from batch_operation where key = %s", (key,))
    counts = house.unit.all("select state, count(*) from batch_item where batch_key = %s group by 1", (key,))
    return state, total, dict(counts)


def said(house: House, key: int) -> list[str]:
    rows = house.unit.all("select message from batch_item where batch_key = %s and message is not null", (key,))
    return [message for (message,) in rows]


def test_what_meets_the_conditions_is_cancelled_in_the_name_of_who_asked(house: House) -> None:
    house.deploy(ONE, WORKS)
    cases, others = begin(house, 5), begin(house, 2, "works")
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "p")])
    assert standing(house, key) == ("CREATED", 5, {"ACTIVE": 5})
    late = begin(house, 1)
    assert run(house, 2) == 2
    assert standing(house, key) == ("ACTIVE", 5, {"ACTIVE": 3, "COMPLETED": 2})
    assert run(house) == 3
    assert standing(house, key) == ("COMPLETED", 5, {"COMPLETED": 5})
    assert {house.state(case) for case in cases} == {"TERMINATED"}
    assert {house.state(case) for case in others + late} == {"ACTIVE"}, "only what was there then"
    (told,) = [entry for entry in queries.history(house.unit, cases[0]) if entry.kind == "INSTANCE_CANCELED"]
    assert (told.actor, told.actor_kind, told.ip, told.data) == (
        "li",
        "person",
        None,
        {"reason": "tidied up", "batch": key},
    )
    rows = house.unit.all("select actor, operation, data from audit where entity_key = %s", (key,))
    kind = {"kind": "CANCEL_PROCESS_INSTANCE", "total": 5, "reason": "tidied up"}
    assert rows == [("li", "CREATE", kind)]


def test_what_is_refused_says_why_and_the_rest_is_done(house: House) -> None:
    house.deploy(ONE)
    first, over, gone = *begin(house, 2), 70_000
    user_task.complete(house.engine, house.unit, house.task(over, "a"), actor=ZHANG)
    key = create(house, "CANCEL_PROCESS_INSTANCE", keys=[first, over, gone, first])
    assert run(house) == 3
    assert standing(house, key) == ("PARTIALLY_COMPLETED", 3, {"COMPLETED": 1, "FAILED": 2})
    assert sorted(said(house, key)) == sorted(
        [
            f"Instance {over} of p is over: COMPLETED at 2026-11-02 01:00Z. Start a new one.",
            "There is no process instance 70000. Check the key.",
        ]
    )
    assert standing(house, create(house, "CANCEL_PROCESS_INSTANCE", keys=[gone])) == ("CREATED", 1, {"ACTIVE": 1})
    run(house)
    assert house.unit.one("select state from batch_operation order by key desc limit 1") == ("FAILED",)


def test_nothing_to_do_is_done_at_once(house: House) -> None:
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "nobody")])
    assert standing(house, key) == ("COMPLETED", 0, {})


def test_a_fault_in_one_item_never_stops_the_others(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.deploy(ONE)
    broken, sound = begin(house, 2)
    house.unit.run("update instance set blob = 'broken' where key = %s", (broken,))
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house)
    assert standing(house, key)[2] == {"COMPLETED": 1, "FAILED": 1}
    assert "The saved state of this instance is damaged" in said(house, key)[0]
    assert house.state(sound) == "TERMINATED"


def test_a_called_process_is_cancelled_with_the_one_that_began_it(house: House) -> None:
    called = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
    house.deploy(process(ENDS + called, "s c e"), process(ENDS + user("a"), "s a e", id="q"))
    case = begin(house, 1)[0]
    ((child, _),) = house.children(case)
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("state", "ACTIVE")])
    run(house)
    assert standing(house, key) == ("COMPLETED", 1, {"COMPLETED": 1})
    assert house.state(child) == "TERMINATED"


def test_it_is_paused_goes_on_and_is_cancelled(house: House) -> None:
    house.deploy(ONE)
    cases = begin(house, 5)
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house, 1)
    batches.suspend(house.engine, house.unit, key, actor=ZHANG)
    assert run(house) == 0
    assert standing(house, key) == ("SUSPENDED", 5, {"ACTIVE": 4, "COMPLETED": 1})
    with pytest.raises(Conflict, match=f"Batch {key} is SUSPENDED; nothing changes"):
        batches.suspend(house.engine, house.unit, key, actor=ZHANG)
    batches.resume(house.engine, house.unit, key, actor=ZHANG)
    assert run(house, 1) == 1
    batches.cancel(house.engine, house.unit, key, actor=ZHANG)
    assert run(house) == 0
    assert standing(house, key) == ("CANCELED", 5, {"CANCELED": 3, "COMPLETED": 2})
    assert [house.state(case) for case in cases].count("ACTIVE") == 3
    with pytest.raises(Conflict, match="is CANCELED"):
        batches.resume(house.engine, house.unit, key, actor=ZHANG)
    with pytest.raises(NotFound, match="There is no batch operation 70000"):
        batches.cancel(house.engine, house.unit, 70_000, actor=ZHANG)
    done = house.unit.all("select operation from audit where entity = 'BATCH' order by key")
    assert [operation for (operation,) in done] == ["CREATE", "SUSPEND", "RESUME", "CANCEL"]


def test_workers_share_a_batch_and_each_item_is_done_once(house: House) -> None:
    house.deploy(ONE)
    cases = begin(house, 60)
    key = create(house, "SUSPEND_PROCESS_INSTANCE", [Condition("process_id", "p")])

    def toil(_: int) -> int:
        engine, done = Engine(house.database, house.clock), 0
        while some := batches.run_some(engine, house.database, 7):
            done += some
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(toil, range(4))) == 60
    assert standing(house, key) == ("COMPLETED", 60, {"COMPLETED": 60})
    once = "select count(*) from journal where kind = 'INSTANCE_SUSPENDED' group by instance_key"
    assert house.unit.all(once) == [(1,)] * 60
    back = create(house, "RESUME_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house)
    assert standing(house, back)[0] == "COMPLETED"
    assert {house.state(case) for case in cases} == {"ACTIVE"}


def test_incidents_are_resolved_and_jobs_are_updated(house: House) -> None:
    house.deploy(WORKS)
    cases = begin(house, 3, "works")
    for lease in job.activate(house.engine, house.unit, ["work"], "w", limit=9):
        job.fail(house.engine, house.unit, lease, "away", retries_left=0, actor=WORKER)
    key = create(house, "RESOLVE_INCIDENT", [Condition("process_id", "works")], {"retries": 2})
    run(house)
    assert standing(house, key) == ("COMPLETED", 3, {"COMPLETED": 3})
    again = create(house, "UPDATE_JOB", [Condition("type", "work")], {"retries": 5})
    run(house)
    assert standing(house, again) == ("COMPLETED", 3, {"COMPLETED": 3})
    assert {found.retries for found in queries.jobs(house.unit).items} == {5}
    assert {item[0] for item in house.unit.all("select instance_key from batch_item")} == set(cases)


def test_cases_move_to_another_version_and_to_another_step(house: House) -> None:
    (old,) = house.deploy(ONE).definitions
    cases = begin(house, 3)
    (new,) = house.deploy(TWO).definitions
    plan = {"target_key": new.key, "mappings": [{"source": "a", "target": "a"}]}
    key = create(house, "MIGRATE_PROCESS_INSTANCE", [Condition("definition_key", old.key)], plan)
    run(house)
    assert standing(house, key) == ("COMPLETED", 3, {"COMPLETED": 3}), said(house, key)
    moved = create(
        house,
        "MODIFY_PROCESS_INSTANCE",
        [Condition("definition_key", new.key)],
        {"move": [{"source": "a", "target": "b"}]},
    )
    run(house)
    assert standing(house, moved) == ("COMPLETED", 3, {"COMPLETED": 3}), said(house, moved)
    assert [house.open(case) for case in cases] == [["b"]] * 3


def test_finished_cases_are_deleted(house: House) -> None:
    house.deploy(ONE)
    over, running = begin(house, 2)
    user_task.complete(house.engine, house.unit, house.task(over, "a"), actor=ZHANG)
    key = create(house, "DELETE_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house)
    assert standing(house, key) == ("COMPLETED", 1, {"COMPLETED": 1})
    assert house.unit.all("select key from instance") == [(running,)]
    assert house.unit.one("select data->>'batch' from audit where entity_key = %s", (over,)) == (str(key),)


def test_a_refused_act_leaves_no_trace_but_its_sentence(house: House) -> None:
    """It had written already when it was refused."""

    def refuse(*_: object) -> None:
        raise Conflict(say("There is a draft."))

    house.deploy(ONE)
    (over,) = begin(house, 1)
    user_task.complete(house.engine, house.unit, house.task(over, "a"), actor=ZHANG)
    house.engine.removal = refuse
    key = create(house, "DELETE_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house)
    assert (standing(house, key)[0], said(house, key)) == ("FAILED", ["There is a draft."])
    assert house.unit.one("select count(*) from removed_instance") == (0,)


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("PAINT_PROCESS_INSTANCE", {}, "There is no batch of the kind PAINT_PROCESS_INSTANCE"),
        ("MIGRATE_PROCESS_INSTANCE", {}, "target_key is 0"),
        ("MIGRATE_PROCESS_INSTANCE", {"target_key": 1, "mappings": [{"from": "a"}]}, "cannot be read"),
        ("MODIFY_PROCESS_INSTANCE", {}, "Nothing is to be changed"),
        ("UPDATE_JOB", {}, "Nothing is to be changed"),
        ("RESOLVE_INCIDENT", {"retries": 0}, "retries is 0"),
    ],
)
def test_a_plan_that_makes_no_sense_makes_no_batch(house: House, kind: str, payload: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        create(house, kind, (), payload)
    assert house.unit.one("select count(*) from batch_operation") == (0,)


def test_a_suspended_case_counts_as_running(house: House) -> None:
    house.deploy(ONE)
    (case,) = begin(house, 1)
    suspend.suspend(house.engine, house.unit, case, actor=ZHANG)
    key = create(house, "CANCEL_PROCESS_INSTANCE", [Condition("process_id", "p")])
    run(house)
    assert standing(house, key)[2] == {"COMPLETED": 1}
    assert house.state(case) == "TERMINATED"
