"""How much of the time that a page tells of counts: never more than went by on the clock of the server."""

from dataclasses import dataclass
from datetime import datetime, timedelta

BEAT = 10.0  # seconds between two heartbeats
CAP = 15.0  # seconds that one of them counts at most: who tells nothing for longer was not there
GRACE = 2.0  # seconds by which one may be late on its way, and the next one early
STILL_THERE = 300.0  # seconds that count before the learner is asked whether they are still there


@dataclass(frozen=True, slots=True)
class Credit:
    """`seconds` count; the next heartbeat is measured from `since`."""

    seconds: float
    since: datetime


def allowed(since: datetime, now: datetime) -> float:
    """The most seconds that a heartbeat can tell of. None where the clock was put back."""
    return min(max(0.0, (now - since).total_seconds()), CAP + GRACE)


def credit(since: datetime, now: datetime, told: float) -> Credit:
    """What counts of the seconds that the page tells of.

    What it did not tell of is lost, up to GRACE, so that two heartbeats of ten seconds count twenty however they
    travelled, and many small ones no more than one large one.
    """
    seconds = min(allowed(since, now), told) if told > 0 else 0.0  # a NaN is not above anything
    return Credit(seconds, min(now, max(since + timedelta(seconds=seconds), now - timedelta(seconds=GRACE))))


def to_ask(before: float, after: float) -> bool:
    """Whether these seconds are so many more that the learner is to be asked."""
    return before // STILL_THERE < after // STILL_THERE
