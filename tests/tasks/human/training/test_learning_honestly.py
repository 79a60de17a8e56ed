"""Learners who try to cheat, and pages that are left alone. None of it counts, and each is told why."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hr.training import enrolments, pace
from hr.training.counting import Told
from hr.training.practice import Marked
from kernel.errors import Conflict, Invalid, NotFound
from tasks.human.training import learning as lessons
from tests.tasks.human.training.conftest import LENGTH, STORAGE, Device, School, actor

pytestmark = pytest.mark.requirement("F80")


@pytest.fixture
def login(school: School) -> str:
    return school.learner()


@pytest.fixture
def number(school: School, login: str) -> str:
    return school.enrol(login)


def at_the_film(school: School, login: str, number: str) -> Device:
    school.done(login, number, "where")
    return school.opened(login, number, "film")


def test_jumping_to_the_end_of_a_text_leaves_its_time_to_be_spent(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    told = device.beat(3.0, seconds=3.0, reached=1.0, position=1.0)
    assert (told.completed, told.seconds, str(told.missing)) == (
        False,
        3.0,
        "存在哪里 needs 27 more seconds of your attention.",
    )
    with pytest.raises(Invalid, match="needs 27 more seconds"):
        school.finish(login, number, "where")


def test_spending_the_time_without_reading_to_the_end_is_not_enough(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    told = device.read(60.0, reached=0.4)
    assert not told.completed
    with pytest.raises(Invalid, match="not read to its end"):
        school.finish(login, number, "where")
    assert device.read(10.0).completed


def test_jumping_to_the_end_of_a_film_counts_nothing(school: School, login: str, number: str) -> None:
    device = at_the_film(school, login, number)
    assert device.watch(10.0).seconds == 10.0
    told = device.beat(5.0, played=((LENGTH - 5.0, LENGTH),))
    assert (told.seconds, told.farthest, told.position) == (10.0, 10.0, 10.0)
    assert "past the place that you have watched up to" in str(told.why)
    with pytest.raises(Invalid, match=r"28 more seconds of 一次泄露 are to be watched. It goes on at 0:10"):
        school.finish(login, number, "film")
    assert device.watch(LENGTH, start=10.0).completed


def test_going_back_is_free_and_counts_once(school: School, login: str, number: str) -> None:
    device = at_the_film(school, login, number)
    device.watch(20.0)
    told = device.watch(15.0, start=5.0)
    assert (told.seconds, told.position, told.farthest, told.why) == (20.0, 15.0, 20.0, None)


def test_a_page_that_is_left_open_counts_nothing(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    for _ in range(30):
        told = device.beat(10.0, seconds=0.0, reached=1.0)  # in view, and nobody touches it
    assert (told.seconds, told.completed) == (0.0, False)
    told = device.beat(3600.0, seconds=3600.0, reached=1.0)  # a lid that was closed for an hour
    assert told.seconds == pace.CAP + pace.GRACE
    assert not told.completed


def test_only_one_device_counts_and_the_other_is_told(school: School, login: str, number: str) -> None:
    phone = school.opened(login, number, "where")
    phone.read(10.0)
    desk = school.opened(login, number, "where")
    with pytest.raises(Conflict, match="in another window or on another device"):
        phone.beat(10.0, seconds=10.0)
    assert desk.beat(0.0, seconds=10.0).seconds == 20.0  # the same ten seconds, once
    with pytest.raises(Conflict, match="in another window or on another device"):
        school.opened(login, number, "where", after=phone.visit)  # a page that comes back by itself takes nothing
    assert desk.beat(1.0, seconds=1.0).seconds == 21.0
    taken = school.opened(login, number, "where")
    with pytest.raises(Conflict, match="Take it back"):
        desk.beat(1.0, seconds=1.0)
    assert taken.beat(9.0, seconds=9.0, reached=1.0).completed


def test_nobody_learns_two_courses_at_once(school: School, login: str, number: str) -> None:
    school.publish(replace(STORAGE, slug="second", title="另一门课"))
    other = school.enrol(login, "second")
    first = school.opened(login, number, "where")
    first.read(10.0)
    second = school.opened(login, other, "where")
    with pytest.raises(Conflict, match="in another window or on another device"):
        first.beat(10.0, seconds=10.0)
    assert second.beat(0.0, seconds=10.0).seconds == 10.0
    assert school.events(number)[-1] == "suspended"
    assert school.events(other) == ["assigned", "opened", "progressed"]
    assert second.read(20.0).completed


def test_a_heartbeat_that_is_sent_again_ends_the_visit_and_is_evidence(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    used = device.word
    device.read(10.0)
    with pytest.raises(Conflict, match="came twice or out of turn"):
        device.beat(10.0, word=used, seconds=10.0, reached=1.0)
    assert school.counted(number, "where") == 10.0
    event, told = school.statements(number)[-1]
    assert event == "suspended"
    assert "word" in told["context"]["extensions"].values()
    with pytest.raises(Conflict, match="came twice or out of turn"):
        device.beat(10.0, word=used, seconds=10.0, reached=1.0)
    assert school.events(number)[-1] == "suspended"
    assert school.events(number).count("suspended") == 1  # however often it is sent


@pytest.mark.parametrize("word", ["", "guessed", "é" * 16, "\x00"])
def test_a_word_that_was_never_given_counts_nothing(school: School, login: str, number: str, word: str) -> None:
    device = school.opened(login, number, "where")
    with pytest.raises(Conflict, match="came twice or out of turn"):
        device.beat(10.0, word=word, seconds=10.0, reached=1.0)
    assert school.counted(number, "where") == 0.0
    assert school.visit(device.visit).ended_why == "word"
    school.opened(login, number, "where", after=device.visit)  # who was honest goes on


@pytest.mark.parametrize(
    "told",
    [
        {"seconds": 900.0},
        {"seconds": float("inf")},
        {"seconds": -50.0},
        {"seconds": float("nan")},
        {"seconds": 2.0, "reached": 900.0, "position": float("nan")},
    ],
)
def test_a_clock_that_lies_about_reading_counts_no_more_than_went_by(
    school: School, login: str, number: str, told: dict[str, Any]
) -> None:
    found = school.opened(login, number, "where").beat(2.0, **told)
    assert 0.0 <= found.seconds <= 2.0
    assert 0.0 <= found.position <= 1.0


@pytest.mark.parametrize(
    "played",
    [
        ((0.0, 30.0),),
        ((0.0, 2.0),) * 20,
        ((0.0, float("inf")),),
        ((0.0, float("nan")),),
        ((float("nan"), 2.0),),
        ((-30.0, -28.0),),
        ((2.0, 0.0), (38.0, 40.0)),
    ],
)
def test_a_player_that_lies_counts_nothing(
    school: School, login: str, number: str, played: tuple[tuple[float, float], ...]
) -> None:
    device = at_the_film(school, login, number)
    told = device.beat(2.0, played=played)
    assert told.seconds == 0.0
    assert told.why is not None or played[0][1] != played[0][1]
    assert not told.completed


def test_a_film_that_is_said_to_be_longer_or_shorter_keeps_its_length(school: School, login: str, number: str) -> None:
    device = at_the_film(school, login, number)
    assert device.beat(8.0, played=((0.0, 8.0),)).needed == pytest.approx(0.95 * LENGTH)
    told = device.watch(LENGTH + 40.0, start=8.0)
    assert told.completed
    progress = school.progress(number, "film")
    assert progress is not None
    assert progress.covered[-1][1] <= LENGTH


def test_many_small_heartbeats_count_no_more_than_one(school: School, login: str, number: str) -> None:
    device = at_the_film(school, login, number)
    place = 0.0
    for _ in range(100):  # a hundred in ten seconds, each a little too much
        told = device.beat(0.1, played=((place, place + 0.3),))
        place = told.farthest
    assert told.seconds <= 10.0 + 1e-6


def test_a_clock_of_the_server_that_is_put_back_counts_nothing(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    told = device.beat(-30.0, seconds=10.0, reached=1.0)
    assert told.seconds == 0.0
    school.clock.advance(timedelta(seconds=30))


def test_posting_that_a_lesson_is_finished_does_not_make_it_so(school: School, login: str, number: str) -> None:
    with pytest.raises(Invalid, match="needs 30 more seconds"):
        school.finish(login, number, "where")
    school.opened(login, number, "where")
    with pytest.raises(Invalid, match="needs 30 more seconds"):
        school.finish(login, number, "where")
    assert school.states(number) == ["open", "locked", "locked", "locked"]


def test_a_lesson_that_is_locked_is_neither_opened_nor_finished(school: School, login: str, number: str) -> None:
    for key in ("film", "case", "last"):
        with pytest.raises(Conflict, match="is still locked: finish 存在哪里 first"):
            school.opened(login, number, key)
        with pytest.raises(Conflict, match="is still locked"):
            school.finish(login, number, key)
    with pytest.raises(NotFound, match="has no lesson secret"):
        school.opened(login, number, "secret")
    school.done(login, number, "where")
    assert school.states(number) == ["done", "open", "locked", "locked"]


def test_a_course_without_an_order_locks_nothing(school: School, login: str) -> None:
    free = replace(STORAGE, slug="free", title="自由学习", ordered=False)
    school.publish(free)
    number = school.enrol(login, "free")
    assert school.states(number) == ["open"] * 4
    school.done(login, number, "last")
    assert school.states(number) == ["open", "open", "open", "done"]


def test_what_others_are_to_learn_is_not_found(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    other = school.learner()
    own = school.enrol(other)
    house = school.house
    for who in (actor(other), actor("hr", "hr", "hr-head", "admin"), replace(actor(login), kind="client")):
        with pytest.raises(NotFound, match=f"no training {number}"):
            lessons.open_lesson(house, who, number, "where")
        with pytest.raises(NotFound, match=f"no training {number}"):
            lessons.beat(house, who, number, device.visit, Told(word=device.word, seconds=10.0))
        with pytest.raises(NotFound, match=f"no training {number}"):
            lessons.finish(house, who, number, "where")
        with pytest.raises(NotFound, match=f"no training {number}"):
            lessons.answer(house, who, number, device.visit, "keep", [1])
    with pytest.raises(NotFound, match="not open here"):
        lessons.beat(house, actor(other), own, device.visit, Told(word=device.word, seconds=10.0))
    assert device.read(30.0).completed  # nothing of that ended the visit


def test_nothing_counts_once_it_is_over(school: School, login: str, number: str) -> None:
    device = school.opened(login, number, "where")
    assert device.read(30.0).completed
    with pytest.raises(Conflict, match="This lesson is done"):
        device.beat(10.0, seconds=10.0)
    with pytest.raises(Conflict, match="This lesson is done"):
        school.opened(login, number, "where")
    assert school.counted(number, "where") == 30.0
    film = school.opened(login, number, "film")
    with school.database.transaction() as unit:
        hr = actor("hr", "hr")
        enrolments.waive(unit, enrolments.find(unit, number, locked=True), "已有证书", actor=hr, clock=school.clock)
    with pytest.raises(Conflict, match="let off this course"):
        film.beat(10.0, played=((0.0, 10.0),))
    with pytest.raises(Conflict, match="is over"):
        school.opened(login, number, "film")
    with pytest.raises(Conflict, match="is over"):
        school.finish(login, number, "film")


def test_who_sits_for_long_is_asked_whether_they_are_there(school: School, login: str) -> None:
    long = replace(STORAGE, slug="long", title="长文", lessons=(replace(STORAGE.lessons[0], seconds=600),))
    school.publish(long)
    number = school.enrol(login, "long")
    device = school.opened(login, number, "where")
    told = device.read(300.0)
    assert (told.ask, told.seconds) == (True, 300.0)
    told = device.read(120.0)
    assert (told.ask, told.seconds) == (True, 300.0)
    assert "still there" in str(told.why)
    assert not device.beat(10.0, seconds=10.0, here=True).ask
    assert device.beat(10.0, seconds=10.0).seconds == 310.0
    assert device.read(290.0).completed


def test_a_film_asks_too(school: School, login: str) -> None:
    film = replace(STORAGE.lessons[1], seconds=0)
    school.publish(replace(STORAGE, slug="films", title="影片", lessons=(film,)))
    device = school.opened(login, school.enrol(login, "films"), "film")
    for _ in range(30):
        told = device.watch(10.0)  # the same ten seconds again and again
    assert (told.ask, told.seconds) == (True, 10.0)
    assert device.beat(10.0, played=((10.0, 20.0),)).seconds == 10.0


@pytest.mark.requirement("F79")
def test_the_questions_of_a_case_study_are_to_be_answered_right(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film")
    device = school.opened(login, number, "case")
    assert not device.read(20.0).completed
    with pytest.raises(Invalid, match="still to be answered right: 3"):
        school.finish(login, number, "case")
    marks: list[Marked] = []
    right = 0
    while not marks or not marks[-1].right:
        right += 1
        marks.append(device.answer("keep", right).marked)
    assert [mark.right for mark in marks] == [False] * (len(marks) - 1) + [True]
    assert [mark.explanation for mark in marks] == [""] * (len(marks) - 1) + ["归档后删除私存。"]
    assert marks[-1].tries == len(marks)
    with pytest.raises(Conflict, match="answered right already"):
        device.answer("keep", right)
    assert school.events(number).count("answered") == len(marks)


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("keep", ()),
        ("keep", (1, 2)),
        ("keep", (0,)),
        ("keep", (4,)),
        ("breach", (1, 1)),
        ("tell", (3,)),
        ("tell", (1, 2)),
    ],
)
def test_what_cannot_be_chosen_is_no_try(
    school: School, login: str, number: str, question: str, places: tuple[int, ...]
) -> None:
    school.done(login, number, "where", "film")
    device = school.opened(login, number, "case")
    with pytest.raises(Invalid, match="no answer to the question"):
        device.answer(question, *places)
    with pytest.raises(NotFound, match="no question other"):
        device.answer("other", 1)
    progress = school.progress(number, "case")
    assert progress is not None
    assert progress.answers == {}


def test_questions_are_answered_where_the_lesson_is_open(school: School, login: str, number: str) -> None:
    school.done(login, number, "where", "film")
    device = school.opened(login, number, "case")
    school.opened(login, number, "case")
    with pytest.raises(Conflict, match="another window"):
        device.answer_all()
