"""Element instances, read from the journal: each is a token that entered an element, and how it left.

Names and types stand in the model, not in the database; they are brought along where a search asks for them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.definitions import Definitions
from engine.model import ModelRefused
from engine.queries import keys
from engine.queries.nouns import noun
from engine.queries.search import Condition, Criterion, Either, Every, Mark, Not, Order, Page, Pair, Related, search
from engine.spiff.runtime import Run
from engine.turn import LIVE, Engine, Host
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say

UNKNOWN = "UNKNOWN"
_TOLD = {"name", "type"}  # fields that the models tell
_TYPES = {"transaction": "SUB_PROCESS"}
_CAPITAL = re.compile(r"([A-Z])")


@dataclass(frozen=True, slots=True)
class ElementInstance:
    """A passage of an element. `element` is its id today: a migration may have renamed it.

    `type` is Camunda 8's word. Of an element that no model has any more it is UNKNOWN, and its name is its id.
    """

    instance_key: int
    token: int
    root_key: int
    definition_key: int
    process_id: str
    element: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    incident_key: int | None
    name: str = ""
    type: str = UNKNOWN


_NOW = """coalesce((select m.element from journal m where m.instance_key = a.instance_key and m.token = a.token
  and m.seq > a.seq and m.kind = 'ELEMENT_MIGRATED' order by m.seq desc limit 1), a.element)"""
_SOURCE = """journal a join instance i on i.key = a.instance_key
  left join lateral (select o.at, o.kind from journal o where o.instance_key = a.instance_key and o.token = a.token
    and o.seq > a.seq and o.kind in ('ELEMENT_COMPLETED', 'ELEMENT_TERMINATED') order by o.seq limit 1) o on true"""
_STATE = """(case o.kind when 'ELEMENT_COMPLETED' then 'COMPLETED' when 'ELEMENT_TERMINATED' then 'TERMINATED'
  else 'ACTIVE' end)"""
_INCIDENT = """(select min(n.key) from incident n where n.instance_key = a.instance_key and n.token = a.token
  and n.state = 'ACTIVE')"""
_MODELS = f""" left join (select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
  as e(definition_key, element, name, type)) e on e.definition_key = i.definition_key and e.element = {_NOW}"""
_TAKEN = """select element, min(seq) from journal where instance_key = %s and kind = 'SEQUENCE_FLOW_TAKEN' group by 1
  order by 2"""

ELEMENT = noun(
    ElementInstance,
    _SOURCE,
    "a.instance_key",
    "a.seq",
    pairs={"element_key": Pair("a.instance_key", "a.token", alone=True)},
    where="a.kind = 'ELEMENT_ACTIVATED'",
    beside={"has_incident": f"({_INCIDENT} is not null)"},
    root_key="i.root_key",
    definition_key="i.definition_key",
    process_id="i.process_id",
    element=_NOW,
    state=_STATE,
    started_at="a.at",
    ended_at="o.at",
    incident_key=_INCIDENT,
    name="''",
    type="''",
)
_WITH_MODELS = replace(ELEMENT, source=_SOURCE + _MODELS, fields={**ELEMENT.fields, "name": "e.name", "type": "e.type"})


def elements(
    unit: Unit,
    definitions: Definitions,
    conditions: Sequence[Criterion] = (),
    order: Order = (),
    limit: int = 100,
    offset: int = 0,
    *,
    after: Mark | None = None,
    before: Mark | None = None,
) -> Page[ElementInstance]:
    """Element instances, by the fields of ElementInstance."""
    asked = any(map(_asks, conditions)) or any(name in _TOLD for name, _ in order)
    given = _told(unit, definitions) if asked else ()
    found = search(
        unit,
        _WITH_MODELS if asked else ELEMENT,
        conditions,
        order,
        limit,
        offset,
        after=after,
        before=before,
        given=given,
    )
    return replace(found, items=[_named(unit, definitions, item) for item in found.items])


def element(unit: Unit, definitions: Definitions, key: int) -> ElementInstance:
    """One element instance by its key; that of the process also by the instance's own. Raises NotFound.

    Raises Conflict where a key means two things. That can happen only to an instance of a number beyond ten millions.
    """
    pairs = {keys.split(key), (key, 0)}
    found = [
        item
        for instance_key, token in pairs
        for item in search(unit, ELEMENT, [Condition("instance_key", instance_key), Condition("token", token)]).items
    ]
    if not found:
        raise NotFound(say("There is no element instance {key}. Check the key.", key=key))
    if len({(item.instance_key, item.token) for item in found}) > 1:
        raise Conflict(
            say(
                "{key} is the key of an element instance and of a process instance. For the process, write {other}.",
                key=key,
                other=keys.make(key, 0),
            )
        )
    return _named(unit, definitions, found[0])


def scopes(engine: Engine, unit: Unit, instance_key: int, token: int) -> list[int]:
    """The levels of variables that a step sees, innermost first: tokens, and 0 for the process.

    Of a step that is over only its own level and the process's are known.
    """
    row = unit.one("select blob, definition_key, state from instance where key = %s", (instance_key,))
    if row is None or row[2] not in LIVE:
        return [token, 0]
    loaded = engine.definitions.process(unit, row[1])
    host = Host(engine, unit, loaded.deployment_key, engine.clock.now())
    try:
        return Run.load(row[0], loaded.model, host).scopes(token)
    except Conflict:
        return [token, 0]


def described(unit: Unit, definitions: Definitions, definition_key: int, element: str) -> tuple[str, str]:
    """The name of an element and its type in Camunda 8's words."""
    try:
        model = definitions.process(unit, definition_key).model
    except (Conflict, ModelRefused, NotFound):  # deployed by an earlier release, and not to be run by this one
        return element, UNKNOWN
    found = model.elements.get(element)
    if found is None:
        return element, UNKNOWN
    return found.name or found.id, type_of(found.type, event=getattr(model.nodes.get(element), "is_listener", False))


def type_of(tag: str, *, event: bool = False) -> str:
    """Camunda 8's word for a BPMN tag."""
    if event and tag == "subProcess":
        return "EVENT_SUB_PROCESS"
    return _TYPES.get(tag, _CAPITAL.sub(r"_\1", tag).upper())


def _named(unit: Unit, definitions: Definitions, item: ElementInstance) -> ElementInstance:
    name, type_ = described(unit, definitions, item.definition_key, item.element)
    return replace(item, name=name, type=type_)


def _asks(criterion: Criterion) -> bool:
    if isinstance(criterion, Either | Every | Related):
        return any(map(_asks, criterion.conditions))
    if isinstance(criterion, Not):
        return _asks(criterion.condition)
    return criterion.field in _TOLD


def _told(unit: Unit, definitions: Definitions) -> list[list[Any]]:
    """Every element of every process that has instances, as columns: definition, id, name, type."""
    rows = [
        (key, id_, *described(unit, definitions, key, id_))
        for (key,) in unit.all("select distinct definition_key from instance")
        for id_ in definitions.process(unit, key).model.elements
    ]
    return [[row[column] for row in rows] for column in range(4)]


def flows_taken(unit: Unit, instance_key: int) -> list[str]:
    """The ids of the sequence flows that an instance took, each once, in the order of the first time."""
    return [flow for flow, _ in unit.all(_TAKEN, (instance_key,))]
