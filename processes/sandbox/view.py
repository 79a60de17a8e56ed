"""A sandbox as its page shows it: everything that is open, everything that happened, as JSON.

Keys are made of the number of an instance on its stage and of a token in it, so that they are the same on every node
and after every replay. Instants are ISO 8601 in UTC; sentences are in the reader's language.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from engine import queries
from engine.definitions import Loaded
from engine.turn import LIVE
from kernel.actor import Actor
from kernel.db import Unit
from processes.sandbox import words
from processes.sandbox.stages import Shown
from processes.story import jobs, sight
from tasks.handlers import registry
from tasks.human import access

VALUE_MOST = 20_000  # bytes of JSON that a variable is shown with

_FAMILY = """select key, process_id, definition_key, row_number() over (order by key) from instance
  where root_key = %s order by key"""
_NUMBER = "select count(*) from instance where key < %s"
_PEOPLE = """select a.login, coalesce(nullif(a.name, ''), a.login), coalesce(e.position, ''), a.groups
  from account a left join employee e on e.login = a.employee order by e.no nulls last, a.created_at, a.login"""
_TASKS = """select i.key, t.token, t.element, t.name, t.process_id, t.assignee, t.candidate_groups, t.candidate_users,
    t.due_at, t.form_key is not null, t.key
  from user_task t join instance i on i.key = t.instance_key where i.root_key = %s and t.state = 'CREATED'
  order by t.key"""
_TIMERS = """select i.key, t.token, t.element, i.process_id, i.definition_key, t.due_at from timer t
  join instance i on i.key = t.instance_key where i.root_key = %s order by t.due_at, t.key"""
_START_TIMERS = (
    "select element, process_id, definition_key, due_at from start_timer where due_at is not null order by 4"
)
_SUBSCRIPTIONS = """select i.key, s.token, s.element, s.process_id, i.definition_key, s.kind, s.name, s.correlation_key
  from subscription s join instance i on i.key = s.instance_key where i.root_key = %s order by s.key"""
_JOBS = """select i.key, j.token, j.element, j.process_id, i.definition_key, j.type, j.due_at, j.error_message
  from job j join instance i on i.key = j.instance_key where i.root_key = %s and j.state = 'CREATED' order by j.key"""
_INCIDENTS = """select i.key, n.token, n.element, n.process_id, n.kind, n.message, i.definition_key
  from incident n join instance i on i.key = n.instance_key where i.root_key = %s and n.state = 'ACTIVE'
  order by n.key"""
_MESSAGES = """select d.sent_at, d.recipient, d.channel, d.template, d.subject, d.body, d.state from delivery d
  join instance i on i.key = d.instance_key where i.root_key = %s order by d.id"""


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


class Person(NamedTuple):
    """Somebody on the stage."""

    login: str
    name: str
    position: str
    groups: list[str]


def view(shown: Shown, language: str) -> dict[str, Any]:
    """The sandbox as it stands now."""
    with shown.stage.house.database.transaction() as unit:
        return _View(shown, unit, language).told()


def open_tasks(unit: Unit, instance: int) -> list[OpenTask]:
    """The open tasks of the case, the oldest first, with the keys that the page knows them by."""
    first = _first(unit, instance)
    return [OpenTask(f"{first[row[0]]}.{row[1]}", *row[2:]) for row in unit.all(_TASKS, (instance,))]


def people(unit: Unit) -> list[Person]:
    """Everybody on the stage."""
    return [Person(*row) for row in unit.all(_PEOPLE)]


def _first(unit: Unit, instance: int) -> dict[int, int]:
    """The number of each instance of the case on its stage."""
    before = unit.one(_NUMBER, (instance,))[0]
    return {key: before + number for key, _, _, number in unit.all(_FAMILY, (instance,))}


class _View:
    def __init__(self, shown: Shown, unit: Unit, language: str) -> None:
        self._shown, self._unit, self._language = shown, unit, language
        self._instance = shown.player.instance
        self._definitions = shown.stage.house.engine.definitions
        self._process = self._definitions.latest(unit, shown.kept.process)
        self._numbers = _first(unit, self._instance)

    def told(self) -> dict[str, Any]:
        kept, clock = self._shown.kept, self._shown.stage.clock
        state = sight.state(self._unit, self._instance)
        somebody = people(self._unit)
        tasks, waiting = self._tasks(somebody), self._waiting()
        incidents = self._incidents()
        names = {person.login: person.name for person in somebody}
        return {
            "key": kept.key,
            "project": kept.project,
            "process": kept.process,
            "processName": self._process.name,
            "story": kept.beginnings.story,
            "number": len(self._shown.done),
            "now": _iso(clock.now()),
            "state": state,
            "stuck": state in LIVE and not tasks and not waiting,
            "people": [person._asdict() for person in somebody],
            "startForm": any(start.form is not None for start in self._process.model.starts),
            "starts": [
                {
                    "kind": start.kind,
                    "name": start.name,
                    "element": start.element,
                    "label": self._label(self._process, start.element),
                }
                for start in self._process.model.starts
            ],
            "tasks": tasks,
            "waiting": waiting,
            "incidents": incidents,
            "messages": self._messages(names),
            "calls": [
                {
                    "at": _iso(call.at),
                    "system": call.system,
                    "operation": call.operation,
                    "detail": call.detail,
                    "refused": call.refused and call.refused.within(self._language),
                }
                for call in self._shown.stage.calls
            ],
            "systems": [{"name": name, "down": twin.down} for name, twin in self._shown.stage.twins.items()],
            "variables": {
                name: shortened(value) for name, value in sight.variables(self._unit, self._instance).items()
            },
            "diagrams": self._diagrams(),
            "steps": self._steps(names),
        }

    def _key(self, instance: int, token: int) -> str:
        return f"{self._numbers[instance]}.{token}"

    def _label(self, process: Loaded, element: str) -> str:
        found = process.model.elements.get(element)
        return found.name if found is not None and found.name else element

    def _labelled(self, definition: int, element: str) -> str:
        return self._label(self._definitions.get(self._unit, definition), element)

    def _tasks(self, somebody: Sequence[Person]) -> list[dict[str, Any]]:
        actors = [Actor(id=who.login, name=who.name, groups=frozenset(who.groups)) for who in somebody]
        seen: dict[str, int] = {}
        told = []
        for task in open_tasks(self._unit, self._instance):
            index = seen[task.element] = seen.get(task.element, -1) + 1
            told.append(
                {
                    "key": task.key,
                    "element": task.element,
                    "index": index,
                    "name": task.name or task.element,
                    "process": task.process,
                    "assignee": task.assignee,
                    "groups": task.candidate_groups,
                    "dueAt": _iso(task.due_at),
                    "hasForm": task.has_form,
                    "mayBe": [actor.id for actor in actors if access.may_complete(actor, task)],
                }
            )
        return told

    def _waiting(self) -> list[dict[str, Any]]:
        found = [*self._timers(), *self._subscriptions(), *self._jobs()]
        if not self._instance:
            found += [
                {
                    "key": f"0.{element}",
                    "element": element,
                    "process": process,
                    "kind": "timer",
                    "name": self._labelled(definition, element),
                    "dueAt": _iso(due),
                    "starts": True,
                }
                for element, process, definition, due in self._unit.all(_START_TIMERS)
            ]
        return found

    def _timers(self) -> list[dict[str, Any]]:
        return [
            {
                "key": self._key(instance, token),
                "element": element,
                "process": process,
                "kind": "timer",
                "name": self._labelled(definition, element),
                "dueAt": _iso(due),
            }
            for instance, token, element, process, definition, due in self._unit.all(_TIMERS, (self._instance,))
        ]

    def _subscriptions(self) -> list[dict[str, Any]]:
        return [
            {
                "key": correlation,
                "element": element,
                "process": process,
                "kind": kind,
                "name": name,
                "label": self._labelled(definition, element),
                "dueAt": None,
            }
            for _, _, element, process, definition, kind, name, correlation in self._unit.all(
                _SUBSCRIPTIONS, (self._instance,)
            )
        ]

    def _jobs(self) -> list[dict[str, Any]]:
        """Jobs that no handler performs, and those of ours that are tried again later."""
        handled = set(registry.types())
        told = []
        for instance, token, element, process, definition, type, due, why in self._unit.all(_JOBS, (self._instance,)):
            content = self._definitions.get(self._unit, definition).content
            told.append(
                {
                    "key": self._key(instance, token),
                    "element": element,
                    "process": process,
                    "kind": "job",
                    "name": self._labelled(definition, element),
                    "type": type,
                    "handled": type in handled,
                    "dueAt": _iso(due) if type in handled else None,
                    "message": why or "",
                    "example": None if type in handled else jobs.examples(content).get(element),
                }
            )
        return told

    def _incidents(self) -> list[dict[str, Any]]:
        return [
            {
                "key": self._key(instance, token),
                "element": element,
                "process": process,
                "kind": kind,
                "name": self._labelled(definition, element),
                "message": words.heard(message, self._language),
            }
            for instance, token, element, process, kind, message, definition in self._unit.all(
                _INCIDENTS, (self._instance,)
            )
        ]

    def _messages(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "at": _iso(at),
                "to": to,
                "name": names.get(to, to),
                "channel": channel,
                "template": template,
                "subject": subject,
                "body": body,
                "state": state,
            }
            for at, to, channel, template, subject, body, state in self._unit.all(_MESSAGES, (self._instance,))
        ]

    def _diagrams(self) -> list[dict[str, Any]]:
        """Each process that is part of the case, the first one also before there is a case."""
        found: dict[str, dict[str, Any]] = {self._process.id: self._diagram(self._process)}
        for instance, process, definition, _ in self._unit.all(_FAMILY, (self._instance,)):
            drawn = found.setdefault(process, self._diagram(self._definitions.get(self._unit, definition)))
            here = queries.diagram(self._unit, instance)
            for element, count in here.active.items():
                drawn["live"][element] = drawn["live"].get(element, 0) + count
            for element, count in here.incidents.items():
                drawn["incidents"][element] = drawn["incidents"].get(element, 0) + count
            drawn["passed"] = sorted({*drawn["passed"], *here.completed, *here.flows})
        return list(found.values())

    def _diagram(self, process: Loaded) -> dict[str, Any]:
        return {
            "process": process.id,
            "name": process.name,
            "file": process.resource_name,
            "xmlUrl": f"/studio/sandboxes/{self._shown.kept.key}/files/{process.resource_name}",
            "live": {},
            "passed": [],
            "incidents": {},
        }

    def _steps(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        labels = {
            id: element.name or id
            for file in {instance[2] for instance in self._unit.all(_FAMILY, (self._instance,))} | {self._process.key}
            for id, element in self._definitions.get(self._unit, file).model.elements.items()
        }
        zone = self._shown.stage.house.engine.zone
        return [
            {
                "number": done.number,
                "sentence": words.sentence(done.step, names, labels, zone, done.at).within(self._language),
                "at": _iso(done.at),
                "by": done.by,
                "step": done.step,
            }
            for done in self._shown.done
        ]


def shortened(value: Any) -> Any:
    """A value as the page shows it: one that is too large as the beginning of its text."""
    written = orjson.dumps(value)
    if len(written) <= VALUE_MOST:
        return value
    return written[:VALUE_MOST].decode(errors="ignore") + "…"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
