"""Batches of agreements, as people ask for them. `signing.lists` begins one that seals; `batch_items` does the work."""

from collections.abc import Mapping, Sequence
from typing import Any

from hr.agreements import batches
from hr.agreements.batches import Progress, Wanted
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access

SENDERS = ("hr", "hr-head")


def send(
    house: House,
    unit: Unit,
    actor: Actor,
    slug: str,
    people: Sequence[Wanted],
    *,
    values: Mapping[str, Any] | None = None,
    witness: str | None = None,
    days: int | None = None,
) -> int:
    """Send a text to each of these people; the key of the batch. Raises Forbidden for whoever is not HR."""
    refuse_others(actor)
    batch = batches.send(
        unit,
        house.engine.keys.next(),
        slug,
        people,
        values=values,
        witness=witness,
        days=days,
        today=house.today(),
        actor=actor,
        clock=house.clock,
    )
    house.engine.ring(unit)
    return batch.key


def progress(house: House, unit: Unit, actor: Actor, key: int, *, after: int = 0, state: str | None = None) -> Progress:
    """How far a batch is. Raises NotFound for who is neither HR nor its maker."""
    _mine(unit, actor, key)
    return batches.progress(unit, key, after=after, state=state)


def cancel(house: House, unit: Unit, actor: Actor, key: int) -> None:
    """Drop what is left of a batch. Raises NotFound as `progress`, Conflict for one that is over."""
    _mine(unit, actor, key)
    batches.cancel(unit, key, clock=house.clock)


def refuse_others(actor: Actor) -> None:
    if not actor.has(*SENDERS):
        raise Forbidden(say("Only HR sends agreements."))


def _mine(unit: Unit, actor: Actor, key: int) -> None:
    batch = batches.find(unit, key)
    if batch.created_by != actor.id and not actor.has(*access.READERS):
        raise NotFound(say("There is no batch {key}. Check the address.", key=key))
