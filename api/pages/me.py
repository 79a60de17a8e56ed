"""My own page: language, appearance, my password, the way out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import credentials, deps
from api.access import ANYONE, may
from api.auth import COOKIE
from api.door import Door
from api.limits import Limit, spend
from api.pages import render
from hr.people.accounts import SHORTEST_PASSWORD
from kernel.errors import Forbidden, Invalid
from kernel.text import say

router = APIRouter(route_class=Door)

TRIES = Limit("password", most=10)


@router.get("/me", name=may("pages.me", ANYONE))
def show(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        return render.page(request, unit, "me.html", here="me")


@router.get("/me/password", name=may("pages.password", ANYONE))
def show_password(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        return render.page(request, unit, "password.html", here="me", shortest=SHORTEST_PASSWORD)


@router.post("/me/password", name=may("pages.password.change", ANYONE))
def change_password(
    request: Request,
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change it, and go back. Whoever found a browser signed in cannot try passwords for long."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        wait = spend(unit, TRIES, actor.id, house.clock.now())
    if wait:
        raise Forbidden(say("Too many tries. Wait for {minutes} minutes, then try again.", minutes=-(-wait // 60)))
    if new != again:
        raise Invalid(say("The new password is not the same in both places."))
    with house.database.transaction() as unit:
        credentials.change_password(house, unit, actor, present, new, cookie=request.cookies.get(COOKIE, ""))
    return render.go(request, "/me", say("Your password is changed. Other browsers are signed out."))
