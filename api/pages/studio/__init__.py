"""The studio: where process designers draw, check, try and publish."""

from fastapi import APIRouter

from api.door import Door
from api.pages.studio import decisions, editors, files, fills, projects, trying

router = APIRouter(route_class=Door)
PARTS = (
    projects,
    editors,
    files,
    decisions,
    fills,
    trying,
)
for part in PARTS:
    router.include_router(part.router)
