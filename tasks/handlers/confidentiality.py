"""The confidentiality check (F17–F19): it starts by itself, opens a course to make up, and never blocks leaving."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hr.confidentiality import check
from hr.offboarding import cases
from kernel.actor import system
from kernel.db import Unit
from tasks import wire
from tasks.handlers.operation import Job, World, records
from tasks.handlers.subjects import Leaver


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose records, of which courses: the titles that the decision `courses-due` gives."""

    case_number: str
    employee: Leaver
    courses_due: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A course to make up."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The variable `confidentiality`. `unsigned` lists agreements that HR should bring; `sources` the records found, by
    the numbers of the trainings and agreements that prove them.
    """

    passed: bool
    missing: tuple[Gap, ...]
    unsigned: tuple[str, ...]
    sources: tuple[check.Source, ...]
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `confidentiality`."""

    confidentiality: Finding


@records(
    "confidentiality.check",
    title=("保密核查", "Check confidentiality"),
    help=(
        "按应学课程 coursesDue 核查学习记录与保密协议，结果连同所依据的记录写入变量 confidentiality 并记入案件；"
        "未通过只触发补学，不影响离职。",
        "Checks the courses of coursesDue and the agreements on record, and sets the variable confidentiality with "
        "what it rests on. A gap opens a course to make up and never delays leaving.",
    ),
    edition=1,
)
def check_records(order: Order, job: Job, unit: Unit, world: World) -> Answer:
    login, now = order.employee.login, world.clock.now()
    today = now.astimezone(ZoneInfo(world.settings.zone)).date()
    found = check.check(unit, login, order.courses_due, on=today)
    answer = Answer(
        confidentiality=Finding(
            passed=found.passed,
            missing=tuple(Gap(title=course) for course in found.missing),
            unsigned=found.unsigned,
            sources=found.sources,
            checked_at=now,
        )
    )
    noted = wire.write(answer)["confidentiality"]
    cases.record_finding(unit, order.case_number, "confidentiality", noted, clock=world.clock, actor=system(job.type))
    return answer
