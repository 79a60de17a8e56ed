"""What waits and what has stopped over all processes: incidents, jobs, timers, files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin import tables
from api.pages.admin.asking import page as admin_page
from api.pages.admin.names import Names
from engine import queries

router = APIRouter(route_class=Door)

Tab = Literal["incidents", "instances", "jobs", "timers", "definitions"]


@router.get("/admin", name=may("pages.admin", OPERATORS))
def show(
    request: Request, tab: Tab = "incidents", q: Annotated[str, Query(max_length=100)] = "", page: int = 1
) -> Response:
    """One table of the engine's nouns. `q` is a key, or the beginning of a process id."""
    if tab == "instances":
        return render.go(request, "/admin/instances")
    offset = (max(page, 1) - 1) * tables.PER_PAGE
    house = deps.house(request)
    with house.database.transaction() as unit:
        table = tables.TABLES[tab](Names(house.engine, unit), q.strip(), offset)
        template = "parts/table.html" if render.by_htmx(request) else "admin.html"
        return admin_page(request, unit, template, tab=tab, table=table, text=q, page=max(page, 1))


@router.get("/admin/definitions/{key}", name=may("pages.admin.definition", OPERATORS))
def definition(request: Request, key: int) -> Response:
    """The deployed file, byte for byte."""
    with deps.house(request).database.transaction() as unit:
        found = queries.definition(unit, key)
        content = queries.content(unit, key)
    name = found.resource_name.rpartition("/")[2].replace('"', "")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)
