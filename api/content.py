"""Where strangers' scripts run: a second name of this server, on which there is no session and nothing of ours.

The scripts of a SCORM package and the pages of the product never share an origin. `JIAOJIE_CONTENT_URL` is that second
name; without it, `localhost` and `127.0.0.1` are one another's (docs/reference/settings.md). A token in the address
tells which lesson is played (`hr.training.scorm.links`), and it is good under the name that it was made for alone.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api import addresses
from kernel.config import Settings
from kernel.errors import NotFound, Unavailable
from kernel.text import say

PREFIX = "/_content/"
BUILT = "/static/build/"  # the player's own script and style
LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


@dataclass(frozen=True, slots=True)
class Origins:
    """The origin of the pages and the one that plays packages, such as `http://127.0.0.1:8080`."""

    main: str
    content: str

    @property
    def host(self) -> str:
        """The name and port of the one that plays, which a token is bound to."""
        return urlsplit(self.content).netloc


def beside(request: Request, settings: Settings) -> Origins:
    """Both origins, asked from a page. Raises Unavailable where packages cannot be played from it."""
    if settings.content_url:
        found = _set(settings)
        if request.url.netloc == urlsplit(found.main).netloc:
            return found
        raise Unavailable(
            say("Packages are played from {address} alone. Open the course under that address.", address=found.main)
        )
    here = f"{request.url.scheme}://{request.url.netloc}"
    other = _swapped(here)
    if other is None:
        raise Unavailable(
            say(
                "SCORM packages are played under a second name of this server, and none is set. Ask an administrator "
                "to set {setting}.",
                setting="JIAOJIE_CONTENT_URL",
            )
        )
    return Origins(here, other)


def within(request: Request, settings: Settings) -> Origins:
    """Both origins, asked from the one that plays. Raises NotFound under any other name."""
    if settings.content_url:
        found = _set(settings)
        here = request.url.netloc == found.host
        main = found.main if here else None
    else:
        main = _swapped(f"{request.url.scheme}://{request.url.netloc}")
    if main is None:
        raise NotFound(say("There is nothing under this address."))
    return Origins(main, f"{request.url.scheme}://{request.url.netloc}")


def _set(settings: Settings) -> Origins:
    if not settings.public_url:
        raise Unavailable(
            say(
                "Packages are played for pages of one address, and it is not set. Ask an administrator to set "
                "{setting}.",
                setting="JIAOJIE_PUBLIC_URL",
            )
        )
    return Origins(_origin(settings.public_url), _origin(settings.content_url))


def _origin(url: str) -> str:
    parts = addresses.parts(url)
    return f"{parts.scheme}://{parts.netloc}"


def _swapped(origin: str) -> str | None:
    parts = addresses.parts(origin)
    other = LOOPBACK.get(parts.hostname or "")
    return f"{parts.scheme}://{parts.netloc.replace(parts.hostname or '', other, 1)}" if other else None


class ContentHost:
    """Keeps both names apart: under the second one there are packages and built files, under any other no package.

    While no second name is set, the two loopback names serve both; what keeps a package from our pages there is the
    policy of its answers, which names the paths that it may load.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _may(scope, scope["app"].state.house.settings):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _may(scope: Scope, settings: Settings) -> bool:
    path = scope["path"]
    if not settings.content_url:
        return True
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    if host.lower() == addresses.parts(settings.content_url).netloc.lower():
        return bool(path.startswith((PREFIX, BUILT)))
    return not path.startswith(PREFIX)
