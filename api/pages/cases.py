"""Cases: the list, one case with everything in it, what HR may do with it, its record."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import ANYONE, HR, STAFF, may
from api.door import Door
from api.pages import render
from engine.queries import Diagram
from kernel.errors import Forbidden
from kernel.text import say
from processes import labels
from tasks.human import agreements, cases, confidentiality, withdrawal
from tasks.human.training import waivers

router = APIRouter(route_class=Door)

Scope = Literal["mine", "all"]
RECORD_TYPES = {"pdf": "application/pdf", "json": "application/json"}


@router.get("/cases", name=may("pages.cases", ANYONE))
def show_all(request: Request, scope: Scope = "mine", q: str = "", page: int = 1) -> Response:
    """My cases; with `scope=all` every case, for those who guide them all."""
    house, actor = deps.house(request), deps.actor(request)
    if scope == "all" and not actor.has(*STAFF):
        raise Forbidden(say("All cases are for HR. Your own are under “My cases”."))
    with house.database.transaction() as unit:
        found = cases.cases(house, unit, actor, scope=scope, text=q[:100], page=max(page, 1))
        template = "parts/cases.html" if render.by_htmx(request) else "cases.html"
        here = "all" if scope == "all" else "cases"
        return render.page(request, unit, template, here=here, found=found, scope=scope)


@router.get("/cases/{number}", name=may("pages.case", ANYONE))
def show(request: Request, number: str) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        view = cases.case_view(house, unit, actor, number)
        others = actor.has(*STAFF) and view.row.subject.login != actor.id
        signed = agreements.of_case(house, unit, actor, number)
        checked = confidentiality.of_case(unit, actor, number)
        here = "all" if others else "cases"
        return render.page(request, unit, "case.html", here=here, case=view, agreements=signed, checked=checked)


@router.get("/cases/{number}/diagram", name=may("pages.case.diagram", ANYONE))
def diagram(request: Request, number: str) -> Response:
    """The model with where the case stands, for the viewer in the page."""
    with deps.house(request).database.transaction() as unit:
        found = cases.diagram(unit, deps.actor(request), number)
    return JSONResponse(drawing(found, deps.language(request)))


def drawing(found: Diagram, language: str) -> dict[str, Any]:
    """A diagram as the viewer reads it, with its labels in the reader's language."""
    return {
        "xml": labels.translated(found.xml, language).decode(),
        "active": found.active,
        "completed": found.completed,
        "taken": found.flows,
        "incidents": found.incidents,
    }


@router.post("/cases/{number}/absent", name=may("pages.case.absent", STAFF))
def absent(request: Request, number: str, reason: Annotated[str, Form()] = "") -> Response:
    """Go on without the employee, who cannot be reached (domain F11)."""
    return _turn(request, number, reason, cases.absent)


@router.post("/cases/{number}/back", name=may("pages.case.back", STAFF))
def back(request: Request, number: str, reason: Annotated[str, Form()] = "") -> Response:
    return _turn(request, number, reason, cases.back)


@router.post("/cases/{number}/withdrawal", name=may("pages.case.withdrawal", ANYONE))
def withdraw(request: Request, number: str, reason: Annotated[str, Form()] = "") -> Response:
    """The employee asks to take the resignation back."""
    return _turn(request, number, reason, withdrawal.ask)


@router.post("/cases/{number}/withdrawal-agreed", name=may("pages.case.withdrawal.agree", HR))
def agree_to_withdrawal(request: Request, number: str, reason: Annotated[str, Form()] = "") -> Response:
    """HR agrees: case and process end together."""
    return _turn(request, number, reason, withdrawal.agree)


@router.post("/cases/{number}/waiver", name=may("pages.case.waiver", HR))
def waive(
    request: Request, number: str, training: Annotated[str, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    """HR lets the leaver off a course that is being made up in this case."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        waivers.waive(house, unit, deps.actor(request), training, reason, case_number=number)
    return render.go(request, f"/cases/{number}")


def _turn(request: Request, number: str, reason: str, change: Callable[..., None]) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        change(house, unit, deps.actor(request), number, reason.strip())
    return render.go(request, f"/cases/{number}")


@router.get("/cases/{number}/record.{kind}", name=may("pages.case.record", STAFF))
def record(request: Request, number: str, kind: Literal["pdf", "json"]) -> Response:
    """What is undone in the case, to read. Reading stores nothing."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        content = cases.record(house, unit, deps.actor(request), number, kind)
    name = f'attachment; filename="{number}.{kind}"'
    return Response(content, media_type=RECORD_TYPES[kind], headers={"Content-Disposition": name})


@router.post("/cases/{number}/record", name=may("pages.case.record.keep", STAFF))
def keep_record(request: Request, number: str) -> Response:
    """Make the record evidence, on purpose: it then stands among the files of the case (domain F9)."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        cases.keep_record(house, unit, deps.actor(request), number)
    return render.go(request, f"/cases/{number}")
