"""Pages for people: rendered on the server, refreshed in parts by htmx."""

from fastapi import APIRouter

from api.door import Door
from api.pages import (
    admin,
    agreements,
    cases,
    conversations,
    entry,
    events,
    evidence,
    failure,
    files,
    inbox,
    me,
    messages,
    people,
    signing,
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
    agreements,
    conversations,
    people,
    messages,
    me,
    files,
    signing,
    events,
    evidence,
    verify,
    admin,
    studio,
):
    router.include_router(part.router)

__all__ = ["failure", "router"]
