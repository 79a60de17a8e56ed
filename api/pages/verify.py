"""Whoever holds a certificate can ask whether it is ours, by the code on it. Shows no more than the paper does."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from api.pages import render
from hr.offboarding import cases, certificate
from kernel.errors import NotFound
from kernel.text import say

router = APIRouter(route_class=Door)


@router.get("/verify/{code}", name=may("pages.verify", EVERYBODY))
def show(request: Request, code: str) -> Response:
    """The certificate with this code: its number, date and hash, and the first character of the name."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = certificate.of_code(unit, code)
        if found is None:
            raise NotFound(say("There is no certificate with this code. Check every character of it."))
        name = cases.find(unit, found.case_number).name
        return render.fragment(
            request,
            "verify.html",
            found=found,
            name=name[:1] + "＊" * (len(name) - 1),
            organisation=house.settings.organisation,
        )
