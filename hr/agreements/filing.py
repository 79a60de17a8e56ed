"""A sealed agreement goes on record: for the check of what a person has signed, and for as long as it must be kept."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hr.agreements import acts
from hr.agreements.tables import Agreement
from hr.confidentiality import check
from hr.evidence import log
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say

KEPT_YEARS = 5  # after the end: one of arbitration, two of non-compete, two of employment documents (LCL 24, 50 ¶3)
_ON_RECORD = ("confidentiality", "non-compete", "intellectual-property")


def archive(unit: Unit, number: str, *, actor: Actor, at: datetime, zone: str) -> Agreement:
    """Put a sealed agreement on record; a second time it stays as it is. Raises NotFound, Conflict while unsealed."""
    agreement = acts.find(unit, number, locked=True)
    if agreement.status != "sealed" or agreement.ended_at is None:
        raise Conflict(say("The agreement {number} is not sealed, so it is not archived.", number=number))
    if agreement.keep_until is not None:
        return agreement
    sealed_on = agreement.ended_at.astimezone(ZoneInfo(zone)).date()
    agreement.keep_until = later(max(agreement.ends_on or sealed_on, sealed_on), KEPT_YEARS)
    unit.flush()
    if agreement.kind in _ON_RECORD:
        check.note_agreement(
            unit,
            agreement.employee,
            agreement.title,
            at=agreement.ended_at,
            ends_on=agreement.ends_on,
            reference=number,
        )
    log.append(
        unit,
        number,
        "archived",
        actor,
        at,
        content_hash=agreement.current_hash,
        keep_until=agreement.keep_until.isoformat(),
    )
    return agreement


def later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February the 28th, where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
