"""The leaving certificate (F8, F49): prepared for review, issued once, on the last day at the latest (LCL 50, 89)."""

from dataclasses import dataclass
from datetime import datetime

from hr.offboarding import cases, certificate
from hr.offboarding.certificate import Sealed
from hr.offboarding.clocks import Policy
from hr.offboarding.statement import Letterhead
from hr.offboarding.tables import Certificate
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Conflict, Unavailable
from tasks.handlers import doers, sealing
from tasks.handlers.operation import Job, World, handles, records
from tasks.wire import Wire

REVIEW_FORM = "certificate-review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """Which case."""

    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The variable `certificate`. `hash` is the SHA-256 of the PDF; `issued_at` is null until it is issued."""

    number: str
    hash: str
    status: str
    prepared_at: datetime
    issued_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Wire):
    """Sets the variable `certificate`."""

    certificate: Document


@records(
    "certificate.prepare",
    title=("生成离职证明", "Prepare the certificate"),
    help=(
        "按员工档案自动生成离职证明供人事核对；缺少法定内容时指出缺项。未完成的交接或欠款不影响生成。",
        "Makes the certificate from the employee file for HR to review, and names what the file lacks. Nothing open "
        "in the case holds it up.",
    ),
)
def prepare(order: Order, job: Job, unit: Unit, world: World) -> Answer:
    present = certificate.of_case(unit, order.case_number)
    if present is not None and present.issued_at is not None:
        return _answer(present)
    return _answer(_prepare(order, unit, world))


@handles(
    "certificate.issue",
    title=("签发离职证明", "Issue the certificate"),
    help=(
        "到最后工作日加盖电子印章并签发离职证明，每案一次；已签发的保持不变，不提前签发。仍未生成或资料有变时，先重新生成再签发。"
        "印章或时间戳暂时不可用时稍后重试；仍不可用，则不加盖印章先行签发。",
        "Seals and issues the certificate on the last day, once a case, and never before. One that is missing or out "
        "of date by then is prepared first. While the seal or the time stamp cannot be had it is tried again; in the "
        "end it goes out without one: the law does not wait.",
    ),
    edition=1,
)
def seal(order: Order, job: Job, world: World) -> Sealed | None:
    with world.database.transaction() as unit:
        ready = _ready(order, unit, world)
    if ready is None:
        return None
    try:
        return _sealed(*ready, world)
    except Unavailable:
        if job.retries > 1:
            raise
        return None


@seal.then
def issue(order: Order, sealed: Sealed | None, job: Job, unit: Unit, world: World) -> Answer:
    present = certificate.of_case(unit, order.case_number)
    if present is not None and present.issued_at is not None:
        return _answer(present)
    actor, policy = doers.or_system(unit, job, REVIEW_FORM), Policy(zone=world.settings.zone)
    try:
        row = certificate.issue(
            unit, world.files, order.case_number, clock=world.clock, actor=actor, policy=policy, sealed=sealed
        )
    except Conflict as refused:
        if not _last_day_has_come(order, unit, world):
            raise
        raise Unavailable(refused.message) from None  # prepared, or changed, since the seal was set: once more
    return _answer(row)


def _ready(order: Order, unit: Unit, world: World) -> tuple[str, bytes] | None:
    """The prepared file, by hash and content; None before the last day, or if it is issued.

    On the last day one that is missing or out of date is prepared first.
    """
    present = certificate.of_case(unit, order.case_number)
    if (present is not None and present.issued_at is not None) or not _last_day_has_come(order, unit, world):
        return None
    policy = Policy(zone=world.settings.zone)
    if present is None or not certificate.is_current(unit, world.files, present, clock=world.clock, policy=policy):
        present = _prepare(order, unit, world)
    return present.pdf_hash, world.files.read(unit, present.pdf_hash).content


def _sealed(hash: str, pdf: bytes, world: World) -> Sealed:
    made = sealing.sealed(world, pdf, "出具解除或者终止劳动合同的证明")
    return Sealed(of=hash, pdf=made, authority=sealing.authority(world), trial=world.company_key.trial)


def _last_day_has_come(order: Order, unit: Unit, world: World) -> bool:
    today = Policy(zone=world.settings.zone).day_of(world.clock.now())
    return today >= cases.find(unit, order.case_number).leaving_on


def _prepare(order: Order, unit: Unit, world: World) -> Certificate:
    address = world.settings.public_url
    return certificate.prepare(
        unit,
        world.files,
        order.case_number,
        letterhead=Letterhead(
            organisation=world.settings.organisation, verify_url=f"{address}/verify" if address else ""
        ),
        clock=world.clock,
        actor=system("certificate.prepare"),
        policy=Policy(zone=world.settings.zone),
    )


def _answer(row: Certificate) -> Answer:
    return Answer(
        certificate=Document(
            number=row.number,
            hash=row.pdf_hash,
            status="issued" if row.issued_at else "prepared",
            prepared_at=row.prepared_at,
            issued_at=row.issued_at,
        )
    )
