"""An exam as it is meant: begun, saved as one goes, handed in, graded, and what follows from it."""

from datetime import date, timedelta

import pytest

from hr.confidentiality import check
from hr.training import enrolments
from kernel.errors import Conflict, Invalid, NotFound
from tasks.human.training import exam, exam_result
from tasks.human.training.exam import Lapsed
from tests.tasks.human.training.exam_hall import COURSE, Hall, hall

__all__ = ["hall"]


@pytest.mark.requirement("F81")
@pytest.mark.requirement("F83")
def test_whoever_answers_everything_right_has_passed_with_all_that_follows(hall: Hall) -> None:
    number = hall.enrol()
    before = exam.start(hall.house, hall.actor("zhao"), number)
    assert (before.questions, before.minutes, before.pass_mark, before.attempts) == (10, 30, 80, ())
    assert before.refusal is None
    sitting = hall.sit(number)
    assert (sitting.attempt, sitting.remaining, sitting.answers) == (1, 1800.0, {})
    assert sum(question.points for question in sitting.questions) == 100
    hall.clock.advance(timedelta(minutes=12))
    done = hall.submit(sitting, hall.right(number))
    assert (done.score, done.passed) == (100, True)

    enrolment, now = hall.enrolment(number), hall.clock.now()
    assert (enrolment.status, enrolment.score, enrolment.ended_at, enrolment.ended_by) == ("passed", 100, now, "zhao")
    assert hall.rows("select employee, course, score, source, reference from course_record") == [
        ("zhao", COURSE.title, 100, "exam", number)
    ]
    marks = hall.rows("select question, got, possible, version from exam_mark order by question")
    assert {question for question, *_ in marks} == set(hall.drawn(number))
    assert all((got, possible, version) == (10, 10, 1) for _, got, possible, version in marks)

    events = hall.events(number)
    parts = sum(len(question.parts) or 1 for question in sitting.questions)
    assert events[:2] == ["assigned", "attempted"]
    assert events[2:] == ["answered"] * parts + ["passed"]
    passed = hall.chain(number)[-1].detail["statement"]
    assert passed["result"]["score"] == {"scaled": 1, "raw": 100, "min": 0, "max": 100}
    assert passed["result"]["duration"] == "PT720S"


@pytest.mark.requirement("F84")
def test_whoever_fails_learns_again_what_was_not_fully_right_and_the_attempts_go_on_counting(hall: Hall) -> None:
    number = hall.enrol()
    _learned_lessons(hall, number)
    sitting = hall.sit(number)
    wrong = [key for key in hall.drawn(number) if _lesson(key) == "where"]
    wrong.append("m2")  # of the lesson about talking
    done = hall.submit(sitting, hall.right(number, but=wrong))
    score = 100 - 10 * len(wrong)
    assert (done.score, done.passed) == (score, False)

    enrolment = hall.enrolment(number)
    assert (enrolment.status, enrolment.round, enrolment.score, enrolment.ended_at) == ("learning", 2, score, None)
    kept = hall.rows("select lesson from lesson_progress where round = 2 and completed_at is not null order by lesson")
    assert kept == [("leave",)]
    assert hall.rows("select 1 from course_record") == []
    assert hall.events(number)[-1] == "failed"
    with pytest.raises(Conflict, match="opens when all its lessons are done"):
        hall.sit(number)

    hall.learned(number)
    again = hall.sit(number)
    assert again.attempt == 2
    assert hall.exam(number, 2).round == 2
    hall.submit(again, hall.right(number, 2))
    assert hall.enrolment(number).score == 100
    start = exam.start(hall.house, hall.actor("zhao"), number)
    assert [(one.attempt, one.passed) for one in start.attempts] == [(1, False), (2, True)]


def _lesson(key: str) -> str:
    return next(question.lesson for question in COURSE.bank if question.key == key)


def _learned_lessons(hall: Hall, number: str) -> None:
    for lesson in COURSE.lessons:
        hall.database.once().run(
            "insert into lesson_progress(enrolment, round, lesson, started_at, last_at, completed_at, seconds, "
            "position, covered, answers) values (%s, 1, %s, now(), now(), now(), 60, 1, '[]', '{}')",
            (number, lesson.key),
        )


def test_a_worse_attempt_does_not_lower_the_best_score(hall: Hall) -> None:
    number = hall.enrol()
    first = hall.sit(number)
    hall.submit(first, hall.right(number, but=hall.drawn(number)[:3]))
    hall.learned(number)
    hall.submit(hall.sit(number), {})
    assert hall.enrolment(number).score == 70
    assert hall.exam(number, 2).score == 0


@pytest.mark.requirement("F80")
def test_after_an_interruption_one_goes_on_where_one_was(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    given = dict(list(hall.right(number).items())[:4])
    hall.clock.advance(timedelta(minutes=5))
    assert hall.save(sitting, given) == 1500.0
    hall.clock.advance(timedelta(minutes=10))
    again = hall.sit(number, token=sitting.token)
    assert (again.attempt, again.remaining, again.answers) == (1, 900.0, given)
    assert again.questions == sitting.questions
    assert again.token != sitting.token
    assert "resumed" not in hall.events(number)
    hall.save(again, {})
    assert hall.exam(number).answers == {}


def test_an_exam_that_nobody_hands_in_is_graded_with_what_was_saved(hall: Hall) -> None:
    number, other = hall.enrol(), hall.enrol("wu")
    sitting = hall.sit(number)
    hall.save(sitting, hall.right(number, but=hall.drawn(number)[:2]))
    hall.sit(other, "wu")
    chore = Lapsed()
    hall.clock.advance(timedelta(minutes=30))
    assert chore(hall.house, lambda: False) == 0
    hall.clock.advance(timedelta(seconds=6))
    assert chore(hall.house, lambda: False) == 0  # it has only just looked
    hall.clock.advance(timedelta(seconds=30))
    assert chore(hall.house, lambda: False) == 2
    assert (hall.enrolment(number).status, hall.enrolment(number).score) == ("passed", 80)
    assert (hall.enrolment(other).status, hall.enrolment(other).score) == ("learning", 0)
    last = hall.chain(number)[-1]
    assert (last.event, last.actor) == ("training.passed", "training.exam")
    assert last.detail["statement"]["context"]["extensions"]["urn:jiaojie:extension:lapsed"] is True
    assert last.detail["statement"]["result"]["duration"] == "PT1800S"
    hall.clock.advance(timedelta(minutes=1))
    assert chore(hall.house, lambda: False) == 0


def test_a_chore_that_is_told_to_stop_stops(hall: Hall) -> None:
    hall.sit(hall.enrol())
    hall.clock.advance(timedelta(hours=1))
    assert Lapsed()(hall.house, lambda: True) == 0
    assert hall.rows("select count(*) from exam where submitted_at is null") == [(1,)]


def test_a_late_one_is_graded_as_soon_as_anybody_looks(hall: Hall) -> None:
    number = hall.enrol()
    hall.sit(number)
    hall.clock.advance(timedelta(hours=2))
    start = exam.start(hall.house, hall.actor("zhao"), number)
    assert start.open is None
    assert [(one.score, one.passed) for one in start.attempts] == [(0, False)]
    found = exam_result.result(hall.house, hall.actor("zhao"), number, 1)
    assert found is not None
    assert found.lapsed
    assert not any(question.answered for question in found.questions)


def test_what_ended_meanwhile_is_marked_and_nothing_follows(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    hall.save(sitting, hall.right(number))
    _waive(hall, number)
    with pytest.raises(Conflict, match="is over: waived"):
        hall.submit(sitting, hall.right(number))
    hall.clock.advance(timedelta(hours=1))
    assert exam.lapse(hall.house, number)
    assert (hall.exam(number).score, hall.enrolment(number).status, hall.enrolment(number).score) == (
        100,
        "waived",
        None,
    )
    assert hall.events(number)[-1] == "waived"
    assert hall.rows("select 1 from course_record") == []


def test_an_exam_whose_training_has_ended_takes_no_answers_and_closes_no_results(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    _waive(hall, number)
    with pytest.raises(Conflict, match="is over: waived"):
        hall.save(sitting, hall.right(number))
    assert hall.exam(number).answers == {}

    again = hall.enrol()
    hall.submit(hall.sit(again), hall.right(again))
    found = exam_result.result(hall.house, hall.actor("zhao"), again, 1)
    assert found is not None
    assert found.passed


def _waive(hall: Hall, number: str) -> None:
    with hall.database.transaction() as unit:
        found = enrolments.find(unit, number, locked=True)
        enrolments.waive(unit, found, "长期病假", actor=hall.actor("chen"), clock=hall.clock)


def test_the_result_tells_each_question_with_what_is_right_and_why(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    given = hall.right(number, but=["m1", "m3", "h1", "h2", "e1"])
    drawn = hall.drawn(number)
    places = {key: str(n) for n, key in enumerate(drawn, start=1)}
    full = hall.right(number)
    given[places["m1"]] = full[places["m1"]][:1]  # some of the right ones
    given[places["m3"]] = [*reversed(full[places["m3"]])]
    case = places["h1"]
    given |= {f"{case}.{n}": full[f"{case}.{n}"] for n in (2, 3)}
    given[f"{case}.1"] = [5 - full[f"{case}.1"][0]]  # the fourth, the third …: any but the right one
    hall.submit(sitting, given)
    found = exam_result.result(hall.house, hall.actor("zhao"), number, 1)
    assert found is not None
    told = {key: found.questions[n] for n, key in enumerate(drawn)}
    assert (told["m1"].got, told["m1"].possible, told["m1"].right) == (5, 10, False)
    assert [option.text for option in told["m1"].options if option.right] != []
    assert sum(option.chosen for option in told["m1"].options) == 1
    assert told["m1"].explanation == "解析m1：在授权目录归档是规定的做法。"
    assert told["m3"].got == 0
    assert [option.chosen + option.right for option in told["m3"].options] == [7] * 6
    assert [part.right for part in told["h1"].parts].count(False) == 1
    assert round(told["h1"].got, 2) == 6.67
    assert not told["h2"].answered
    assert told["m4"].right
    assert told["m4"].law == "《反不正当竞争法》第九条"
    assert found.lessons[-1] == "离职怎样交接"
    assert found.right == sum(question.right for question in found.questions) < 10
    assert 0 < found.score < 80


def test_half_right_is_told_with_fractions_and_graded_without_rounding_up(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    case = str(hall.drawn(number).index("h1") + 1)
    given = hall.right(number)
    given.pop(f"{case}.1")
    hall.submit(sitting, given)
    assert hall.rows("select got from exam_mark where question = 'h1'") == [(pytest.approx(20 / 3),)]
    assert hall.exam(number).score == 96  # of 96.67
    ((answer,),) = hall.rows("select answer from exam_mark where question = 'h1'")
    assert sorted(answer) == ["p1", "p2", "p3"]
    assert sorted(len(chosen) for chosen in answer.values())[0] == 0


@pytest.mark.requirement("F87")
def test_the_check_of_a_leaver_sees_the_pass_at_once(hall: Hall) -> None:
    number, today = hall.enrol(), hall.clock.now().date()
    with hall.database.transaction() as unit:
        assert check.check(unit, "zhao", [COURSE.title], on=today).missing == (COURSE.title,)
    hall.submit(hall.sit(number), hall.right(number))
    with hall.database.transaction() as unit:
        found = check.check(unit, "zhao", [COURSE.title], on=today)
    assert found.missing == ()
    (passed,) = found.sources
    assert (passed.reference, passed.by, passed.score, passed.until) == (number, "exam", 100, date(2027, 11, 1))


def test_a_bank_that_grew_too_small_refuses_to_begin_with_a_sentence(hall: Hall) -> None:
    number = hall.enrol()
    ((source,),) = hall.rows("select source from course_version")
    hall.database.once().run(
        "insert into course_version select slug, 2, %s, 'small', saved_at, saved_by, comment from course_version",
        (source.replace("count: 3", "count: 9", 1),),
    )
    hall.database.once().run("update enrolment set version = 2 where number = %s", (number,))
    with pytest.raises(Invalid, match="asks 9 easy questions; its bank has 4"):
        hall.sit(number)
    assert hall.rows("select 1 from exam") == []


def test_there_is_no_such_attempt(hall: Hall) -> None:
    number = hall.enrol()
    for attempt in (0, 1, -1, 2**31):
        with pytest.raises((NotFound, Invalid)):
            exam_result.result(hall.house, hall.actor("zhao"), number, attempt)
