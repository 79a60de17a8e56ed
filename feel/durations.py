"""FEEL's two kinds of duration, and the units that time is counted in: nanoseconds."""

import datetime as host
from dataclasses import dataclass

from feel.errors import Unfit
from feel.sentences import say

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_LONGEST_MONTHS = 10**12
_LONGEST_NANOS = 10**28


def _truncate(numerator: int, denominator: int) -> int:
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A number of whole months, of either sign."""

    months: int

    def __post_init__(self) -> None:
        if not -_LONGEST_MONTHS < self.months < _LONGEST_MONTHS:
            raise Unfit(say("The duration is too long."))

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{body}"


@dataclass(frozen=True, slots=True, order=True)
class DayTimeDuration:
    """A number of nanoseconds, of either sign; a day is 24 hours."""

    nanos: int

    def __post_init__(self) -> None:
        if not -_LONGEST_NANOS < self.nanos < _LONGEST_NANOS:
            raise Unfit(say("The duration is too long."))

    def __str__(self) -> str:
        days, rest = divmod(abs(self.nanos), DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds = seconds_text(rest) if rest else ""
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if seconds else "")
        body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{'-' if self.nanos < 0 else ''}P{body}" if body else "PT0S"

    def python(self) -> host.timedelta:
        """As a timedelta, cut to microseconds. Raises OverflowError beyond its range."""
        return host.timedelta(microseconds=_truncate(self.nanos, 1000))


def seconds_text(nanos: int, width: int = 0) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    return f"{seconds:0{width}}" + (f".{fraction:09}".rstrip("0") if fraction else "")
