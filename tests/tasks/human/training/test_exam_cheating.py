"""What does not count at an exam: other windows, other people, late and edited answers, beginning too soon or twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from kernel.actor import Actor
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from tasks.human.training import exam, exam_result
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall"]


def refused(hall: Hall, number: str, kind: type[Refusal], words: str, act: Callable[[], object]) -> None:
    """It is refused with these words, and nothing of the exam has changed."""
    before = hall.untouched(number)
    with pytest.raises(kind, match=words):
        act()
    assert hall.untouched(number) == before


def test_nobody_begins_without_having_learned(hall: Hall) -> None:
    number = hall.enrol(learned=False)
    refused(hall, number, Conflict, "opens when all its lessons are done", lambda: hall.sit(number))
    start = exam.start(hall.house, hall.actor("zhao"), number)
    assert "Go on learning first" in str(start.refusal)


def test_beginning_twice_does_not_draw_twice(hall: Hall) -> None:
    number = hall.enrol()
    hall.sit(number)
    refused(hall, number, Conflict, "under way already", lambda: hall.sit(number))
    refused(hall, number, Conflict, "under way already", lambda: hall.sit(number, token="guessed"))
    assert hall.rows("select count(*) from exam") == [(1,)]


def test_in_two_tabs_only_the_one_that_was_opened_last_answers(hall: Hall) -> None:
    number = hall.enrol()
    first = hall.sit(number)
    given = hall.right(number)
    hall.save(first, dict(list(given.items())[:2]))
    second = hall.sit(number, take=True)
    assert second.answers == dict(list(given.items())[:2])
    assert second.questions == first.questions
    assert hall.events(number)[-1] == "resumed"
    refused(hall, number, Conflict, "opened in another window", lambda: hall.save(first, given))
    refused(hall, number, Conflict, "opened in another window", lambda: hall.submit(first, given))
    hall.save(second, given)
    assert hall.exam(number).answers == given


def test_a_copied_tab_is_another_window_too(hall: Hall) -> None:
    number = hall.enrol()
    original = hall.sit(number)
    copy = hall.sit(number, token=original.token)
    refused(hall, number, Conflict, "opened in another window", lambda: hall.save(original, {}))
    hall.save(copy, hall.right(number))


@pytest.mark.parametrize(
    "edited",
    [{"11": [1]}, {"0": [1]}, {"e1": [1]}, {"1": [99]}, {"1": [0]}, {"1": [2, 2]}, {"1.7": [1]}, {"10.": [1]}],
)
def test_edited_answers_are_refused_as_a_whole(hall: Hall, edited: dict[str, list[int]]) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    given = hall.right(number) | edited
    refused(hall, number, Invalid, "none of them were taken", lambda: hall.save(sitting, given))
    refused(hall, number, Invalid, "none of them were taken", lambda: hall.submit(sitting, given))


def test_after_the_time_nothing_is_taken_but_what_was_saved_counts(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    given = hall.right(number)
    hall.save(sitting, hall.right(number, but=hall.drawn(number)[:5]))
    hall.clock.advance(timedelta(minutes=30, seconds=5))
    assert hall.save(sitting, hall.right(number, but=hall.drawn(number)[:4])) == 0.0  # it was on its way
    hall.clock.advance(timedelta(seconds=1))
    with pytest.raises(Conflict, match="handed in"):
        hall.submit(sitting, given)
    assert (hall.exam(number).score, hall.enrolment(number).status) == (60, "learning")
    refused(hall, number, Conflict, "handed in", lambda: hall.save(sitting, given))
    refused(
        hall, number, Conflict, "opens when all its lessons are done", lambda: hall.sit(number, token=sitting.token)
    )


def test_in_the_last_moment_it_can_still_be_handed_in(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    hall.clock.advance(timedelta(minutes=30, seconds=5))
    assert hall.submit(sitting, hall.right(number)).score == 100


def test_setting_back_the_clock_of_the_device_changes_nothing(hall: Hall) -> None:
    """No time is taken from the page: there is no place for it in what is sent."""
    number = hall.enrol()
    sitting = hall.sit(number)
    hall.clock.advance(timedelta(minutes=29))
    assert hall.save(sitting, {}) == 60.0
    assert hall.sit(number, token=sitting.token).remaining == 60.0
    assert hall.exam(number).deadline_at == hall.exam(number).begun_at + timedelta(minutes=30)


def test_what_is_handed_in_stays_as_it_is(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    hall.submit(sitting, hall.right(number, but=hall.drawn(number)[:4]))
    better = hall.right(number)
    refused(hall, number, Conflict, "Attempt 1 is handed in", lambda: hall.save(sitting, better))
    refused(hall, number, Conflict, "Attempt 1 is handed in", lambda: hall.submit(sitting, better))
    hall.learned(number)
    refused(hall, number, Conflict, "Attempt 1 is handed in", lambda: hall.submit(sitting, better))


def test_to_others_there_is_no_exam(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    house = hall.house
    program = Actor(id="zhao", kind="client", groups=frozenset({"client"}))
    for stranger in (hall.actor("wu"), hall.actor("chen"), hall.actor("li"), program):
        tries: list[Callable[[Actor], object]] = [
            lambda who: exam.start(house, who, number),
            lambda who: exam.sit(house, who, number, take=True),
            lambda who: exam.sit(house, who, number, sitting.token),
            lambda who: exam.save(house, who, number, 1, sitting.token, {}),
            lambda who: exam.submit(house, who, number, 1, sitting.token, {}),
            lambda who: exam_result.result(house, who, number, 1),
        ]
        for attempt in tries:
            refused(hall, number, NotFound, f"There is no training {number}", partial(attempt, stranger))


def test_handing_in_twice_at_once_grades_once(hall: Hall) -> None:
    number = hall.enrol()
    sitting = hall.sit(number)
    given, gate, told = hall.right(number), threading.Barrier(4), list[str]()

    def hand_in() -> None:
        gate.wait()
        try:
            told.append(str(hall.submit(sitting, given).score))
        except Conflict as late:
            told.append(str(late))

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told)[0] == "100"
    assert sum("Attempt 1 is handed in" in one for one in told) == 3
    assert hall.events(number).count("passed") == 1
    assert hall.rows("select count(*) from exam_mark") == [(10,)]
    assert hall.rows("select count(*) from course_record") == [(1,)]


def test_beginning_twice_at_once_draws_once(hall: Hall) -> None:
    number = hall.enrol()
    gate, told = threading.Barrier(4), list[str]()

    def begin() -> None:
        gate.wait()
        try:
            told.append(hall.sit(number).token)
        except Conflict as late:
            told.append(str(late))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("under way already" in one for one in told) == 3
    assert hall.rows("select count(*) from exam") == [(1,)]
    assert hall.events(number).count("attempted") == 1


def test_old_results_stay_closed_while_a_new_exam_of_the_course_is_open(hall: Hall) -> None:
    number = hall.enrol()
    hall.submit(hall.sit(number), {})
    assert exam_result.result(hall.house, hall.actor("zhao"), number, 1) is not None
    hall.learned(number)
    sitting = hall.sit(number)
    with pytest.raises(Conflict, match="shown again when it is over"):
        exam_result.result(hall.house, hall.actor("zhao"), number, 1)
    assert exam_result.result(hall.house, hall.actor("zhao"), number, 2) is None
    hall.submit(sitting, {})
    assert exam_result.result(hall.house, hall.actor("zhao"), number, 1) is not None


def test_the_paper_of_an_attempt_cannot_be_known_before(hall: Hall) -> None:
    """Each attempt is drawn anew, in another order, and the places of its options lead elsewhere."""
    papers = []
    for _ in range(4):
        number = hall.enrol()
        papers.append(str(hall.exam(hall.sit(number).number).paper))
        hall.clock.advance(timedelta(hours=1))
        exam.lapse(hall.house, number)
        hall.database.once().run("update enrolment set status = 'ended', ended_at = now() where number = %s", (number,))
    assert len(set(papers)) == 4
