"""HR gives a course to people by hand: a process of training begins for each of them, all in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands import start
from hr.people import org
from hr.training import enrolments, texts
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid
from kernel.text import say
from tasks.house import House
from tasks.human.training import turns

PROCESS = "training"
HR = ("hr", "hr-head")
MOST = 500  # people at once
LONGEST = 365  # days


@dataclass(frozen=True, slots=True)
class Assigned:
    """To how many it was given, and who is learning it already, by name: they go on as they were. Whose process was
    cancelled gets another one, which takes over what was learned.
    """

    given: int
    learning: tuple[str, ...]


def assign(
    house: House, unit: Unit, actor: Actor, slug: str, logins: Sequence[str], *, days: int | None = None
) -> Assigned:
    """Begin the training for each of these people, with so many days until it is due, else the organisation's usual.

    Raises Forbidden for whoever is not HR, Invalid without people or for too many, or for days that make no sense,
    NotFound for an unknown course or person, Conflict for a course that is not published or a person who has left.
    """
    wanted = list(dict.fromkeys(logins))
    _check(actor, wanted, days)
    _refuse_unpublished(unit, slug)
    learning = []
    for login in wanted:
        person = org.required(unit, login)
        if person.left_on is not None:
            raise Conflict(say("{name} has left, so there is nobody to learn.", name=person.name))
        found = enrolments.open_one(unit, login, slug)
        if found is not None and not turns.abandoned(unit, found):
            learning.append(person.name)
            continue
        variables = {"employee": {"login": login}, "course": slug, "reason": "manual"}
        given = variables | ({"dueInDays": days} if days else {})
        start.start(house.engine, unit, process_id=PROCESS, variables=given, actor=actor)
    return Assigned(len(wanted) - len(learning), tuple(learning))


def _check(actor: Actor, wanted: Sequence[str], days: int | None) -> None:
    if not actor.has(*HR):
        raise Forbidden(say("Only HR assigns courses."))
    if not wanted:
        raise Invalid(say("Nobody is chosen. Add a person, a list or a department first."))
    if len(wanted) > MOST:
        raise Invalid(say("{n} people are too many at once. Choose {most} at most.", n=len(wanted), most=MOST))
    if days is not None and not 1 <= days <= LONGEST:
        raise Invalid(say("The training is due in 1 to {most} days, not {days}.", most=LONGEST, days=days))


def _refuse_unpublished(unit: Unit, slug: str) -> None:
    course = texts.find(unit, slug)
    if course.published is None or course.archived_at is not None:
        raise Conflict(
            say("The course {title} is not published, so it cannot be assigned. Publish it first.", title=course.title)
        )
