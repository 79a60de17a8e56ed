"""What waits for the company's seal: many are chosen, one code is sent for that very list, and they are sealed."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api import deps
from api.access import may
from api.door import Door
from api.pages import render
from hr.agreements import will
from hr.agreements.signers import SEAL
from tasks.human import agreements
from tasks.human.signing import codes, lists

router = APIRouter(route_class=Door)

HOLDERS = frozenset({SEAL})


class Chosen(BaseModel):
    """Which agreements: by their numbers, or `everything` that waits for this holder now."""

    numbers: list[str] = Field(default_factory=list)
    everything: bool = False
    channel: str = ""
    code: str = ""


@router.get("/agreements/seal", name=may("pages.agreement.seal", HOLDERS))
def show(request: Request, page: int = 1) -> Response:
    """What waits for the seal, the most urgent first."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        return render.page(
            request,
            unit,
            "agreement-seal.html",
            here="seal",
            found=agreements.agreements(house, unit, actor, scope="seal", page=max(page, 1)),
            channels=codes.channels(house, unit, actor.id),
        )


@router.post("/agreements/seal/code", name=may("pages.agreement.seal.code", HOLDERS))
def code(request: Request, chosen: Chosen) -> dict[str, Any]:
    """Send one code for the list. The answer names the list, which is sent back with the code."""
    house, actor = deps.house(request), deps.actor(request)
    numbers = _everything(request) if chosen.everything else chosen.numbers
    sent = lists.send(house, actor, numbers, chosen.channel)
    return {"address": sent.address, "again_in": int(will.PAUSE.total_seconds()), "numbers": numbers}


@router.post("/agreements/seal", name=may("pages.agreement.seal.begin", HOLDERS))
def begin(request: Request, chosen: Chosen) -> dict[str, Any]:
    """Begin to seal them, by the code that was sent for this list."""
    n, tongue = len(chosen.numbers), render.tongue(request)
    title = tongue.say("Seal one agreement") if n == 1 else tongue.say("Seal {n} agreements", n=n)
    key = lists.begin(deps.house(request), deps.actor(request), chosen.numbers, chosen.code, title)
    return {"location": f"/agreements/batches/{key}"}


def _everything(request: Request) -> list[str]:
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        first = agreements.agreements(house, unit, actor, scope="seal")
        more = [agreements.agreements(house, unit, actor, scope="seal", page=n) for n in range(2, first.pages + 1)]
    return [row.number for found in (first, *more) for row in found.rows]
