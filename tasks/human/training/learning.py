"""Learning as the learner does it: opening a lesson, heartbeats, answers, the end. For everybody else there is none.

With the last lesson the process moves on, in the same commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hr.training import covered, enrolments, learning, needs
from hr.training.counting import Told
from hr.training.standing import Answered, Beat, Standing
from hr.training.statements import Result
from hr.training.tables import Enrolment
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human.training import turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A visit: its id, the word for its first heartbeat, and how far the lesson is, as `Beat` has it."""

    visit: str
    next_word: str
    position: float
    farthest: float
    seconds: float
    needed: float
    missing: Text | None


def own(unit: Unit, actor: Actor, number: str, *, locked: bool = False) -> Enrolment:
    """The learner's own enrolment. Raises NotFound for everybody else, HR and administrators among them."""
    found = enrolments.find(unit, number, locked=locked)
    if actor.kind != "person" or found.employee != actor.id:
        raise NotFound(say("There is no training {number}, or it is not yours to learn.", number=number))
    return found


def open_lesson(house: House, actor: Actor, number: str, key: str, after: str = "") -> Opened:
    """Open a lesson here, and nowhere else from now on; `after` as `hr.training.learning.open` has it."""
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        visit = learning.open(unit, enrolment, key, after=after, actor=actor, at=house.clock.now())
        lesson = learning.lesson_of(unit, enrolment, key)
        progress = learning.progress_of(unit, enrolment, key)
        return Opened(
            visit=visit.id,
            next_word=visit.next_word,
            position=visit.position,
            farthest=covered.farthest(progress.covered) if progress is not None else 0.0,
            seconds=needs.counted(lesson, progress),
            needed=needs.seconds(unit, lesson),
            missing=needs.missing(unit, lesson, progress),
        )


def beat(house: House, actor: Actor, number: str, visit: str, told: Told) -> Beat:
    """Count what the page tells of. Raises Conflict for a visit that is over, or that this heartbeat ends: the evidence
    of a word that came twice or out of turn is kept all the same.
    """
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        counted = learning.beat(unit, enrolment, visit, told, actor=actor, at=house.clock.now())
        _move_on(house, unit, enrolment, actor, completed=counted.completed)
    if counted.refused is not None:
        raise Conflict(counted.refused)
    return counted


def answer(house: House, actor: Actor, number: str, visit: str, question: str, places: Sequence[int]) -> Answered:
    """One try at a question of the case study that is open. Raises as `hr.training.learning.answer`."""
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        told = learning.answer(unit, enrolment, visit, question, places, actor=actor, at=house.clock.now())
        _move_on(house, unit, enrolment, actor, completed=told.completed)
        return told


def finish(house: House, actor: Actor, number: str, key: str) -> Standing:
    """The learner says that the lesson is done. Raises Invalid, telling what is missing, where it is not."""
    with house.database.transaction() as unit:
        enrolment = own(unit, actor, number, locked=True)
        before = enrolment.status
        learning.finish(unit, enrolment, key, actor=actor, at=house.clock.now())
        _move_on(house, unit, enrolment, actor, completed=before == "learning")
        return learning.standing(unit, enrolment)


def complete_scorm(house: House, unit: Unit, actor: Actor, number: str, key: str, result: Result | None = None) -> bool:
    """A SCORM package reports that it is done; see `hr.training.learning.complete_scorm`."""
    enrolment = own(unit, actor, number, locked=True)
    before = enrolment.status
    done = learning.complete_scorm(unit, enrolment, key, actor=actor, at=house.clock.now(), result=result)
    _move_on(house, unit, enrolment, actor, completed=before == "learning")
    return done


def _move_on(house: House, unit: Unit, enrolment: Enrolment, actor: Actor, *, completed: bool) -> None:
    """With its last lesson a course goes on to the exam."""
    if completed and enrolment.status == "examining":
        turns.complete(house, unit, enrolment, turns.LEARN_FORM, actor)
