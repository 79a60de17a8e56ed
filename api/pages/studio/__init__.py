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
    publishing,
    sandboxes,
    scenarios,
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
    sandboxes,
    trying,
    scenarios,
    publishing,
    decisions,
    fills,
)
for part in PARTS:
    router.include_router(part.router)
