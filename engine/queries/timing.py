"""Every timer that is set: those that instances wait for, and those that start a process."""

from dataclasses import dataclass
from datetime import datetime

from engine.queries.nouns import noun
from engine.queries.search import Condition, Search, search
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True)
class PendingTimer:
    """A timer that is set. `kind` is EVENT, or START where it starts a process and so has no instance."""

    key: int
    kind: str
    instance_key: int | None
    root_key: int | None
    process_id: str
    definition_key: int
    element: str
    due_at: datetime
    suspended: bool


_ALL = """(
    select t.key, 'EVENT' as kind, t.instance_key, i.root_key, i.process_id, i.definition_key, t.element, t.due_at,
           t.suspended
      from timer t join instance i on i.key = t.instance_key
    union all
    select s.key, 'START', null, null, s.process_id, s.definition_key, s.element, s.due_at, false
      from start_timer s where s.due_at is not null
) t"""
PENDING = noun(PendingTimer, _ALL, "t.key", beside={"tenant_id": "''"})
pending_timers = Search(PENDING)


def pending_timer(unit: Unit, key: int) -> PendingTimer:
    """Raises NotFound for one that has fired or fell away."""
    found = search(unit, PENDING, [Condition("key", key)], limit=2).items
    if not found:
        raise NotFound(say("There is no timer {key}: it has fired or fell away.", key=key))
    return found[0]
