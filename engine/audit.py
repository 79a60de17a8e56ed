"""Who did what to no single instance: deployments, versions, batches, retention, holds, starts by a timer.

What somebody does to an instance stands in its journal instead.
"""

from typing import Any, Protocol

from engine.work import text
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.ids import Keys

_ADD = """insert into audit (key, at, actor, actor_kind, ip, entity, operation, entity_key, process_id, definition_key,
    data)
  values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)"""


class Keeper(Protocol):
    """What an entry is dated and numbered by: the engine."""

    clock: Clock
    keys: Keys


def note(
    unit: Unit,
    engine: Keeper,
    actor: Actor,
    *,
    entity: str,
    operation: str,
    entity_key: int | None = None,
    process_id: str | None = None,
    definition_key: int | None = None,
    **told: Any,
) -> int:
    """Write down an act together with what it changes: in the transaction of the caller.

    `entity` and `operation` are Camunda 8's words (RESOURCE, CREATE); `told` is what else belongs to it, as JSON. Gives
    the key of the entry.
    """
    key = engine.keys.next()
    row = (key, engine.clock.now(), actor.id, actor.kind, actor.ip, entity, operation, entity_key)
    unit.run(_ADD, (*row, process_id, definition_key, text(told)))
    return key
