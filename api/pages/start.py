"""Starting a process by hand: choose one, fill in its form."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from api.pages.tasks import Received, accepted, rejected, submit_label
from tasks.human import forms, start

router = APIRouter(route_class=Door)


@router.get("/start", name=may("pages.start", ANYONE))
def choose(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = start.startables(unit, deps.actor(request))
        return render.page(request, unit, "start.html", here="start", processes=found)


@router.get("/start/{process_id}", name=may("pages.start.form", ANYONE))
def show(request: Request, process_id: str) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        view = start.open_start(house, unit, deps.actor(request), process_id)
        label = submit_label(request, view.form)
        return render.page(request, unit, "starting.html", here="start", start=view, submit_label=label)


@router.post("/start/{process_id}", name=may("pages.start.send", ANYONE))
def send(request: Request, process_id: str, sent: Received) -> Response:
    house, (data, files) = deps.house(request), sent
    try:
        with house.database.transaction() as unit:
            done = start.start(house, unit, deps.actor(request), process_id, data, files)
    except forms.FormRejected as refused:
        return rejected(request, refused)
    return accepted(request, done)
