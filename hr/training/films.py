"""The film of a lesson, wherever it comes from: one that was uploaded, or one that is made of the lesson's slides.

A film of slides is made once, by the upkeep or when it is first asked for, and found again by what its slides say.
"""

import json
from dataclasses import asdict
from hashlib import sha256
from threading import Lock

from sqlmodel import col, select

from hr.training import texts
from hr.training.course import SHIPPED, Lesson
from hr.training.media import Media
from hr.training.slides import film
from hr.training.tables import CourseMedia
from kernel.actor import system
from kernel.clock import Clock
from kernel.db import Database, Unit

LOOK = 1  # of the slides: another one makes other films of the same words
_making = Lock()  # a film takes seconds of a processor: one at a time, however many open the lesson


def of(unit: Unit, lesson: Lesson) -> CourseMedia | None:
    """The film of a lesson; None for a lesson without one, and while the film of its slides is not made yet."""
    if not lesson.video:
        return None
    if not lesson.video.startswith(SHIPPED):
        return unit.session.get(CourseMedia, lesson.video)
    facts = col(CourseMedia.facts)["slides"].as_string()
    chosen = select(CourseMedia).where(CourseMedia.kind == "video", facts == _digest(lesson))
    return unit.session.exec(chosen).first()


def ready(database: Database, media: Media, lesson: Lesson, clock: Clock) -> CourseMedia | None:
    """The film of a lesson, made now where it has slides and no film yet: that takes some seconds."""
    with database.transaction() as unit:
        found = of(unit, lesson)
    if found is not None or not lesson.slides or not (lesson.video or "").startswith(SHIPPED):
        return found
    with _making:
        return _made(database, media, lesson, clock)


def _made(database: Database, media: Media, lesson: Lesson, clock: Clock) -> CourseMedia:
    with database.transaction() as unit:
        found = of(unit, lesson)
    if found is not None:
        return found
    content = film.video(lesson)
    with database.transaction() as unit:
        unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"course-film/{_digest(lesson)}",))
        found = of(unit, lesson) or _kept(unit, media, lesson, content, clock)
        unit.session.flush()
        unit.session.expunge(found)
        return found


def _kept(unit: Unit, media: Media, lesson: Lesson, content: bytes, clock: Clock) -> CourseMedia:
    name = f"{(lesson.video or '').removeprefix(SHIPPED)}.webm"
    row = media.add(unit, name, content, actor=system("set-up"), at=clock.now())
    row.facts = {**row.facts, "film": lesson.video, "slides": _digest(lesson)}
    unit.session.add(row)
    return row


def unmade(unit: Unit) -> list[Lesson]:
    """The lessons of published courses whose slides are no film yet."""
    courses = [texts.version(unit, row.slug, row.published or 0) for row in texts.published(unit)]
    lessons = [lesson for course in courses for lesson in course.lessons if lesson.slides]
    return [one for one in lessons if (one.video or "").startswith(SHIPPED) and of(unit, one) is None]


def _digest(lesson: Lesson) -> str:
    said = json.dumps([LOOK, lesson.title, [asdict(slide) for slide in lesson.slides]], ensure_ascii=False)
    return sha256(said.encode()).hexdigest()
