"""Security headers on every answer, as plain ASGI: a middleware of the framework's would cost a millisecond each."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_POLICY, _FRAMES = b"content-security-policy", b"x-frame-options"
ALWAYS = [
    (_POLICY, POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (_FRAMES, b"DENY"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
]
FOREVER = (b"cache-control", b"public, max-age=31536000, immutable")
NEVER = (b"cache-control", b"no-store")


def framing(origin: str) -> str:
    """The policy of a page that frames pages of another origin."""
    return f"{POLICY}; frame-src {origin}"


def _added(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer whose policy says who may frame it has that one alone; any other policy holds beside ours."""
    own = next((value for name, value in headers if name == _POLICY), b"")
    if b"frame-ancestors" not in own:
        return ALWAYS
    return [header for header in ALWAYS if header[0] not in (_POLICY, _FRAMES)]


class Headers:
    """Adds the headers. Built assets carry their hash in their name and are kept; everything else is not stored."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = scope["path"].startswith("/static/build/assets/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *_added(message["headers"])]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(FOREVER if kept and message["status"] == 200 else NEVER)
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, with_headers)
