"""What every page of a case begins with: whom it is about, since when, until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hr.offboarding import notice as notices
from kernel.db import Unit
from kernel.text import Text, say
from tasks.human.find import ROOTS
from tasks.human.necessity import Sight
from tasks.human.views import Duty, Fact, Person
from tasks.stages import StageId

REASONS = {
    "pay": say("Pay"),
    "overtime": say("Too much overtime"),
    "growth": say("Little room to grow"),
    "family": say("Family"),
    "study": say("Further study"),
    "other": say("Other reasons"),
}
AGREED = str(notices.GROUNDS["36"].article)  # by agreement any day is lawful
_HEADER = f"""
select coalesce(c.number, i.key::text), c.employee, c.name, c.facts, c.reason, c.reason_text, c.leaving_on, c.filed_at,
       c.filed_by, c.absent, c.notice, r.name, i.started_at, i.state, i.ended_at, c.channel, c.confidentiality
  from {ROOTS} i
  left join offboarding_case c on c.instance_key = i.key
  left join employee r on r.login = c.recipient
 where i.key = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The facts of a case. `filed` and `checked` are the duties that no user task stands for: the product did them."""

    number: str
    subject: Person | None
    filed: Duty
    checked: Duty | None
    filed_at: datetime
    leaving_on: date | None = None
    reason: str = ""
    reason_text: str = ""
    recipient: str = ""
    absent: bool = False
    notice: dict[str, Any] | None = None
    contract_ends_on: str = ""
    channel: str = ""
    ended: str | None = None
    ended_at: datetime | None = None

    @property
    def by_system(self) -> dict[StageId, Duty]:
        """What the product itself did, by stage."""
        found: dict[StageId, Duty] = {"apply": self.filed}
        if self.checked:
            found["check"] = self.checked
        return found


def header(unit: Unit, root_key: int) -> Header:
    """The header of the case that this instance carries; a process without a case record has only its times."""
    row = unit.one(_HEADER, (root_key,))
    (
        number,
        login,
        name,
        facts,
        reason,
        text,
        leaving,
        filed,
        by,
        absent,
        notice,
        recipient,
        started,
        state,
        ended,
        ch,
        checked,
    ) = row
    known = facts or {}
    subject = (
        Person(login=login, name=name, department=known.get("departmentName", ""), position=known.get("position", ""))
        if login
        else None
    )
    at = filed or started
    return Header(
        number=number,
        subject=subject,
        filed=Duty(name=say("Resignation filed"), state="done", owner=name or by or "", done_at=at),
        checked=_checked(checked, over=ended is not None) if login else None,
        filed_at=at,
        leaving_on=leaving,
        reason=reason or "",
        reason_text=text or "",
        recipient=recipient or "",
        absent=bool(absent),
        notice=notice,
        contract_ends_on=known.get("contractEndsOn") or "",
        channel=ch or "",
        ended=None if ended is None else state,
        ended_at=ended,
    )


def _checked(found: dict[str, Any] | None, *, over: bool) -> Duty:
    """The confidentiality check as a duty: it starts by itself, and a gap is made up in a task of its own."""
    if found is None:
        return Duty(name=say("Confidentiality check"), state="undone" if over else "now", owner=say("System"))
    at = datetime.fromisoformat(found["checkedAt"]) if found.get("checkedAt") else None
    return Duty(name=say("Confidentiality check"), state="done", owner=say("System"), done_at=at)


def of_case(head: Header) -> tuple[Fact, ...]:
    """The line of facts under a title."""
    found: list[tuple[Text, Any]] = [
        (say("Employee"), head.subject.name if head.subject else ""),
        (say("Department"), head.subject.department if head.subject else ""),
        _last_day(head),
        (say("Recipient"), head.recipient),
    ]
    return tuple(Fact(label, value) for label, value in found if value)


def all_of_case(head: Header, sight: Sight) -> tuple[Fact, ...]:
    """What is on file about a resignation, for the case page, as far as this reader needs it."""
    notice = head.notice or {}
    found: list[tuple[str, Text, Any]] = [
        ("employee", say("Employee"), head.subject.name if head.subject else ""),
        ("department", say("Department"), head.subject.department if head.subject else ""),
        ("position", say("Position"), head.subject.position if head.subject else ""),
        ("filed", say("Filed"), head.filed_at),
        ("last-day", *_last_day(head)),
        ("statutory-day", say("Earliest lawful last day"), _statutory(notice)),
        ("legal-basis", say("Legal basis"), Text(notice.get("article", ""))),
        ("contract-ends", say("Contract ends"), _day(head.contract_ends_on)),
        ("reason", say("Reason"), REASONS.get(head.reason, "")),
        ("reason", say("In their own words"), head.reason_text),
        ("recipient", say("Recipient"), head.recipient),
    ]
    return tuple(Fact(label, value) for name, label, value in found if str(value) and sight.fact(name))


def _statutory(notice: dict[str, Any]) -> date | str:
    return "" if notice.get("article") == AGREED else _day(notice.get("statutoryLastDay"))


def _last_day(head: Header) -> tuple[Text, Any]:
    """The last day; an earlier one that the company has not agreed to is told as what it is: asked for (LCL 36)."""
    if (head.notice or {}).get("askedFor"):
        return say("Earlier last day asked for"), say("{day}, not agreed yet", day=str(head.leaving_on))
    return say("Last day"), head.leaving_on or ""


def _day(text: Any) -> date | str:
    return date.fromisoformat(text[:10]) if isinstance(text, str) and text else ""
