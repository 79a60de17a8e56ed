"""Training for those who look after it: completion for HR, the team of a manager, courses given by hand, files."""

from fastapi import APIRouter

from api.door import Door
from api.pages.training import assigning, completion, files, team

router = APIRouter(route_class=Door)
for part in (completion, team, assigning, files):
    router.include_router(part.router)
