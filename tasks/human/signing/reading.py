"""The page tells what is before the signer's eyes; the server counts (domain F74)."""

from collections.abc import Mapping

from hr.agreements import acts, reading
from hr.agreements.reading import Read
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
    """The signer has the document open: from here on its pages count."""
    found = standing(unit, visitor, number)
    reading.opened(unit, found, visitor.actor, house.clock.now(), **device(told))


def beat(house: House, unit: Unit, visitor: Visitor, number: str, page: int, seconds: float, at_end: bool) -> Read:
    """A page was in view for so long since the last word. Raises Conflict once nobody can sign any more."""
    found = standing(unit, visitor, number)
    if found.agreement.status != "signing":
        raise Conflict(acts.ended(found.agreement))
    return reading.beat(unit, found, visitor.actor, page, seconds, at_end=at_end, at=house.clock.now())
