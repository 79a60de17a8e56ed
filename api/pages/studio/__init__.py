"""The studio: where process designers draw, check, try and publish."""

from fastapi import APIRouter

from api.door import Door
from api.pages.studio import (
    acts,
    checking,
    decisions,
    editors,
    files,
    fills,
    history,
    projects,
    trying,
    uploads,
)

router = APIRouter(route_class=Door)
PARTS = (
    projects,
    checking,
    acts,
    uploads,
    editors,
    files,
    history,
    decisions,
    fills,
    trying,
)
for part in PARTS:
    router.include_router(part.router)
