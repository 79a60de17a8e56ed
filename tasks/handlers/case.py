"""The case itself: its plan, the record of what is open on the last day, and its end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hr.offboarding import cases
from kernel.actor import system
from kernel.db import Unit
from tasks.handlers.operation import Job, World, records
from tasks.handlers.subjects import Colleague
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder(Wire):
    """Which case. `recipient` is known once the manager has named who takes over: the handover runs from then."""

    case_number: str
    recipient: Colleague | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Wire):
    """Sets the variables `plan` and `notice`; every instant carries the organisation's offset."""

    plan: dict[str, Any]
    notice: dict[str, Any]


@records(
    "case.plan",
    title=("排定期限", "Plan the case"),
    help=(
        "按法定与内部两套时钟计算各环节期限，写入变量 plan 和 notice。指定交接对接人后再次运行，交接期限从此时起算。",
        "Computes every due time by the statutory and the internal clock. Run again once the recipient is named: the "
        "handover counts from then.",
    ),
)
def plan(order: PlanOrder, job: Job, unit: Unit, world: World) -> Planned:
    handover_from: datetime | None = None
    if order.recipient is not None:
        case = cases.find(unit, order.case_number)
        if case.recipient != order.recipient.login:
            cases.name_recipient(
                unit, order.case_number, order.recipient.login, clock=world.clock, actor=system(job.type)
            )
        handover_from = world.clock.now()
    case = cases.replan(unit, order.case_number, handover_from=handover_from)
    return Planned(plan=dict(case.plan), notice=dict(case.notice))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder(Wire):
    """Which case."""

    case_number: str


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
