"""Courses as HR keeps them: the list, the editor with its preview, versions, material."""

from fastapi import APIRouter

from api.door import Door
from api.pages.courses import editor, listing, material, preview, versions

router = APIRouter(route_class=Door)
for part in (listing, material, preview, versions, editor):
    router.include_router(part.router)

__all__ = ["router"]
