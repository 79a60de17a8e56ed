"""What of the company's things the leaver holds (F6, F45, F98): from the asset register, else from our own file."""

from dataclasses import dataclass

from hr.offboarding import assets
from hr.people import staff
from kernel.actor import system
from kernel.db import Unit
from tasks import wire
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.subjects import Leaver
from tasks.ports import Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose things."""

    case_number: str
    employee: Leaver


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing on the case. `status` is `held` until administration has checked it."""

    tag: str
    kind: str
    name: str
    serial: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `assets`."""

    assets: tuple[Line, ...]


@handles(
    "assets.list",
    title=("列出在借物品", "List assets"),
    help=(
        "从资产系统（或本系统台账）查询离职员工名下物品，登记到案件并写入变量 assets。",
        "Lists the things in the leaver's hands from the asset register, else from our own file, and puts them "
        "on the case.",
    ),
)
def list_assets(order: Order, job: Job, world: World) -> tuple[Asset, ...] | None:
    return world.assets.assigned(order.employee.no) if world.assets else None


@list_assets.then
def listed(order: Order, held: tuple[Asset, ...] | None, job: Job, unit: Unit, world: World) -> Answer:
    things = _own(unit, order.employee.login) if held is None else held
    rows = [{"tag": thing.tag, "kind": thing.kind, "name": thing.name, "serial": thing.serial} for thing in things]
    lines = assets.register(unit, order.case_number, rows, clock=world.clock, actor=system(job.type))
    return Answer(
        assets=tuple(
            Line(tag=line.tag, kind=line.kind, name=line.name, serial=line.serial, status=line.status) for line in lines
        )
    )


def _own(unit: Unit, login: str) -> tuple[Asset, ...]:
    held = staff.assets_of(unit, login)
    return tuple(Asset(tag=thing.tag, kind=thing.kind, name=thing.name, serial=thing.serial) for thing in held)
