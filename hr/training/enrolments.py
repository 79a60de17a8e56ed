"""Who is to learn what, by when, and how it ended: passed, waived, or over without either (domain F75–F78, F84).

Each step of it becomes a statement of the enrolment's evidence.
"""

from collections.abc import Collection
from datetime import UTC, datetime, tzinfo

from sqlmodel import col, select

from hr.numbers import series
from hr.people import org
from hr.training import statements
from hr.training.tables import REASONS, Course, Enrolment, LessonProgress
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say

SERIES = "PX"
OPEN = ("learning", "examining")
STATUS_NAMES = {
    "learning": say("learning"),
    "examining": say("exam to take"),
    "passed": say("passed"),
    "waived": say("waived"),
    "ended": say("ended"),
}


def assign(
    unit: Unit,
    *,
    employee: str,
    slug: str,
    reason: str,
    case_number: str | None = None,
    instance_key: int | None = None,
    due_at: datetime,
    clock: Clock,
    actor: Actor,
    zone: tzinfo = UTC,
) -> Enrolment:
    """Assign the published version of a course to a person.

    Where they are learning it already, that enrolment comes back; one that no process looks after joins this one. The
    number bears the year in `zone`. Raises NotFound for an unknown person or course, Conflict for a course that is not
    published, Invalid for a reason that is none of REASONS.
    """
    if reason not in REASONS:
        raise Invalid(say("A course is assigned as {known}, not {reason}.", known=", ".join(REASONS), reason=reason))
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"enrolment/{employee}/{slug}",))
    found = open_one(unit, employee, slug)
    if found is not None:
        return _joined(unit, found, case_number, instance_key)
    person, course, now = org.required(unit, employee), _assignable(unit, slug), clock.now()
    made = Enrolment(
        number=series.next_number(unit, f"{SERIES}-{now.astimezone(zone).year}", digits=6),
        slug=slug,
        version=course.published or 0,
        title=course.title,
        employee=person.login,
        name=person.name,
        department=person.department_name,
        reason=reason,
        case_number=case_number,
        instance_key=instance_key,
        assigned_at=now,
        assigned_by=actor.id,
        due_at=due_at,
    )
    unit.session.add(made)
    unit.flush()
    statements.note(unit, made, "assigned", actor, now, reason=reason, due=due_at.isoformat())
    return made


def _assignable(unit: Unit, slug: str) -> Course:
    course = unit.session.get(Course, slug)
    if course is None:
        raise NotFound(say("There is no course {slug}.", slug=slug))
    if course.published is None or course.archived_at is not None:
        raise Conflict(
            say("The course {title} is not published, so nobody can be given it. Publish it first.", title=course.title)
        )
    return course


def _joined(unit: Unit, found: Enrolment, case_number: str | None, instance_key: int | None) -> Enrolment:
    """A person learns a course once, whoever asks for it; the process that asks looks after it if none does."""
    if found.instance_key is None and instance_key is not None:
        found.instance_key = instance_key
    if found.case_number is None and case_number is not None:
        found.case_number = case_number
    unit.session.add(found)
    unit.flush()
    return found


def find(unit: Unit, number: str, *, locked: bool = False) -> Enrolment:
    """The enrolment as it is now; `locked` keeps others from it until the end of the unit. Raises NotFound."""
    found = unit.session.get(Enrolment, number, populate_existing=True, with_for_update=True if locked else None)
    if found is None:
        raise NotFound(say("There is no training {number}.", number=number))
    return found


def open_one(unit: Unit, login: str, slug: str) -> Enrolment | None:
    """What a person has still to learn or to be examined in of a course."""
    chosen = select(Enrolment).where(
        col(Enrolment.employee) == login, col(Enrolment.slug) == slug, col(Enrolment.status).in_(OPEN)
    )
    return unit.session.exec(chosen).first()


def of(unit: Unit, login: str) -> list[Enrolment]:
    """Everything that was assigned to a person, the latest first."""
    chosen = (
        select(Enrolment)
        .where(col(Enrolment.employee) == login)
        .order_by(col(Enrolment.assigned_at).desc(), col(Enrolment.number).desc())
    )
    return list(unit.session.exec(chosen))


def waive(unit: Unit, enrolment: Enrolment, reason: str, *, actor: Actor, clock: Clock) -> None:
    """Let the person off. Raises Invalid without a reason, Conflict for what has ended."""
    _close(unit, enrolment, "waived", reason, actor, clock.now())


def end(unit: Unit, enrolment: Enrolment, reason: str, *, actor: Actor, clock: Clock) -> None:
    """End it without a pass, such as for who has left. Raises Invalid without a reason, Conflict for what has ended."""
    _close(unit, enrolment, "ended", reason, actor, clock.now())


def _close(unit: Unit, enrolment: Enrolment, status: str, reason: str, actor: Actor, at: datetime) -> None:
    said = reason.strip()
    if not said:
        raise Invalid(say("Say why: it is written into the record."))
    refuse_ended(enrolment)
    enrolment.status, enrolment.ended_reason = status, said
    enrolment.ended_at, enrolment.ended_by = at, actor.id
    unit.session.add(enrolment)
    unit.flush()
    unit.run(
        "update learning_visit set ended_at = %s, ended_why = %s where enrolment = %s and ended_at is null",
        (at, status, enrolment.number),
    )
    statements.note(unit, enrolment, status, actor, at, reason=said)


def refuse_ended(enrolment: Enrolment) -> None:
    """Raises Conflict for an enrolment that is over."""
    if enrolment.status not in OPEN:
        raise Conflict(
            say(
                "The training {number} is over: {status}. Nothing of it can be changed any more.",
                number=enrolment.number,
                status=status_name(enrolment.status),
            )
        )


def relearn(unit: Unit, enrolment: Enrolment, lessons: Collection[str]) -> None:
    """Begin another round after a failed exam: these lessons, by key, are learned again, and what was completed of the
    others counts on. Where it is none of the completed ones, all are learned again: nobody is examined anew without.

    Raises Conflict for what has ended.
    """
    refuse_ended(enrolment)
    done = _completed(unit, enrolment.number, enrolment.round)
    kept = [one for one in done if one.lesson not in lessons]
    enrolment.round, enrolment.status = enrolment.round + 1, "learning"
    unit.session.add(enrolment)
    unit.flush()
    for one in kept if len(kept) < len(done) else ():
        unit.session.add(LessonProgress(**one.model_dump(exclude={"round"}), round=enrolment.round))
    unit.flush()


def _completed(unit: Unit, number: str, round_: int) -> list[LessonProgress]:
    chosen = select(LessonProgress).where(
        col(LessonProgress.enrolment) == number,
        col(LessonProgress.round) == round_,
        col(LessonProgress.completed_at).is_not(None),
    )
    return list(unit.session.exec(chosen))


def status_name(status: str) -> Text:
    """How it stands, in words."""
    return STATUS_NAMES[status]
