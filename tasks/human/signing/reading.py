"""The page tells what is before the signer's eyes; the server counts (domain F74)."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from hr.agreements import acts, reading
from hr.agreements.reading import Read
from hr.agreements.signers import Standing
from kernel.db import Unit
from kernel.errors import Conflict
from tasks.house import House
from tasks.human.signing.visitors import Visitor, standing

DEVICE = ("platform", "screen", "language", "zone")  # what a browser may tell of itself
LONGEST = 200


def device(told: Mapping[str, str]) -> dict[str, str]:
    """What the browser told of the device, as far as it is kept."""
    return {name: str(told[name])[:LONGEST] for name in DEVICE if told.get(name)}


def opened(house: House, unit: Unit, visitor: Visitor, number: str, told: Mapping[str, str]) -> None:
    """The signer has the document open: from here on its pages count. Raises Conflict where they cannot sign now."""
    found = _to_sign(house, unit, visitor, number)
    reading.opened(unit, found, visitor.actor, house.clock.now(), **device(told))


def beat(house: House, unit: Unit, visitor: Visitor, number: str, page: int, seconds: float, at_end: bool) -> Read:
    """A page was in view for so long since the last word. Raises Conflict where they cannot sign now."""
    found = _to_sign(house, unit, visitor, number)
    return reading.beat(unit, found, visitor.actor, page, seconds, at_end=at_end, at=house.clock.now())


def _to_sign(house: House, unit: Unit, visitor: Visitor, number: str) -> Standing:
    """Reading is evidence of a signature to come: none is written where there will be none."""
    found = standing(unit, visitor, number)
    refusal = acts.may_sign(found, house.clock.now(), ZoneInfo(house.settings.zone))
    if refusal is not None:
        raise Conflict(refusal)
    return found
