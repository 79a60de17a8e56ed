"""Stored files, to those who may see what they belong to."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from tasks.human import files

router = APIRouter(route_class=Door)

# Shown in the browser; everything else is downloaded, so that nothing uploaded runs as a page of ours. SVG is never an
# upload: only drawn signatures are kept as such, of strokes alone, and the answer's policy forbids scripts besides.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"})


@router.get("/files/{hash}", name=may("pages.file", ANYONE))
def show(request: Request, hash: str) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        stored, content = files.read(house, unit, deps.actor(request), hash)
    shown = stored.media_type in SHOWN
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(stored.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=stored.media_type if shown else "application/octet-stream", headers=headers)
