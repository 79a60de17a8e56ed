"""A batch of agreements, and how far it is: sent to a list of people, or sealed one after another."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.agreements.signers import SEAL
from kernel.errors import NotFound
from kernel.text import say
from tasks.human import batches

router = APIRouter(route_class=Door)

MAKERS = HR | {SEAL}
KEYS = 2**63  # what a key is smaller than


@router.get("/agreements/batches/{key}", name=may("pages.agreement.batch", MAKERS))
def show(request: Request, key: int, after: int = 0) -> Response:
    """How far the batch is; for a script, which asks again and again, that part alone."""
    house, actor = deps.house(request), deps.actor(request)
    _refuse_no_key(key)
    with house.database.transaction() as unit:
        found = batches.progress(house, unit, actor, key, after=after)
        refused = batches.progress(house, unit, actor, key, state="REFUSED").items if found.refused else ()
        shown: dict[str, Any] = {
            "batch": found,
            "refused": refused,
            "running": found.state == "RUNNING",
            "after": after,
        }
        template = "agreement-progress.html" if render.by_htmx(request) else "agreement-batch.html"
        here = "seal" if found.kind == "seal" else "agreements-all"
        return render.page(request, unit, template, here=here, **shown)


@router.post("/agreements/batches/{key}/cancel", name=may("pages.agreement.batch.cancel", MAKERS))
def cancel(request: Request, key: int) -> Response:
    """Drop what is left of it."""
    house = deps.house(request)
    _refuse_no_key(key)
    with house.database.transaction() as unit:
        batches.cancel(house, unit, deps.actor(request), key)
    return render.go(request, f"/agreements/batches/{key}")


def _refuse_no_key(key: int) -> None:
    """Raises NotFound for a number that no column of keys can hold."""
    if not 0 <= key < KEYS:
        raise NotFound(say("There is no batch {key}. Check the address.", key=key))
