"""Publish a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.commands import follow_up
from engine.model import Values
from engine.store import messages as sql
from engine.turn import Engine, Turned, new_lease
from engine.work import checked, named, text
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say

REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A message that was taken in, and the instances that it has reached or started so far."""

    key: int
    instances: Sequence[int]


class AlreadyPublished(Conflict):
    """A message with this name, correlation key and id was taken in before. It is not delivered twice."""

    code = "ALREADY_EXISTS"


def publish(
    engine: Engine,
    unit: Unit,
    name: str,
    correlation_key: str = "",
    *,
    actor: Actor,
    variables: Values | None = None,
    ttl_s: float = 0,
    message_id: str | None = None,
) -> Published:
    """Deliver a message to each process once: to one instance that waits for it, or to a new one that it starts.

    For `ttl_s` seconds it also meets instances that come to wait later. Its id is refused again for that time, and for
    a day at least. In a transaction it is delivered after the commit, so that `instances` is empty. Raises
    AlreadyPublished, and Invalid for what cannot be kept or found.
    """
    if not name:
        raise Invalid(say("A message has a name. Give the one that the process waits for."))
    named(say("The message's name"), name)
    named(say("The correlation key"), correlation_key)
    named(say("The message's id"), message_id or "")
    given = checked(variables)
    now, holder = engine.clock.now(), new_lease() if unit.autocommit else 0
    expires_at = now + timedelta(seconds=max(0.0, ttl_s))
    row = unit.one(
        sql.PUBLISH,
        {
            "key": engine.keys.next(),
            "name": name,
            "correlation_key": correlation_key,
            "message_id": message_id or None,
            "variables": text(given),
            "now": now,
            "actor": actor.id,
            "expires_at": expires_at,
            "forget_at": max(expires_at, now + REMEMBERED) if message_id else expires_at,
            "holder": holder,
        },
    )
    if row is None:
        raise AlreadyPublished(
            say(
                "Message {name} for {key} with the id {id} was taken in before. It is not delivered twice.",
                name=name,
                key=correlation_key,
                id=message_id,
            )
        )
    key, owed = row
    if not holder:
        engine.ring(unit)
        return Published(key=key, instances=())
    follow_up.settle(engine, unit, Turned(instance_key=0, outcome=None, owed=owed, holder=holder))
    return Published(key=key, instances=[instance for (instance,) in unit.all(sql.REACHED, (key,))])
