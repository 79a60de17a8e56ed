"""Pages for whoever runs the platform: versions, instances, batches, and who did what."""

from fastapi import APIRouter

from api.door import Door
from api.pages.admin import compare, instance, processes, search, standing, things

router = APIRouter(route_class=Door)
for part in (standing, processes, compare, search, instance, things):
    router.include_router(part.router)
