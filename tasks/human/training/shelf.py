"""What a learner sees: their shelf, one course with its lessons, one lesson. Others' courses are not found."""

from dataclasses import dataclass
from datetime import date, datetime

from hr.training import enrolments, films, learning, needs, practice
from hr.training.course import Lesson
from hr.training.practice import Exercise
from hr.training.standing import LessonStanding, Standing
from hr.training.tables import CourseMedia, Enrolment
from kernel.actor import Actor
from kernel.db import Unit
from tasks.house import House
from tasks.human.training.learning import own

_CERTIFICATES = """
select enrolment, number, verify_code, valid_until from training_certificate where enrolment = any(%s)
"""
# A film of slides is named by its lesson, `shipped:<name>`, and not by its hash (`hr.training.films`).
_USED = """
select 1 from enrolment e join course_version v on v.slug = e.slug and v.version = e.version
 where e.employee = %(login)s and (position(%(hash)s in v.source) > 0 or position(%(film)s in v.source) > 0) limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Its number, by which code it is verified, and the last day on which it holds."""

    number: str
    verify_code: str
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """One course of the learner. `share` of it is done, `next` the title of the lesson to go on with."""

    number: str
    title: str
    status: str
    due_at: datetime
    late: bool
    round: int
    begun: bool
    done: int
    lessons: int
    share: float
    next: str
    score: int | None
    ended_at: datetime | None
    reason: str
    certificate: Certificate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is to be learned, the most urgent first; what was passed and what fell away, the latest first."""

    todo: tuple[ShelfRow, ...]
    passed: tuple[ShelfRow, ...]
    dropped: tuple[ShelfRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage:
    """A course with its lessons. `questions`, `minutes` and `pass_mark` tell of its exam."""

    row: ShelfRow
    summary: str
    ordered: bool
    lessons: tuple[LessonStanding, ...]
    next: LessonStanding | None
    questions: int
    minutes: int
    pass_mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPage:
    """A lesson, the `place`-th of the course. `counting` while its time counts; else it is only looked at again, or it
    is on `trial` by HR: everything works as for a learner, and nothing is kept.

    `video` is the hash of its film, None where there is none (yet). `before` is the lesson before it, `after` the one
    to go on with: see `Standing.after`.
    """

    number: str
    course: str
    status: str
    lesson: Lesson
    standing: LessonStanding
    place: int
    lessons: tuple[LessonStanding, ...]
    counting: bool
    video: str | None
    length: float
    exercises: tuple[Exercise, ...]
    before: LessonStanding | None
    after: LessonStanding | None
    trial: bool = False


def shelf(house: House, unit: Unit, actor: Actor) -> Shelf:
    """Everything of the learner's."""
    found = enrolments.of(unit, actor.id) if actor.kind == "person" else []
    certified = _certificates(unit, found)
    now = house.clock.now()
    rows = [_row(one, learning.standing(unit, one), certified.get(one.number), now) for one in found]
    todo = [row for row in rows if row.status in enrolments.OPEN]
    return Shelf(
        todo=tuple(sorted(todo, key=lambda row: row.due_at)),
        passed=tuple(row for row in rows if row.status == "passed"),
        dropped=tuple(row for row in rows if row.status in ("waived", "ended")),
    )


def course_page(house: House, unit: Unit, actor: Actor, number: str) -> CoursePage:
    """One course of the learner's own. Raises NotFound."""
    enrolment = own(unit, actor, number)
    course, standing = learning.course_of(unit, enrolment), learning.standing(unit, enrolment)
    certificate = _certificates(unit, [enrolment]).get(number)
    return CoursePage(
        row=_row(enrolment, standing, certificate, house.clock.now()),
        summary=course.summary,
        ordered=course.ordered,
        lessons=standing.lessons,
        next=standing.next if enrolment.status == "learning" else None,
        questions=sum(stratum.count for stratum in course.draw),
        minutes=course.minutes,
        pass_mark=course.pass_mark,
    )


def opened_lesson(house: House, actor: Actor, number: str, key: str) -> LessonPage:
    """The same as `lesson_page`, its film made where it has none yet: that takes some seconds."""
    with house.database.transaction() as unit:
        found = lesson_page(unit, actor, number, key)
    if found.video is None and found.lesson.slides:
        films.ready(house.database, house.world.media, found.lesson, house.clock)
        with house.database.transaction() as unit:
            found = lesson_page(unit, actor, number, key)
    return found


def lesson_page(unit: Unit, actor: Actor, number: str, key: str) -> LessonPage:
    """One lesson of the learner's own. Raises NotFound, and Conflict for one that is still locked."""
    enrolment = own(unit, actor, number)
    if enrolment.status == "learning":
        learning.refuse_locked(unit, enrolment, key)
    lesson, standing = learning.lesson_of(unit, enrolment, key), learning.standing(unit, enrolment)
    at = [one.key for one in standing.lessons].index(key)
    progress = learning.progress_of(unit, enrolment, key)
    return LessonPage(
        number=number,
        course=enrolment.title,
        status=enrolment.status,
        lesson=lesson,
        standing=standing.lessons[at],
        place=at + 1,
        lessons=standing.lessons,
        counting=enrolment.status == "learning" and standing.lessons[at].state != "done",
        video=needs.film(unit, lesson),
        length=needs.length(unit, lesson),
        exercises=practice.exercises(enrolment, lesson, progress),
        before=standing.lessons[at - 1] if at else None,
        after=standing.after(key),
    )


def uses(unit: Unit, actor: Actor, medium: CourseMedia) -> bool:
    """Whether a course of this learner shows the medium."""
    named = {"login": actor.id, "hash": medium.hash, "film": medium.facts.get("film", medium.hash)}
    return actor.kind == "person" and unit.one(_USED, named) is not None


def _certificates(unit: Unit, found: list[Enrolment]) -> dict[str, Certificate]:
    rows = unit.all(_CERTIFICATES, ([one.number for one in found],))
    return {
        enrolment: Certificate(number=number, verify_code=code, valid_until=until)
        for enrolment, number, code, until in rows
    }


def _row(enrolment: Enrolment, standing: Standing, certificate: Certificate | None, now: datetime) -> ShelfRow:
    return ShelfRow(
        number=enrolment.number,
        title=enrolment.title,
        status=enrolment.status,
        due_at=enrolment.due_at,
        late=enrolment.status in enrolments.OPEN and enrolment.due_at < now,
        round=enrolment.round,
        begun=enrolment.begun_at is not None,
        done=sum(lesson.state == "done" for lesson in standing.lessons),
        lessons=len(standing.lessons),
        share=standing.share,
        next=standing.next.title if standing.next is not None else "",
        score=enrolment.score,
        ended_at=enrolment.ended_at,
        reason=enrolment.ended_reason,
        certificate=certificate,
    )
