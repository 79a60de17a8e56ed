"""A package being played, on an origin of its own: the page around it, its files, and what it commits.

No session is asked for here: the token in the address is what lets in, and it is no good under any other host name.
"""

import mimetypes
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api import addresses, content, deps, errors, limits
from api.access import EVERYBODY, may
from api.content import PREFIX, Origins
from api.door import Door, at_most
from api.limits import Limit
from api.pages import render
from kernel.db import Unit
from kernel.errors import Forbidden, Invalid, Refusal, Unavailable
from kernel.text import say
from tasks.human.training import packages
from tasks.human.training.packages import Place

router = APIRouter(route_class=Door)

COMMITS = Limit("scorm.commit", 300)  # in ten minutes: a page commits every half a minute, and at each answer
SANDBOX = "sandbox allow-scripts allow-same-origin allow-forms allow-modals"  # no windows, nothing of the page above
WEB_TYPES = {  # whatever the machine's own table of types says
    **{".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".css": "text/css"},
    **{".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".xml": "application/xml"},
    **{".svg": "image/svg+xml", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2"},
    **{".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".vtt": "text/vtt"},
}


class Asked(NamedTuple):
    """Where a request came in: the origins, the address of the package on the one that plays, and the token."""

    origins: Origins
    base: str
    place: Place


def asked(request: Request, token: str) -> Asked:
    """Raises NotFound under a name that plays nothing."""
    origins = content.within(request, deps.house(request).settings)
    place = Place(
        token,
        origins.host,
        ip=addresses.ip(request.scope),
        agent=addresses.agent(request.headers.get("user-agent")),
    )
    return Asked(origins, f"{origins.content}{PREFIX}{quote(token, safe='')}/", place)


At = Annotated[Asked, Depends(asked)]


async def body(request: Request) -> bytes | None:
    """What a page commits; None for more than it may."""
    limited = at_most(packages.COMMIT_MOST, request.receive)
    try:
        return await Request(request.scope, limited).body()
    except HTTPException:
        return None


@router.get(PREFIX + "{token}/", name=may("content.page", EVERYBODY))
def page(request: Request, at: At, item: str = "") -> Response:
    """The page around the package: the list of its pages, and the interface that they look for in it."""
    house = deps.house(request)
    try:
        with house.database.transaction() as unit:
            found = packages.page(house, unit, at.place, item)
    except Refusal as over:
        answer: Response = render.fragment(request, "course-package-over.html", sentence=over.message, status=404)
    else:
        answer = render.fragment(request, "course-package.html", page=found, main=at.origins.main)
    answer.headers["content-security-policy"] = _around(at)
    return answer


@router.get(PREFIX + "{token}/files/{path:path}", name=may("content.file", EVERYBODY))
def file(request: Request, at: At, path: str) -> Response:
    """A file of the package."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = packages.file(house, unit, at.place, path)
    headers = {
        "content-type": _type(found.name),
        "content-security-policy": _inside(at),
        "cache-control": "private, max-age=3600",
    }
    return FileResponse(found, headers=headers)


@router.post(PREFIX + "{token}/commit", name=may("content.commit", EVERYBODY))
def commit(request: Request, at: At, raw: Annotated[bytes | None, Depends(body)], item: str = "") -> Response:
    """Keep what a page stored, and tell what it came to. As JSON, refusals too: a script asks."""
    house = deps.house(request)
    language = deps.language(request)
    try:
        _refuse_others(request, at)
        with house.database.transaction() as unit:
            _spend(request, unit, at.place.token)
        with house.database.transaction() as unit:
            done = packages.keep(house, unit, at.place, item, _cmi(raw))
    except Refusal as why:
        return _json({"result": False, "refused": why.message.within(language)}, errors.status_of(why))
    return _json(
        {
            "result": True,
            "done": done.done,
            "completed": done.result.completed,
            "passed": done.result.passed,
            "score": done.result.score,
            "missing": done.missing.within(language) if done.missing else "",
        }
    )


def _cmi(raw: bytes | None) -> dict[str, Any]:
    if raw is None:
        most = packages.COMMIT_MOST >> 10
        raise Invalid(say("The package stores more than {most} KB at once; nothing of it was kept.", most=most))
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError:
        told = None
    cmi = told.get("cmi") if isinstance(told, dict) else None
    if not isinstance(cmi, dict):
        raise Invalid(say("What the package stores cannot be read; nothing of it was kept."))
    return cmi


def _refuse_others(request: Request, at: Asked) -> None:
    origin = request.headers.get("origin")
    if origin and origin != at.origins.content:
        raise Forbidden(say("This call comes from a page of {origin}, which may not act here.", origin=origin))


def _spend(request: Request, unit: Unit, token: str) -> None:
    wait = limits.spend(unit, COMMITS, token.partition(".")[0], deps.house(request).clock.now())
    if wait:
        raise Unavailable(say("The package stores too often. It can go on in {wait} s.", wait=wait))


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(told), status, media_type="application/json")


def _type(name: str) -> str:
    """Without a character set: older packages state their own in the page."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return WEB_TYPES.get(ending) or mimetypes.types_map.get(ending) or "application/octet-stream"


def _around(at: Asked) -> str:
    built = f"{at.origins.content}{content.BUILT}"
    return (
        f"default-src 'none'; script-src {built}; style-src {built} 'unsafe-inline'; img-src {built} data:; "
        f"connect-src {at.base}; frame-src {at.base}files/; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors {at.origins.main}; {SANDBOX}"
    )


def _inside(at: Asked) -> str:
    """What the package may load lies in the package. So its script reads none of our pages, even where a trial serves
    them under the same name, and reports to no stranger.
    """
    files = f"{at.base}files/"
    return (
        f"default-src 'none'; script-src {files} 'unsafe-inline' 'unsafe-eval' blob:; "
        f"style-src {files} 'unsafe-inline'; img-src {files} data: blob:; media-src {files} data: blob:; "
        f"font-src {files} data:; connect-src {files} data: blob:; frame-src {files}; worker-src blob:; "
        f"form-action {files}; base-uri {files}; frame-ancestors {at.origins.content} {at.origins.main}; {SANDBOX}"
    )
