"""Where agreements are read and signed: by the person of a session, or by whoever came with a link and its code."""

from fastapi import APIRouter

from api.door import Door
from api.pages.signing import acts, entry, room

router = APIRouter(route_class=Door)
for part in (entry, room, acts):
    router.include_router(part.router)
