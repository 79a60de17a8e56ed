"""Coming in and going out: login, logout, language, and what the product says about itself."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api import addresses, assets, deps
from api.access import ANYONE, EVERYBODY, STAFF, may
from api.auth import BROWSER_LASTS, COOKIE, Unauthenticated
from api.door import Door
from api.pages import render
from hr.people import accounts
from hr.people.tables import Account
from kernel.errors import Forbidden
from kernel.text import LANGUAGES, say

router = APIRouter(route_class=Door)

YEAR_SECONDS = 365 * 24 * 3600


@router.get("/", name=may("pages.root", EVERYBODY))
def root() -> Response:
    return RedirectResponse("/inbox", 303)


@router.get("/login", name=may("pages.login", EVERYBODY))
def login_page(request: Request, next: str = "/inbox") -> Response:
    return _login(request, next, "", "", 200)


@router.post("/login", name=may("pages.sign_in", EVERYBODY))
def sign_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/inbox",
) -> Response:
    """Start a session. Another site's form is turned away before the password is looked at."""
    _same_site(request)
    house = deps.house(request)
    try:
        with house.database.transaction() as unit:
            token, _ = deps.gate(request).sign_in(unit, login.strip(), password)
            account = accounts.find(unit, login.strip())
    except Unauthenticated as refused:
        sentence = refused.message.within(deps.language(request))
        return _login(request, next, login, sentence, 401)
    answer = RedirectResponse(_first(within_site(next), account), 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(BROWSER_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout", name=may("pages.sign_out", ANYONE))
def sign_out(request: Request) -> Response:
    with deps.house(request).database.transaction() as unit:
        deps.gate(request).sign_out(unit, request.cookies.get(COOKIE, ""))
    answer = render.go(request, "/login")
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/language/{language}", name=may("pages.language", EVERYBODY))
def choose_language(language: str, next: str = "/inbox") -> Response:
    answer = RedirectResponse(within_site(next), 303)
    if language in LANGUAGES:
        answer.set_cookie(deps.LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="lax")
    return answer


@router.get("/about", name=may("pages.about", EVERYBODY))
def about(request: Request) -> Response:
    return render.fragment(request, "about.html", notices=assets.notices())


def within_site(url: str) -> str:
    """The address if it is a path of ours, else the inbox: a link never leads elsewhere after a login.

    Browsers read a backslash as a slash and drop control characters, so neither is let through.
    """
    parts = addresses.parts(url)
    path_of_ours = url.startswith("/") and not url.startswith(("//", "/login")) and not parts.netloc
    printable = all(c.isprintable() and c != "\\" for c in url)
    return url if path_of_ours and printable else "/inbox"


def _first(wanted: str, account: Account | None) -> str:
    """Where somebody begins who asked for nothing else: who draws processes, and does no other work here, at those."""
    groups = frozenset(account.groups) if account is not None else frozenset()
    draws = "designer" in groups and groups.isdisjoint(STAFF)
    return "/studio" if wanted == "/inbox" and draws else wanted


def _login(request: Request, next_url: str, login: str, sentence: str, status: int) -> Response:
    return render.fragment(
        request, "login.html", status=status, next=within_site(next_url), login=login, sentence=sentence
    )


def _same_site(request: Request) -> None:
    """There is no session yet to carry a token, so the browser's own word on where the form came from is taken."""
    origin = request.headers.get("origin")
    if origin and addresses.parts(origin).netloc != request.headers.get("host"):
        raise Forbidden(say("This sign-in came from another site. Open the login page and sign in there."))
