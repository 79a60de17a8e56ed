"""Who has come to know secrets of the company, on which basis, since when (LCL 24; 法释〔2025〕12号 13).

A non-compete binds only who knew or touched secrets, so it rests on a record made while that was so, never on a rank. A
record is ended, never deleted: who recorded and ended it, and when, stands in the chain of evidence `contacts/{login}`.
`Employee.knows_secrets` says the same in one word: it is set and cleared here.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from hr.agreements.tables import SecretContact
from hr.evidence import log
from hr.people import org
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

SHORTEST = 4  # characters of a basis that says anything
LONGEST = 1000  # characters that an agreement can quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One record: `basis` says what was seen or handled, `since` from which day on, `ended_on` the last day, if any."""

    id: int
    employee: str
    basis: str
    since: date
    ended_on: date | None
    recorded_by: str
    ended_by: str | None


def record(unit: Unit, login: str, basis: str, since: date, *, today: date, actor: Actor, clock: Clock) -> Contact:
    """Put on file that a person has come to know secrets: which and how. Raises NotFound for an unknown person.

    `today` is the day in the organisation's zone. Raises Invalid for a basis that says nothing or too much, or for a
    day before the person joined or in the future; Conflict where the same stands on record and is not ended.
    """
    person, now = org.required(unit, login), clock.now()
    words = " ".join(basis.split())
    if len(words) < SHORTEST:
        raise Invalid(
            say(
                "Say which secrets {name} has come to know and how, such as “源代码的读写权限”. A non-compete rests "
                "on it (LCL 24).",
                name=person.name,
            )
        )
    if len(words) > LONGEST:
        raise Invalid(say("Say it in at most {most} characters: the agreement quotes it.", most=LONGEST))
    if any(one.basis == words and one.ended_on is None for one in history(unit, login)):
        raise Conflict(say("“{basis}” is on record already.", basis=words))
    if not person.hired_on <= since <= today:
        raise Invalid(
            say(
                "{name} can have come to know secrets between {hired_on} and today, not on {since}.",
                name=person.name,
                hired_on=person.hired_on.isoformat(),
                since=since.isoformat(),
            )
        )
    row = SecretContact(employee=login, basis=words, since=since, recorded_at=now, recorded_by=actor.id)
    unit.session.add(row)
    unit.flush()
    _say(unit, login)
    log.append(unit, _subject(login), "contact.recorded", actor, now, id=row.id, basis=words, since=since.isoformat())
    return _told(row)


def end(unit: Unit, login: str, contact_id: int, on: date, *, today: date, actor: Actor, clock: Clock) -> Contact:
    """The person has had no such contact since that day, the last one, today at the latest. The record stays.

    Raises NotFound where this person has no such record, Conflict where it was ended already, Invalid for the day.
    """
    row = _open(unit, login, contact_id)
    if not row.since <= on <= today:
        raise Invalid(
            say(
                "The contact began on {since}: it can have ended between that day and today, not on {day}.",
                since=row.since.isoformat(),
                day=on.isoformat(),
            )
        )
    row.ended_on, row.ended_by = on, actor.id
    unit.flush()
    _say(unit, login)
    log.append(unit, _subject(login), "contact.ended", actor, clock.now(), id=row.id, ended_on=on.isoformat())
    return _told(row)


def find_open(unit: Unit, login: str, contact_id: int) -> Contact:
    """A record that can be ended. Raises NotFound and Conflict as `end`."""
    return _told(_open(unit, login, contact_id))


def _open(unit: Unit, login: str, contact_id: int) -> SecretContact:
    row = unit.session.get(SecretContact, contact_id, with_for_update=True, populate_existing=True)
    if row is None or row.employee != login:
        raise NotFound(say("There is no such record of contact with secrets."))
    if row.ended_on is not None:
        raise Conflict(say("This record was ended on {day} already.", day=row.ended_on.isoformat()))
    return row


def of(unit: Unit, login: str, on: date) -> Contact | None:
    """The oldest record that holds on a day, None where there is none."""
    holding = (col(SecretContact.ended_on).is_(None)) | (col(SecretContact.ended_on) >= on)
    chosen = select(SecretContact).where(col(SecretContact.employee) == login, col(SecretContact.since) <= on, holding)
    row = unit.session.exec(chosen.order_by(col(SecretContact.since), col(SecretContact.id)).limit(1)).first()
    return _told(row) if row is not None else None


def history(unit: Unit, login: str) -> list[Contact]:
    """Every record of a person, the oldest first."""
    chosen = select(SecretContact).where(col(SecretContact.employee) == login)
    return [_told(row) for row in unit.session.exec(chosen.order_by(col(SecretContact.since), col(SecretContact.id)))]


def _say(unit: Unit, login: str) -> None:
    """Have the word in the employee file follow the records."""
    unit.run(
        "update employee e set knows_secrets = exists (select from secret_contact c where c.employee = e.login"
        " and c.ended_on is null) where e.login = %s",
        (login,),
    )


def _subject(login: str) -> str:
    return f"contacts/{login}"


def _told(row: SecretContact) -> Contact:
    assert row.id is not None
    return Contact(
        id=row.id,
        employee=row.employee,
        basis=row.basis,
        since=row.since,
        ended_on=row.ended_on,
        recorded_by=row.recorded_by,
        ended_by=row.ended_by,
    )
