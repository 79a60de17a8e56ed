"""The round of training: whom to look at, and what they lack of what the decision says their work asks for."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hr.training import due
from hr.training.due import Group, Missing
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks.handlers.operation import Job, World, records
from tasks.handlers.training import Learner
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling(Wire):
    """Whom to look at: with `everyone` all who work here, else those who joined lately or have learned here before."""

    everyone: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster(Wire):
    """Sets the variable `learners`: people by what their work asks for, to be decided a group at a time."""

    learners: tuple[Group, ...]


@records(
    "training.roster",
    title=("列出应核对人员", "List whom a round looks at"),
    help=(
        "新入职的、在本系统学习过的在职人员；everyone 为 true 时为全体在职人员。按岗位类别、级别、部门、缘由归组，"
        "写入变量 learners。正在办理离职的不在内。",
        "Those who joined lately or have learned here before; with everyone, all who work here. Grouped by family, "
        "level, department and reason as the variable learners. Who is leaving is not among them.",
    ),
)
def list_people(order: Calling, job: Job, unit: Unit, world: World) -> Roster:
    return Roster(learners=tuple(due.groups(unit, _today(world), everyone=bool(order.everyone))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Wire):
    """`dues` has the titles of the courses that are due, for each group of `learners` in its place."""

    learners: tuple[Group, ...]
    dues: tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A course that one person has to learn."""

    employee: Learner
    course_title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking(Wire):
    """Sets the variable `missing`."""

    missing: tuple[Wanted, ...]


@records(
    "training.missing",
    title=("找出应学未学", "Find what people lack"),
    help=(
        "对照学习记录、在学与豁免，列出每人应学而未学的课程和缘由，写入变量 missing。没有已发布课程的名称不列。",
        "Compares what is due with records, waivers and what is being learned, and sets the variable missing: who, "
        "which course, why. A title that no published course has is left out.",
    ),
)
def find_missing(order: Decided, job: Job, unit: Unit, world: World) -> Lacking:
    if len(order.dues) != len(order.learners):
        raise Invalid(say("For each group of learners the courses that are due are wanted, in the same order."))
    asked = [(group, titles or ()) for group, titles in zip(order.learners, order.dues, strict=True)]
    return Lacking(missing=tuple(map(_wanted, due.missing(unit, asked, on=_today(world)))))


def _wanted(found: Missing) -> Wanted:
    return Wanted(employee=Learner(login=found.employee), course_title=found.course_title, reason=found.reason)


def _today(world: World) -> date:
    return world.clock.now().astimezone(ZoneInfo(world.settings.zone)).date()
