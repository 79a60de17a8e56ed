"""Exams: before one, the exam itself, its result; and how its questions do, for HR."""

from fastapi import APIRouter

from api.door import Door
from api.pages.exams import questions, results, room

router = APIRouter(route_class=Door)
for part in (room, results, questions):
    router.include_router(part.router)
