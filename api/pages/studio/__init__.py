"""The studio: where process designers draw, check, try and publish."""

from fastapi import APIRouter

from api.door import Door
from api.pages.studio import editors, files, projects

router = APIRouter(route_class=Door)
PARTS = (
    projects,
    editors,
    files,
)
for part in PARTS:
    router.include_router(part.router)
