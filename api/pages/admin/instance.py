"""One instance: where it stands, what it holds, what happened in it, what stands between here and its end."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages.admin import kinds, tables
from api.pages.admin.asking import page
from api.pages.admin.names import Names
from api.pages.admin.tables import PROCESS
from api.pages.cases import drawing
from api.pages.views import Act, Cell
from engine import queries
from engine.queries import Condition, overview
from engine.tables.history import AUDITED_KINDS
from kernel.db import Unit
from kernel.text import Text, say
from processes import ahead, document

router = APIRouter(route_class=Door)

SHOWN = 300  # lines of history on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The variables of one scope: the process (token 0), or a step that has its own."""

    token: int
    name: Text | str
    variables: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A step as it was gone through."""

    element: Cell
    kind: Text
    state: Cell
    entered_at: datetime
    left_at: datetime | None
    took: Text | None
    by: str


@router.get("/admin/instances/{key}", name=may("pages.admin.instance", OPERATORS))
def show(request: Request, key: int) -> Response:
    """One instance with everything in it."""
    only = [Condition("instance_key", key)]
    house = deps.house(request)
    with house.database.transaction() as unit:
        found, names = queries.instance(unit, key), Names(house.engine, unit)
        steps = [step for step in queries.steps(unit, key) if step.token]
        held = overview.hold(unit, found.root_key)
        return page(
            request,
            unit,
            "instance.html",
            tab="instances",
            instance=found,
            state=tables.state(found.state),
            acts=_acts(found, held is not None),
            held=held,
            incidents=tables.incidents_of(names, [*only, Condition("state", "ACTIVE")]).without(PROCESS),
            jobs=tables.jobs_of(names, [*only, Condition("state", ["CREATED", "FAILED"], "in")]).without(PROCESS),
            timers=tables.timers_of(names, only).without(PROCESS),
            waits=_waits(names, key),
            scopes=_scopes(names, key, found.definition_key),
            ahead=_ahead(names, key, found.definition_key) if not found.ended_at else [],
            family=_family(unit, found),
            passages=[_passage(names, found.definition_key, step, house.clock.now()) for step in steps[-SHOWN:]],
            unseen=max(0, len(steps) - SHOWN),
            audit=_audit(names, key, found.definition_key),
        )


@router.get("/admin/instances/{key}/diagram", name=may("pages.admin.diagram", OPERATORS))
def diagram(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        return JSONResponse(drawing(queries.diagram(unit, key), deps.language(request)))


def written(value: Any) -> str:
    """A value as JSON that people read: Chinese as it is, objects over several lines."""
    return json.dumps(value, ensure_ascii=False, indent=2 if isinstance(value, dict | list) and value else None)


def _acts(found: queries.Instance, held: bool) -> list[Act]:
    """What may be done with an instance as it stands. One that was called goes with its caller."""
    base = f"/admin/instances/{found.key}"
    hold = f"/admin/holds/{found.key}"
    acts = [
        Act(label=say("Lift the hold"), href=f"{hold}/lift", icon="lock-open")
        if held
        else Act(label=say("Legal hold"), href=f"{hold}/place", icon="lock")
    ]
    if found.ended_at:
        return acts
    acts = [
        Act(label=say("Move a token"), href=f"{base}/move", icon="route"),
        Act(label=say("Migrate"), href=f"/admin/migrations/new?instance={found.key}", icon="layers", page=True),
        *acts,
    ]
    if found.parent_key is not None:
        return acts
    still = found.state == "SUSPENDED"
    label = (say("Resume"), "resume", "play") if still else (say("Suspend"), "suspend", "hand")
    acts.insert(0, Act(label=label[0], href=f"{base}/{label[1]}", icon=label[2]))
    return [*acts, Act(label=say("Cancel"), href=f"{base}/cancel", icon="x", danger=True)]


def _waits(names: Names, key: int) -> list[tuple[Cell, str, str]]:
    found = queries.subscriptions(names.unit, [Condition("instance_key", key)]).items
    definition = names.definition_of(key)
    return [(names.element(definition, one.element), one.name, one.correlation_key) for one in found]


def _scopes(names: Names, key: int, definition: int) -> list[Scope]:
    """The scopes that hold variables, the process first, each named after its step."""
    found = queries.search_variables(names.unit, [Condition("instance_key", key)], [("scope", False)], 2000).items
    owners = {step.token: step.element for step in queries.steps(names.unit, key)}
    held: dict[int, list[tuple[str, str]]] = {0: []}
    for variable in found:
        held.setdefault(variable.scope, []).append((variable.name, written(variable.value)))
    return [
        Scope(
            token=token,
            name=_owner(names, definition, owners.get(token, "")) if token else say("The whole process"),
            variables=sorted(variables),
        )
        for token, variables in held.items()
        if variables or not token
    ]


def _owner(names: Names, definition: int, element: str) -> Text | str:
    value = names.element(definition, element).value
    return value if isinstance(value, Text | str) else element


def _ahead(names: Names, key: int, definition: int) -> list[tuple[Cell, Text, str]]:
    """What is still to come: now, certain, or possible."""
    drawn = document.read(queries.content(names.unit, definition))
    live = queries.diagram(names.unit, key).active
    here = [
        (names.element(definition, id_), kinds.element_kind(drawn.nodes[id_].tag), "now")
        for id_ in live
        if id_ in drawn.nodes and drawn.nodes[id_].tag in ahead.STEPS
    ]
    return here + [
        (
            names.element(definition, step.element),
            kinds.element_kind(step.tag),
            "certain" if step.certain else "possible",
        )
        for step in ahead.ahead(drawn, list(live))
    ]


def _family(unit: Unit, found: queries.Instance) -> list[tuple[queries.Instance, int]]:
    """The instances that were called and who called, each with its depth; empty where it is alone."""
    keys = overview.family(unit, found.root_key)
    if len(keys) < 2:
        return []
    rows = {i.key: i for i in queries.search_instances(unit, [Condition("key", list(keys), "in")], limit=500).items}
    told: list[tuple[queries.Instance, int]] = []

    def tell(key: int, depth: int) -> None:
        told.append((rows[key], depth))
        for child in (i for i in rows.values() if i.parent_key == key):
            tell(child.key, depth + 1)

    if found.root_key in rows:
        tell(found.root_key, 0)
    return told


def _passage(names: Names, definition: int, step: queries.Step, now: datetime) -> Passage:
    states = {"ACTIVE": (say("Here"), "info"), "COMPLETED": (say("Completed"), "ok")}
    text, tone = states.get(step.state, (say("Ended early"), ""))
    return Passage(
        element=names.element(definition, step.element),
        kind=kinds.element_kind(names.kind(definition, step.element)),
        state=Cell(value=text, tone=tone),  # type: ignore[arg-type]  # the tones above are Tones
        entered_at=step.entered_at,
        left_at=step.left_at,
        took=kinds.span(((step.left_at or now) - step.entered_at).total_seconds()),
        by=step.left_by or "",
    )


def _audit(names: Names, key: int, definition: int) -> list[tuple[Any, Text, Cell | None, str]]:
    """What people and programs did to it, the newest first."""
    acts = [entry for entry in queries.history(names.unit, key) if entry.kind in AUDITED_KINDS]
    return [
        (
            entry,
            kinds.happened(entry.kind),
            names.element(definition, entry.element) if entry.element else None,
            str((entry.data or {}).get("reason") or ""),
        )
        for entry in reversed(acts[-SHOWN:])
    ]
