"""A sandbox as its page shows it: everything that is open, everything that happened, as JSON.

Keys are made of the number of an instance on its stage and of a token in it, so that they are the same on every node
and after every replay. Instants are ISO 8601 in UTC; sentences are in the reader's language.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from engine import queries
from engine.definitions import Loaded
from engine.turn import LIVE
from kernel.actor import Actor
from kernel.db import Unit
from processes.sandbox import waiting, words
from processes.sandbox.look import FAMILY, Look, iso, open_tasks
from processes.sandbox.stages import Shown
from processes.story import sight
from tasks.human import access

VALUE_MOST = 20_000  # characters of JSON that a variable is shown with

_PEOPLE = """select a.login, coalesce(nullif(a.name, ''), a.login), coalesce(e.position, ''), a.groups
  from account a left join employee e on e.login = a.employee order by e.no nulls last, a.created_at, a.login"""
_MESSAGES = """select d.sent_at, d.recipient, d.channel, d.template, d.subject, d.body, d.state from delivery d
  join instance i on i.key = d.instance_key where i.root_key = %s order by d.id"""


class Person(NamedTuple):
    """Somebody on the stage."""

    login: str
    name: str
    position: str
    groups: list[str]


def view(shown: Shown, language: str) -> dict[str, Any]:
    """The sandbox as it stands now."""
    with shown.stage.house.database.transaction() as unit:
        return _View(Look(shown, unit, language)).told()


def people(unit: Unit) -> list[Person]:
    """Everybody on the stage."""
    return [Person(*row) for row in unit.all(_PEOPLE)]


class _View:
    def __init__(self, look: Look) -> None:
        self._look, self._shown, self._unit, self._language = look, look.shown, look.unit, look.language
        self._instance, self._process, self._definitions = look.instance, look.process, look.definitions

    def told(self) -> dict[str, Any]:
        kept, clock = self._shown.kept, self._shown.stage.clock
        state = sight.state(self._unit, self._instance)
        somebody = people(self._unit)
        tasks, waits = self._tasks(somebody), waiting.waiting(self._look)
        names = {person.login: person.name for person in somebody}
        return {
            "key": kept.key,
            "project": kept.project,
            "process": kept.process,
            "processName": self._process.name,
            "story": kept.beginnings.story,
            "number": len(self._shown.done),
            "now": iso(clock.now()),
            "state": state,
            "stuck": state in LIVE and not tasks and not waits,
            "people": [person._asdict() for person in somebody],
            "startForm": any(start.form is not None for start in self._process.model.starts),
            "starts": [
                {
                    "kind": start.kind,
                    "name": start.name,
                    "element": start.element,
                    "label": self._look.label(self._process, start.element),
                }
                for start in self._process.model.starts
            ],
            "tasks": tasks,
            "waiting": waits,
            "incidents": waiting.incidents(self._look),
            "messages": self._messages(names),
            "calls": [
                {
                    "at": iso(call.at),
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
                    "dueAt": iso(task.due_at),
                    "hasForm": task.has_form,
                    "mayBe": [actor.id for actor in actors if access.may_complete(actor, task)],
                }
            )
        return told

    def _messages(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "at": iso(at),
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
        for instance, process, definition, _ in self._unit.all(FAMILY, (self._instance,)):
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
            "xmlUrl": self._url(process),
            "live": {},
            "passed": [],
            "incidents": {},
        }

    def _url(self, process: Loaded) -> str:
        """Where the file is given out: the project's own, or another of the same name that was deployed before."""
        url = f"/studio/sandboxes/{self._shown.kept.key}/files/{quote(process.resource_name, safe='')}"
        files = self._shown.files
        for number, together in enumerate((files.project, *files.before)):
            if any(file.name == process.resource_name and file.content == process.content for file in together):
                return url + (f"?deployment={number}" if number else "")
        return url

    def _steps(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        labels = {
            id: element.name or id
            for file in {instance[2] for instance in self._unit.all(FAMILY, (self._instance,))} | {self._process.key}
            for id, element in self._definitions.get(self._unit, file).model.elements.items()
        }
        zone = self._shown.stage.house.engine.zone
        return [
            {
                "number": done.number,
                "sentence": words.sentence(done.step, names, labels, zone, done.at).within(self._language),
                "at": iso(done.at),
                "by": done.by,
                "step": done.step,
            }
            for done in self._shown.done
        ]


def shortened(value: Any) -> Any:
    """A value as the page shows it: one that is too large as the beginning of its text."""
    written = json.dumps(value, ensure_ascii=False)
    return value if len(written) <= VALUE_MOST else written[:VALUE_MOST] + "…"
