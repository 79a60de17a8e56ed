"""Cases: filed once, followed by facts as they become known, closed with a date until which they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from hr.evidence import log
from hr.grams import grams
from hr.numbers import series
from hr.offboarding import clocks, notice
from hr.offboarding.clocks import Policy
from hr.offboarding.tables import REASONS, Case
from hr.people import org, staff
from hr.people.calendar import WorkCalendar
from hr.people.org import Person
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say

KEPT = timedelta(days=5 * 365)
AHEAD_MOST = timedelta(days=5 * 365)  # a day further on is a slip of the hand; the plan counts on from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A resignation as it comes in. `filed_at` is given where another system took the notice; `leaving_type` by HR
    only.
    """

    employee: str
    reason: str
    leaving_on: date
    reason_text: str = ""
    leaving_type: str = ""
    mutual_consent: bool = False
    channel: str = "portal"
    external_id: str | None = None
    filed_at: datetime | None = None


def file(unit: Unit, filing: Filing, *, clock: Clock, actor: Actor, policy: Policy = clocks.DEFAULT) -> Case:
    """Open a case, or give back the one that was opened for the same external id.

    Raises Invalid for a reason that is none, a filing in the future, a last day before the lawful one (LCL 37) and one
    more than five years ahead; NotFound for an unknown employee; Conflict while another case of the person is open, or
    once the person has left.
    """
    who = filing.external_id or filing.employee
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"filing/{who}",))
    known = of_external(unit, filing.external_id) if filing.external_id else None
    if known is not None:
        return known
    person = org.required(unit, filing.employee)
    filed_at = filing.filed_at or clock.now()
    _may_be_filed(unit, filing, person, filed_at, clock)
    case = _case(unit, filing, person, filed_at, policy, actor)
    unit.session.add(case)
    unit.session.flush()
    log.append(
        unit,
        case.number,
        "case.filed",
        actor,
        clock.now(),
        leaving_on=case.leaving_on.isoformat(),
        channel=case.channel,
    )
    return case


def _case(unit: Unit, filing: Filing, person: Person, filed_at: datetime, policy: Policy, actor: Actor) -> Case:
    filed_on = policy.day_of(filed_at)
    given = _notice(filing, person, filed_on)
    days = WorkCalendar.load(unit)
    planned = clocks.plan(filed_at=filed_at, leaving_on=filing.leaving_on, calendar=days, policy=policy)
    number = series.next_number(unit, f"OFF-{filed_on.year}", digits=4)
    return Case(
        number=number,
        external_id=filing.external_id,
        channel=filing.channel,
        employee=person.login,
        name=person.name,
        department=person.department,
        facts=_facts(unit, person, filed_on),
        reason=filing.reason,
        reason_text=filing.reason_text,
        leaving_on=filing.leaving_on,
        leaving_type=given.leaving_type,
        mutual_consent=filing.mutual_consent,
        filed_at=filed_at,
        filed_by=actor.id,
        notice=given.variables(),
        plan=planned.variables(),
        grams=grams(number, person.name, person.no, person.login, person.department_name, filed_on.isoformat()),
    )


def _notice(filing: Filing, person: Person, filed_on: date) -> notice.Notice:
    """An employee who ticks consent asks for it: that both agree is for HR to say, by a leaving type or later."""
    if filing.mutual_consent and not filing.leaving_type:
        return notice.asked(
            filed_on=filed_on,
            leaving_on=filing.leaving_on,
            in_probation=person.in_probation(filed_on),
            contract_ends_on=person.contract_ends_on,
        )
    return notice.check(
        filed_on=filed_on,
        leaving_on=filing.leaving_on,
        in_probation=person.in_probation(filed_on),
        leaving_type=filing.leaving_type,
        mutual_consent=filing.mutual_consent,
        contract_ends_on=person.contract_ends_on,
    )


def _may_be_filed(unit: Unit, filing: Filing, person: Person, filed_at: datetime, clock: Clock) -> None:
    if filing.reason not in REASONS:
        raise Invalid(
            say("{reason} is no reason for leaving. Reasons: {known}.", reason=filing.reason, known=", ".join(REASONS))
        )
    if filed_at > clock.now():
        raise Invalid(say("The notice would be given in the future. Correct the time of filing."))
    if filing.leaving_on > filed_at.date() + AHEAD_MOST:
        raise Invalid(
            say(
                "The last day {day} is more than five years ahead. Correct its year.",
                day=filing.leaving_on.isoformat(),
            )
        )
    if person.left_on is not None:
        raise Conflict(say("{name} left on {left_on}.", name=person.name, left_on=person.left_on.isoformat()))
    other = unit.one("select number from offboarding_case where employee = %s and status = 'open'", (person.login,))
    if other:
        raise Conflict(
            say("{name} has the open case {number}. Go on there or withdraw it.", name=person.name, number=other[0]),
            number=other[0],
        )


def _facts(unit: Unit, person: Person, filed_on: date) -> dict[str, Any]:
    manager, head = org.manager_of(unit, person.login), org.department_head(unit, person.login)
    return {
        "no": person.no,
        "login": person.login,
        "name": person.name,
        "department": person.department,
        "departmentName": person.department_name,
        "position": person.position,
        "level": person.level,
        "family": person.family,
        "inProbation": person.in_probation(filed_on),
        "knowsSecrets": person.knows_secrets,
        "hiredOn": person.hired_on.isoformat(),
        "contractStartsOn": person.contract_starts_on and person.contract_starts_on.isoformat(),
        "contractEndsOn": person.contract_ends_on and person.contract_ends_on.isoformat(),
        "manager": {"login": manager.login, "name": manager.name} if manager else None,
        "departmentHead": {"login": head.login, "name": head.name} if head else None,
    }


def find(unit: Unit, number: str) -> Case:
    """The case with this number. Raises NotFound."""
    case = unit.session.get(Case, number)
    if case is None:
        raise NotFound(say("There is no case {number}.", number=number))
    return case


def of_external(unit: Unit, external_id: str) -> Case | None:
    """The case that another system knows by this id."""
    return unit.session.exec(select(Case).where(col(Case.external_id) == external_id)).first()


def of_employee(unit: Unit, login: str) -> list[Case]:
    """A person's cases, the latest first."""
    chosen = select(Case).where(col(Case.employee) == login).order_by(col(Case.filed_at).desc())
    return list(unit.session.exec(chosen))


def locked(unit: Unit, number: str) -> Case:
    """The case as it is now, held until the unit ends: changes of one case come one after the other."""
    unit.one("select 1 from offboarding_case where number = %s for update", (number,))
    case = find(unit, number)
    unit.session.refresh(case)
    return case


def still_open(unit: Unit, number: str) -> Case:
    """The case, held for a change. Raises Conflict once it is closed or withdrawn."""
    case = locked(unit, number)
    if case.status != "open":
        status = say("withdrawn") if case.status == "withdrawn" else say("closed")
        raise Conflict(say("The case {number} is {status}; nothing is added to it.", number=number, status=status))
    return case


def link(unit: Unit, number: str, instance_key: int) -> Case:
    """Note which process instance carries the case."""
    case = find(unit, number)
    case.instance_key = instance_key
    unit.flush()
    return case


def replan(
    unit: Unit,
    number: str,
    *,
    policy: Policy = clocks.DEFAULT,
    handover_from: datetime | None = None,
    manager_from: datetime | None = None,
) -> Case:
    """Compute the plan anew, by another policy, or from the moments at which the handover and the manager's time really
    began.
    """
    case = still_open(unit, number)
    planned = clocks.plan(
        filed_at=case.filed_at,
        leaving_on=case.leaving_on,
        calendar=WorkCalendar.load(unit),
        policy=policy,
        handover_from=handover_from,
        manager_from=manager_from,
    )
    case.plan = planned.variables()
    unit.flush()
    return case


def name_recipient(unit: Unit, number: str, recipient: str, *, clock: Clock, actor: Actor) -> Case:
    """Say who takes over. Raises Invalid for the leaver or one who left, Conflict once the list is confirmed."""
    case = still_open(unit, number)
    person = org.required(unit, recipient)
    if recipient == case.employee or person.left_on is not None:
        raise Invalid(say("{name} cannot take over this handover. Choose a colleague who stays.", name=person.name))
    agreed = "select 1 from handover_list where case_number = %s and status in ('confirmed', 'sealed') limit 1"
    if recipient != case.recipient and unit.one(agreed, (number,)):
        raise Conflict(say("The handover of {number} is confirmed; its recipient stays.", number=number))
    case.recipient = recipient
    unit.flush()
    log.append(unit, number, "recipient.named", actor, clock.now(), recipient=recipient)
    return case


def mark_absent(unit: Unit, number: str, absent: bool, *, clock: Clock, actor: Actor) -> Case:
    """Put the case on the path of an absent employee, or back: then others may act for the employee, on record."""
    case = still_open(unit, number)
    case.absent = absent
    unit.flush()
    log.append(unit, number, "employee.absent" if absent else "employee.back", actor, clock.now())
    return case


FINDINGS = ("confidentiality", "finance", "crm")


def record_finding(
    unit: Unit, number: str, kind: str, finding: Mapping[str, Any], *, clock: Clock, actor: Actor
) -> Case:
    """Keep what a check found: `kind` is one of `FINDINGS`, `finding` a JSON object."""
    if kind not in FINDINGS:
        raise Invalid(say("{kind} is no finding of a case. Findings: {known}.", kind=kind, known=", ".join(FINDINGS)))
    case = still_open(unit, number)
    setattr(case, kind, dict(finding))
    unit.flush()
    log.append(unit, number, f"{kind}.recorded", actor, clock.now(), finding=dict(finding))
    return case


def withdraw(unit: Unit, number: str, *, reason: str, clock: Clock, actor: Actor) -> Case:
    """End a case because the employee took the resignation back and the company agreed. `actor` is who agreed."""
    case = still_open(unit, number)
    return _end(unit, case, "withdrawn", clock, actor, keep_from=clock.now().date(), reason=reason)


def close(unit: Unit, number: str, *, clock: Clock, actor: Actor) -> Case:
    """Close a case: done, or not done and evidenced. From here the file says that the person left on the last day."""
    case = still_open(unit, number)
    staff.leave(unit, case.employee, case.leaving_on)
    return _end(unit, case, "closed", clock, actor, keep_from=case.leaving_on)


def _end(unit: Unit, case: Case, status: str, clock: Clock, actor: Actor, *, keep_from: date, **detail: str) -> Case:
    case.status = status
    case.closed_at = clock.now()
    case.keep_until = keep_from + KEPT
    unit.flush()
    kept = case.keep_until.isoformat()
    log.append(unit, case.number, f"case.{status}", actor, clock.now(), keep_until=kept, **detail)
    return case
