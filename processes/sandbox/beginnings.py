"""How a sandbox begins: as the project's stories do, or in a small organisation of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from engine.model import Resource
from engine.spiff.compile import ids_of_processes
from kernel.errors import NotFound
from kernel.text import say
from processes import catalog
from processes.story import script
from processes.story.script import Story

OPENS_AT = 9  # o'clock
STORIES = (".yaml", ".yml")
SATURDAY = 5

ORGANISATION = yaml.safe_load("""
departments:
  work: {name: 业务部, head: department-head}
  staff: {name: 人力行政部, head: hr-head}
people:
  department-head: {"no": "1001", name: 赵启明, department: work, position: 部门负责人, level: executive,
    id_number: 99000019850101006X}
  manager: {"no": "1002", name: 陈立, department: work, position: 经理, level: senior, manager: department-head,
    id_number: "990000198805120022"}
  employee: {"no": "1003", name: 张晓, department: work, position: 专员, manager: manager,
    id_number: "990000199003070013", hired: "2022-01-04", contract: {from: "2022-01-04", to: "2036-01-03"}}
  recipient: {"no": "1004", name: 林涛, department: work, position: 专员, manager: manager,
    id_number: "990000199506230058"}
  hr-head: {"no": "3001", name: 孙静, department: staff, position: 人事负责人, level: senior,
    groups: [employee, hr, hr-head, seal], id_number: "990000197909210036"}
  hr: {"no": "3002", name: 何芳, department: staff, position: 人事专员, manager: hr-head, groups: [employee, hr],
    id_number: "990000199204150044"}
  it: {name: 信息技术, groups: [it]}
  administration: {name: 行政, groups: [administration]}
  finance: {name: 财务, groups: [finance]}
""")
SYSTEMS: dict[str, Any] = {
    "assets": {"employee": [{"tag": "NB-1003", "kind": "laptop", "name": "笔记本电脑", "serial": "SN1003"}]},
    "scim": {"employee": True},
}
ANYWHERE = Path(catalog.STORIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginnings:
    """The world that a sandbox begins in; `story` is the name of the one whose world it is, if any.

    `at` is an instant as stories write it.
    """

    process: str
    at: str
    story: str
    organisation: dict[str, Any]
    systems: dict[str, Any]
    variables: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in Beginnings.__dataclass_fields__}

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Beginnings":
        return Beginnings(**kept)

    def told(self) -> Story:
        """The same as a story whose steps are still to come."""
        return Story(
            file=ANYWHERE,
            name=self.story or self.process,
            process=self.process,
            at=self.at,
            steps=(),
            organisation=self.organisation,
            systems=self.systems,
            variables=self.variables,
        )


def processes(files: Sequence[Resource]) -> list[str]:
    """The ids of the processes that the files have."""
    found: list[str] = []
    for file in deployable(files):
        if file.name.lower().endswith(".bpmn"):
            found += ids_of_processes(file)
    return found


def deployable(files: Sequence[Resource]) -> list[Resource]:
    """What is deployed on the stage: all but the stories."""
    return [file for file in files if file.name.lower().endswith(catalog.ENDINGS)]


def stories_of(files: Sequence[Resource]) -> Resource | None:
    """The file of stories, `scenarios.yaml` before any other."""
    told = [file for file in files if file.name.lower().endswith(STORIES)]
    return min(told, key=lambda file: (file.name != catalog.STORIES, file.name), default=None)


def begin(
    files: Sequence[Resource], process: str, now: datetime, *, story: str = "", at: str = ""
) -> tuple[Beginnings, Story | None]:
    """The world of a sandbox, and the story that it is to play first where one is named.

    `now` is the organisation's time: without another word it is nine o'clock of that day, or of the next working day.
    Raises Invalid for stories that cannot be read, NotFound for a process or a story that is not there.
    """
    if process not in processes(files):
        raise NotFound(say("No file of the project has the process {id}. Save it first.", id=process))
    told = stories_of(files)
    if story:
        found = _story(told, story)
        return _of(found, process, at or str(found.at)), found
    if told is None:
        world = Story(
            file=ANYWHERE, name="", process=process, at="", steps=(), organisation=ORGANISATION, systems=SYSTEMS
        )
    else:
        world = script.world(told.content, Path(told.name), process)
    return _of(world, process, at or str(world.at) or _morning(now)), None


def _story(told: Resource | None, name: str) -> Story:
    for story in script.read_bytes(told.content, Path(told.name)) if told else ():
        if story.name == name:
            return story
    raise NotFound(say("The project has no scenario called {name}. It may have been renamed.", name=name))


def _of(world: Story, process: str, at: str) -> Beginnings:
    return Beginnings(
        process=process,
        at=at,
        story=world.name,
        organisation=dict(world.organisation),
        systems=dict(world.systems),
        variables=dict(world.variables),
    )


def _morning(now: datetime) -> str:
    day = now
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.replace(hour=OPENS_AT, minute=0, second=0, microsecond=0).isoformat()
