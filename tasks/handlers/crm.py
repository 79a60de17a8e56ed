"""CRM around a leaver: what can be reached, customers to who takes over, access taken (F92–F94; nothing deleted, L12).

An organisation without CRM has nothing to take: the answers say `connected` false and the process goes on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hr.offboarding import cases
from hr.people import org
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks import wire
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.subjects import Colleague, Leaver
from tasks.ports import CrmRevocation, CrmRights, CrmTransfer, Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Crm(wire.Wire):
    """The variable `crm`: what was found, where it went, what was taken. `reachable` opens the customers' handover."""

    connected: bool = True
    reachable: bool = False
    customers: tuple[Customer, ...] = ()
    orders: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    transferred_to: Colleague | None = None
    transferred_at: datetime | None = None
    revoked_at: datetime | None = None
    state: Literal["found", "transferred", "revoked"] = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose rights. `crm` is what an earlier step found."""

    case_number: str
    employee: Leaver
    recipient: Colleague | None = None
    crm: Crm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `crm`."""

    crm: Crm


@handles(
    "crm.rights",
    title=("查询 CRM 权限", "Find CRM rights"),
    help=(
        "查询离职员工在 CRM 中的客户、订单和角色。结果写入变量 crm 并记入案件。",
        "Finds the customers, orders and roles that the leaver can reach. Sets the variable crm and notes it in the "
        "case.",
    ),
)
def rights(order: Order, job: Job, world: World) -> CrmRights | None:
    return world.crm.rights(order.employee.no) if world.crm else None


@rights.then
def rights_found(order: Order, found: CrmRights | None, job: Job, unit: Unit, world: World) -> Answer:
    if found is None:
        return _noted(Crm(connected=False), order, job, unit, world)
    seen = Crm(
        reachable=found.reachable, customers=found.customers, orders=found.orders, roles=found.roles, state="found"
    )
    return _noted(seen, order, job, unit, world)


@handles(
    "crm.transfer",
    title=("移交 CRM 客户", "Transfer customers in CRM"),
    help=(
        "将离职员工名下全部客户和订单转给交接对接人，不删除任何资料。",
        "Gives all customers and orders of the leaver to who takes over. Nothing is deleted.",
    ),
)
def transfer(order: Order, job: Job, world: World) -> CrmTransfer | None:
    if world.crm is None:
        return None
    with world.database.transaction() as unit:
        taker = org.required(unit, _recipient(order, job).login)
    return world.crm.transfer(order.employee.no, taker.no, key=str(job.uuid))


@transfer.then
def transferred(order: Order, moved: CrmTransfer | None, job: Job, unit: Unit, world: World) -> Answer:
    before = order.crm or Crm()
    if moved is None:
        return _noted(replace(before, connected=False), order, job, unit, world)
    after = replace(
        before,
        customers=moved.customers or before.customers,
        orders=moved.orders or before.orders,
        transferred_to=_recipient(order, job),
        transferred_at=moved.transferred_at,
        state="transferred",
    )
    return _noted(after, order, job, unit, world)


@handles(
    "crm.revoke",
    title=("收回 CRM 权限", "Revoke CRM access"),
    help=(
        "收回离职员工在 CRM 的全部角色；CRM 保留记录，可恢复。",
        "Takes all the leaver's roles in CRM, which keeps them on record and can give them back.",
    ),
)
def revoke(order: Order, job: Job, world: World) -> CrmRevocation | None:
    return world.crm.revoke(order.employee.no, key=str(job.uuid)) if world.crm else None


@revoke.then
def revoked(order: Order, taken: CrmRevocation | None, job: Job, unit: Unit, world: World) -> Answer:
    before = order.crm or Crm()
    if taken is None:
        return _noted(replace(before, connected=False), order, job, unit, world)
    after = replace(before, roles=taken.roles or before.roles, revoked_at=taken.revoked_at, state="revoked")
    return _noted(after, order, job, unit, world)


def _recipient(order: Order, job: Job) -> Colleague:
    if order.recipient is None:
        raise Invalid(
            say(
                "Nobody is named to take over the customers of {name}. Set the variable recipient, then retry the "
                "incident at {element}.",
                name=order.employee.name or order.employee.login,
                element=job.element,
            )
        )
    return order.recipient


def _noted(crm: Crm, order: Order, job: Job, unit: Unit, world: World) -> Answer:
    cases.record_finding(unit, order.case_number, "crm", wire.write(crm), clock=world.clock, actor=system(job.type))
    return Answer(crm=crm)
