"""Courses as HR keeps them: the list with its learners, the version in the editor, saving beside somebody else.

Nobody's work is lost: where two save what they began from the same version, both are kept as versions, and who comes
second is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from sqlmodel import col, select

from hr.training import enrolments, films, needs, practice, texts
from hr.training.course import CourseText, Lesson
from hr.training.findings import Finding
from hr.training.practice import Marked
from hr.training.standing import LessonStanding
from hr.training.tables import CourseMedia, CourseVersion, Enrolment
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human.training.shelf import LessonPage

_LIST = """
select c.slug, c.title, c.kind, v.version, c.published, c.archived_at, v.saved_at, v.saved_by,
       count(e.number) filter (where e.status = any(%s)), count(e.number) filter (where e.status = 'passed')
  from course c
  join lateral (select * from course_version where slug = c.slug order by version desc limit 1) v on true
  left join enrolment e on e.slug = c.slug
 group by c.slug, c.title, c.kind, v.version, c.published, c.archived_at, v.saved_at, v.saved_by
 order by c.archived_at is not null, c.title, c.slug
"""
_BY_VERSION = "select version, count(*) from enrolment where slug = %s group by version"


@dataclass(frozen=True, slots=True)
class Listed:
    """A course in the list: its latest and its published version, how many learn it now, how many have passed."""

    slug: str
    title: str
    kind: str
    version: int
    published: int | None
    archived_at: datetime | None
    saved_at: datetime
    saved_by: str
    learning: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A version of a course in the editor; `learners` are counted by version, `base` is the latest version."""

    course: CourseText
    version: CourseVersion
    versions: tuple[CourseVersion, ...]
    published: int | None
    archived: bool
    findings: tuple[Finding, ...]
    learners: dict[int, int]

    @property
    def base(self) -> int:
        return self.versions[0].version


@dataclass(frozen=True, slots=True)
class Kept:
    """What a save made. `beside` is the version that somebody else saved meanwhile, None where nobody did."""

    version: int
    new: bool
    beside: CourseVersion | None


def listed(unit: Unit) -> list[Listed]:
    """Every course by title, archived ones last."""
    return [Listed(*row) for row in unit.all(_LIST, (list(enrolments.OPEN),))]


def shown(unit: Unit, slug: str, number: int, clock: Clock, zone: tzinfo = UTC) -> Shown:
    """A version of a course, 0 for the latest one, with what stands against publishing it today, as the day is in
    `zone`. Raises NotFound.
    """
    head, versions = texts.find(unit, slug), texts.versions(unit, slug)
    version = next((one for one in versions if one.version == number), versions[0] if not number else None)
    if version is None:
        raise NotFound(say("There is no version {version} of the course {slug}.", version=number, slug=slug))
    course = texts.version(unit, slug, version.version)
    return Shown(
        course=course,
        version=version,
        versions=tuple(versions),
        published=head.published,
        archived=head.archived_at is not None,
        findings=tuple(texts.findings(unit, course, clock, zone)),
        learners={row[0]: row[1] for row in unit.all(_BY_VERSION, (slug,))},
    )


def save(unit: Unit, slug: str, source: str, *, base: int, actor: Actor, clock: Clock, comment: str = "") -> Kept:
    """Keep the source as a new version, begun from version `base` (0: a new course); see `Kept.beside`.

    Raises Invalid for faults of the source, Conflict for a new course under a name that is taken.
    """
    try:
        saved = texts.save(unit, slug, source, actor=actor, clock=clock, comment=comment, base=base)
        return Kept(saved.version, saved.new, None)
    except Conflict:
        other = texts.latest(unit, slug)
        if other is None:
            raise
        if base == 0:
            said = say("There is a course with the name {slug} already. Choose another name.", slug=slug)
            raise Conflict(said) from None
        saved = texts.save(unit, slug, source, actor=actor, clock=clock, comment=comment)
        return Kept(saved.version, saved.new, other if saved.new else None)


def media(unit: Unit, kind: str) -> list[CourseMedia]:
    """What was uploaded of a kind, the latest first."""
    chosen = select(CourseMedia).where(CourseMedia.kind == kind).order_by(col(CourseMedia.added_at).desc())
    return list(unit.session.exec(chosen))


def opened(house: House, actor: Actor, slug: str, number: int, key: str) -> tuple[Shown, LessonPage]:
    """A lesson of a version, 0 for the latest, as `preview` gives it; its film is made where it has none yet, which
    takes some seconds: nobody else makes that of a version that is not published. Raises NotFound.
    """
    with house.database.transaction() as unit:
        found = shown(unit, slug, number, house.clock)
        page = preview(house, unit, found.course, key, actor)
    if page.video is None and page.lesson.slides:
        films.ready(house.database, house.world.media, page.lesson, house.clock)
        with house.database.transaction() as unit:
            page = preview(house, unit, found.course, key, actor)
    return found, page


def preview(house: House, unit: Unit, course: CourseText, key: str, actor: Actor) -> LessonPage:
    """A lesson as its learner sees it who has just begun; nothing is counted. Raises NotFound."""
    lesson = lesson_of(course, key)
    at = course.lessons.index(lesson)
    film = films.of(unit, lesson)
    rows = tuple(_standing(unit, one) for one in course.lessons)
    return LessonPage(
        number="",
        course=course.title,
        status="learning",
        lesson=lesson,
        standing=rows[at],
        place=at + 1,
        lessons=rows,
        counting=False,
        video=film.hash if film is not None else None,
        length=needs.length(unit, lesson),
        exercises=practice.exercises(_nobody(house, course, actor), lesson, None),
        before=rows[at - 1] if at else None,
        after=rows[at + 1] if at + 1 < len(rows) else None,
        trial=True,
    )


def lesson_of(course: CourseText, key: str) -> Lesson:
    """A lesson of this version. Raises NotFound."""
    lesson = course.lesson(key)
    if lesson is None:
        raise NotFound(say("The course {title} has no lesson {key}.", title=course.title, key=key[:60]))
    return lesson


def tried(house: House, course: CourseText, key: str, question: str, places: Sequence[int], actor: Actor) -> Marked:
    """A try at a question of a case study, marked as a learner's is; nothing is kept. Raises NotFound, Invalid."""
    return practice.mark(_nobody(house, course, actor), lesson_of(course, key), question, places)


def _standing(unit: Unit, lesson: Lesson) -> LessonStanding:
    return LessonStanding(
        key=lesson.key,
        title=lesson.title,
        kind=lesson.kind,
        state="open",
        seconds=0.0,
        needed=needs.seconds(unit, lesson),
        position=0.0,
    )


def _nobody(house: House, course: CourseText, actor: Actor) -> Enrolment:
    """An enrolment that is kept nowhere: the order of options hangs on one."""
    now = house.clock.now()
    return Enrolment(
        number="preview",
        slug=course.slug,
        version=0,
        title=course.title,
        employee=actor.id,
        name=actor.name,
        department="",
        reason="manual",
        assigned_at=now,
        assigned_by=actor.id,
        due_at=now,
    )
