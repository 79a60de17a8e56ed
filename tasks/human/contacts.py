"""HR keeps on record who has come to know secrets of the company: without it no non-compete can be agreed (LCL 24)."""

from dataclasses import dataclass
from datetime import date

from hr.agreements import contacts
from hr.agreements.contacts import Contact
from hr.people import org
from hr.people.org import Person
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden
from kernel.text import say
from tasks.house import House

KEEPERS = ("hr", "hr-head")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSecret:
    """A contact with secrets of the company that is on record; `recorded_by` and `ended_by` are names."""

    id: int
    basis: str
    since: date
    ended_on: date | None
    recorded_by: str
    ended_by: str = ""


def may(actor: Actor, login: str) -> bool:
    """Whether the actor keeps the records of this person: HR, and nobody their own."""
    return actor.has(*KEEPERS) and login != actor.id


def known(unit: Unit, login: str) -> tuple[KnownSecret, ...]:
    """Every record of a person, the oldest first, with the names of who made and ended it."""
    found = contacts.history(unit, login)
    names = org.names(unit, {by for one in found for by in (one.recorded_by, one.ended_by) if by})
    return tuple(
        KnownSecret(
            id=one.id,
            basis=one.basis,
            since=one.since,
            ended_on=one.ended_on,
            recorded_by=names.get(one.recorded_by, one.recorded_by),
            ended_by=names.get(one.ended_by, one.ended_by) if one.ended_by else "",
        )
        for one in found
    )


def asked(unit: Unit, actor: Actor, login: str) -> Person:
    """The person for whom somebody is about to record a contact. Raises Forbidden and NotFound as `record`."""
    _refuse_others(actor, login)
    return org.required(unit, login)


def record(house: House, unit: Unit, actor: Actor, login: str, basis: str, since: date) -> Contact:
    """Put on record which secrets a person has come to know, how, and since when.

    Raises Forbidden for whoever is not HR, and for one's own file; NotFound; Invalid for a basis that says nothing and
    for a day on which it cannot have begun.
    """
    _refuse_others(actor, login)
    return contacts.record(unit, login, basis, since, today=house.today(), actor=actor, clock=house.clock)


def asked_to_end(unit: Unit, actor: Actor, login: str, contact_id: int) -> Contact:
    """The record that somebody is about to end. Raises Forbidden, NotFound and Conflict as `end`."""
    _refuse_others(actor, login)
    return contacts.find_open(unit, login, contact_id)


def end(house: House, unit: Unit, actor: Actor, login: str, contact_id: int, on: date) -> Contact:
    """The person knows no more of these secrets after that day: the record stays, with its end.

    Raises Forbidden as `record`, NotFound, Conflict where it was ended already, Invalid for the day.
    """
    _refuse_others(actor, login)
    return contacts.end(unit, login, contact_id, on, today=house.today(), actor=actor, clock=house.clock)


def _refuse_others(actor: Actor, login: str) -> None:
    if not actor.has(*KEEPERS):
        raise Forbidden(say("Only HR keeps on record who knows secrets of the company."))
    if login == actor.id:
        raise Forbidden(say("Nobody keeps this record of their own. Ask a colleague in HR."))
