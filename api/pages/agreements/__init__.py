"""Agreements: the list, one of them, new ones, batches; the texts that they are made from."""

from fastapi import APIRouter

from api.door import Door
from api.pages.agreements import batches, listing, one, sealing, starting, texts

router = APIRouter(route_class=Door)
for part in (texts, starting, sealing, batches, listing, one):
    router.include_router(part.router)
