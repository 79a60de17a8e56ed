"""What one look at a sandbox needs: the stage's database, the definitions, and names for what is found there."""

from datetime import datetime
from typing import NamedTuple

from engine.definitions import Loaded
from kernel.db import Unit
from processes.sandbox.stages import Shown

FAMILY = """select key, process_id, definition_key, row_number() over (order by key) from instance
  where root_key = %s order by key"""
_NUMBER = "select count(*) from instance where key < %s"
_TASKS = """select i.key, t.token, t.element, t.name, t.process_id, t.assignee, t.candidate_groups, t.candidate_users,
    t.due_at, t.form_key is not null, t.key
  from user_task t join instance i on i.key = t.instance_key where i.root_key = %s and t.state = 'CREATED'
  order by t.key"""


class OpenTask(NamedTuple):
    """An open task of the stage; `key` is the page's, `own` the stage's."""

    key: str
    element: str
    name: str
    process: str
    assignee: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    due_at: datetime | None
    has_form: bool
    own: int


class Look:
    """A sandbox as it is looked at in one transaction. `numbers` are those of the case's instances on the stage."""

    def __init__(self, shown: Shown, unit: Unit, language: str) -> None:
        self.shown, self.unit, self.language = shown, unit, language
        self.instance = shown.player.instance
        self.definitions = shown.stage.house.engine.definitions
        self.process = self.definitions.latest(unit, shown.kept.process)
        self.numbers = _first(unit, self.instance)

    def key(self, instance: int, token: int) -> str:
        """The key of what hangs on a token, the same on every node."""
        return f"{self.numbers[instance]}.{token}"

    def label(self, process: Loaded, element: str) -> str:
        """The name of an element, its id where it has none."""
        found = process.model.elements.get(element)
        return found.name if found is not None and found.name else element

    def labelled(self, definition: int, element: str) -> str:
        """The same, by the key of its process."""
        return self.label(self.definitions.get(self.unit, definition), element)


def open_tasks(unit: Unit, instance: int) -> list[OpenTask]:
    """The open tasks of the case, the oldest first, with the keys that the page knows them by."""
    first = _first(unit, instance)
    return [OpenTask(f"{first[row[0]]}.{row[1]}", *row[2:]) for row in unit.all(_TASKS, (instance,))]


def _first(unit: Unit, instance: int) -> dict[int, int]:
    """The number of each instance of the case on its stage."""
    before = unit.one(_NUMBER, (instance,))[0]
    return {key: before + number for key, _, _, number in unit.all(FAMILY, (instance,))}


def iso(at: datetime | None) -> str | None:
    """An instant as the page has it."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")
