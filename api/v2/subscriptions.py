"""Messages that are waited for, and those that reached an instance."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, search, shapes
from api.v2.instances import READERS
from engine.queries import keys, waits
from engine.queries.waits import Correlated, MessageSubscription
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Message subscription"])
router = APIRouter(route_class=HotDoor, tags=["Message subscription"])

_COMMON: search.Fields = {
    "messageName": ("name", shapes.word),
    "correlationKey": ("correlation_key", shapes.word),
    "processDefinitionId": ("process_id", shapes.word),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "elementId": ("element", shapes.word),
    "elementInstanceKey": ("element_key", shapes.key),
    "businessId": ("business_id", shapes.word),
    "tenantId": ("tenant", shapes.word),
}
WAITING: search.Fields = {
    **_COMMON,
    "messageSubscriptionKey": ("key", shapes.key),
    "messageSubscriptionState": ("state", shapes.OneOf("CREATED", "CORRELATED", "DELETED", "MIGRATED")),
    "messageSubscriptionType": ("type", shapes.OneOf("PROCESS_EVENT", "START_EVENT")),
    "lastUpdatedDate": ("since", shapes.moment),
    "processDefinitionName": ("process_name", shapes.word),
    "processDefinitionVersion": ("process_version", shapes.whole),
    "toolName": ("nothing", shapes.word),
    "inboundConnectorType": ("nothing", shapes.word),
}
REACHED: search.Fields = {
    **_COMMON,
    "messageKey": ("message_key", shapes.key),
    "subscriptionKey": ("key", shapes.key),
    "correlationTime": ("at", shapes.moment),
    "partitionId": ("partition", shapes.whole),
}
_SHARED = {
    "messageName": described.TEXT,
    "correlationKey": described.MAYBE,
    "processDefinitionId": described.TEXT,
    "processDefinitionKey": described.KEY,
    "elementId": described.TEXT,
    "businessId": described.MAYBE,
    "tenantId": described.TENANT,
}
ITEM = described.result(
    **_SHARED,
    processInstanceKey=described.MAYBE_KEY,
    rootProcessInstanceKey=described.MAYBE_KEY,
    elementInstanceKey=described.MAYBE_KEY,
    messageSubscriptionKey=described.KEY,
    messageSubscriptionState={"const": "CREATED"},
    messageSubscriptionType=described.choice("PROCESS_EVENT", "START_EVENT"),
    lastUpdatedDate=described.INSTANT,
    processDefinitionName=described.MAYBE,
    processDefinitionVersion=described.WHOLE,
    toolName=described.MAYBE,
    toolProperties=described.OBJECT,
    inboundConnectorType=described.MAYBE,
)
ARRIVED = described.result(
    **_SHARED,
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    elementInstanceKey=described.KEY,
    messageKey=described.KEY,
    subscriptionKey=described.KEY,
    correlationTime=described.INSTANT,
    partitionId=described.WHOLE,
)


def shape(found: MessageSubscription) -> dict[str, Any]:
    element = None if found.instance_key is None else keys.make(found.instance_key, found.token or 0)
    return {
        "messageName": found.name,
        "correlationKey": found.correlation_key,
        "processDefinitionId": found.process_id,
        "processDefinitionKey": str(found.definition_key),
        "elementId": found.element,
        "businessId": found.business_id,
        "tenantId": "<default>",
        "processInstanceKey": shapes.spelt(found.instance_key),
        "rootProcessInstanceKey": shapes.spelt(found.root_key),
        "elementInstanceKey": shapes.spelt(element),
        "messageSubscriptionKey": str(found.key),
        "messageSubscriptionState": "CREATED",
        "messageSubscriptionType": found.type,
        "lastUpdatedDate": shapes.instant(found.since),
        "processDefinitionName": found.process_name,
        "processDefinitionVersion": found.process_version,
        "toolName": None,
        "toolProperties": {},
        "inboundConnectorType": None,
    }


def arrived(found: Correlated) -> dict[str, Any]:
    return {
        "messageName": found.name,
        "correlationKey": found.correlation_key,
        "processDefinitionId": found.process_id,
        "processDefinitionKey": str(found.definition_key),
        "elementId": found.element,
        "businessId": found.business_id,
        "tenantId": "<default>",
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "elementInstanceKey": str(keys.make(found.instance_key, found.token)),
        "messageKey": str(found.message_key),
        "subscriptionKey": str(keys.make(found.instance_key, found.seq)),
        "correlationTime": shapes.instant(found.at),
        "partitionId": 1,
    }


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(waits.message_subscriptions, house.database.once())
    return Answer(200, search.search(raw, WAITING, look, shape))


def find_reached(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, search.search(raw, REACHED, partial(waits.correlated, house.database.once()), arrived))


@hot.post(
    "/message-subscriptions/search", name=may("v2.subscriptions.search", READERS), **described.searched(ITEM, WAITING)
)
@hot_path(find)
def search_message_subscriptions() -> None:
    """Search messages that are waited for. Those that came are in the other search."""


@hot.post(
    "/correlated-message-subscriptions/search",
    name=may("v2.subscriptions.correlated", READERS),
    **described.searched(ARRIVED, REACHED),
)
@hot_path(find_reached)
def search_correlated_message_subscriptions() -> None:
    """Search messages that reached an instance."""
