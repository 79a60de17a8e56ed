"""Training for those who look after it: completion for HR, a manager's team, courses by hand, waivers, files."""

from fastapi import APIRouter

from api.door import Door
from api.pages.training import assigning, completion, files, team, waiving

router = APIRouter(route_class=Door)
for part in (completion, team, assigning, waiving, files):
    router.include_router(part.router)
