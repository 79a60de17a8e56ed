"""A course from its first lesson to the exam: on several devices, with a second round, and what the evidence tells."""

from datetime import timedelta

import pytest

from hr.training import enrolments, statements
from hr.training.statements import Result
from hr.training.tables import CourseMedia
from kernel.errors import Conflict, Invalid
from tasks.human.training import learning as lessons
from tasks.human.training import shelf
from tests.tasks.human.training.conftest import FILM, School, actor


@pytest.fixture
def login(school: School) -> str:
    return school.learner()


@pytest.fixture
def number(school: School, login: str) -> str:
    return school.enrol(login)


@pytest.mark.requirement("F79")
@pytest.mark.requirement("F80")
def test_a_course_is_learned_to_its_end_and_the_exam_is_next(school: School, login: str, number: str) -> None:
    assert school.enrolment(number).begun_at is None
    school.done(login, number, "where", "film", "case")
    assert school.standing(number).next is not None
    assert school.enrolment(number).status == "learning"
    school.done(login, number, "last")
    standing, enrolment = school.standing(number), school.enrolment(number)
    assert (standing.done, standing.share, standing.next) == (True, 1.0, None)
    assert (enrolment.status, enrolment.round) == ("examining", 1)
    assert enrolment.begun_at is not None
    with pytest.raises(Conflict, match="now the exam"):
        school.opened(login, number, "where")
    assert school.finish(login, number, "where").done  # twice is once


@pytest.mark.requirement("F80")
def test_one_goes_on_where_one_stopped_on_another_device(school: School, login: str, number: str) -> None:
    phone = school.opened(login, number, "where")
    phone.beat(10.0, seconds=10.0, reached=0.6, position=0.5, leaving=True)
    with pytest.raises(Conflict, match="You left this lesson"):
        phone.beat(10.0, seconds=10.0)
    school.clock.advance(timedelta(days=2))
    desk = school.opened(login, number, "where")
    assert (desk.opened.seconds, desk.opened.position) == (10.0, 0.5)
    assert desk.read(20.0).completed

    phone = school.opened(login, number, "film")
    phone.watch(20.0)
    phone.beat(3.0, played=((4.0, 7.0),), leaving=True)
    desk = school.opened(login, number, "film")
    assert (desk.opened.position, desk.opened.farthest, desk.opened.seconds) == (7.0, 20.0, 20.0)
    assert desk.watch(40.0, start=20.0).completed

    phone = school.opened(login, number, "case")
    phone.answer_all()
    desk = school.opened(login, number, "case")
    assert "needs 20 more seconds" in str(desk.opened.missing)
    assert desk.read(20.0).completed


@pytest.mark.requirement("F85")
def test_the_evidence_tells_of_each_step_and_not_of_each_heartbeat(school: School, login: str, number: str) -> None:
    phone = school.opened(login, number, "where")
    for _ in range(8):
        phone.beat(2.0, seconds=2.0, reached=0.5)
    school.opened(login, number, "where").read(20.0)
    kinds = ["assigned", "opened", "progressed", "progressed", "suspended", "resumed", "progressed", "completed"]
    assert school.events(number) == kinds
    told = [statement for event, statement in school.statements(number) if event == "progressed"]
    assert [list(one["result"]["extensions"].values()) for one in told] == [[25], [50], [75]]
    completed = school.statements(number)[-1][1]
    assert completed["object"]["id"].endswith(":lesson:where")
    assert completed["result"]["completion"] is True
    assert completed["result"]["duration"] == "PT36S"
    school.done(login, number, "film", "case", "last")
    assert school.events(number)[-2:] == ["completed", "completed"]
    assert "lesson" not in school.statements(number)[-1][1]["object"]["id"]


@pytest.mark.requirement("F84")
def test_after_a_failed_exam_the_lessons_named_are_learned_again(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film", "case", "last")
    with school.database.transaction() as unit:
        enrolments.relearn(unit, enrolments.find(unit, number, locked=True), ["film"])
    assert (school.enrolment(number).round, school.enrolment(number).status) == (2, "learning")
    assert school.states(number) == ["done", "open", "done", "done"]
    school.done(login, number, "film")
    assert school.enrolment(number).status == "examining"
    for named, states in (
        (["unknown"], ["open", "locked", "locked", "locked"]),
        ([], ["open", "locked", "locked", "locked"]),
    ):
        with school.database.transaction() as unit:
            enrolments.relearn(unit, enrolments.find(unit, number, locked=True), named)
        assert school.states(number) == states
        school.done(login, number, "where", "film", "case", "last")
    assert school.enrolment(number).round == 4


def test_lessons_that_are_carried_over_are_not_on_the_way(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film", "case", "last")
    with school.database.transaction() as unit:
        enrolments.relearn(unit, enrolments.find(unit, number, locked=True), ["where", "case"])
    assert _onward(school, login, number, "where") == "case"
    school.done(login, number, "where")
    assert _onward(school, login, number, "case") is None  # to the course, where the exam is


def _onward(school: School, login: str, number: str, key: str) -> str | None:
    with school.database.transaction() as unit:
        after = shelf.lesson_page(unit, actor(login), number, key).after
    return after.key if after else None


def test_a_visit_of_an_earlier_round_counts_nothing(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film", "case")
    device = school.opened(login, number, "last")
    with school.database.transaction() as unit:
        enrolments.relearn(unit, enrolments.find(unit, number, locked=True), ["last"])
    with pytest.raises(Conflict, match="nothing more is counted"):
        device.read(20.0)


def test_a_package_that_is_none_reports_nothing(school: School, login: str, number: str) -> None:
    school.opened(login, number, "where")
    with school.database.transaction() as unit, pytest.raises(Invalid, match="no SCORM package"):
        lessons.complete_scorm(school.house, unit, actor(login), number, "where", Result(success=True))


def test_the_shelf_shows_what_is_to_be_done_first(school: School, login: str, number: str) -> None:
    with school.database.transaction() as unit:
        found = shelf.shelf(school.house, unit, actor(login))
    (row,) = found.todo
    assert (row.number, row.next, row.done, row.lessons, row.begun, row.late) == (
        number,
        "存在哪里",
        0,
        4,
        False,
        False,
    )
    school.done(login, number, "where")
    school.clock.advance(timedelta(days=15))
    with school.database.transaction() as unit:
        page = shelf.course_page(school.house, unit, actor(login), number)
        assert (page.row.late, page.row.share, page.next and page.next.key) == (True, 0.25, "film")
        film = unit.session.get(CourseMedia, FILM)
        assert film is not None
        assert shelf.uses(unit, actor(login), film)
        assert not shelf.uses(unit, actor("hr", "hr"), film)
        lesson = shelf.lesson_page(unit, actor(login), number, "where")
        assert (lesson.counting, lesson.after and lesson.after.key, lesson.before) == (False, "film", None)
        with pytest.raises(Conflict, match="still locked"):
            shelf.lesson_page(unit, actor(login), number, "last")
        enrolments.end(unit, enrolments.find(unit, number), "离职", actor=actor("hr", "hr"), clock=school.clock)
        found = shelf.shelf(school.house, unit, actor(login))
        assert [row.reason for row in found.dropped] == ["离职"]
        assert not shelf.lesson_page(unit, actor(login), number, "last").counting  # it can still be looked at
    assert school.events(number)[-1] == "ended"
    assert statements.subject(number) == f"training/{number}"


def test_a_case_study_never_tells_what_is_right_before_it_is_answered(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film")
    with school.database.transaction() as unit:
        before = shelf.lesson_page(unit, actor(login), number, "case").exercises
    assert [(one.key, one.right, one.explanation, one.chosen) for one in before] == [
        (key, False, "", ()) for key in ("keep", "breach", "tell")
    ]
    school.opened(login, number, "case").answer_all()
    with school.database.transaction() as unit:
        after = shelf.lesson_page(unit, actor(login), number, "case").exercises
    assert all(one.right for one in after)
    assert after[0].explanation == "归档后删除私存。"
    assert [one.options for one in after] == [one.options for one in before]


def test_the_evidence_of_a_wrong_try_does_not_tell_what_is_right(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film")
    phone = school.opened(login, number, "case")
    phone.answer("breach", 1)  # one of two
    phone.answer_all()
    told = [statement for event, statement in school.statements(number) if event == "answered"]
    assert [one["result"]["success"] for one in told] == [False, True, True, True]
    assert ["correctResponsesPattern" in one["object"]["definition"] for one in told] == [False, True, True, True]


def test_learners_see_the_options_in_orders_of_their_own(school: School) -> None:
    orders = set()
    for _ in range(12):
        login = school.learner()
        number = school.enrol(login)
        with school.database.transaction() as unit:
            unit.run("update enrolment set status = 'passed', ended_at = now() where number = %s", (number,))
            orders.add(shelf.lesson_page(unit, actor(login), number, "case").exercises[0].options)
    assert len(orders) > 2
