"""Processes: every one with its versions and numbers, one with its diagram, counts and heat-map."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin import kinds, tables
from api.pages.admin.asking import page
from api.pages.admin.names import Names
from api.pages.views import Act, Cell, Row, Table
from engine import queries
from engine.queries import overview
from engine.queries.overview import Passage, VersionRow
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say
from processes import labels
from tasks.house import House

router = APIRouter(route_class=Door)

Heat = Literal["duration", "waiting"]
BANDS = 5  # shades of the heat-map


@router.get("/admin/processes", name=may("pages.admin.processes", OPERATORS))
def show_all(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Every process, by name or id."""
    with deps.house(request).database.transaction() as unit:
        found = overview.processes(unit, q.strip())
        template = "parts/admin-processes.html" if render.by_htmx(request) else "admin-processes.html"
        return page(request, unit, template, tab="processes", found=found, text=q)


@router.get("/admin/processes/{process_id}", name=may("pages.admin.process", OPERATORS))
def show(request: Request, process_id: str, version: int = 0) -> Response:
    """One process with its versions, and the diagram of one of them: of the latest where none is named."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        versions = versions_of(unit, process_id)
        shown = _chosen(versions, version)
        before = next((row for row in versions if row.version < shown.version), None)
        passages = overview.passages(unit, shown.key)
        return page(
            request,
            unit,
            "admin-process.html",
            tab="processes",
            process_id=process_id,
            versions=versions,
            shown=shown,
            before=before,
            acts_of=acts_of,
            timers=_start_timers(request, unit, process_id),
            starts=_starts_by_form(house, unit, shown.key),
            latest=next((row for row in versions if row.latest), None),
            measured=max((passage.times for passage in passages), default=0),
            slowest=[_slow(request, unit, shown.key, passage) for passage in _slowest(passages)],
        )


@router.get("/admin/processes/{process_id}/{key}/diagram", name=may("pages.admin.process.diagram", OPERATORS))
def diagram(request: Request, process_id: str, key: int) -> Response:
    """The model of a version with where its running instances stand, and how long its steps took.

    `heat` has for each measure the elements with a shade from 1 to 5, and the words of their badge.
    """
    tongue = render.tongue(request)
    with deps.house(request).database.transaction() as unit:
        found = queries.definition(unit, key)
        active, stopped = overview.standing(unit, found.key)
        passages = overview.passages(unit, found.key)
        xml = labels.translated(queries.content(unit, key), deps.language(request)).decode()
    told: dict[str, Any] = {"xml": xml, "active": active, "incidents": stopped, "completed": [], "taken": []}
    told["heat"] = {
        "duration": _heat([(p.element, p.times, p.median, p.p90) for p in passages], tongue),
        "waiting": _heat([(p.element, p.times, p.wait_median, p.wait_p90) for p in passages], tongue),
    }
    return JSONResponse(told)


def versions_of(unit: Unit, process_id: str) -> list[VersionRow]:
    """The versions of a process, the newest first. Raises NotFound where there is no such process."""
    found = overview.versions(unit, process_id)
    if not found:
        raise NotFound(say("There is no process {id}. Deploy it first, or check its id.", id=process_id))
    return found


def acts_of(row: VersionRow) -> list[Act]:
    """What may be done with a version."""
    base = f"/admin/versions/{row.key}"
    if row.withdrawn_at is not None:
        return [Act(label=say("Restore"), href=f"{base}/restore", icon="undo-2")]
    acts = [] if row.latest else [Act(label=say("Roll back to it"), href=f"{base}/roll-back", icon="undo-2")]
    if not row.used:
        acts.append(Act(label=say("Delete"), href=f"{base}/delete", icon="trash-2", danger=True))
    return acts


def _starts_by_form(house: House, unit: Unit, key: int) -> bool:
    """Whether a page starts it. That the form is missing is told there."""
    starts = house.engine.definitions.process(unit, key).model.starts
    return any(start.kind == "none" and start.form is not None for start in starts)


def _chosen(versions: Sequence[VersionRow], version: int) -> VersionRow:
    """The version that is asked for; else the one that new instances start with, else the newest."""
    if version:
        found = next((row for row in versions if row.version == version), None)
        if found is None:
            raise NotFound(say("This process has no version {version}. Choose one of its list.", version=version))
        return found
    return next((row for row in versions if row.latest), versions[0])


def _heat(measured: Sequence[tuple[str, int, float, float]], tongue: render.Tongue) -> dict[str, Any]:
    """Shade and badge of each element, by its median against the longest. What takes no time has no shade."""
    longest = max((median for _, _, median, _ in measured), default=0.0)
    return {
        element: {
            "shade": max(1, round(BANDS * (median / longest) ** 0.5)),
            "badge": tongue.show(kinds.span(median)),
            "title": tongue.show(
                say(
                    "Half within {median}, nine of ten within {p90}, over {times} times",
                    median=kinds.span(median),
                    p90=kinds.span(p90),
                    times=times,
                )
            ),
        }
        for element, times, median, p90 in measured
        if longest >= 1 and median >= 1
    }


def _slowest(passages: Sequence[Passage]) -> list[Passage]:
    return sorted((p for p in passages if p.median >= 1), key=lambda p: -p.median)[:8]


def _start_timers(request: Request, unit: Unit, process_id: str) -> Table:
    """The timers that start the process, each with what can be done to it."""
    names = Names(deps.house(request).engine, unit)
    found = [row for row in overview.start_timers(unit, process_id) if row.due_at is not None]
    rows = [
        Row(
            cells=(names.element(row.definition_key, row.element), Cell(value=row.due_at or "")),
            acts=[tables.move(row.key), tables.fire(row.key)],
        )
        for row in found
    ]
    return Table(heads=(say("Element"), say("Due")), rows=rows, total=len(rows))


def _slow(request: Request, unit: Unit, key: int, passage: Passage) -> dict[str, Any]:
    element = deps.house(request).engine.definitions.get(unit, key).model.elements.get(passage.element)
    return {
        "name": Text(element.name) if element is not None and element.name else passage.element,
        "kind": kinds.element_kind(element.type) if element is not None else "",
        "times": passage.times,
        "median": kinds.span(passage.median),
        "p90": kinds.span(passage.p90),
        "wait": kinds.span(passage.wait_median),
    }
