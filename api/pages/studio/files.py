"""Files of a project over HTTP: their bytes, saved from the state that was edited and never over another."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import DESIGNERS, may
from api.door import Door, at_most
from api.pages.studio import shell
from api.pages.told import told
from kernel.db import Unit
from kernel.errors import Invalid, Refusal
from kernel.text import say
from processes.studio import asides, drafts, rules
from processes.studio.drafts import Changed
from processes.studio.projects import Entry

router = APIRouter(route_class=Door)

HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox"}  # beside nosniff, which every answer has
COMMENT_MOST = 1000


async def sent(request: Request) -> bytes:
    """The body as it came. One byte beyond the most is enough to be refused in words."""
    receive = at_most(2 * rules.FILE_MOST, request.receive)
    return await Request(request.scope, receive).body()


Body = Annotated[bytes, Depends(sent)]


@router.get("/studio/{project}/files/{name}/content", name=may("pages.studio.content", DESIGNERS))
def content(request: Request, project: int, name: str) -> Response:
    """The bytes as they were saved; their digest is the ETag."""
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
    return attached(draft.name, draft.content, draft.digest)


@router.get("/studio/{project}/files/{name}/state", name=may("pages.studio.state", DESIGNERS))
def state(request: Request, project: int, name: str) -> Response:
    """Which state the file is in, and who brought it there."""
    with deps.house(request).database.transaction() as unit:
        return JSONResponse(_state(unit, drafts.read(unit, project, name)))


@router.put("/studio/{project}/files/{name}/content", name=may("pages.studio.save", DESIGNERS))
def save(request: Request, project: int, name: str, body: Body, comment: str = "") -> Response:
    """Save on top of the state that `If-Match` names, or with `If-None-Match: *` as a new file.

    409 with what is there now where it is another state; what was sent is then kept aside.
    """
    house, actor = deps.house(request), deps.actor(request)
    try:
        expected = _expected(request)
        with told(house), house.database.transaction() as unit:
            draft = drafts.save(
                house.engine,
                unit,
                project,
                name,
                body,
                expected=expected,
                actor=actor,
                comment=comment.strip()[:COMMENT_MOST],
            )
            return JSONResponse(_state(unit, draft))
    except Changed as changed:
        with house.database.transaction() as unit:
            kept = asides.keep(house.engine, unit, project, name, body, expected=expected, actor=actor)
            current = _state(unit, changed.current) if changed.current else None
        return _refused(request, changed, 409, current=current, aside=str(kept))
    except Invalid as refused:
        return _refused(request, refused, 422)


@router.delete("/studio/{project}/files/{name}/content", name=may("pages.studio.remove", DESIGNERS))
def remove(request: Request, project: int, name: str) -> Response:
    """Take the file away if it is still the state that `If-Match` names."""
    house = deps.house(request)
    try:
        with told(house), house.database.transaction() as unit:
            expected = _expected(request)
            drafts.remove(house.engine, unit, project, name, expected=expected or "", actor=deps.actor(request))
    except Changed as changed:
        with house.database.transaction() as unit:
            current = _state(unit, changed.current) if changed.current else None
        return _refused(request, changed, 409, current=current)
    except Invalid as refused:
        return _refused(request, refused, 422)
    return Response(status_code=204)


@router.get("/studio/{project}/files/{name}/revisions/{revision}", name=may("pages.studio.revision", DESIGNERS))
def revision(request: Request, project: int, name: str, revision: int) -> Response:
    """A former state, byte for byte."""
    with deps.house(request).database.transaction() as unit:
        found = drafts.revision(unit, project, name, revision)
    return attached(found.name, found.content, rules.digest(found.content))


def attached(name: str, content: bytes, digest: str = "") -> Response:
    """A file to be kept by whoever asked: nothing in it can run in a browser."""
    headers = {**HARMLESS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    if digest:
        headers["ETag"] = f'"{digest}"'
    return Response(content, media_type="application/octet-stream", headers=headers)


def _expected(request: Request) -> str | None:
    """The digest that a change goes on top of; None for a file that is not there yet. Raises Invalid for neither."""
    match = request.headers.get("if-match", "").strip()
    if match:
        return match.removeprefix("W/").strip('"')
    if request.headers.get("if-none-match", "").strip() == "*":
        return None
    raise Invalid(
        say("Say which state this is a change of: If-Match with its ETag, or If-None-Match: * for a new file.")
    )


def _state(unit: Unit, entry: Entry) -> dict[str, Any]:
    return {
        "digest": entry.digest,
        "revision": entry.revision,
        "changedAt": entry.changed_at.isoformat(),
        "changedBy": shell.names(unit, [entry.changed_by])[entry.changed_by],
    }


def _refused(request: Request, refusal: Refusal, status: int, **more: object) -> Response:
    return JSONResponse({"detail": refusal.message.within(deps.language(request)), **more}, status)
