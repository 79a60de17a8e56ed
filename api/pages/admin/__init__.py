"""Pages for whoever runs the platform: versions, instances, batches, and who did what."""

from fastapi import APIRouter

from api.door import Door
from api.pages.admin import (
    acts,
    batches,
    compare,
    instance,
    migrations,
    processes,
    proposals,
    records,
    search,
    standing,
    things,
    versions,
)

router = APIRouter(route_class=Door)
PARTS = (
    standing,
    processes,
    versions,
    compare,
    search,
    instance,
    things,
    acts,
    migrations,
    proposals,
    batches,
    records,
)
for part in PARTS:
    router.include_router(part.router)
