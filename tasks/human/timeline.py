"""What happened in a case, in words: who did what, what the product did by itself, what a clock brought about."""

from typing import Any

import orjson

from engine.turn import Engine
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.text import Text, say
from tasks.handlers.endings import UNKNOWN, Ending, endings
from tasks.human.access import READERS
from tasks.human.views import Person, TimelineEntry

MOST = 400

_JOURNAL = """
select j.at, j.kind, j.element, j.actor, j.actor_kind, j.ip, i.definition_key, j.data, t.key
  from instance i join journal j on j.instance_key = i.key
  left join user_task t on t.instance_key = j.instance_key and t.token = j.token and t.state = 'CANCELED'
   and j.kind = 'ELEMENT_TERMINATED'
 where i.root_key = %s
   and j.kind in ('ELEMENT_COMPLETED', 'USER_TASK_COMPLETED', 'INCIDENT_CREATED', 'ELEMENT_TERMINATED',
                  'INSTANCE_CANCELED')
 order by j.at desc, j.instance_key, j.seq desc limit %s
"""
# What a reader wants to know of; gateways and starts only carry tokens along.
SHOWN = {
    "serviceTask": "system",
    "sendTask": "message",
    "businessRuleTask": "system",
    "boundaryEvent": "timer",
    "intermediateCatchEvent": "timer",
    "endEvent": "end",
}


def timeline(engine: Engine, unit: Unit, actor: Actor, root_key: int) -> tuple[TimelineEntry, ...]:
    """The latest first. Addresses are told to the readers of all cases alone."""
    rows = unit.all(_JOURNAL, (root_key, MOST))
    names = org.names(unit, {row[3] for row in rows})
    ended = endings(unit, engine.definitions, [root_key]) if any(row[8] for row in rows) else {}
    shown = (_entry(engine, unit, row, names, ended, actor.has(*READERS)) for row in rows)
    return tuple(entry for entry in shown if entry is not None)


def _entry(
    engine: Engine, unit: Unit, row: Any, names: dict[str, str], ended: dict[int, Ending], with_ip: bool
) -> TimelineEntry | None:
    at, kind, element_id, who, who_kind, ip, definition_key, data, task = row
    if kind == "INSTANCE_CANCELED":
        return _canceled(at, who, names, data)
    element = engine.definitions.get(unit, definition_key).model.elements.get(element_id)
    if element is None or not element.name:
        return None
    name = Text(element.name)  # a label of the model, in the reader's language
    person = Person(login=who, name=names.get(who, who)) if who_kind == "person" else None
    address = (ip or "") if with_ip else ""
    if kind == "USER_TASK_COMPLETED":
        return TimelineEntry(at=at, sentence=say("“{name}” done", name=name), kind="task", who=person, ip=address)
    if kind == "INCIDENT_CREATED":
        return TimelineEntry(at=at, sentence=say("“{name}” does not go on by itself", name=name), kind="incident")
    if kind == "ELEMENT_TERMINATED":
        return _ended(at, name, ended.get(task, UNKNOWN)) if task else None
    shown = SHOWN.get(element.type)
    if shown is None:
        return None
    return TimelineEntry(at=at, sentence=name, kind=shown)  # type: ignore[arg-type]  # kinds


def _ended(at: Any, name: Text, ending: Ending) -> TimelineEntry:
    """A task that nobody completed: undone, or settled another way; and what ended it."""
    if ending.undone:
        sentence = say("“{name}” ended undone: {why}", name=name, why=ending.sentence)
    else:
        sentence = say("“{name}” fell away: {why}", name=name, why=ending.sentence)
    return TimelineEntry(at=at, sentence=sentence, kind="timer")


def _canceled(at: Any, who: str, names: dict[str, str], data: str | None) -> TimelineEntry:
    """The end from outside: by HR with a withdrawal, or by an administrator; with the reason that was given."""
    reason = str((orjson.loads(data) if data else {}).get("reason") or "")
    person = Person(login=who, name=names.get(who, who))
    return TimelineEntry(at=at, sentence=say("ended the process"), kind="end", who=person, note=reason)
