"""Operation: what runs, what waits, what has stopped, and trying that again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import admin_tables, render
from api.pages.admin_names import Names
from api.pages.admin_tables import PER_PAGE
from api.pages.cases import drawing
from engine import queries
from engine.commands import operate
from engine.queries import Condition
from kernel.db import Unit

router = APIRouter(route_class=Door)

Tab = Literal["incidents", "instances", "jobs", "timers", "definitions"]


@router.get("/admin", name=may("pages.admin", OPERATORS))
def show(
    request: Request, tab: Tab = "incidents", q: Annotated[str, Query(max_length=100)] = "", page: int = 1
) -> Response:
    """One table of the engine's nouns. `q` is a key, or the beginning of a process id."""
    offset = (max(page, 1) - 1) * PER_PAGE
    with deps.house(request).database.transaction() as unit:
        table = admin_tables.TABLES[tab](_names(request, unit), q.strip(), offset)
        template = "parts/table.html" if render.by_htmx(request) else "admin.html"
        return render.page(
            request, unit, template, here="admin", tab=tab, table=table, text=q, page=max(page, 1), tabs=TABS
        )


TABS = admin_tables.NAMES


@router.get("/admin/instances/{key}", name=may("pages.admin.instance", OPERATORS))
def instance(request: Request, key: int) -> Response:
    """One instance: diagram, incidents, jobs, timers, variables, history."""
    only = [Condition("instance_key", key)]
    with deps.house(request).database.transaction() as unit:
        found, names = queries.instance(unit, key), _names(request, unit)
        return render.page(
            request,
            unit,
            "instance.html",
            here="admin",
            instance=found,
            incidents=admin_tables.incidents_of(names, only),
            jobs=admin_tables.jobs_of(names, only),
            timers=admin_tables.timers_of(names, only),
            variables=sorted(queries.variables(unit, key).items()),
            history=[
                (entry, names.element(found.definition_key, entry.element) if entry.element else None)
                for entry in queries.history(unit, key, limit=500)
            ],
        )


@router.get("/admin/instances/{key}/diagram", name=may("pages.admin.diagram", OPERATORS))
def diagram(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        return JSONResponse(drawing(queries.diagram(unit, key), deps.language(request)))


@router.get("/admin/definitions/{key}", name=may("pages.admin.definition", OPERATORS))
def definition(request: Request, key: int) -> Response:
    """The deployed file, byte for byte."""
    with deps.house(request).database.transaction() as unit:
        found = queries.definition(unit, key)
        content = queries.content(unit, key)
    name = found.resource_name.rpartition("/")[2].replace('"', "")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/admin/incidents/{key}/retry", name=may("pages.admin.retry", OPERATORS))
def retry(request: Request, key: int) -> Response:
    """Try again what stopped; what fails again comes back as a new incident."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        operate.retry_incident(house.engine, unit, key, actor=deps.actor(request))
        table = admin_tables.incidents(_names(request, unit), "", 0)
        return render.page(
            request, unit, "parts/table.html", here="admin", tab="incidents", table=table, text="", page=1
        )


def _names(request: Request, unit: Unit) -> Names:
    return Names(deps.house(request).engine, unit)
