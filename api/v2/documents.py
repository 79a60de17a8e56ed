"""The same act on many instances."""

from fastapi import APIRouter

from api.door import HotDoor

hot = APIRouter(route_class=HotDoor, tags=["Batch operation"])
router = APIRouter(route_class=HotDoor, tags=["Batch operation"])
