"""Pages for whoever runs the platform: versions, instances, batches, and who did what."""

from fastapi import APIRouter

from api.door import Door
from api.pages.admin import (
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
for part in (standing, processes, versions, compare, search, instance, things, migrations, proposals, batches, records):
    router.include_router(part.router)
