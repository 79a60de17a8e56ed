"""Dates of a case that become known on the way: the last day settled on, and the certificate's due time."""

from datetime import date, datetime

from hr.evidence import log
from hr.offboarding import cases, clocks, notice
from hr.offboarding.clocks import Policy
from hr.offboarding.tables import Case
from hr.people import org
from hr.people.calendar import WorkCalendar
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit


def settle(
    unit: Unit,
    number: str,
    leaving_on: date,
    *,
    leaving_type: str,
    mutual_consent: bool,
    clock: Clock,
    actor: Actor,
    policy: Policy = clocks.DEFAULT,
) -> Case:
    """Put the last day that was settled on the case. Raises TooEarly as filing does. Make the plan anew after it."""
    case = cases.still_open(unit, number)
    person = org.required(unit, case.employee)
    filed_on = policy.day_of(case.filed_at)
    given = notice.check(
        filed_on=filed_on,
        leaving_on=leaving_on,
        in_probation=person.in_probation(filed_on),
        leaving_type=leaving_type,
        mutual_consent=mutual_consent,
        contract_ends_on=person.contract_ends_on,
    )
    before = case.leaving_on
    case.leaving_on, case.leaving_type, case.mutual_consent = leaving_on, given.leaving_type, mutual_consent
    case.notice = given.variables()
    unit.flush()
    log.append(
        unit,
        number,
        "date.settled",
        actor,
        clock.now(),
        before=before.isoformat(),
        after=leaving_on.isoformat(),
        leaving_type=given.leaving_type,
    )
    return case


def clear(unit: Unit, number: str, cleared_at: datetime, *, policy: Policy = clocks.DEFAULT) -> Case:
    """Everything is cleared: the certificate is due one working day on, and on the last day at the latest (F16)."""
    case = cases.still_open(unit, number)
    due = clocks.certificate_due(
        cleared_at=cleared_at, leaving_on=case.leaving_on, calendar=WorkCalendar.load(unit), policy=policy
    )
    case.plan = {**case.plan, "certificateDueAt": due.isoformat()}
    unit.flush()
    return case
