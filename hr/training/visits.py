"""A person learns one lesson on one device at a time: a visit. The latest one counts, while its words come in turn."""

import hmac
import secrets
from datetime import datetime

from sqlmodel import col, select

from hr.training import statements
from hr.training.course import Lesson
from hr.training.statements import Result
from hr.training.tables import Enrolment, LearningVisit, LessonProgress
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say

OVER = {
    "elsewhere": say(
        "You learn in another window or on another device now, so nothing counts here. Take it back to go on."
    ),
    "word": say(
        "A heartbeat of this page came twice or out of turn, so the visit was ended. Open the lesson anew to go on; "
        "what was counted before is kept."
    ),
    "left": say("You left this lesson. Open it anew to go on; what was counted is kept."),
    "done": say("This lesson is done; nothing more is counted for it."),
    "waived": say("You were let off this course, so nothing more is counted for it."),
    "ended": say("This training has ended, so nothing more is counted for it."),
}


def begin(unit: Unit, enrolment: Enrolment, progress: LessonProgress, *, actor: Actor, at: datetime) -> LearningVisit:
    """A new visit to the lesson of this progress, measured from now on."""
    visit = LearningVisit(
        id=secrets.token_urlsafe(18),
        enrolment=enrolment.number,
        round=enrolment.round,
        lesson=progress.lesson,
        login=actor.id,
        next_word=_word(),
        position=progress.position,
        opened_at=at,
        last_at=at,
        ip=actor.ip or "",
        agent=actor.agent or "",
    )
    unit.session.add(visit)
    unit.flush()
    return visit


def find(unit: Unit, enrolment: Enrolment, id: str, actor: Actor) -> LearningVisit:
    """An open visit of this person. Raises NotFound for everybody else, Conflict for one that is over."""
    found = unit.session.get(LearningVisit, id, populate_existing=True)
    if found is None or found.enrolment != enrolment.number or found.login != actor.id:
        raise NotFound(say("This lesson is not open here. Reload the page."))
    if found.ended_at is not None:
        raise Conflict(OVER[found.ended_why])
    return found


def refuse_taken(unit: Unit, enrolment: Enrolment, id: str) -> None:
    """Raises Conflict for a visit of this enrolment that another device took over."""
    found = unit.session.get(LearningVisit, id, populate_existing=True) if id else None
    if found is not None and found.enrolment == enrolment.number and found.ended_why == "elsewhere":
        raise Conflict(OVER["elsewhere"])


def hold(unit: Unit, login: str) -> None:
    """Until the end of the unit nobody else opens a lesson for this person."""
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"learner/{login}",))


def open_ones(unit: Unit, login: str) -> list[LearningVisit]:
    """The visits of a person that are not over, of whatever course: one at most."""
    own = select(Enrolment.number).where(Enrolment.employee == login)
    chosen = select(LearningVisit).where(col(LearningVisit.enrolment).in_(own), col(LearningVisit.ended_at).is_(None))
    return list(unit.session.exec(chosen))


def took_word(visit: LearningVisit, word: str) -> bool:
    """Whether a heartbeat brought the word that is due; then another one is."""
    if not hmac.compare_digest(visit.next_word.encode(), word.encode()):
        return False
    visit.next_word, visit.beats = _word(), visit.beats + 1
    return True


def suspend(
    unit: Unit,
    enrolment: Enrolment,
    visit: LearningVisit,
    lesson: Lesson,
    seconds: float,
    *,
    why: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The lesson is left before it is done, for one of the reasons in OVER. `seconds` count in it so far."""
    over(unit, visit, why, at)
    statements.note(
        unit,
        enrolment,
        "suspended",
        actor,
        at,
        lesson=lesson,
        result=Result(seconds=seconds),
        why=why,
        beats=visit.beats,
    )


def over(unit: Unit, visit: LearningVisit, why: str, at: datetime) -> None:
    """The visit has ended; nothing more counts in it."""
    visit.ended_at, visit.ended_why = at, why
    unit.session.add(visit)
    unit.flush()


def _word() -> str:
    return secrets.token_urlsafe(12)
