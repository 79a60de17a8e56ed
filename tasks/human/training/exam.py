"""The exam of a training: sat in one window, saved as one goes, handed in once (domain F81–F84).

What is graded, what follows for the person and the step of the process are one commit.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hr.training import enrolments, exams, outcome, paper, statements
from hr.training.paper import Shown
from hr.training.tables import Enrolment, Exam
from kernel.actor import Actor, system
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human.training import turns

EVERY = timedelta(seconds=30)
AT_ONCE = 50
KEEPER = system("training.exam")

_LAPSED = """
select enrolment from exam where submitted_at is null and deadline_at < %s order by deadline_at, enrolment limit %s
"""
_OPEN_TOO_LONG = "select 1 from exam where enrolment = %s and submitted_at is null and deadline_at < %s"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that is over. `score` is of 100."""

    attempt: int
    begun_at: datetime
    score: int
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is told before an exam. `refusal` says why it cannot begin now; `open` is the attempt that is under way."""

    number: str
    title: str
    status: str
    questions: int
    minutes: int
    pass_mark: int
    attempts: tuple[Attempt, ...]
    open: int | None
    remaining: float
    refusal: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An exam in the one window that answers it. `token` proves it is that one, `remaining` are seconds from now on.

    `answers` are those saved so far, as places of options by place of question.
    """

    number: str
    title: str
    attempt: int
    token: str
    remaining: float
    questions: tuple[Shown, ...]
    answers: Mapping[str, Sequence[int]]


def own(unit: Unit, actor: Actor, number: str, *, locked: bool = False) -> Enrolment:
    """The actor's own training. Raises NotFound for everybody else's, HR's staff among those who ask."""
    found = enrolments.find(unit, number, locked=locked)
    if actor.kind != "person" or found.employee != actor.id:  # the id of a program may be spelled like a login
        raise NotFound(say("There is no training {number}.", number=number))
    return found


def start(house: House, actor: Actor, number: str) -> Start:
    """What the exam is like, and how earlier attempts went. One whose time is over is graded first."""
    lapse(house, number)
    now = house.clock.now()
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number)
        course, taken = exams.course_of(unit, enrolment), exams.attempts(unit, number)
        under_way = next((exam for exam in taken if exam.submitted_at is None), None)
        return Start(
            number=number,
            title=enrolment.title,
            status=enrolment.status,
            questions=sum(stratum.count for stratum in course.draw),
            minutes=course.minutes,
            pass_mark=course.pass_mark,
            attempts=tuple(_attempt(exam) for exam in taken if exam.submitted_at is not None),
            open=under_way.attempt if under_way else None,
            remaining=_remaining(under_way, now) if under_way else 0,
            refusal=_refusal(enrolment),
        )


def _attempt(exam: Exam) -> Attempt:
    return Attempt(attempt=exam.attempt, begun_at=exam.begun_at, score=exam.score or 0, passed=bool(exam.passed))


def _refusal(enrolment: Enrolment) -> Text | None:
    try:
        exams.refuse_unlearned(enrolment)
    except Conflict as refused:
        return refused.message
    return None


def sit(house: House, actor: Actor, number: str, token: str = "", *, take: bool = False) -> Sitting:
    """Begin the next attempt, or go on with the one that is under way: with the token of the window that has it, or by
    taking it over. Either way a new token is given out, and the one before is worth nothing.

    Raises Conflict for whoever cannot take the exam now, and where another window has it and `take` is false.
    """
    lapse(house, number)
    now = house.clock.now()
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        exams.refuse_unlearned(enrolment)
        exam = exams.open_one(unit, number, locked=True)
        if exam is None:
            exam = exams.begin(unit, enrolment, at=now, actor=actor, zone=ZoneInfo(house.settings.zone))
        else:
            _go_on(unit, enrolment, exam, token, take, actor, now)
        return Sitting(
            number=number,
            title=enrolment.title,
            attempt=exam.attempt,
            token=exam.sitting,
            remaining=_remaining(exam, now),
            questions=paper.shown(exams.course_of(unit, enrolment), paper.read(exam.paper)),
            answers=exam.answers,
        )


def _go_on(unit: Unit, enrolment: Enrolment, exam: Exam, token: str, take: bool, actor: Actor, at: datetime) -> None:
    same = exams.has(exam, token)
    if not same and not take:
        raise Conflict(exams.under_way(enrolment))
    exams.seat(unit, exam)
    if not same:
        statements.note(unit, enrolment, "resumed", actor, at, attempt=exam.attempt)


def save(
    house: House, actor: Actor, number: str, attempt: int, token: str, answers: Mapping[str, Sequence[int]]
) -> float:
    """Keep the answers so far, and tell how many seconds are left. Raises as `hr.training.exams.save`, and Conflict for
    a training that has ended.
    """
    lapse(house, number)
    now = house.clock.now()
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number)
        exam = exams.find(unit, number, attempt, locked=True)
        exams.save(unit, exams.course_of(unit, enrolment), exam, token, answers, at=now)
        enrolments.refuse_ended(enrolment)
        return _remaining(exam, now)


def submit(
    house: House, actor: Actor, number: str, attempt: int, token: str, answers: Mapping[str, Sequence[int]]
) -> Attempt:
    """Hand the exam in with these answers. Of two that come at once one counts. Raises as `save`; nothing changes."""
    lapse(house, number)
    now = house.clock.now()
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        exam = exams.find(unit, number, attempt, locked=True)
        exams.save(unit, exams.course_of(unit, enrolment), exam, token, answers, at=now)
        exams.refuse_unlearned(enrolment)
        _hand_in(house, unit, enrolment, exam, actor)
        return _attempt(exam)


def lapse(house: House, number: str) -> bool:
    """Grade an exam whose time is over with what was saved, in a commit of its own. True if there was one."""
    if house.database.once().one(_OPEN_TOO_LONG, (number, house.clock.now() - exams.GRACE)) is None:
        return False
    with house.database.transaction() as unit:
        enrolment = enrolments.find(unit, number, locked=True)
        exam = exams.open_one(unit, number, locked=True)
        if exam is None or not exams.over(exam, house.clock.now()):
            return False
        _hand_in(house, unit, enrolment, exam, KEEPER)
        return True


def _hand_in(house: House, unit: Unit, enrolment: Enrolment, exam: Exam, actor: Actor) -> None:
    followed = enrolment.status == "examining"
    zone = ZoneInfo(house.settings.zone)
    graded = outcome.hand_in(unit, enrolment, exam, at=house.clock.now(), actor=actor, zone=zone)
    if followed:
        told = {"passed": graded.passed, "score": graded.score}
        turns.complete(house, unit, enrolment, turns.EXAM_FORM, actor, told)


def _remaining(exam: Exam, at: datetime) -> float:
    return max(0.0, (exam.deadline_at - at).total_seconds())


class Lapsed:
    """A chore of the upkeep (`tasks.house.Chore`): exams that were left open are graded when their time is over."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        now = house.clock.now()
        if self._next is not None and now < self._next:
            return 0
        self._next = now + EVERY
        done = 0
        for (number,) in house.database.once().all(_LAPSED, (now - exams.GRACE, AT_ONCE)):
            if stopped():
                break
            try:
                done += lapse(house, number)
            except Conflict as refused:  # its process does not wait for it just now: it is tried again
                log.warning("the exam of %s is not graded yet: %s", number, refused)
        return done
