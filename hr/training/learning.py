"""Learning one lesson after another. What counts is what the server counted (domain F80, F85).

A lesson is open on one device at a time: a visit. Each heartbeat of its page brings the word that the answer before it
gave, and tells of the seconds since then; no more of them count than went by on the clock of the server. A video counts
where it was played, in its order; a text while somebody is before it, and once its end was reached.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from hr.training import counting, covered, enrolments, needs, practice, statements, texts, visits
from hr.training.counting import Told
from hr.training.course import CourseText, Lesson
from hr.training.standing import Answered, Beat, LessonStanding, Standing, State
from hr.training.statements import Result
from hr.training.tables import Enrolment, LearningVisit, LessonProgress
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say


def standing(unit: Unit, enrolment: Enrolment) -> Standing:
    """Every lesson of the course in its order."""
    course, rows = course_of(unit, enrolment), _progress(unit, enrolment)
    found, before = [], True
    for lesson in course.lessons:
        row = rows.get(lesson.key)
        done = row is not None and row.completed_at is not None
        found.append(_standing(unit, lesson, row, "done" if done else "open" if before else "locked"))
        before = before and (done or not course.ordered)
    return Standing(tuple(found), all(lesson.state == "done" for lesson in found))


def course_of(unit: Unit, enrolment: Enrolment) -> CourseText:
    """The version of the course that the person learns."""
    return texts.version(unit, enrolment.slug, enrolment.version)


def lesson_of(unit: Unit, enrolment: Enrolment, key: str) -> Lesson:
    """A lesson of it. Raises NotFound."""
    found = course_of(unit, enrolment).lesson(key)
    if found is None:
        raise NotFound(say("The course {title} has no lesson {key}.", title=enrolment.title, key=key[:60]))
    return found


def progress_of(unit: Unit, enrolment: Enrolment, key: str) -> LessonProgress | None:
    """How far a lesson is in the present round; None before it was opened."""
    return unit.session.get(LessonProgress, (enrolment.number, enrolment.round, key), populate_existing=True)


def refuse_locked(unit: Unit, enrolment: Enrolment, key: str) -> None:
    """Raises NotFound for what is no lesson, Conflict for one that comes after another that is not done."""
    lesson_of(unit, enrolment, key)
    found = standing(unit, enrolment)
    lesson = next(one for one in found.lessons if one.key == key)
    if lesson.state == "locked" and found.next is not None:
        raise Conflict(
            say(
                "{title} is still locked: finish {first} first, since the lessons of this course have an order.",
                title=lesson.title,
                first=found.next.title,
            )
        )


def open(unit: Unit, enrolment: Enrolment, key: str, *, after: str = "", actor: Actor, at: datetime) -> LearningVisit:
    """Begin a visit to a lesson; from now on its time counts. The person's visit before it is over, of any course.

    `after` is the visit that a page goes on with by itself, such as after its connection was lost: it takes nothing
    away from another device. The enrolment is held. Raises Conflict for a lesson that is locked or done, and while
    nothing is to be learned, else as `lesson_of`.
    """
    refuse_locked(unit, enrolment, key)
    _refuse_not_learning(enrolment)
    visits.hold(unit, enrolment.employee)
    visits.refuse_taken(unit, enrolment, after)
    before = progress_of(unit, enrolment, key)
    if before is not None and before.completed_at is not None:
        raise Conflict(visits.OVER["done"])
    for other in visits.open_ones(unit, enrolment.employee):
        _suspend(unit, enrolments.find(unit, other.enrolment), other, "elsewhere", actor, at)
    visit = visits.begin(unit, enrolment, before or _begun(unit, enrolment, key, at), actor=actor, at=at)
    lesson = lesson_of(unit, enrolment, key)
    statements.note(unit, enrolment, "resumed" if before else "opened", actor, at, lesson=lesson)
    return visit


def beat(unit: Unit, enrolment: Enrolment, id: str, told: Told, *, actor: Actor, at: datetime) -> Beat:
    """Count what the page tells of. The enrolment is held.

    A word that was used or was never given ends the visit, and that becomes evidence: `Beat.refused` says so, and the
    caller keeps the unit. Raises NotFound for a visit that is not this person's, Conflict for one that is over.
    """
    visit = visits.find(unit, enrolment, id, actor)
    if not visits.took_word(visit, told.word):
        _suspend(unit, enrolment, visit, "word", actor, at)
        return Beat(refused=visits.OVER["word"])
    lesson, progress = _visited(unit, enrolment, visit)
    before = _share(unit, lesson, progress)
    why = counting.count(unit, lesson, progress, visit, told, at)
    visit.position, progress.last_at = progress.position, at
    unit.session.add_all([visit, progress])
    unit.flush()
    completed = _completed(unit, enrolment, lesson, progress, actor, at)
    if not completed:
        _note_quarter(unit, enrolment, lesson, progress, before, actor, at)
        if told.leaving:
            _suspend(unit, enrolment, visit, "left", actor, at)
    return Beat(
        next_word=visit.next_word,
        position=progress.position,
        farthest=covered.farthest(progress.covered),
        seconds=needs.counted(lesson, progress),
        needed=needs.seconds(unit, lesson),
        completed=completed,
        ask=visit.asked_at is not None,
        missing=needs.missing(unit, lesson, progress),
        why=why,
    )


def answer(
    unit: Unit, enrolment: Enrolment, id: str, key: str, places: Sequence[int], *, actor: Actor, at: datetime
) -> Answered:
    """One try at a question of the case study that the visit has open. Raises as `beat` and `practice.answer`."""
    lesson, progress = _visited(unit, enrolment, visits.find(unit, enrolment, id, actor))
    marked = practice.answer(unit, enrolment, lesson, progress, key, places, actor=actor, at=at)
    completed = _completed(unit, enrolment, lesson, progress, actor, at)
    return Answered(marked=marked, completed=completed, missing=needs.missing(unit, lesson, progress))


def finish(unit: Unit, enrolment: Enrolment, key: str, *, actor: Actor, at: datetime) -> None:
    """The learner says that a lesson is done: it is if the server has counted enough. Twice is once.

    The enrolment is held. Raises Invalid telling what is missing, Conflict for a lesson that is locked.
    """
    refuse_locked(unit, enrolment, key)
    lesson, progress = lesson_of(unit, enrolment, key), progress_of(unit, enrolment, key)
    if progress is not None and progress.completed_at is not None:
        return
    _refuse_not_learning(enrolment)
    lacking = needs.missing(unit, lesson, progress)
    if lacking is not None or progress is None:
        raise Invalid(lacking or say("{title} was not opened yet. Open it first.", title=lesson.title))
    _completed(unit, enrolment, lesson, progress, actor, at)


def complete_scorm(
    unit: Unit,
    enrolment: Enrolment,
    key: str,
    *,
    actor: Actor,
    at: datetime,
    result: Result | None = None,
) -> bool:
    """A SCORM package reports that it is done; True if the lesson is, which may ask for more seconds before it.

    The enrolment is held. `result` is what the package said of score and success. Raises Conflict where the learner has
    no visit to this lesson, Invalid for a lesson of another kind.
    """
    lesson, progress = lesson_of(unit, enrolment, key), progress_of(unit, enrolment, key)
    if lesson.kind != "scorm":
        raise Invalid(say("{title} is no SCORM package, so none can report that it is done.", title=lesson.title))
    if progress is not None and progress.completed_at is not None:
        return True
    here = (enrolment.number, key)
    visiting = [(visit.enrolment, visit.lesson) for visit in visits.open_ones(unit, enrolment.employee)]
    if progress is None or here not in visiting:
        raise Conflict(visits.OVER["elsewhere"])
    progress.answers = {**progress.answers, needs.REPORTED: at.isoformat()}
    unit.session.add(progress)
    unit.flush()
    return _completed(unit, enrolment, lesson, progress, actor, at, result or Result())


def _refuse_not_learning(enrolment: Enrolment) -> None:
    if enrolment.status == "examining":
        raise Conflict(say("All lessons are done: now the exam is to be taken. Nothing more is counted here."))
    if enrolment.status != "learning":
        raise Conflict(
            say("The training {number} is over, so nothing more is counted for it.", number=enrolment.number)
        )


def _begun(unit: Unit, enrolment: Enrolment, key: str, at: datetime) -> LessonProgress:
    enrolment.begun_at = enrolment.begun_at or at
    made = LessonProgress(enrolment=enrolment.number, round=enrolment.round, lesson=key, started_at=at, last_at=at)
    unit.session.add_all([enrolment, made])
    unit.flush()
    return made


def _visited(unit: Unit, enrolment: Enrolment, visit: LearningVisit) -> tuple[Lesson, LessonProgress]:
    progress = progress_of(unit, enrolment, visit.lesson)
    if visit.round != enrolment.round or progress is None:
        raise Conflict(visits.OVER["done"])
    return lesson_of(unit, enrolment, visit.lesson), progress


def _completed(
    unit: Unit,
    enrolment: Enrolment,
    lesson: Lesson,
    progress: LessonProgress,
    actor: Actor,
    at: datetime,
    result: Result | None = None,
) -> bool:
    """Whether enough is counted; then the lesson is done, and with the last one the exam is next."""
    if needs.missing(unit, lesson, progress) is not None:
        return False
    progress.completed_at = at
    for visit in visits.open_ones(unit, enrolment.employee):
        if (visit.enrolment, visit.lesson) == (enrolment.number, lesson.key):
            visits.over(unit, visit, "done", at)
    unit.session.add(progress)
    unit.flush()
    told = replace(result or Result(), completion=True, seconds=progress.seconds, progress=1.0)
    statements.note(unit, enrolment, "completed", actor, at, lesson=lesson, result=told)
    if standing(unit, enrolment).done:
        enrolment.status = "examining"
        unit.session.add(enrolment)
        unit.flush()
        statements.note(unit, enrolment, "completed", actor, at, result=Result(completion=True))
    return True


def _suspend(unit: Unit, enrolment: Enrolment, visit: LearningVisit, why: str, actor: Actor, at: datetime) -> None:
    lesson, progress = lesson_of(unit, enrolment, visit.lesson), progress_of(unit, enrolment, visit.lesson)
    counted = progress.seconds if progress is not None else 0.0
    visits.suspend(unit, enrolment, visit, lesson, counted, why=why, actor=actor, at=at)


def _note_quarter(
    unit: Unit,
    enrolment: Enrolment,
    lesson: Lesson,
    progress: LessonProgress,
    before: float,
    actor: Actor,
    at: datetime,
) -> None:
    """A statement for each quarter that was passed, not for each heartbeat."""
    now = _share(unit, lesson, progress)
    if int(4 * before) < int(4 * now) < 4:
        told = Result(progress=int(4 * now) / 4, seconds=progress.seconds)
        statements.note(unit, enrolment, "progressed", actor, at, lesson=lesson, result=told)


def _share(unit: Unit, lesson: Lesson, progress: LessonProgress) -> float:
    needed = needs.seconds(unit, lesson)
    return min(1.0, needs.counted(lesson, progress) / needed) if needed else 0.0


def _progress(unit: Unit, enrolment: Enrolment) -> dict[str, LessonProgress]:
    chosen = select(LessonProgress).where(
        col(LessonProgress.enrolment) == enrolment.number, col(LessonProgress.round) == enrolment.round
    )
    return {row.lesson: row for row in unit.session.exec(chosen)}


def _standing(unit: Unit, lesson: Lesson, progress: LessonProgress | None, state: State) -> LessonStanding:
    return LessonStanding(
        key=lesson.key,
        title=lesson.title,
        kind=lesson.kind,
        state=state,
        seconds=needs.counted(lesson, progress),
        needed=needs.seconds(unit, lesson),
        position=progress.position if progress is not None else 0.0,
    )
