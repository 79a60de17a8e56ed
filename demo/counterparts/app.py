"""The application: every call is logged, must bear the token, may meet a fault, and is answered once per key."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.counterparts import control, identity, licensed, phone, systems
from demo.counterparts.mailbox import Mailbox
from demo.counterparts.state import State, now

OK = range(200, 300)
SYSTEMS = (*systems.ROUTES, *licensed.ROUTES, *identity.ROUTES)
OPEN = (*control.ROUTES, *phone.ROUTES, *identity.CONTROL, *licensed.OPEN)
SIGNED = ("/oa/", "/licensed/")  # requests that prove themselves instead of bearing a token
Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(state: State, *, token: str, secret: str, hook: str = "", mail_port: int | None = None) -> Starlette:
    """The counterparts over HTTP. With `mail_port` a mailbox listens beside them on the loopback address."""

    @contextlib.asynccontextmanager
    async def beside(app: Starlette) -> AsyncIterator[None]:
        mailbox = await Mailbox(state).listen(mail_port) if mail_port is not None else None
        yield
        if mailbox is not None:
            mailbox.close()

    guarded = [Route(route.path, _guarded(route.endpoint), methods=route.methods) for route in SYSTEMS]
    app = Starlette(routes=[*OPEN, *guarded], lifespan=beside, exception_handlers={HTTPException: _problem})
    app.state.counterparts, app.state.token, app.state.secret, app.state.hook = state, token, secret, hook
    app.state.event_keys = {}
    return app


def _problem(request: Request, error: Exception) -> Response:
    """RFC 9457."""
    assert isinstance(error, HTTPException)
    body = {"title": "The request was refused.", "status": error.status_code, "detail": error.detail}
    return JSONResponse(body, error.status_code, media_type="application/problem+json")


def _guarded(endpoint: Endpoint) -> Endpoint:
    async def call(request: Request) -> Response:
        state = systems.state_of(request)
        system = request.url.path.split("/")[1]
        fault = state.fault(system) or {}
        await asyncio.sleep(fault.get("delay", 0))
        if fault.get("status") and not fault["after"]:
            answer: Response = _failed(fault["status"])
        else:
            answer = await _answer(request, endpoint)
            answer = _failed(fault["status"]) if fault.get("status") else answer
        await _log(request, system, answer)
        return answer

    return call


def _failed(status: int) -> Response:
    body = {"title": "A fault was asked for.", "status": status}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _answer(request: Request, endpoint: Endpoint) -> Response:
    """The endpoint's answer, or the one already given under the same key and body."""
    if not request.url.path.startswith(SIGNED) and not _trusted(request):
        return _problem(request, HTTPException(401, "The token is missing or wrong."))
    key = request.headers.get("Idempotency-Key")
    if request.method == "GET" or not key:
        return await _attempt(request, endpoint)
    state = systems.state_of(request)
    print_of = sha256(f"{request.method} {request.url.path} ".encode() + await request.body()).hexdigest()
    known = state.replies.get(key)
    if known is None:
        answer = await _attempt(request, endpoint)
        if answer.status_code in OK:
            body = bytes(answer.body).decode()
            state.replies[key] = {"print": print_of, "status": answer.status_code, "body": body}
            state.save()
        return answer
    if known["print"] != print_of:
        return _problem(request, HTTPException(422, "This Idempotency-Key was used for another request."))
    return Response(known["body"], known["status"], {"Idempotent-Replayed": "true"}, "application/json")


def _trusted(request: Request) -> bool:
    wanted: str = request.app.state.token
    return not wanted or request.headers.get("Authorization") == f"Bearer {wanted}"


async def _attempt(request: Request, endpoint: Endpoint) -> Response:
    try:
        return await endpoint(request)
    except HTTPException as refused:
        return _problem(request, refused)


async def _log(request: Request, system: str, answer: Response) -> None:
    body = await request.body()
    call: dict[str, Any] = {
        "at": now(),
        "system": system,
        "method": request.method,
        "path": request.url.path,
        "key": request.headers.get("Idempotency-Key"),
        "status": answer.status_code,
        "replayed": "Idempotent-Replayed" in answer.headers,
        "body": json.loads(body) if body else None,
    }
    systems.state_of(request).calls.append(call)
