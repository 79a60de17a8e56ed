"""Agreements as pages show them: the list, and one agreement with its evidence, for HR and for those who sign it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hr.agreements import acts, signers
from hr.agreements.signers import COMPANY, OPEN, SEAL
from hr.agreements.tables import Agreement, AgreementSigner
from hr.documents import pages
from hr.documents.signing import gm
from hr.evidence import log
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.text import Text, say
from tasks.handlers import registry
from tasks.house import House
from tasks.human import necessity
from tasks.human.agreement_events import told
from tasks.human.agreement_views import AgreementPage, AgreementRow, AgreementView, Delivery, Scope
from tasks.human.signing import turns, visitors
from tasks.human.signing.room import party
from tasks.human.signing.signing import HR
from tasks.human.views import Fact, Person

PER_PAGE = 30
PAUSE = timedelta(hours=1)  # between two reminders by hand

_FROM = " from agreement a where true"
_MINE = (
    " and (a.employee = %(login)s or exists (select from agreement_signer s"
    " where s.agreement_number = a.number and s.login = %(login)s))"
)
_SEAL = (
    " and a.status = 'signing' and a.expires_at > %(now)s and a.employee <> %(login)s and exists (select"
    " from agreement_signer s where s.agreement_number = a.number and s.role = 'company' and s.status = any(%(open)s)"
    " and not exists (select from agreement_signer b where b.agreement_number = a.number and b.place < s.place"
    " and b.status <> 'signed'))"
)
_TEXT = (
    " and (a.number ilike %(part)s or a.title ilike %(part)s or a.name ilike %(part)s or a.department ilike %(part)s)"
)
_STATUS = " and a.status = %(status)s"


def agreements(
    house: House,
    unit: Unit,
    actor: Actor,
    scope: Scope = "mine",
    text: str = "",
    status: str = "",
    page: int = 1,
) -> AgreementPage:
    """A page of agreements, the latest first: all of them for HR, one's own for others, what waits for the seal for
    who holds it. `status` is one of `hr.agreements.tables.STATUSES`, or empty for all.
    """
    shown: Scope = scope if scope == "mine" or actor.has(*(HR if scope == "all" else (SEAL,))) else "mine"
    args: dict[str, Any] = {
        "login": actor.id,
        "now": house.clock.now(),
        "open": list(OPEN),
        "part": f"%{_literal(text.strip())}%",
        "status": status,
        "limit": PER_PAGE,
    }
    where = {"mine": _MINE, "all": "", "seal": _SEAL}[shown]
    where += (_TEXT if text.strip() else "") + (_STATUS if status else "")
    (total,) = unit.one("select count(*)" + _FROM + where, args)
    last = max(1, -(-total // PER_PAGE))
    args["offset"] = (max(1, min(page, last)) - 1) * PER_PAGE
    order = " order by a.expires_at" if shown == "seal" else " order by a.prepared_at desc, a.number desc"
    found = unit.all("select a.number" + _FROM + where + order + " limit %(limit)s offset %(offset)s", args)
    rows = tuple(_row(house, unit, acts.find(unit, number)) for (number,) in found)
    return AgreementPage(
        rows=rows, total=total, scope=shown, text=text, status=status, page=max(1, min(page, last)), pages=last
    )


def of_case(house: House, unit: Unit, actor: Actor, number: str) -> tuple[AgreementRow, ...]:
    """The agreements of a case that this reader may see."""
    found = unit.all("select number from agreement where case_number = %s order by number", (number,))
    seen = [row for (row,) in found if necessity.party(unit, actor, row)]
    return tuple(_row(house, unit, acts.find(unit, each)) for each in seen)


def agreement_view(house: House, unit: Unit, actor: Actor, number: str) -> AgreementView:
    """One agreement for HR and for those who sign it. Raises NotFound for everybody else."""
    agreement = _seen(unit, actor, number)
    found = signers.of(unit, number)
    return AgreementView(
        row=_row(house, unit, agreement),
        pages=agreement.pages,
        document_hash=agreement.current_hash,
        sm3=agreement.sealed_sm3 or gm.sm3(house.world.files.read(unit, agreement.current_hash).content),
        sealed=agreement.status == "sealed",
        verify_code=agreement.verify_code,
        reason=agreement.ended_reason,
        facts=_facts(unit, agreement),
        events=told(log.rows(unit, number), found, actor, whole=actor.has(*HR)),
        deliveries=_deliveries(unit, agreement, None if actor.has(*HR) else actor.id),
        actions=_actions(house, unit, actor, agreement),
    )


def document(house: House, unit: Unit, actor: Actor, number: str) -> bytes:
    """The document as it is now, PDF, for HR and for those who sign it; having it becomes evidence. Raises NotFound."""
    agreement = _seen(unit, actor, number)
    log.append(unit, number, "downloaded", actor, house.clock.now(), content_hash=agreement.current_hash)
    return house.world.files.read(unit, agreement.current_hash).content


def picture(house: House, unit: Unit, actor: Actor, number: str, page: int, width: int) -> bytes:
    """A page (from 1) of the document as it is now, PNG. Raises NotFound."""
    agreement = _seen(unit, actor, number)
    return pages.picture(house.world.files.read(unit, agreement.current_hash).content, page, width)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ByHand:
    """A reminder that HR sends now, as the job of the process would: see `tasks.handlers.operation.Job`."""

    variables: dict[str, Any]
    instance_key: int
    created_at: datetime
    uuid: UUID = field(default_factory=uuid4)
    key: int = 0
    type: str = "agreement.ask"
    element: str = "remind"
    headers: dict[str, str] = field(default_factory=lambda: {"kind": "remind", "channels": "message,mail,sms"})
    retries: int = 1


def remind(house: House, actor: Actor, number: str) -> int:
    """Remind now whoever's turn it is. Tells how many were. Raises Forbidden for who is not HR, Conflict once nobody
    signs any more, within an hour of the last reminder, or while another one is on its way.
    """
    with _alone(house, number) as ours:
        waiting, instance = _to_remind(house, actor, number)
        if not ours:
            raise Conflict(say("A reminder is going out at this moment. Wait an hour before you send another one."))
        return _reminded(house, number, waiting, instance)


def _to_remind(house: House, actor: Actor, number: str) -> tuple[list[str], int]:
    """The signature fields whose signers are reminded, and the key of the process."""
    with house.database.transaction() as unit:
        _seen(unit, actor, number)
        if not actor.has(*HR):
            raise Forbidden(say("Only HR sends a reminder."))
        agreement = acts.find(unit, number, locked=True)
        if agreement.status != "signing":
            raise Conflict(acts.ended(agreement, ZoneInfo(house.settings.zone)))
        over = turns.over(unit, agreement)
        if over is not None:
            raise Conflict(over)
        if unit.one(_REMINDED, (number, house.clock.now() - PAUSE)) is not None:
            raise Conflict(say("A reminder went out within the last hour. Wait before you send another one."))
        return [signer.field for signer in _next(signers.of(unit, number))], agreement.instance_key or 0


@contextmanager
def _alone(house: House, number: str) -> Iterator[bool]:
    """Whether nobody else is reminding of this agreement now.

    What was sent becomes evidence only afterwards, and no transaction is held open while messages go out: of two clicks
    at once, the second would find no reminder yet. The lock ends with the session, so with a process that dies.
    """
    once, name = house.database.once(), f"agreement-remind/{number}"
    (ours,) = once.one("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,))
    try:
        yield ours
    finally:
        if ours:
            once.one("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))


def _reminded(house: House, number: str, waiting: Sequence[str], instance: int) -> int:
    handler = registry.find("agreement.ask")
    for each in waiting:
        variables = {"agreement": {"number": number}, "signer": {"field": each}}
        job = _ByHand(variables=variables, instance_key=instance, created_at=house.clock.now())
        result = handler.call(job, house.world)
        with house.database.transaction() as unit:
            handler.record(job, result, unit, house.world)
    return len(waiting)


_REMINDED = "select from evidence where subject = %s and event = 'reminded' and at > %s limit 1"


def _seen(unit: Unit, actor: Actor, number: str) -> Agreement:
    agreement = acts.find(unit, number)
    if not necessity.party(unit, actor, number):
        raise NotFound(say("There is no agreement {number}, or it is not yours to see.", number=number))
    return agreement


def _row(house: House, unit: Unit, agreement: Agreement) -> AgreementRow:
    found = signers.of(unit, agreement.number)
    signing = agreement.status == "signing"
    return AgreementRow(
        number=agreement.number,
        title=agreement.title,
        kind=agreement.kind,
        person=Person(login=agreement.employee, name=agreement.name, department=agreement.department),
        status=agreement.status,
        status_text=acts.STATUS[agreement.status],
        signers=tuple(party(signer, own=False) for signer in found),
        waits_for=tuple(signer.name for signer in _next(found)) if signing else (),
        prepared_at=agreement.prepared_at,
        expires_at=agreement.expires_at,
        ended_at=agreement.ended_at,
        overdue=signing and agreement.expires_at <= house.clock.now(),
        case_number=agreement.case_number,
        batch_key=agreement.batch_key,
    )


def _next(found: Sequence[AgreementSigner]) -> list[AgreementSigner]:
    """Who signs next."""
    still = [signer for signer in found if signer.status in OPEN]
    first = min((signer.place for signer in still), default=0)
    return [signer for signer in still if signer.place == first]


def _facts(unit: Unit, agreement: Agreement) -> tuple[Fact, ...]:
    by = org.names(unit, [agreement.prepared_by]).get(agreement.prepared_by)
    known: list[tuple[Text, Any]] = [
        (say("Employee"), agreement.name),
        (say("Department"), agreement.department),
        (say("Text"), f"{agreement.slug} · {agreement.version}"),
        (say("Prepared by"), by or say("the process")),
        (say("Sign until"), agreement.expires_at),
        (say("Binds until"), agreement.ends_on),
        (say("Kept until"), agreement.keep_until),
    ]
    return tuple(Fact(label, value) for label, value in known if value is not None)


def _deliveries(unit: Unit, agreement: Agreement, to: str | None) -> tuple[Delivery, ...]:
    """Messages of the agreement's own process, the latest first; to others than HR their own."""
    rows = unit.all(
        "select coalesce(v.sent_at, v.queued_at), coalesce(e.name, v.recipient), v.channel, v.subject,"
        "       case v.state when 'queued' then 'waiting' else v.state end, v.error"
        "  from delivery v left join employee e on e.login = v.recipient where v.instance_key = %(instance)s"
        "   and (%(to)s::text is null or v.recipient = %(to)s) order by v.id desc limit 100",
        {"instance": agreement.instance_key, "to": to},
    )
    return tuple(
        Delivery(at=at, to=who, channel=channel, subject=subject, state=state, error=error)
        for at, who, channel, subject, state, error in rows
    )


def _actions(house: House, unit: Unit, actor: Actor, agreement: Agreement) -> frozenset[str]:
    may: set[str] = {"evidence"}
    if agreement.number in visitors.waiting(unit, visitors.by_login(actor), house.clock.now()):
        mine = visitors.standing(unit, visitors.by_login(actor), agreement.number)
        may.add("seal" if mine.signer.role == COMPANY else "sign")
    if agreement.status == "signing" and actor.has(*HR):
        may |= {"withdraw", "remind"}
    return frozenset(may)


def _literal(text: str) -> str:
    """The text with LIKE's own characters taken literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
