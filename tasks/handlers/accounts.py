"""Accounts on the last day (F97): mail, OA and single sign-on are frozen in the directory, never deleted.

The leaver's account with this product stays, since the certificate is downloaded with it.
"""

from dataclasses import dataclass
from datetime import datetime

from hr.evidence import log
from kernel.actor import system
from kernel.db import Unit
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.subjects import Leaver
from tasks.ports import AccountState
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """Whose accounts."""

    case_number: str
    employee: Leaver


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The variable `accounts`. `frozen` is what the directory shows; without a directory it is false, and IT acts."""

    login: str
    connected: bool
    existed: bool
    frozen: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Wire):
    """Sets the variable `accounts`."""

    accounts: Frozen


@handles(
    "accounts.freeze",
    title=("冻结账号", "Freeze accounts"),
    help=(
        "在目录服务（SCIM）中停用离职员工的账号，并读回确认。",
        "Deactivates the leaver's account in the directory (SCIM) and reads back that it is so.",
    ),
)
def freeze(order: Order, job: Job, world: World) -> AccountState | None:
    return world.scim.freeze(order.employee.login, key=str(job.uuid)) if world.scim else None


@freeze.then
def frozen(order: Order, state: AccountState | None, job: Job, unit: Unit, world: World) -> Answer:
    now = world.clock.now()
    found = Frozen(
        login=order.employee.login,
        connected=state is not None,
        existed=state is not None and state.exists,
        frozen=state is not None and not state.active,
        at=now,
    )
    log.append(
        unit,
        order.case_number,
        "accounts.frozen" if found.frozen else "accounts.not-frozen",
        system(job.type),
        now,
        login=found.login,
        connected=found.connected,
        existed=found.existed,
    )
    return Answer(accounts=found)
