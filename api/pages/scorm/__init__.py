"""SCORM packages: their address for a learner, and the pages of the origin that plays them."""

from fastapi import APIRouter

from api.door import Door
from api.pages.scorm import address, playing

router = APIRouter(route_class=Door)
for part in (address, playing):
    router.include_router(part.router)

__all__ = ["router"]
