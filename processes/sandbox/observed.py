"""What was to be seen of a case between two steps, and what a recorded step may expect because of it.

Only what holds again is expected: names of elements, people and templates, short plain values; nothing that is drawn
by lot or measured, such as keys and hashes.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.turn import LIVE
from kernel.db import Unit
from processes.story import sight
from processes.story.script import Step
from processes.story.stage import Stage

TASKS_MOST = 6  # that are listed one by one; of more, those that came and went are told
PASSED_MOST = 6
VARIABLES_MOST = 6
TEXT_MOST = 60  # characters of a value
TELLING = (
    {"businessRuleTask", "serviceTask", "sendTask", "scriptTask", "callActivity"},
    {"boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"},
    {"endEvent"},
)
_DRAWN = re.compile(r"[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|\d\d:\d\d:\d\d")  # by lot, or by the clock
_PASSED = """select j.element from journal j join instance i on i.key = j.instance_key
  where i.root_key = %s and j.element <> '' group by 1 order by min(j.at), min(i.key), min(j.seq)"""
_TYPES = """select distinct i.definition_key from instance i where i.root_key = %s"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it stood. `elements` are the types of all elements of its processes."""

    tasks: Sequence[str] = ()
    sent: Sequence[tuple[str, str]] = ()
    passed: Sequence[str] = ()
    incidents: Sequence[str] = ()
    state: str = "NONE"
    variables: Mapping[str, Any] | None = None
    elements: Mapping[str, str] | None = None


def look(stage: Stage, instance: int) -> Seen:
    """The case as it stands now. Before there is one nothing is seen."""
    if not instance:
        return Seen()
    with stage.house.database.transaction() as unit:
        return Seen(
            tasks=[task.element for task in sight.open_tasks(unit, instance)],
            sent=[(message["to"], message["template"]) for message in sight.sent(unit, instance)],
            passed=[element for (element,) in unit.all(_PASSED, (instance,))],
            incidents=sorted(stuck.element for stuck in sight.incidents(unit, instance)),
            state=sight.state(unit, instance),
            variables=sight.variables(unit, instance),
            elements=_elements(stage, unit, instance),
        )


def _elements(stage: Stage, unit: Unit, instance: int) -> dict[str, str]:
    definitions = stage.house.engine.definitions
    models = (definitions.get(unit, key).model for (key,) in unit.all(_TYPES, (instance,)))
    return {id: element.type for model in models for id, element in model.elements.items()}


def expectations(step: Step, before: Seen, after: Seen) -> dict[str, Any]:
    """What the step changed, as the story may expect it."""
    found: dict[str, Any] = {}
    over = after.state not in (*LIVE, "NONE")
    if over and before.state in (*LIVE, "NONE"):
        found["ended"] = True
    elif not over:
        found |= _tasks(before, after)
    found |= {
        "passed": _passed(before, after),
        "sent": _sent(before, after),
        "variables": _variables(step, before, after),
    }
    if after.incidents:
        found["incidents"] = list(after.incidents)
    return {name: expected for name, expected in found.items() if expected}


def _tasks(before: Seen, after: Seen) -> dict[str, Any]:
    if Counter(before.tasks) == Counter(after.tasks):
        return {}
    if len(after.tasks) <= TASKS_MOST and after.tasks:
        return {"open": list(after.tasks)}
    came = [name for name in dict.fromkeys(after.tasks) if after.tasks.count(name) > before.tasks.count(name)]
    went = [name for name in dict.fromkeys(before.tasks) if name not in after.tasks]
    return {"includes": came, "closed": went}


def _passed(before: Seen, after: Seen) -> list[str]:
    """New places that tell the way, in the order in which they were come to: what was done, then events, then ends."""
    types, old = after.elements or {}, set(before.passed)
    new = [name for name in after.passed if name not in old]
    return [name for kinds in TELLING for name in new if types.get(name) in kinds][:PASSED_MOST]


def _sent(before: Seen, after: Seen) -> list[dict[str, Any]]:
    """Each new message once, whatever the channels; those that were sent before too with their number so far."""
    earlier, so_far = Counter(before.sent), Counter(after.sent)
    new = [one for one in dict.fromkeys(after.sent) if so_far[one] > earlier[one]]
    return [
        {"to": to, "template": template, **({"times": so_far[to, template]} if earlier[to, template] else {})}
        for to, template in new
    ]


def _variables(step: Step, before: Seen, after: Seen) -> dict[str, Any]:
    """Plain values that the step changed: those that it gave itself first, then what followed of them."""
    old, new = before.variables or {}, after.variables or {}
    changed = [name for name in new if name not in old or old[name] != new[name]]
    given = step.details.get("values") or step.details.get("variables") or step.details.get("answers") or {}
    own = step.subject if step.action == "set" else given
    names = set(own) if isinstance(own, dict) else set()
    telling = [name for name in changed if _telling(new[name])]
    return {name: new[name] for name in sorted(telling, key=lambda name: (name not in names, name))[:VARIABLES_MOST]}


def _telling(value: Any) -> bool:
    """A plain value that says something and is the same next time."""
    if isinstance(value, str):
        return 0 < len(value) <= TEXT_MOST and value.isprintable() and not _DRAWN.search(value)
    return isinstance(value, bool | int)
