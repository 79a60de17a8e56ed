"""A batch of agreements, and how far it is: sent to a list of people, or sealed one after another."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import may
from api.door import Door
from api.pages import render
from hr.agreements import batches
from hr.agreements.signers import SEAL
from kernel.errors import NotFound
from kernel.text import say

router = APIRouter(route_class=Door)

MAKERS = frozenset({"hr", "hr-head", SEAL})


@router.get("/agreements/batches/{key}", name=may("pages.agreement.batch", MAKERS))
def show(request: Request, key: int, after: int = 0) -> Response:
    """How far the batch is; for a script, which asks again and again, that part alone."""
    with deps.house(request).database.transaction() as unit:
        found = batches.progress(unit, key, after=after)
        refused = batches.progress(unit, key, state="REFUSED").items
        shown: dict[str, Any] = {
            "batch": found,
            "refused": refused,
            "running": found.state == "RUNNING",
            "after": after,
        }
        template = "agreement-progress.html" if render.by_htmx(request) else "agreement-batch.html"
        return render.page(request, unit, template, here="agreements-all", **shown)


@router.post("/agreements/batches/{key}/cancel", name=may("pages.agreement.batch.cancel", MAKERS))
def cancel(request: Request, key: int) -> Response:
    """Drop what is left. Only who made the batch, or HR, does."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = batches.find(unit, key)
        if found.created_by != actor.id and not actor.has("hr", "hr-head"):
            raise NotFound(say("There is no batch {key}. Check the address.", key=key))
        batches.cancel(unit, key, clock=house.clock)
    return render.go(request, f"/agreements/batches/{key}")
