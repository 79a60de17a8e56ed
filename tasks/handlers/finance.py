"""What is open between a leaver and the company (F20, F36, F95). It gates neither wages nor the certificate (L1, L3).

Without a finance system nothing is known: `settled` stays false, so that finance looks for itself.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from hr.offboarding import cases
from kernel.actor import system
from kernel.db import Unit
from tasks import wire
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.subjects import Leaver
from tasks.ports import OpenItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose items."""

    case_number: str
    employee: Leaver


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The variable `finance`. `total` is in yuan; `settled` is true only where finance itself shows nothing open."""

    items: tuple[OpenItem, ...]
    total: wire.Yuan
    settled: bool
    connected: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `finance`."""

    finance: Finding


@handles(
    "finance.open-items",
    title=("查询未结清款项", "Find open items with finance"),
    help=(
        "查询差旅、借款、报销的未结清款项，写入变量 finance。结果不影响工资和离职证明。",
        "Finds travel, loans and reimbursements that are open and sets the variable finance. It holds back neither pay "
        "nor certificate.",
    ),
)
def open_items(order: Order, job: Job, world: World) -> tuple[OpenItem, ...] | None:
    return world.finance.open_items(order.employee.no) if world.finance else None


@open_items.then
def found(order: Order, items: tuple[OpenItem, ...] | None, job: Job, unit: Unit, world: World) -> Answer:
    known = items or ()
    answer = Answer(
        finance=Finding(
            items=known,
            total=sum((item.amount for item in known), Decimal(0)),
            settled=items is not None and not known,
            connected=items is not None,
            checked_at=world.clock.now(),
        )
    )
    noted = wire.write(answer)["finance"]
    cases.record_finding(unit, order.case_number, "finance", noted, clock=world.clock, actor=system(job.type))
    return answer
