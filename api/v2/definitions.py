"""Process definitions: search, get, file, start form, names of variables."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api import deps
from api.access import ANYONE, MAKERS, may
from api.door import Answer, Door, HotDoor
from api.door import hot as hot_path
from api.v2 import described, forms, search, shapes
from engine import queries
from engine.definitions import Definitions
from engine.model import ModelRefused
from engine.queries import Condition, Criterion, Definition, statistics
from engine.queries.listed import listed
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Process definition"])
router = APIRouter(route_class=Door, tags=["Process definition"])

FIELDS: search.Fields = {
    "processDefinitionKey": ("key", shapes.key),
    "processDefinitionId": ("id", shapes.word),
    "name": ("name", shapes.word),
    "version": ("version", shapes.whole),
    "versionTag": ("version_tag", shapes.word),
    "resourceName": ("resource_name", shapes.word),
    "isLatestVersion": ("latest", shapes.flag),
    "tenantId": ("tenant", shapes.word),
    "state": ("state", shapes.OneOf("ACTIVE", "DRAINING", "DELETED")),
}
HAS_FORM = "hasStartForm"
OWN_SHOWN = {HAS_FORM: described.FLAG}
ITEM = described.result(
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    name=described.MAYBE,
    version=described.WHOLE,
    versionTag=described.MAYBE,
    resourceName=described.TEXT,
    hasStartForm=described.FLAG,
    state={**described.choice("ACTIVE", "DRAINING"), "description": "DRAINING: withdrawn, it starts nothing new."},
    tenantId=described.TENANT,
)
NAME = described.result(name=described.TEXT)
NAMES: search.Fields = {"name": ("name", shapes.word)}


def has_form(unit: Unit, definitions: Definitions, key: int) -> bool:
    """Whether the plain start of a process has a form."""
    try:
        starts = definitions.process(unit, key).model.starts
    except (Conflict, ModelRefused):  # of an earlier release, and not to be run by this one
        return False
    return any(start.kind == "none" and start.form for start in starts)


def own(unit: Unit, definitions: Definitions) -> search.Own:
    """The filter that only the models can answer."""

    def with_form(value: Any, name: str) -> Criterion:
        wanted = shapes.flag(value, name)
        keys = [key for (key,) in unit.all("select key from definition where kind = 'process'")]
        return Condition("key", [key for key in keys if has_form(unit, definitions, key) == wanted], "in")

    return {HAS_FORM: search.Filter(with_form, described.FLAG)}


def shape(unit: Unit, definitions: Definitions) -> Callable[[Definition], dict[str, Any]]:
    def shaped(found: Definition) -> dict[str, Any]:
        return {
            "processDefinitionKey": str(found.key),
            "processDefinitionId": found.id,
            "name": found.name,
            "version": found.version,
            "versionTag": found.version_tag,
            "resourceName": found.resource_name,
            "hasStartForm": has_form(unit, definitions, found.key),
            "state": found.state,
            "tenantId": "<default>",
        }

    return shaped


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit, definitions = house.database.once(), house.engine.definitions
    look = partial(queries.definitions, unit)
    also = [Condition("kind", "process")]
    shaped = shape(unit, definitions)
    return Answer(200, search.search(raw, FIELDS, look, shaped, own=own(unit, definitions), also=also))


def process(unit: Unit, key: int) -> Definition:
    """A process definition. Raises NotFound, also for a decision's or a form's key."""
    found = queries.definition(unit, key)
    if found.kind != "process":
        raise NotFound(say("There is no process definition {key}. Check the key.", key=key))
    return found


def _key(path: Any) -> int:
    return shapes.key(path["key"], "processDefinitionKey")


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit = house.database.once()
    return Answer(200, shape(unit, house.engine.definitions)(process(unit, _key(path))))


def start_form(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit, definitions = house.database.once(), house.engine.definitions
    found = queries.start_form(unit, definitions, process(unit, _key(path)).key)
    return Answer(204) if found is None else Answer(200, forms.shape(unit, found[0]))


def variable_names(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    unit = house.database.once()
    key = process(unit, _key(path)).key
    names = statistics.variable_names(unit, key)
    return Answer(200, search.search(raw, NAMES, partial(listed, names), lambda found: {"name": found.name}))


@hot.post(
    "/process-definitions/search",
    name=may("v2.definitions.search", ANYONE),
    **described.described(
        takes=described.paged(FIELDS, described.filtered(FIELDS, shown=OWN_SHOWN)),
        gives=described.listed(ITEM),
        needed=False,
    ),
)
@hot_path(find)
def search_process_definitions() -> None:
    """Search deployed processes."""


@hot.get(
    "/process-definitions/{key}",
    name=may("v2.definitions.get", ANYONE),
    **described.described(key="process definition", gives=ITEM),
)
@hot_path(get)
def get_process_definition() -> None:
    """A deployed process by its key."""


@hot.get(
    "/process-definitions/{key}/form",
    name=may("v2.definitions.form", ANYONE),
    **described.described(key="process definition", gives=forms.ITEM, nothing="The process has no start form."),
)
@hot_path(start_form)
def get_start_process_form() -> None:
    """The form that a process is started by."""


@hot.post(
    "/process-definitions/{key}/variable-names/search",
    name=may("v2.definitions.variable_names", MAKERS),
    **described.searched(NAME, NAMES, key="process definition"),
)
@hot_path(variable_names)
def search_process_definition_variable_names() -> None:
    """The names of the variables that instances of a process have."""


@router.get(
    "/process-definitions/{key}/xml",
    name=may("v2.definitions.xml", ANYONE),
    operation_id="getProcessDefinitionXml",
    response_class=Response,
    responses=described.file("text/xml"),
)
def get_process_definition_xml(
    key: Annotated[str, described.of_key("process definition")], house: Annotated[House, Depends(deps.house)]
) -> Response:
    """The file as it was deployed, byte for byte."""
    unit = house.database.once()
    content = queries.content(unit, process(unit, shapes.key(key, "processDefinitionKey")).key)
    return Response(content, media_type="text/xml")
