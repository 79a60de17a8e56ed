"""A training whose process is gone, or whose variables were changed: what is learned counts, the record is true."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

from engine import queries
from engine.commands import operate, start
from hr.training.tables import Enrolment
from kernel.actor import Actor
from kernel.errors import Conflict
from processes.story import training
from processes.story.player import Player
from processes.story.stage import Stage
from tasks import worker
from tasks.human.training import assigning, exam, waivers
from tasks.human.training.abandoned import abandoned
from tests.processes.training.test_passing_moves_on import COURSE, stage

__all__ = ["stage"]

NAMED = {"course": COURSE}
ISSUED = "select count(*) from training_certificate where enrolment = %s"


def begun(there: Stage, **more: Any) -> int:
    """The key of a process that has lin.tao learn the course."""
    given = {"employee": {"login": "lin.tao"}, "courseTitle": COURSE, **more}
    with there.house.database.transaction() as unit:
        made = start.start(there.house.engine, unit, process_id="training", variables=given, actor=hr(there))
    worker.drain(there.house)
    return made.instance_key


def hr(there: Stage) -> Actor:
    return there.actor("he.fang")


def cancel(there: Stage, key: int) -> None:
    with there.house.database.transaction() as unit:
        operate.cancel(there.house.engine, unit, key, actor=hr(there))


def latest(there: Stage) -> Enrolment:
    """The training of lin.tao in the course, the last one."""
    with there.house.database.transaction() as unit:
        mine = "select max(number) from enrolment where employee = 'lin.tao' and title = %s"
        (number,) = unit.one(mine, (COURSE,))
        found = unit.session.get(Enrolment, number)
        assert found is not None
        unit.session.expunge_all()
        return found


def state(there: Stage, key: int) -> str:
    return str(there.house.database.once().one("select state from instance where key = %s", (key,))[0])


def test_who_has_learned_everything_passes_in_the_process_that_took_over(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    house, learner = there.house, there.actor("lin.tao")
    former = begun(there)
    training.learn(there, learner, NAMED)
    cancel(there, former)
    with house.database.transaction() as unit:
        assigning.assign(house, unit, hr(there), latest(there).slug, ["lin.tao"])
    worker.drain(house)
    assert latest(there).instance_key != former

    training.examine(there, learner, {**NAMED, "score": 70})  # and learns again what was not right
    assert (latest(there).status, latest(there).round) == ("learning", 2)
    training.learn(there, learner, NAMED)
    training.examine(there, learner, {**NAMED, "score": 90})
    found = latest(there)
    assert (found.status, state(there, found.instance_key or 0)) == ("passed", "COMPLETED")
    worker.drain(house)
    assert house.database.once().one(ISSUED, (found.number,)) == (1,)


def test_a_process_that_waited_for_the_course_looks_after_it_when_the_other_is_gone(
    stage: tuple[Stage, Player],
) -> None:
    there, _ = stage
    house, learner = there.house, there.actor("lin.tao")
    former, waits = begun(there), begun(there)
    training.learn(there, learner, {**NAMED, "lessons": 1})
    cancel(there, former)
    assert [abandoned()(house, lambda: False) for _ in range(2)] == [1, 0]
    assert (latest(there).status, latest(there).instance_key) == ("learning", waits)

    training.learn(there, learner, NAMED)
    training.examine(there, learner, {**NAMED, "score": 90})
    worker.drain(house)
    assert (latest(there).status, state(there, waits)) == ("passed", "COMPLETED")
    assert queries.variables(house.database.once(), waits)["training"]["status"] == "passed"
    assert house.database.once().one(ISSUED, (latest(there).number,)) == (1,)


def test_the_record_counts_what_every_process_told(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    begun(there)
    for _ in range(2):
        there.clock.advance(timedelta(days=3, minutes=1))
        worker.drain(there.house)
    begun(there, expiresAt=(there.clock.now() + timedelta(hours=5)).isoformat())
    there.clock.advance(timedelta(hours=6))
    worker.drain(there.house)
    found = latest(there)
    assert (found.status, found.ended_reason) == ("ended", "到期未完成，已提醒 3 次。")


def test_a_variable_that_was_set_from_outside_ends_nobody_elses_training(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    once = there.house.database.once()
    (other,) = once.one("select number from enrolment where employee = 'zhang.yan' and status = 'learning'")
    key = begun(there, expiresAt=(there.clock.now() + timedelta(hours=5)).isoformat())
    told = queries.variables(once, key)["training"] | {"number": other}
    operate.set_variables(there.house.engine, once, key, {"training": told}, actor=there.actor("he.fang"))
    there.clock.advance(timedelta(hours=6))
    worker.drain(there.house)
    assert once.one("select status from enrolment where number = %s", (other,)) == ("learning",)
    (message,) = once.one("select message from incident where instance_key = %s and state = 'ACTIVE'", (key,))
    assert "not of this process" in message


def test_of_two_waivers_and_an_exam_that_is_handed_in_at_once_one_counts(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    house, learner = there.house, there.actor("lin.tao")
    key = begun(there)
    training.learn(there, learner, NAMED)
    number = latest(there).number
    sitting = exam.sit(house, learner, number)

    def waive(login: str) -> None:
        with house.database.transaction() as unit:
            waivers.waive(house, unit, Actor(id=login, groups=frozenset({"hr"})), number, "已学过")

    def hand_in() -> None:
        exam.submit(house, learner, number, sitting.attempt, sitting.token, {})

    refused = at_once(lambda: waive("he.fang"), lambda: waive("sun.jing"), hand_in)
    worker.drain(house)
    found = latest(there)
    # Where the exam came first it was failed, and what is learned again is waived.
    assert refused == (2 if found.round == 1 else 1)
    assert (found.status, state(there, key)) == ("waived", "COMPLETED")
    records = house.database.once().all("select source from course_record where reference = %s", (number,))
    assert (records, house.database.once().one(ISSUED, (number,))) == ([("waiver",)], (0,))
    assert house.database.once().one("select count(*) from incident") == (0,)


def at_once(*acts: Callable[[], None]) -> int:
    """How many of them were refused."""
    gate, refused = Barrier(len(acts)), list[Conflict]()

    def go(act: Callable[[], None]) -> None:
        gate.wait()
        try:
            act()
        except Conflict as refusal:
            refused.append(refusal)

    threads = [Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)
