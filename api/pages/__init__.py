"""Pages for people: rendered on the server, refreshed in parts by htmx."""

from fastapi import APIRouter

from api.door import Door
from api.pages import (
    admin,
    agreements,
    cases,
    contacts,
    conversations,
    courses,
    entry,
    events,
    evidence,
    exams,
    failure,
    files,
    inbox,
    learning,
    me,
    messages,
    people,
    scorm,
    signing,
    start,
    studio,
    tasks,
    training,
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
    learning,
    scorm,
    courses,
    training,
    conversations,
    people,
    contacts,
    messages,
    me,
    files,
    signing,
    exams,
    events,
    evidence,
    verify,
    admin,
    studio,
):
    router.include_router(part.router)

__all__ = ["failure", "router"]
