"""A leaver who makes up a course: the case goes on in the commit of the pass, and shows it right after (F18, F87).

The tasks of a training are the learner's own, whoever asks.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.commands import deploy, operate, start
from kernel.actor import Actor, system
from kernel.errors import Forbidden, NotFound
from processes import catalog
from processes.story import training
from processes.story.player import Player
from processes.story.script import read
from processes.story.stage import Stage, Theatre
from tasks import worker
from tasks.human import confidentiality, delegation, inbox, submit, task
from tasks.human.training import assigning, waivers
from tasks.human.training.abandoned import abandoned

COURSE = "人工智能技术保密"
OPEN = "select element from user_task where state = 'CREATED'"
KEY = """select t.key from user_task t join enrolment e on e.instance_key = t.instance_key
 where e.title = %s and t.state = 'CREATED'"""
STATE = "select i.state from enrolment e join instance i on i.key = e.instance_key where e.title = %s"
FINDING = "select confidentiality from offboarding_case"


@pytest.fixture
def stage(server: str) -> Iterator[tuple[Stage, Player]]:
    """The story of a leaver who has two courses to make up, up to the exam of the first."""
    told = [story for story in read(catalog.home() / "offboarding" / catalog.STORIES) if "F87" in story.requirements]
    exams = [number for number, step in enumerate(told[0].steps) if step.action == "examine"]
    story = replace(told[0], steps=told[0].steps[: exams[0]])
    with Theatre(server).opened() as theatre, theatre.stage(story) as stage:
        with stage.house.database.transaction() as unit:
            resources = [source.resource for source in catalog.gather([catalog.home()])]
            deploy.deploy(stage.house.engine, unit, resources, system("test"))
        player = Player(story, stage)
        player.play()
        yield stage, player


@pytest.mark.requirement("F87")
@pytest.mark.requirement("F18")
def test_the_case_follows_the_pass_at_once_and_the_other_course_stays(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    unit = there.house.database.once()
    (before,) = unit.one(FINDING)
    assert [gap["title"] for gap in before["missing"]] == ["技术交流保密准则", COURSE]

    training.examine(there, there.actor("zhang.yan"), {"course": COURSE, "score": 80})  # no job, no timer, no worker

    assert unit.one(STATE, (COURSE,)) == ("COMPLETED",)
    assert unit.one("select count(*) from job where element = 'recheck' and state = 'CREATED'") == (1,)
    _work(there)
    (after,) = unit.one(FINDING)
    assert [gap["title"] for gap in after["missing"]] == ["技术交流保密准则"]
    proof = next(source for source in after["sources"] if source["title"] == COURSE)
    assert (proof["by"], proof["score"]) == ("exam", 80)
    assert unit.one("select title, status from enrolment where number = %s", (proof["reference"],)) == (
        COURSE,
        "passed",
    )
    assert ("learn",) in unit.all(OPEN)


def test_the_page_of_the_case_leads_to_what_proves_a_course_and_lets_hr_waive_the_rest(
    stage: tuple[Stage, Player],
) -> None:
    there, _ = stage
    house, hr, learner = there.house, there.actor("he.fang"), there.actor("zhang.yan")
    training.examine(there, learner, {"course": COURSE, "score": 90})
    _work(there)
    with house.database.transaction() as unit:
        (number,) = unit.one("select number from offboarding_case")
        seen, own = confidentiality.of_case(unit, hr, number), confidentiality.of_case(unit, learner, number)
        assert confidentiality.of_case(unit, there.actor("lin.tao"), number) is None
    assert seen is not None
    assert own is not None
    proof = next(one for one in seen.proofs if one.title == COURSE)
    assert (proof.score, proof.page) == (90, f"/training/certificates/PXZS-{proof.number.partition('-')[2]}.pdf")
    assert next(one for one in own.proofs if one.title == COURSE).page == f"/learn/{proof.number}"
    (gap,) = seen.gaps
    assert (gap.title, gap.waivable, gap.page) == ("技术交流保密准则", True, "")
    assert [(one.waivable, one.page) for one in own.gaps] == [(False, f"/learn/{gap.number}")]

    with house.database.transaction() as unit, pytest.raises(NotFound, match="no training"):
        waivers.waive(house, unit, hr, gap.number, "已学过", case_number="LZ-2026-999999")
    with house.database.transaction() as unit:
        waivers.waive(house, unit, hr, gap.number, "已学过", case_number=number)
    _work(there)
    with house.database.transaction() as unit:
        seen = confidentiality.of_case(unit, hr, number)
    assert seen is not None
    assert (seen.passed, seen.gaps) == (True, ())
    assert str(next(one for one in seen.proofs if one.title == gap.title).way) == "waived"


def test_a_training_ends_with_the_process_that_looked_after_it(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    house = there.house
    unit = house.database.once()
    given = {"employee": {"login": "lin.tao"}, "courseTitle": COURSE}
    with house.database.transaction() as inside:
        key = start.start(house.engine, inside, process_id="training", variables=given, actor=there.actor("he.fang"))
    _work(there)
    with house.database.transaction() as inside:
        operate.cancel(house.engine, inside, key.instance_key, actor=there.actor("he.fang"))
    chore = abandoned()
    assert (chore(house, lambda: False), chore(house, lambda: False)) == (1, 0)
    states = unit.all("select employee, assigned_by, status from enrolment order by number")
    assert states[-1] == ("lin.tao", "he.fang", "ended")
    assert {status for employee, _, status in states if employee == "zhang.yan"} == {"learning", "examining"}


def test_who_passes_after_the_process_was_cancelled_gets_the_certificate_all_the_same(
    stage: tuple[Stage, Player],
) -> None:
    there, _ = stage
    house, learner = there.house, there.actor("lin.tao")
    given = {"employee": {"login": "lin.tao"}, "courseTitle": COURSE}
    with house.database.transaction() as unit:
        begun = start.start(house.engine, unit, process_id="training", variables=given, actor=there.actor("he.fang"))
    _work(there)
    training.learn(there, learner, {"course": COURSE})
    with house.database.transaction() as unit:
        operate.cancel(house.engine, unit, begun.instance_key, actor=there.actor("he.fang"))
    training.examine(there, learner, {"course": COURSE, "score": 80})
    _work(there)
    issued = "select e.employee from training_certificate c join enrolment e on e.number = c.enrolment"
    assert house.database.once().all(issued) == [("lin.tao",)]


def test_a_course_whose_process_was_cancelled_can_be_assigned_at_once_and_goes_on(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    house, hr = there.house, there.actor("he.fang")
    for cancelled in (True, False):
        with house.database.transaction() as unit:
            (slug,) = unit.one("select slug from course where title = %s", (COURSE,))
            given = assigning.assign(house, unit, hr, slug, ["lin.tao"])
        assert (given.given, len(given.learning)) == (1, 0)
        _work(there)
        if cancelled:
            training.learn(there, there.actor("lin.tao"), {"course": COURSE, "lessons": 1})
            (key,) = house.database.once().one("select instance_key from enrolment where employee = 'lin.tao'")
            with house.database.transaction() as unit:
                operate.cancel(house.engine, unit, key, actor=hr)
    assert abandoned()(house, lambda: False) == 0
    mine = (
        "select e.status, i.state from enrolment e join instance i on i.key = e.instance_key where employee = 'lin.tao'"
    )
    assert house.database.once().all(mine) == [("learning", "ACTIVE")]


def _work(there: Stage) -> None:
    while worker.run_due(there.house, "test"):
        pass


def test_the_tasks_of_a_training_are_done_and_handed_on_in_no_other_way(stage: tuple[Stage, Player]) -> None:
    there, _ = stage
    house, learner = there.house, there.actor("zhang.yan")
    (key,) = house.database.once().one(KEY, (COURSE,))
    boss = Actor(id="he.fang", groups=frozenset({"hr", "hr-head", "admin"}))
    with house.database.transaction() as unit, pytest.raises(Forbidden, match="/learn/PX-2026-"):
        submit.submit(house, unit, learner, key, {}, {})
    for who, act in ((boss, task.assign), (learner, delegation.delegate)):
        with house.database.transaction() as unit, pytest.raises(Forbidden, match="which nobody does for another"):
            act(house, unit, who, key, "lin.tao")
    with house.database.transaction() as unit, pytest.raises(Forbidden, match="which nobody does for another"):
        task.release(house, unit, boss, key)
    with house.database.transaction() as unit:
        seen = task.open_task(house, unit, learner, key, "en")
        others = task.open_task(house, unit, boss, key, "en")
        rows = [row for row in inbox.inbox(unit, learner).rows if row.key == key]
    assert seen.learning.startswith("PX-2026-")
    assert (seen.may.complete, seen.form) == (False, None)
    assert (others.learning, others.may.assign) == ("", False)
    assert [(row.learning, row.subject and row.subject.name) for row in rows] == [(seen.learning, "张岩")]
