"""My own page: language, appearance, the way out."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render

router = APIRouter(route_class=Door)


@router.get("/me", name=may("pages.me", ANYONE))
def show(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        return render.page(request, unit, "me.html", here="me")
