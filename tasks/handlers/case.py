"""The case itself: its plan, the record of what is open, and its end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.definitions import Definitions
from hr.offboarding import cases, dates, record
from hr.offboarding.clocks import Policy
from hr.offboarding.tables import Case
from hr.people import org
from hr.people.functions import functions
from kernel.actor import Actor, system
from kernel.db import Unit
from tasks.handlers.open_nodes import open_nodes
from tasks.handlers.operation import Job, World, records
from tasks.handlers.subjects import Colleague
from tasks.wire import Moment, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder(Wire):
    """Which case, with what the process knows by now: the last day settled on, who takes over, when all was cleared."""

    case_number: str
    leaving_on: date | None = None
    leaving_type: str | None = None
    mutual_consent: bool | None = None
    recipient: Colleague | None = None
    cleared_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Wire):
    """Sets `plan`, whose instants carry the organisation's offset, and `recipient` with login and name."""

    plan: dict[str, Any]
    recipient: Colleague | None


@records(
    "case.plan",
    title=("排定期限", "Plan the case"),
    help=(
        "按法定与内部两套时钟推算各环节期限：离职日变更后重算全部，指定对接人后重算交接期限，"
        "给出 clearedAt 时推算证明期限。",
        "Computes every due time. Run again when the last day changes, when the recipient is named (the handover "
        "counts from then), and once all is cleared (the certificate counts from then).",
    ),
)
def plan(order: PlanOrder, job: Job, unit: Unit, world: World) -> Planned:
    actor, policy = system(job.type), Policy(zone=world.settings.zone)
    case = cases.find(unit, order.case_number)
    settled = _settle(order, case, unit, world, actor, policy)
    login = order.recipient.login if order.recipient else None
    named = login is not None and login != case.recipient
    if login is not None and named:
        cases.name_recipient(unit, order.case_number, login, clock=world.clock, actor=actor)
    if named or settled or login is None:
        now = world.clock.now()
        case = cases.replan(
            unit,
            order.case_number,
            policy=policy,
            handover_from=now if login is not None else None,
            manager_from=now if settled else None,
        )
    if order.cleared_at is not None:
        case = dates.clear(unit, order.case_number, order.cleared_at, policy=policy)
    return Planned(plan=dict(case.plan), recipient=_named(unit, case))


def _settle(order: PlanOrder, case: Case, unit: Unit, world: World, actor: Actor, policy: Policy) -> bool:
    """Put a last day or ground that differs from the case's on the case, and tell whether there was one."""
    leaving_on, leaving_type = order.leaving_on or case.leaving_on, order.leaving_type or case.leaving_type
    if (leaving_on, leaving_type) == (case.leaving_on, case.leaving_type):
        return False
    consent = case.mutual_consent if order.mutual_consent is None else order.mutual_consent
    dates.settle(
        unit,
        order.case_number,
        leaving_on,
        leaving_type=leaving_type,
        mutual_consent=consent,
        clock=world.clock,
        actor=actor,
        policy=policy,
    )
    return True


def _named(unit: Unit, case: Case) -> Colleague | None:
    person = org.person(unit, case.recipient) if case.recipient else None
    return Colleague(login=person.login, name=person.name) if person else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder(Wire):
    """Which case."""

    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The variable `openRecord`: how many nodes were due and not done, and the hashes of both files."""

    nodes: int
    json_hash: str
    pdf_hash: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnswer(Wire):
    """Sets the variable `openRecord`."""

    open_record: Recorded


@records(
    "case.record-open",
    title=("未完成事项留痕", "Record what is open"),
    help=(
        "将到期未完成、以及到时限自动结束而未办的事项，连同责任人、起止时间和提醒记录导出为 JSON 与 PDF，不阻断流程。",
        "Exports what is due and not done, or was ended undone by a clock, with who was asked, since when and how "
        "often, as JSON and PDF. It stops nothing.",
    ),
)
def record_open(order: CaseOrder, job: Job, unit: Unit, world: World) -> OpenAnswer:
    (root,) = unit.one("select root_key from instance where key = %s", (job.instance_key,))
    definitions = Definitions(functions(world.calendar))
    nodes = open_nodes(unit, definitions, order.case_number, root, world.clock.now(), due_only=True)
    taken = record.open_items(
        unit,
        world.files,
        order.case_number,
        nodes,
        process="active",
        organisation=world.settings.organisation,
        clock=world.clock,
        actor=system(job.type),
        policy=Policy(zone=world.settings.zone),
    )
    row = taken.row
    return OpenAnswer(
        open_record=Recorded(nodes=row.nodes, json_hash=row.json_hash, pdf_hash=row.pdf_hash, taken_at=row.taken_at)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Wire):
    """Sets the variable `closedAt`."""

    closed_at: datetime


@records(
    "case.close",
    title=("办结案件", "Close the case"),
    help=(
        "办结离职案件并计算归档保存期限；已办结的保持不变。",
        "Closes the case and sets how long its records are kept. A case that is closed stays as it is.",
    ),
)
def close(order: CaseOrder, job: Job, unit: Unit, world: World) -> Closed:
    case = cases.find(unit, order.case_number)
    if case.status == "open":
        case = cases.close(unit, order.case_number, clock=world.clock, actor=system(job.type))
    return Closed(closed_at=case.closed_at or world.clock.now())
