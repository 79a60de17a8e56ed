"""The trial mode's clock. Outside of it there is nothing here."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from api.access import DESIGNERS, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.trial import TrialTime
from api.v2 import described, shapes
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.text import say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, tags=["Clock"])
router = APIRouter(route_class=HotDoor, tags=["Clock"])


LAST = 4_102_444_800_000  # the year 2100
PINNED = described.thing("timestamp", timestamp={**described.WHOLE, "description": "Milliseconds since 1970."})


def _clock(house: House) -> TrialTime:
    if not isinstance(house.clock, TrialTime):
        raise NotFound(say("Only a trial's clock can be moved. Start the product with JIAOJIE_TRIAL=1."))
    return house.clock


def move(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    millis = shapes.between(shapes.body(raw), "timestamp", -1, 0, LAST)
    _clock(house).move(datetime.fromtimestamp(millis / 1000, UTC))
    house.engine.ring(house.database.once())
    return Answer(204)


def reset(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    _clock(house).reset()
    return Answer(204)


@hot.put("/clock", name=may("v2.clock.move", DESIGNERS), **described.described(takes=PINNED))
@hot_path(move)
def pin_clock() -> None:
    """Move the clock to an instant (milliseconds since 1970); it runs on from there."""


@hot.post("/clock/reset", name=may("v2.clock.reset", DESIGNERS), **described.described())
@hot_path(reset)
def reset_clock() -> None:
    """Back to the machine's clock."""
