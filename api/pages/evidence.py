"""The evidence package of an agreement, for HR and for those who sign it."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, may
from api.door import Door
from tasks.human import evidence

router = APIRouter(route_class=Door)


@router.get("/agreements/{number}/evidence.zip", name=may("pages.evidence", ANYONE))
def package(request: Request, number: str) -> Response:
    """Made as it is asked for: it takes a second or two."""
    content = evidence.package(deps.house(request), deps.actor(request), number)
    headers = {"Content-Disposition": f'attachment; filename="{number}-evidence.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)
