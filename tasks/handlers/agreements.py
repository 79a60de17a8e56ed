"""Agreements (F62–F74): prepared for one person, ended before all have signed, or archived once they are sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hr.agreements import acts, filing, requests
from hr.agreements.requests import Letterhead
from hr.documents.signing import stamps
from hr.evidence import log
from hr.evidence.tables import Anchor
from hr.offboarding import cases, handover
from hr.people import org
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tasks.handlers.agreement_letters import Numbered, OfOne
from tasks.handlers.operation import Choice, Job, Label, Setting, World, handles, records
from tasks.wire import Moment, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The variable `employee`, as far as an agreement needs it."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing(Wire):
    """Which text for whom, with the values of its fields. `witness` is a login, where the text wants one.

    `expires_at` goes before `expires_in_days`; without both it is the organisation's usual time.
    """

    employee: Party
    text: str
    values: dict[str, Any] | None = None
    witness: str | None = None
    case_number: str | None = None
    expires_in_days: int | None = None
    expires_at: Moment | None = None
    batch_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(Wire):
    """Which agreement ends, and why. The header `status` says how.

    The variable is not called `reason`: in a case of leaving that is why the person leaves.
    """

    agreement: Numbered
    end_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One entry of a stage. `login` is null for the company: whoever holds the seal signs."""

    login: str | None
    name: str
    role: str
    field: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The variable `agreement`. `stages` lists who signs at once, one stage after another; `name` is the employee's."""

    number: str
    name: str
    title: str
    kind: str
    slug: str
    status: str
    reason: str
    expires_at: datetime
    stages: tuple[tuple[Signer, ...], ...]
    sealed_hash: str | None
    verify_code: str
    pages: int
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Wire):
    """Sets the variable `agreement`."""

    agreement: Document


@records(
    "agreement.prepare",
    title=("生成协议", "Prepare an agreement"),
    help=(
        "按协议文本和员工档案生成待签文件，写入变量 agreement；缺少数据或条款不合法时指出具体项。",
        "Makes the document to be signed from a text and the employee file and sets the variable agreement. What is "
        "missing or unlawful is named.",
    ),
    edition=1,
)
def prepare(order: Preparing, job: Job, unit: Unit, world: World) -> Answer:
    made = requests.prepare(
        unit,
        world.files,
        requests.Order(
            slug=order.text,
            employee=order.employee.login,
            values=order.values or {},
            case=of_case(unit, world, order.case_number) if order.case_number else None,
            witness=order.witness,
            case_number=order.case_number,
            instance_key=job.instance_key,
            batch_key=order.batch_key,
            expires_at=_expiry(order, world),
            ordered_by=_ordered_by(unit, job),
        ),
        letterhead=letterhead(world),
        clock=world.clock,
        actor=system(job.type),
    )
    return _answer(unit, made.number)


def _ordered_by(unit: Unit, job: Job) -> str:
    """Who started the case that this agreement belongs to."""
    row = unit.one(
        "select r.started_by from instance i join instance r on r.key = i.root_key where i.key = %s",
        (job.instance_key,),
    )
    return row[0] if row else ""


def _expiry(order: Preparing, world: World) -> datetime:
    return order.expires_at or world.clock.now() + timedelta(
        days=order.expires_in_days or world.settings.agreement_days
    )


def letterhead(world: World) -> Letterhead:
    """The organisation's paper, marked as a test while only the trial authority vouches for it."""
    address = world.settings.public_url
    return Letterhead(
        organisation=world.settings.organisation,
        verify_url=f"{address}/verify" if address else "",
        trial=world.event_keys.trial or world.company_key.trial,
        zone=world.settings.zone,
    )


def of_case(unit: Unit, world: World, number: str) -> Mapping[str, Any]:
    """What an agreement may tell of a leaver's case."""
    case = cases.find(unit, number)
    names = org.names(unit, [case.recipient or ""])
    told: dict[str, Any] = {
        "number": number,
        "leavingOn": case.leaving_on,
        "filedOn": case.filed_at.astimezone(ZoneInfo(world.settings.zone)).date(),
        "recipient": names.get(case.recipient or ""),
    }
    try:
        sheet = handover.view(unit, number).sheet
    except NotFound:
        return told
    return told | {
        "handoverVersion": sheet.version,
        "handoverHash": sheet.content_hash,
        "handedOver": sheet.status == "sealed",
    }


_STATUS = Setting(
    name="status",
    label=Label("结束方式", "How it ends"),
    help=Label("已签章的协议不受影响。", "An agreement that is sealed stays sealed."),
    group="input",
    choices=(
        Choice(value="declined", label=Label("拒签", "Declined")),
        Choice(value="expired", label=Label("逾期", "Expired")),
        Choice(value="withdrawn", label=Label("撤回", "Withdrawn")),
    ),
    value="expired",
)


@handles(
    "agreement.close",
    title=("结束未签完的协议", "End an agreement"),
    help=(
        "拒签、逾期或撤回后结束协议：链接与验证码随即失效，已签部分作为证据保留。",
        "After it was declined, has expired or was withdrawn: links and codes are void, what was signed stays.",
    ),
    settings=(_STATUS,),
)
def close(order: Closing, job: Job, world: World) -> None:
    """Nothing is asked outside."""


@close.then
def closed(order: Closing, result: None, job: Job, unit: Unit, world: World) -> Answer:
    _refuse_others(unit, order.agreement.number, job)
    requests.close(
        unit,
        order.agreement.number,
        job.headers.get("status", "expired"),
        order.end_reason or "",
        actor=system(job.type),
        clock=world.clock,
    )
    return _answer(unit, order.agreement.number)


_KIN = "select from instance a join instance b on b.root_key = a.root_key where a.key = %s and b.key = %s"


def _refuse_others(unit: Unit, number: str, job: Job) -> None:
    """Variables can be set from outside: they never end what another process has people sign."""
    of = acts.find(unit, number).instance_key
    if of != job.instance_key and unit.one(_KIN, (of, job.instance_key)) is None:
        raise Invalid(
            say(
                "The agreement {number} is not of this process, so it is not ended here. Look who changed the variable "
                "{variable}.",
                number=number,
                variable="agreement",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time stamp over the head of an agreement's evidence."""

    sequence: int
    head: str
    token: bytes = field(repr=False)
    authority: str
    at: datetime


@handles(
    "agreement.archive",
    title=("归档协议", "Archive an agreement"),
    help=(
        "对证据链加盖时间戳，登记为已签协议，并确定保管期限。",
        "Stamps the evidence with the time, puts the agreement on record and sets how long it is kept.",
    ),
)
def archive(order: OfOne, job: Job, world: World) -> Stamp:
    with world.database.transaction() as unit:
        head = log.rows(unit, order.agreement.number)[-1]
        sequence, hashed = head.sequence, head.hash
    digest = bytes.fromhex(hashed)
    token = stamps.token(world.time, digest)
    told = stamps.told(token, digest, world.trust, world.clock.now())
    return Stamp(sequence=sequence, head=hashed, token=token, authority=told.authority, at=told.at)


@archive.then
def archived(order: OfOne, result: Stamp, job: Job, unit: Unit, world: World) -> Answer:
    number = order.agreement.number
    if unit.session.get(Anchor, (number, result.sequence)) is None:
        unit.session.add(
            Anchor(
                subject=number,
                sequence=result.sequence,
                head=result.head,
                token=result.token,
                authority=result.authority,
                stamped_at=result.at,
            )
        )
    filing.archive(unit, number, actor=system(job.type), at=world.clock.now(), zone=world.settings.zone)
    return _answer(unit, number, archived=True)


def _answer(unit: Unit, number: str, *, archived: bool = False) -> Answer:
    seen = requests.variables(unit, number)
    agreement = acts.find(unit, number)
    stages = tuple(tuple(Signer(**entry) for entry in stage) for stage in seen["stages"])
    return Answer(
        agreement=Document(
            number=agreement.number,
            name=agreement.name,
            title=agreement.title,
            kind=agreement.kind,
            slug=agreement.slug,
            status=agreement.status,
            reason=agreement.ended_reason,
            expires_at=agreement.expires_at,
            stages=stages,
            sealed_hash=seen["sealedHash"],
            verify_code=agreement.verify_code,
            pages=agreement.pages,
            archived=archived,
        )
    )
