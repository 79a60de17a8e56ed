"""Forms as they were deployed."""

from typing import Any

from fastapi import APIRouter

from api.access import MAKERS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, shapes
from engine import queries
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Form"])
router = APIRouter(route_class=HotDoor, tags=["Form"])

ITEM = described.result(
    formKey=described.KEY,
    formId=described.TEXT,
    version=described.WHOLE,
    schema={**described.TEXT, "description": "The form's file: JSON as text."},
    tenantId=described.TENANT,
)


def shape(unit: Unit, key: int) -> dict[str, Any]:
    """A form with its file. Raises NotFound, also for a process's or a decision's key."""
    found = queries.definition(unit, key)
    if found.kind != "form":
        raise NotFound(say("There is no form {key}. Check the key.", key=key))
    return {
        "formKey": str(found.key),
        "formId": found.id,
        "version": found.version,
        "schema": queries.content(unit, key).decode(),
        "tenantId": "<default>",
    }


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(house.database.once(), shapes.key(path["key"], "formKey")))


@hot.get("/forms/{key}", name=may("v2.forms.get", MAKERS), **described.described(key="form", gives=ITEM))
@hot_path(get)
def get_form_by_key() -> None:
    """A form by its key."""
