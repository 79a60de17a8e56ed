"""The door of every route: who asks, may they, is the request genuine. Then the handler, on a thread.

`Door` is an ordinary FastAPI route behind that check. `HotDoor` calls a plain function `(house, actor, path, body)` on
a thread with no dependency solving and no response model; its OpenAPI entry is what `openapi_extra` says.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl

import anyio.to_thread
import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import Message, Receive, Scope

from api import addresses, deps
from api.access import ACCESS, ANYONE, EVERYBODY, PROGRAMS, Who
from api.auth import COOKIE, Credentials, Gate, Visit, check_csrf, check_origin
from kernel.actor import Actor
from kernel.errors import Forbidden
from kernel.text import Text, listed, say
from tasks.house import House
from tasks.human.progress import group_name

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = b"x-csrf-token"
ASKED = frozenset({b"authorization", b"cookie", b"user-agent", b"host", b"origin", CSRF_HEADER})
_SENTENCES_TOO = orjson.OPT_PASSTHROUGH_DATACLASS  # a Text is one: it is told, not written out
BODY_MOST = 4 * 1024 * 1024  # bytes, as Camunda 8 has it

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Answer(NamedTuple):
    """What a hot handler gives back; `body` None is an empty answer."""

    status: int
    body: Any = None


class Later(NamedTuple):
    """What a hot handler gives back that would have to wait: no thread does.

    It is asked `again` when the workers' bell rings in the database, and after `pause` seconds at the latest. By
    `until`, of the monotonic clock, it has an answer.
    """

    again: Callable[[], "Answer | Later"]
    until: float
    pause: float = 1.0


Hot = Callable[[House, Actor, Mapping[str, str], Any], Answer | Later]


class Strict(Request):
    """A request whose JSON is read as strictly as a hot door's: half a character, which nothing can keep, is none."""

    async def json(self) -> Any:
        return orjson.loads(await self.body())


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
            return await inner(Strict(request.scope, request.receive))

        return handle


class HotDoor(APIRoute):
    """A route whose handler is called without dependency solving. Its operation's id is its function's, in one word."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        first, *words = endpoint.__name__.split("_")
        options["operation_id"] = options.get("operation_id") or first + "".join(map(str.title, words))
        options["summary"] = options.get("summary") or (endpoint.__doc__ or "").partition("\n")[0]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        async def handle(request: Request) -> Response:
            body = await read(request.receive)
            answer = await anyio.to_thread.run_sync(self.answer, request.scope, request.path_params, body)
            while isinstance(answer, Later):  # only where `api.v2.shortcut` does not stand before the routes
                await anyio.sleep(answer.pause)
                answer = await anyio.to_thread.run_sync(answer.again)
            return Response(answer.body, answer.status, media_type="application/json" if answer.body else None)

        return handle

    def answer(self, scope: Scope, path: Mapping[str, str], body: bytes) -> Answer | Later:
        """The handler's answer, its body as JSON text. Raises Refusal for who may not, and what the handler raises."""
        state = scope["app"].state
        visit = let_in(state.gate, scope, ACCESS[self.name])
        if scope["query_string"]:
            path = {**path, **_asked(scope["query_string"])}
        return _written(scope, cast(Hot, self.endpoint.__hot__)(state.house, visit.actor, path, body))  # type: ignore[attr-defined]  # set by `hot` below


def _asked(query: bytes) -> dict[str, str]:
    """What the query of a request says, as a hot handler gets it: under its name with a question mark before."""
    return {f"?{name}": value for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True)}


def _written(scope: Scope, answer: Answer | Later) -> Answer | Later:
    """The answer with its body as JSON text, now or later."""
    if isinstance(answer, Later):
        again = answer.again
        return answer._replace(again=lambda: _written(scope, again()))
    status, found = answer
    return Answer(status, b"" if found is None else orjson.dumps(found, _in_words(scope), _SENTENCES_TOO))


def _in_words(scope: Scope) -> Callable[[Any], str]:
    """What becomes of a sentence in an answer: its words in the reader's language."""

    def words(value: Any) -> str:
        if not isinstance(value, Text):
            raise TypeError(f"{type(value).__name__} is no JSON")
        return value.within(deps.language(Request(scope)))

    return words


def at_most(most: int, receive: Receive) -> Receive:
    """The same request, which raises HTTPException once more than so many bytes of its body have come."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise HTTPException(413)
        return message

    return counted


async def read(receive: Receive) -> bytes:
    """The body of a request, empty where the caller hung up. Raises HTTPException beyond BODY_MOST."""
    limited, parts, more = at_most(BODY_MOST, receive), [], True
    while more:
        message = await limited()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def hot(handler: Hot) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a `HotDoor` call `handler`; the decorated function only documents the operation."""

    def mark(documented: Callable[..., Any]) -> Callable[..., Any]:
        documented.__hot__ = handler  # type: ignore[attr-defined]  # read by HotDoor
        return documented

    return mark


def enter(request: Request, who: Who) -> Visit:
    """The visit of a request that may pass. Raises Unauthenticated or Forbidden."""
    return let_in(request.app.state.gate, request.scope, who)


def let_in(gate: Gate, scope: Scope, who: Who) -> Visit:
    """The same, of an ASGI scope. Pages know the session alone: a browser must not be two people at once."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"] if name in ASKED}
    program = scope["path"].startswith(PROGRAMS)
    found = Credentials(
        authorization=headers.get(b"authorization", "").encode("latin-1") if program else b"",
        cookie=cookie_parser(headers.get(b"cookie", "")).get(COOKIE, ""),
        ip=addresses.ip(scope),
        agent=addresses.agent(headers.get(b"user-agent")),
    )
    visit = gate.visit(found)
    if scope["method"] not in SAFE:
        check_csrf(visit, headers.get(CSRF_HEADER, ""))
        check_origin(visit, headers.get(b"origin", ""), headers.get(b"host", ""))
    if who not in (ANYONE, EVERYBODY) and not visit.actor.has(*who):
        raise Forbidden(
            say(
                "{who} may not do this: it is for {groups}.",
                who=visit.actor.id,
                groups=listed([group_name(group) for group in sorted(who)]),
            )
        )
    return visit
