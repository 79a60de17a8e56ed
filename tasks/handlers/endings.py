"""How a person's work ended that nobody completed: what the history says took it away.

Only two kinds of such work are no failing: what was settled another way (a message came, a condition changed), and
nothing else. What a clock, a closing, a withdrawal or an administrator ended is undone and stays so on every page and
in every record (F9, F24, F54).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from engine.definitions import Definitions
from kernel.db import Unit
from kernel.text import Text, say

Kind = Literal["clock", "closed", "withdrawn", "canceled", "settled", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What ended a task. `by` names the event of the model, `who` the person and `reason` their words, where known."""

    kind: Kind
    by: str = ""
    who: str = ""
    reason: str = ""

    @property
    def undone(self) -> bool:
        """True where the work was due and is not done. What the history cannot explain counts as undone."""
        return self.kind != "settled"

    @property
    def sentence(self) -> Text:
        """Why it ended, for a person to read."""
        match self.kind:
            case "clock":
                return say("not done when its time was over (“{event}”)", event=Text(self.by))
            case "closed":
                return say("not done when the case was closed")
            case "withdrawn":
                return say(
                    "not needed any more: {who} recorded a withdrawal ({reason})", who=self.who, reason=self.reason
                )
            case "canceled":
                return say("not done when {who} canceled the process ({reason})", who=self.who, reason=self.reason)
            case "settled":
                return say("settled another way (“{event}”)", event=Text(self.by))
        return say("not done when the case went on without it")


UNKNOWN = Ending(kind="unknown")

_CANCELED = """
select t.key, t.element, t.ended_at, t.instance_key, t.definition_key, i.state, i.ended_at, r.state, r.ended_at,
       c.status, t.root
  from (select u.*, j.root_key as root from instance j join user_task u on u.instance_key = j.key
         where j.root_key = any(%s) and u.state = 'CANCELED') t
  join instance i on i.key = t.instance_key
  join instance r on r.key = t.root
  left join offboarding_case c on c.instance_key = t.root
 order by t.key
"""
_EVENTS = """
select instance_key, at, element from journal
 where instance_key = any(%s) and at = any(%s) and kind = 'ELEMENT_COMPLETED'
"""
_CANCELS = """
select j.instance_key, coalesce(e.name, j.actor), j.data from journal j left join employee e on e.login = j.actor
 where j.instance_key = any(%s) and j.kind = 'INSTANCE_CANCELED'
"""


def endings(unit: Unit, definitions: Definitions, root_keys: Sequence[int]) -> dict[int, Ending]:
    """By the key of each user task of these cases that ended without being completed."""
    rows = unit.all(_CANCELED, (list(root_keys),))
    if not rows:
        return {}
    fired = _fired(unit, rows)
    cancels = {key: (who, _reason(data)) for key, who, data in unit.all(_CANCELS, (list(root_keys),))}
    return {row[0]: _ending(unit, definitions, row, fired, cancels) for row in rows}


def _fired(unit: Unit, rows: Iterable[Any]) -> dict[tuple[int, datetime], set[str]]:
    """The elements that were passed in the very turns in which tasks ended: a turn writes one instant."""
    instances, instants = sorted({row[3] for row in rows}), sorted({row[2] for row in rows})
    found: dict[tuple[int, datetime], set[str]] = {}
    for instance, at, element in unit.all(_EVENTS, (instances, instants)):
        found.setdefault((instance, at), set()).add(element)
    return found


def _ending(
    unit: Unit,
    definitions: Definitions,
    row: Any,
    fired: dict[tuple[int, datetime], set[str]],
    cancels: dict[int, tuple[str, str]],
) -> Ending:
    _, element, at, instance, definition_key, state, ended_at, root_state, root_ended_at, status, root = row
    event = _interrupting(definitions.get(unit, definition_key).model, element, fired.get((instance, at), set()))
    if event is not None:
        kind: Kind = "clock" if "timer" in event.attributes.get("events", ()) else "settled"
        return Ending(kind=kind, by=event.name or event.id)
    if root_state == "TERMINATED" and at == root_ended_at:
        who, reason = cancels.get(root, ("", ""))
        return Ending(kind="withdrawn" if status == "withdrawn" else "canceled", who=who, reason=reason or "—")
    if at in (root_ended_at, ended_at) and "COMPLETED" in (root_state, state):
        return Ending(kind="closed")
    return UNKNOWN


def _interrupting(model: Any, element: str, passed: set[str]) -> Any:
    """The boundary event that took the task away, on itself or on a sub-process around it."""
    around = {element}
    while (scope := model.elements[element].scope if element in model.elements else "") in model.elements:
        if scope in around:
            break
        around.add(scope)
        element = scope
    for name in sorted(passed):
        found = model.elements.get(name)
        held = found is not None and found.attributes.get("attachedTo") in around
        if held and getattr(model.nodes.get(name), "interrupting", True):
            return found
    return None


def _reason(data: str | None) -> str:
    return str((orjson.loads(data) if data else {}).get("reason") or "")
