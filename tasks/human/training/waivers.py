"""HR lets someone off a course, and says why. It stands on record as waived, never as passed."""

from hr.confidentiality import check
from hr.training import enrolments
from hr.training.tables import Enrolment
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human.training import turns

WAIVE = ("hr", "hr-head")


def asked(unit: Unit, actor: Actor, number: str) -> Enrolment:
    """The training that somebody of HR is about to waive. Raises as `waive` does, before a reason was given."""
    found = enrolments.find(unit, number)
    _refuse(actor, found)
    enrolments.refuse_ended(found)
    return found


def may(actor: Actor, employee: str) -> bool:
    """Whether the actor waives an open training of this person."""
    return actor.has(*WAIVE) and employee != actor.id


def waive(
    house: House, unit: Unit, actor: Actor, number: str, reason: str, *, case_number: str | None = None
) -> Enrolment:
    """Waive a training: the person need not learn the course, which stands on record as waived, with the reason.

    With `case_number` it has to be one of that case. The process is told in the same commit and goes on right after
    it. Raises Forbidden for whoever is not HR, and for one's own training; Invalid without a reason; Conflict for what
    has ended; NotFound.
    """
    found = enrolments.find(unit, number, locked=True)
    if case_number is not None and found.case_number != case_number:
        raise NotFound(say("There is no training {number} in the case {case}.", number=number, case=case_number))
    _refuse(actor, found)
    enrolments.waive(unit, found, reason, actor=actor, clock=house.clock)
    check.note_courses(
        unit, found.employee, [found.title], at=house.clock.now(), source="waiver", reference=found.number
    )
    turns.waived(house, unit, found, actor)
    return found


def _refuse(actor: Actor, found: Enrolment) -> None:
    if not actor.has(*WAIVE):
        raise Forbidden(say("Only HR waives a course. Tell them why {title} need not be learned.", title=found.title))
    if found.employee == actor.id:
        raise Forbidden(say("Nobody waives a course of their own. Ask a colleague in HR to look at it."))
