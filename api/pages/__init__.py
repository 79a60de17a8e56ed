"""Pages for people: rendered on the server, refreshed in parts by htmx."""

from fastapi import APIRouter

from api.door import Door
from api.pages import (
    admin,
    cases,
    conversations,
    entry,
    events,
    failure,
    files,
    inbox,
    me,
    messages,
    people,
    start,
    studio,
    tasks,
    verify,
)

router = APIRouter(route_class=Door, include_in_schema=False)
for part in (
    entry,
    inbox,
    tasks,
    start,
    cases,
    conversations,
    people,
    messages,
    me,
    files,
    events,
    verify,
    admin,
    studio,
):
    router.include_router(part.router)

__all__ = ["failure", "router"]
