"""Variables of instances, each with its value as JSON text. A search cuts long values short."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter

from api.access import may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, related, search, shapes
from api.v2.instances import READERS_OF_VALUES
from engine import queries
from engine.queries import Criterion, Every, Variable, keys
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Variable"])
router = APIRouter(route_class=HotDoor, tags=["Variable"])

LONGEST = queries.SHOWN  # characters of a value that a search shows


def _value(wanted: Any, name: str) -> Criterion:
    return Every(tuple(map(related.as_json, search.of_field(name, wanted, "json", shapes.word))))


FIELDS: search.Fields = {
    "variableKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "scopeKey": ("scope_key", shapes.key),
    "name": ("name", shapes.word),
    "isTruncated": ("truncated", shapes.flag),
    "tenantId": ("tenant", shapes.word),
}
SORTS: search.Fields = {**FIELDS, "value": ("text", shapes.word)}
OWN: search.Own = {"value": search.Filter(_value, described.compared(shapes.word), plain=False)}
_COMMON = {
    "variableKey": described.KEY,
    "name": described.TEXT,
    "value": {**described.TEXT, "description": "The value as JSON text."},
    "processInstanceKey": described.KEY,
    "rootProcessInstanceKey": described.KEY,
    "scopeKey": described.KEY,
    "tenantId": described.TENANT,
}
ONE = described.result(**_COMMON)
ITEM = described.result(**_COMMON, isTruncated=described.FLAG)
TRUNCATE = {
    "truncateValues": {**described.FLAG, "default": True, "description": f"Cut values at {LONGEST} characters."}
}


def whole(found: Variable) -> dict[str, Any]:
    """A variable with all of its value."""
    return {
        "variableKey": str(found.key),
        "name": found.name,
        "value": orjson.dumps(found.value).decode(),
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "scopeKey": str(keys.scope(found.instance_key, found.scope)),
        "tenantId": "<default>",
    }


def shape(path: Any) -> Callable[[Variable], dict[str, Any]]:
    """A variable as the search has it: its value cut short where the query does not forbid it. Raises Invalid."""
    cut = shapes.asked_flag(path, "truncateValues", True)

    def shaped(found: Variable) -> dict[str, Any]:
        shown = whole(found)
        truncated = cut and len(shown["value"]) > LONGEST
        return {**shown, "value": shown["value"][:LONGEST] if truncated else shown["value"], "isTruncated": truncated}

    return shaped


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.search_variables, house.database.once())
    body = shapes.body(raw)
    also = search.conditions(body, FIELDS, OWN)
    return Answer(200, search.look({**body, "filter": None}, SORTS, look, shape(path), also=also))


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, whole(queries.variable(house.database.once(), shapes.key(path["key"], "variableKey"))))


SEARCH = described.described(
    takes=described.paged(SORTS, described.filtered(FIELDS, OWN)),
    gives=described.listed(ITEM),
    needed=False,
    asks=TRUNCATE,
)


@hot.post("/variables/search", name=may("v2.variables.search", READERS_OF_VALUES), **SEARCH)
@hot_path(find)
def search_variables() -> None:
    """Search variables."""


@hot.get(
    "/variables/{key}",
    name=may("v2.variables.get", READERS_OF_VALUES),
    **described.described(key="variable", gives=ONE),
)
@hot_path(get)
def get_variable() -> None:
    """A variable by its key, its value whole."""
