"""Paths of the process API that this release does not have: 501, in words."""

from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from kernel.actor import Actor
from tasks.house import House

hot = APIRouter(route_class=HotDoor, include_in_schema=False)
router = APIRouter(route_class=HotDoor, include_in_schema=False)


def unbuilt(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    raise HTTPException(501)


@router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], name=may("v2.unbuilt", ANYONE))
@hot_path(unbuilt)
def not_implemented(path: str) -> None:
    """Everything else."""
