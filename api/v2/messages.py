"""Messages and signals from outside."""

from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from engine.commands import message, signal
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import announced

hot = APIRouter(route_class=HotDoor, tags=["Message"])
router = APIRouter(route_class=HotDoor, tags=["Signal"])

SENDERS = frozenset({"client", "admin", "hr"})
LONGEST = 10 * 365 * 24 * 3600 * 1000  # milliseconds
MESSAGE = described.thing(
    "name",
    name=described.TEXT,
    correlationKey=described.TEXT,
    variables=described.VARIABLES,
    timeToLive={**described.WHOLE, "description": "Milliseconds for which it is kept for who comes to wait; 0."},
    messageId={**described.TEXT, "description": "The same id is taken in once a day, and for the time to live."},
)
NAMED = described.thing("name", name=described.TEXT, correlationKey=described.TEXT, variables=described.VARIABLES)
SIGNAL = described.thing("signalName", signalName=described.TEXT, variables=described.VARIABLES)
PUBLISHED = described.thing(messageKey=described.KEY, tenantId=described.TEXT)
CORRELATED = described.thing(messageKey=described.KEY, processInstanceKey=described.KEY, tenantId=described.TEXT)
TOLD = described.thing(signalKey=described.KEY, tenantId=described.TEXT)


def publish(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    name = shapes.text(body, "name")
    announced.refuse(name, announced.MESSAGES)
    found = message.publish(
        house.engine,
        house.database.once(),
        name,
        shapes.text(body, "correlationKey", ""),
        variables=shapes.values(body),
        ttl_s=shapes.between(body, "timeToLive", 0, 0, LONGEST) / 1000,
        message_id=shapes.optional(body, "messageId"),
        actor=actor,
    )
    return Answer(200, {"messageKey": str(found.key), "tenantId": "<default>"})


def correlate(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    name, key = shapes.text(body, "name"), shapes.text(body, "correlationKey", "")
    announced.refuse(name, announced.MESSAGES)
    found = message.publish(house.engine, house.database.once(), name, key, variables=shapes.values(body), actor=actor)
    if not found.instances:
        raise NotFound(say("Nothing waits for the message {name} with the key {key}.", name=name, key=key))
    first = str(found.instances[0])
    return Answer(200, {"messageKey": str(found.key), "processInstanceKey": first, "tenantId": "<default>"})


def broadcast(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    name = shapes.text(body, "signalName")
    announced.refuse(name, announced.SIGNALS)
    signal.broadcast(house.engine, house.database.once(), name, shapes.values(body), actor=actor)
    return Answer(200, {"signalKey": str(house.engine.keys.next()), "tenantId": "<default>"})


@hot.post(
    "/messages/publication",
    name=may("v2.messages.publish", SENDERS),
    **described.described(takes=MESSAGE, gives=PUBLISHED),
)
@hot_path(publish)
def publish_message() -> None:
    """Publish a message; with a time to live it is kept for who comes to wait later."""


@hot.post(
    "/messages/correlation",
    name=may("v2.messages.correlate", SENDERS),
    **described.described(takes=NAMED, gives=CORRELATED),
)
@hot_path(correlate)
def correlate_message() -> None:
    """Deliver a message now, or say that nothing waits for it."""


@router.post(
    "/signals/broadcast", name=may("v2.signals.broadcast", SENDERS), **described.described(takes=SIGNAL, gives=TOLD)
)
@hot_path(broadcast)
def broadcast_signal() -> None:
    """Tell a signal to everyone who listens."""
