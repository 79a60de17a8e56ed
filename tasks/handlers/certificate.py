"""The leaving certificate (F8, F49): prepared for review, issued once, on the last day at the latest (LCL 50, 89)."""

from dataclasses import dataclass
from datetime import datetime

from hr.offboarding import cases, certificate
from hr.offboarding.clocks import Policy
from hr.offboarding.statement import Letterhead
from hr.offboarding.tables import Certificate
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Conflict
from tasks.handlers import doers
from tasks.handlers.operation import Job, World, records
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
    return _answer(_prepare(order, job, unit, world))


@records(
    "certificate.issue",
    title=("签发离职证明", "Issue the certificate"),
    help=(
        "到最后工作日签发离职证明，每案一次；已签发的保持不变，不提前签发。仍未生成或资料有变时，先重新生成再签发。",
        "Issues the certificate on the last day, once a case, and never before. One that is missing or out of date by "
        "then is prepared first: the law does not wait.",
    ),
)
def issue(order: Order, job: Job, unit: Unit, world: World) -> Answer:
    present = certificate.of_case(unit, order.case_number)
    if present is not None and present.issued_at is not None:
        return _answer(present)
    actor, policy = doers.or_system(unit, job, REVIEW_FORM), Policy(zone=world.settings.zone)
    if present is None and _last_day_has_come(order, unit, world):
        _prepare(order, job, unit, world)
    try:
        row = certificate.issue(unit, world.files, order.case_number, clock=world.clock, actor=actor, policy=policy)
    except Conflict:
        if not _last_day_has_come(order, unit, world):
            raise
        _prepare(order, job, unit, world)
        row = certificate.issue(unit, world.files, order.case_number, clock=world.clock, actor=actor, policy=policy)
    return _answer(row)


def _last_day_has_come(order: Order, unit: Unit, world: World) -> bool:
    today = Policy(zone=world.settings.zone).day_of(world.clock.now())
    return today >= cases.find(unit, order.case_number).leaving_on


def _prepare(order: Order, job: Job, unit: Unit, world: World) -> Certificate:
    address = world.settings.public_url
    return certificate.prepare(
        unit,
        world.files,
        order.case_number,
        letterhead=Letterhead(
            organisation=world.settings.organisation, verify_url=f"{address}/verify" if address else ""
        ),
        clock=world.clock,
        actor=system(job.type),
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
