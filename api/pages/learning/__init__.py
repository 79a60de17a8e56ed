"""Learning: the learner's shelf, a course, its lessons, and what their pages tell while somebody learns."""

from fastapi import APIRouter

from api.door import Door
from api.pages.learning import acts, lesson, material, shelf

router = APIRouter(route_class=Door)
for part in (material, shelf, lesson, acts):
    router.include_router(part.router)
