"""What operators do to one instance: move it to another version, change where it stands, let it stand still."""

from typing import Any

from fastapi import APIRouter

from api.access import OPERATORS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, plans, shapes
from api.v2.instances import key_of
from engine.commands import business_id, migrate, modify, suspend
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process instance"])
router = APIRouter(route_class=HotDoor, tags=["Process instance"])

REFERRED = described.body(operationReference=described.REFERENCE)
BUSINESS_ID = described.thing("businessId", businessId=described.NAMED)


def move(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    target, mappings = plans.migration(shapes.body(raw))
    migrate.migrate(house.engine, house.database.once(), key_of(path), target, mappings, actor=actor)
    return Answer(204)


def change(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    key = key_of(path)
    wanted = plans.modification(shapes.body(raw), key)
    modify.modify(house.engine, house.database.once(), key, wanted, actor=actor)
    return Answer(204)


def stand_still(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    shapes.reference(shapes.body(raw))
    suspend.suspend(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


def go_on(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    shapes.reference(shapes.body(raw))
    suspend.resume(house.engine, house.database.once(), key_of(path), actor=actor)
    return Answer(204)


def name(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    given = shapes.text(shapes.body(raw), "businessId")
    business_id.assign(house.engine, house.database.once(), key_of(path), given, actor=actor)
    return Answer(204)


@hot.post(
    "/process-instances/{key}/migration",
    name=may("v2.instances.migrate", OPERATORS),
    **described.described(key="process instance", takes=plans.MIGRATION),
)
@hot_path(move)
def migrate_process_instance() -> None:
    """Move an instance to another version of its process."""


@hot.post(
    "/process-instances/{key}/modification",
    name=may("v2.instances.modify", OPERATORS),
    **described.described(key="process instance", takes=plans.MODIFICATION),
)
@hot_path(change)
def modify_process_instance() -> None:
    """Activate elements, move tokens, terminate them."""


@hot.post(
    "/process-instances/{key}/suspension",
    name=may("v2.instances.suspend", OPERATORS),
    **described.described(key="process instance", takes=REFERRED, needed=False),
)
@hot_path(stand_still)
def suspend_process_instance() -> None:
    """Let an instance and all that it called stand still."""


@hot.post(
    "/process-instances/{key}/resumption",
    name=may("v2.instances.resume", OPERATORS),
    **described.described(key="process instance", takes=REFERRED, needed=False),
)
@hot_path(go_on)
def resume_process_instance() -> None:
    """Let a suspended instance go on."""


@hot.post(
    "/process-instances/{key}/business-id-assignment",
    name=may("v2.instances.name", OPERATORS | {"client"}),
    **described.described(key="process instance", takes=BUSINESS_ID),
)
@hot_path(name)
def assign_process_instance_business_id() -> None:
    """Give an instance the number that people know the case by."""
