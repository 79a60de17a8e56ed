"""Exams while they are sat (domain F81–F84): begun, opened in a window, answered. Time is the server's alone.

An attempt belongs to one window: whoever opens it gets a token, the sitting, and with it answers are taken; the window
before is out. Once it is handed in or its time is over, nothing of it changes any more: see `hr.training.outcome`.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from sqlmodel import col, select

from hr.evidence import canonical
from hr.training import enrolments, paper, statements, texts
from hr.training.course import CourseText
from hr.training.draw import draw
from hr.training.tables import Enrolment, Exam
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, say

GRACE = timedelta(seconds=5)  # what is sent in the last moment is still on its way


def course_of(unit: Unit, enrolment: Enrolment) -> CourseText:
    """The version of the course that the person learns."""
    return texts.version(unit, enrolment.slug, enrolment.version)


def begin(
    unit: Unit, enrolment: Enrolment, *, at: datetime, actor: Actor, zone: tzinfo = UTC, seed: int | None = None
) -> Exam:
    """Draw the paper of the next attempt; its time runs from now on. The enrolment is locked.

    The paper is of the day in `zone`, by a seed that nobody knows unless one is given. Raises Conflict for whoever has
    not learned everything, whose training has ended, or who has an exam open; Invalid for a bank that is too small.
    """
    refuse_unlearned(enrolment)
    course, taken = course_of(unit, enrolment), attempts(unit, enrolment.number)
    if any(exam.submitted_at is None for exam in taken):
        raise Conflict(under_way(enrolment))
    drawn = draw(course, secrets.randbits(64) if seed is None else seed, on=at.astimezone(zone).date())
    made = Exam(
        enrolment=enrolment.number,
        round=enrolment.round,
        attempt=len(taken) + 1,
        paper=paper.stored(drawn),
        sitting=secrets.token_urlsafe(24),
        begun_at=at,
        deadline_at=at + timedelta(minutes=course.minutes),
    )
    unit.session.add(made)
    unit.flush()
    digest = canonical.content_hash({"paper": made.paper})
    statements.note(unit, enrolment, "attempted", actor, at, attempt=made.attempt, paper=digest, until=made.deadline_at)
    return made


def refuse_unlearned(enrolment: Enrolment) -> None:
    """Raises Conflict for whoever cannot take the exam of this training now."""
    enrolments.refuse_ended(enrolment)
    if enrolment.status != "examining":
        raise Conflict(
            say("The exam of {title} opens when all its lessons are done. Go on learning first.", title=enrolment.title)
        )


def attempts(unit: Unit, number: str) -> list[Exam]:
    """All attempts of an enrolment, over all rounds, the first one first."""
    chosen = select(Exam).where(col(Exam.enrolment) == number).order_by(col(Exam.attempt))
    return list(unit.session.exec(chosen))


def find(unit: Unit, number: str, attempt: int, *, locked: bool = False) -> Exam:
    """One attempt as it is now. Raises NotFound."""
    chosen = select(Exam).where(col(Exam.enrolment) == number, col(Exam.attempt) == attempt)
    wanted = chosen.with_for_update() if locked else chosen
    found = unit.session.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(say("There is no exam {attempt} of the training {number}.", attempt=attempt, number=number))
    return found


def open_one(unit: Unit, number: str, *, locked: bool = False) -> Exam | None:
    """The attempt that is not handed in yet, its time may be over."""
    (attempt,) = unit.one("select max(attempt) from exam where enrolment = %s and submitted_at is null", (number,))
    return None if attempt is None else find(unit, number, attempt, locked=locked)


def sat_by(unit: Unit, login: str, slug: str | None = None) -> bool:
    """Whether the person sits an exam of the course, of any course where none is named, in whichever enrolment. One
    whose training has ended meanwhile is sat no more.
    """
    row = unit.one(
        "select 1 from exam x join enrolment e on e.number = x.enrolment where e.employee = %(login)s"
        " and e.slug = coalesce(%(slug)s, e.slug) and e.status = 'examining' and x.submitted_at is null limit 1",
        {"login": login, "slug": slug},
    )
    return row is not None


def over(exam: Exam, at: datetime) -> bool:
    """The time is over, and so is the moment in which the last answers may arrive."""
    return at > exam.deadline_at + GRACE


def has(exam: Exam, sitting: str) -> bool:
    """Whether a window's token is the one that the attempt belongs to."""
    return secrets.compare_digest(exam.sitting.encode(), sitting.encode())


def seat(unit: Unit, exam: Exam) -> str:
    """Give the attempt to another window; the one before answers no more."""
    exam.sitting = secrets.token_urlsafe(24)
    unit.session.add(exam)
    unit.flush()
    return exam.sitting


def save(
    unit: Unit, course: CourseText, exam: Exam, sitting: str, told: Mapping[str, Sequence[int]], *, at: datetime
) -> None:
    """Keep the answers so far, all of them at once, in the place of those before. The exam is locked.

    Raises Conflict for another window, after the time, and once it is handed in; Invalid for answers that the paper
    does not have.
    """
    refuse_answers(exam, sitting, at)
    exam.answers, exam.saved_at = paper.checked(course, paper.read(exam.paper), told), at
    unit.session.add(exam)
    unit.flush()


def refuse_answers(exam: Exam, sitting: str, at: datetime) -> None:
    """Raises Conflict where this window cannot answer now."""
    if exam.submitted_at is not None:
        raise Conflict(
            say(
                "Attempt {attempt} is handed in, and nothing of it changes any more. Look at its result.",
                attempt=exam.attempt,
            )
        )
    if over(exam, at):
        raise Conflict(say("The time of this exam is over. What was saved by then is graded: look at the result."))
    if not has(exam, sitting):
        raise Conflict(
            say(
                "The exam was opened in another window, so answers from here are not taken any more. Go on there, or "
                "open the exam here again."
            )
        )


def under_way(enrolment: Enrolment) -> Text:
    """That an exam is open somewhere else."""
    return say(
        "An exam of {title} is under way already. Continue it here, and no other window can answer it any more.",
        title=enrolment.title,
    )
