"""Starting a process by hand: choose one, fill in its form."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from api.pages.tasks import Received, accepted, rejected, submit_label, unfit
from api.pages.told import told
from hr.documents.kinds import FileRefused
from kernel.db import Unit
from tasks.human import cases, forms, start
from tasks.human.views import CaseRow

router = APIRouter(route_class=Door)


@router.get("/start", name=may("pages.start", ANYONE))
def choose(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = start.startables(unit, deps.actor(request))
        running = _running(request, unit)
        return render.page(request, unit, "start.html", here="start", processes=found, running=running)


@router.get("/start/{process_id}", name=may("pages.start.form", ANYONE))
def show(request: Request, process_id: str) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        view = start.open_start(house, unit, deps.actor(request), process_id)
        label, running = submit_label(request, view.form), _running(request, unit)
        return render.page(
            request, unit, "starting.html", here="start", start=view, running=running, submit_label=label
        )


@router.post("/start/{process_id}", name=may("pages.start.send", ANYONE))
def send(request: Request, process_id: str, sent: Received) -> Response:
    house, (data, files) = deps.house(request), sent
    try:
        with told(house), house.database.transaction() as unit:
            done = start.start(house, unit, deps.actor(request), process_id, data, files)
    except forms.FormRejected as refused:
        return rejected(request, refused)
    except FileRefused as refused:
        return unfit(request, refused, files)
    return accepted(request, done)


def _running(request: Request, unit: Unit) -> CaseRow | None:
    """The reader's own case that is open: there is one at a time, which is better known before a form is filled in."""
    own = cases.of_person(deps.house(request), unit, deps.actor(request).id)
    return next((row for row in own if not row.ended), None)
