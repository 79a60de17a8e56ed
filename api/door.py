"""The door of every route: who asks, may they, is the request genuine. Then the handler, on a thread.

`Door` is an ordinary FastAPI route behind that check. `HotDoor` calls a plain function `(house, actor, path, body)` on
a thread with no dependency solving and no response model, which halves the cost of a small call; its OpenAPI entry is
the one that FastAPI makes from the same signature.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.access import ACCESS, ANYONE, EVERYBODY, Who
from api.auth import COOKIE, Credentials, Visit, check_csrf
from kernel.actor import Actor
from kernel.errors import Forbidden
from kernel.text import say
from tasks.house import House

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf-token"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Answer(NamedTuple):
    """What a hot handler gives back; `body` None is an empty answer."""

    status: int
    body: Any = None


Hot = Callable[[House, Actor, Mapping[str, str], Any], Answer]


class Door(APIRoute):
    """A route that lets in whom `api.access` names."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if self.name not in ACCESS:
            raise LookupError(f"Route {path} ({self.name}) has no line in api/access.py.")

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()
        name = self.name

        async def handle(request: Request) -> Response:
            if ACCESS[name] != EVERYBODY:
                request.state.visit = await run_in_threadpool(enter, request, ACCESS[name])
            return await inner(request)

        return handle


class HotDoor(APIRoute):
    """A route whose handler is called without dependency solving."""

    def get_route_handler(self) -> Handler:
        who: Who = ACCESS[self.name]
        hot: Hot = self.endpoint.__hot__  # type: ignore[attr-defined]  # set by `hot` below

        async def handle(request: Request) -> Response:
            body = await request.body()
            answer = await run_in_threadpool(self._answer, request, who, hot, body)
            if answer.body is None:
                return Response(status_code=answer.status)
            return Response(orjson.dumps(answer.body), answer.status, media_type="application/json")

        return handle

    @staticmethod
    def _answer(request: Request, who: Who, hot: Hot, body: bytes) -> Answer:
        visit = enter(request, who)
        return hot(request.app.state.house, visit.actor, request.path_params, body)


def hot(handler: Hot) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a `HotDoor` call `handler`; the decorated function only documents the operation."""

    def mark(documented: Callable[..., Any]) -> Callable[..., Any]:
        documented.__hot__ = handler  # type: ignore[attr-defined]  # read by HotDoor
        return documented

    return mark


def enter(request: Request, who: Who) -> Visit:
    """The visit of a request that may pass. Raises Unauthenticated or Forbidden."""
    visit: Visit = request.app.state.gate.visit(credentials(request))
    if request.method not in SAFE:
        check_csrf(visit, request.headers.get(CSRF_HEADER, ""))
    if who not in (ANYONE, EVERYBODY) and not visit.actor.has(*who):
        raise Forbidden(
            say("{who} may not do this: it is for {groups}.", who=visit.actor.id, groups=", ".join(sorted(who)))
        )
    return visit


def credentials(request: Request) -> Credentials:
    """What the request brings to be known by."""
    client = request.client
    return Credentials(
        authorization=request.headers.get("authorization", "").encode("latin-1"),
        cookie=request.cookies.get(COOKIE, ""),
        ip=client.host if client else None,
        agent=request.headers.get("user-agent"),
    )
