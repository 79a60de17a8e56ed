"""What a case waits for beside people, and what stopped it."""

from typing import Any

from processes.sandbox import words
from processes.sandbox.look import Look, iso
from processes.story import jobs
from tasks.handlers import registry

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


def waiting(look: Look) -> list[dict[str, Any]]:
    """Timers, messages, signals and jobs; before there is a case, the timers that start one."""
    found = [*_timers(look), *_subscriptions(look), *_jobs(look)]
    if not look.instance:
        found += [
            {
                "key": f"0.{element}",
                "element": element,
                "process": process,
                "kind": "timer",
                "name": look.labelled(definition, element),
                "dueAt": iso(due),
                "starts": True,
            }
            for element, process, definition, due in look.unit.all(_START_TIMERS)
        ]
    return found


def _timers(look: Look) -> list[dict[str, Any]]:
    return [
        {
            "key": look.key(instance, token),
            "element": element,
            "process": process,
            "kind": "timer",
            "name": look.labelled(definition, element),
            "dueAt": iso(due),
        }
        for instance, token, element, process, definition, due in look.unit.all(_TIMERS, (look.instance,))
    ]


def _subscriptions(look: Look) -> list[dict[str, Any]]:
    return [
        {
            "key": correlation,
            "element": element,
            "process": process,
            "kind": kind,
            "name": name,
            "label": look.labelled(definition, element),
            "dueAt": None,
        }
        for _, _, element, process, definition, kind, name, correlation in look.unit.all(
            _SUBSCRIPTIONS, (look.instance,)
        )
    ]


def _jobs(look: Look) -> list[dict[str, Any]]:
    """Jobs that no handler performs, and those of ours that are tried again later."""
    handled = set(registry.types())
    told = []
    for instance, token, element, process, definition, type, due, why in look.unit.all(_JOBS, (look.instance,)):
        content = look.definitions.get(look.unit, definition).content
        told.append(
            {
                "key": look.key(instance, token),
                "element": element,
                "process": process,
                "kind": "job",
                "name": look.labelled(definition, element),
                "type": type,
                "handled": type in handled,
                "dueAt": iso(due) if type in handled else None,
                "message": why or "",
                "example": None if type in handled else jobs.examples(content).get(element),
            }
        )
    return told


def incidents(look: Look) -> list[dict[str, Any]]:
    """What stands still until somebody mends it."""
    return [
        {
            "key": look.key(instance, token),
            "element": element,
            "process": process,
            "kind": kind,
            "name": look.labelled(definition, element),
            "message": words.heard(message, look.language),
        }
        for instance, token, element, process, kind, message, definition in look.unit.all(_INCIDENTS, (look.instance,))
    ]
