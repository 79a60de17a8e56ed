"""What of the company's things the leaver holds, and what came back (F6, F45, F98).

The asset register is the master where there is one, else our own file. What administration found goes to both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import uuid5

from hr.offboarding import assets
from hr.offboarding.tables import AssetLine
from hr.people import staff
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import NotFound
from tasks import wire
from tasks.handlers import doers
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.subjects import Leaver
from tasks.ports import Asset, AssetReturn

RETURN_FORM = "asset-return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose things."""

    case_number: str
    employee: Leaver


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing on the case. `status` is `held` until administration has checked it; `cost_yuan` is to be recovered."""

    tag: str
    kind: str
    name: str
    serial: str
    status: str
    cost_yuan: wire.Yuan | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `assets`."""

    assets: tuple[Line, ...]


@handles(
    "assets.list",
    title=("列出在借物品", "List assets"),
    help=(
        "从资产系统（或本系统台账）查询离职员工名下物品，登记到案件并写入变量 assets。",
        "Lists the things in the leaver's hands from the asset register, else from our own file, and puts them on the "
        "case.",
    ),
)
def list_assets(order: Order, job: Job, world: World) -> tuple[Asset, ...] | None:
    return world.assets.assigned(order.employee.no) if world.assets else None


@list_assets.then
def listed(order: Order, held: tuple[Asset, ...] | None, job: Job, unit: Unit, world: World) -> Answer:
    things = _own(unit, order.employee.login) if held is None else held
    rows = [{"tag": thing.tag, "kind": thing.kind, "name": thing.name, "serial": thing.serial} for thing in things]
    return _answer(assets.register(unit, order.case_number, rows, clock=world.clock, actor=system(job.type)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A row of the form `asset-return`. `photo` lists uploads by hash."""

    tag: str
    status: str = "held"
    cost_yuan: Decimal | None = None
    note: str | None = None
    photo: tuple[dict[str, Any], ...] | None = None

    @property
    def known(self) -> bool:
        return self.status != "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder(wire.Wire):
    """What administration found."""

    case_number: str
    assets: tuple[Checked, ...] = ()


@handles(
    "assets.record",
    title=("登记资产核验", "Record returned assets"),
    help=(
        "以核验人的名义登记每件物品的核验结果，并回写资产系统。赔偿金额只作记录，不从工资扣除。",
        "Records what was found of each thing, in the name of who checked, and tells the asset register. A cost is "
        "noted, never taken from wages.",
    ),
)
def record(order: ReturnOrder, job: Job, world: World) -> None:
    if world.assets is None:
        return
    with world.database.transaction() as unit:
        doer = doers.or_system(unit, job, RETURN_FORM)
    for row in order.assets:
        if row.known:
            state: Literal["returned", "lost"] = "lost" if row.status == "lost" else "returned"
            found = AssetReturn(tag=row.tag, state=state, at=job.created_at, by=doer.name or doer.id)
            _tell(world, found, str(uuid5(job.uuid, row.tag)))


def _tell(world: World, found: AssetReturn, key: str) -> None:
    assert world.assets is not None
    try:
        world.assets.record(found, key=key)
    except NotFound:
        # A thing of our own file, which the register never knew, needs no word to it.
        return


@record.then
def recorded(order: ReturnOrder, told: None, job: Job, unit: Unit, world: World) -> Answer:
    doer = doers.required(unit, job, RETURN_FORM)
    present = {line.tag: line.status for line in assets.lines(unit, order.case_number)}
    for row in order.assets:
        if row.known and present.get(row.tag) != row.status:
            assets.check(
                unit,
                order.case_number,
                row.tag,
                row.status,
                cost_cents=int((row.cost_yuan or Decimal(0)) * 100) if row.status == "cost" else 0,
                note=row.note or "",
                photo_hash=_photo(row.photo),
                clock=world.clock,
                actor=doer,
            )
    return _answer(assets.lines(unit, order.case_number))


def _photo(uploads: tuple[Mapping[str, Any], ...] | None) -> str | None:
    return str(uploads[0]["hash"]) if uploads else None


def _answer(lines: list[AssetLine]) -> Answer:
    return Answer(
        assets=tuple(
            Line(
                tag=line.tag,
                kind=line.kind,
                name=line.name,
                serial=line.serial,
                status=line.status,
                cost_yuan=Decimal(line.cost_cents) / 100 if line.cost_cents else None,
                note=line.note,
            )
            for line in lines
        )
    )


def _own(unit: Unit, login: str) -> tuple[Asset, ...]:
    held = staff.assets_of(unit, login)
    return tuple(Asset(tag=thing.tag, kind=thing.kind, name=thing.name, serial=thing.serial) for thing in held)
