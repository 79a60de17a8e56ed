"""Who is in the signing room: the person of the session, else who came in by link and code.

Its routes stand open at the door, since a visit is no session; here it is asked who comes and what they bring.
"""

from dataclasses import dataclass

from fastapi import Request

from api import addresses, deps
from api.auth import COOKIE, Credentials, Unauthenticated, Visit, check_csrf
from api.door import CSRF_HEADER
from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import say
from tasks.human.signing import visitors, visits
from tasks.human.signing.visitors import Visitor

VISIT = "signing"  # the cookie of a visit; it goes to /sign alone


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor, and the token that each change of theirs carries."""

    visitor: Visitor
    csrf: str


def session(request: Request) -> Visit | None:
    """The session of the request, None without one."""
    cookie = request.cookies.get(COOKIE, "")
    if not cookie:
        return None
    try:
        return deps.gate(request).visit(Credentials(cookie=cookie, ip=address(request), agent=agent(request)))
    except Unauthenticated:
        return None


def guest(request: Request, unit: Unit, number: str) -> Guest:
    """Who asks for this agreement. A session comes first: a browser is not two people at once.

    Raises NotFound for who is known and does not sign it, Unauthenticated for a stranger.
    """
    signed_in = session(request)
    if signed_in is not None:
        person = visitors.by_login(signed_in.actor)
        if _signs(unit, person, number):
            return Guest(person, signed_in.csrf or "")
    house, cookie = deps.house(request), request.cookies.get(VISIT, "")
    visitor = visits.visitor(house, unit, cookie, ip=address(request), agent=agent(request)) if cookie else None
    if visitor is not None and _signs(unit, visitor, number):
        return Guest(visitor, visits.csrf(house, unit, cookie))
    if signed_in is None and visitor is None:
        raise Unauthenticated(say("Sign in, or open the link in the message that you got once more."))
    raise NotFound(say("There is no agreement {number}, or it is not yours to see.", number=number))


def acting(request: Request, unit: Unit, number: str) -> Visitor:
    """Who changes something, proved by the token of their page. Raises Forbidden without it, else as `guest`."""
    found = guest(request, unit, number)
    check_csrf(Visit(found.visitor.actor, found.csrf), request.headers.get(CSRF_HEADER.decode(), ""))
    return found.visitor


def from_here(request: Request) -> None:
    """A form that no token protects comes from a page of ours, by the browser's own word. Raises Forbidden."""
    origin = request.headers.get("origin")
    if origin and addresses.parts(origin).netloc != request.headers.get("host"):
        raise Forbidden(say("This was sent from a page of another site. Open the link again and do it there."))


def address(request: Request) -> str | None:
    """Where a request comes from."""
    return addresses.ip(request.scope)


def agent(request: Request) -> str | None:
    """What the browser calls itself."""
    return addresses.agent(request.headers.get("user-agent"))


def _signs(unit: Unit, visitor: Visitor, number: str) -> bool:
    try:
        visitors.standing(unit, visitor, number)
    except NotFound:
        return False
    return True
