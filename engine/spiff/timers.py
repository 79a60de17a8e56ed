"""Timers: a date, a duration or a cycle in ISO 8601, or a cycle as cron. Every instant is UTC inside."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model import Value
from engine.spiff.cron import next_match, reads_as_cron
from engine.spiff.expression import Fault, shown
from engine.spiff.numbers import whole_number
from kernel.text import Text, say

Kind = Literal["date", "duration", "cycle"]
FOR_EVER = -1
MOST_FIRINGS = 1_000_000  # that a cycle names; beyond that it means "without end"
MOST_UNITS = 1_000_000_000  # of a unit of time in a duration; every calendar ends long before

_DURATION = re.compile(
    r"P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$",
    re.ASCII,
)
_CYCLE = re.compile(r"R(\d*)$", re.ASCII)
_NAMED_ZONE = re.compile(r"(.*?)(?:\[([\w+\-/]+)\])$")


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due, how often it still fires (FOR_EVER without end, 1 for the last time), and its period."""

    at: datetime
    left: int = 1
    period: str = ""

    def next(self, now: datetime, zone: tzinfo = UTC) -> "Due | None":
        """The firing after this one, counted from the due instant, not from when someone looked.

        Firings that went by while nobody looked are not made up for: the next one counts from now.
        """
        if self.left == 1:
            return None
        left = self.left if self.left == FOR_EVER else self.left - 1
        at = _after(self.at, self.period, zone)
        return Due(at if at > now else _after(now, self.period, zone), left, self.period)


def first_due(kind: Kind, text: Value, now: datetime, zone: tzinfo = UTC) -> Due | None:
    """The first firing of a timer, or None for a cycle of no repetitions (`R0/PT1H`).

    Raises Fault for a text that is no such timer, and for a date without a zone, which means another instant on every
    machine. `zone` is where a cron cycle reads the clock.
    """
    if not isinstance(text, str):
        raise _fault(say("The timer's {kind} is {value}, not a text.", kind=kind, value=shown(text)))
    if kind == "date":
        return Due(read_date(text))
    if kind == "duration":
        return Due(add_duration(now, text))
    if reads_as_cron(text):
        return Due(_after(now, text, zone), FOR_EVER, text)
    return _first_of_cycle(text, now, zone)


def _first_of_cycle(text: str, now: datetime, zone: tzinfo) -> Due | None:
    parts = text.split("/")
    counted = _CYCLE.match(parts[0])
    if counted is None or len(parts) not in (2, 3):
        raise _fault(
            say("{text} is no cycle. Write R3/PT1H, R/P1D, R/2026-11-21T09:00:00+08:00/P1D or a cron text.", text=text)
        )
    left = whole_number(counted[1], MOST_FIRINGS) if counted[1] else FOR_EVER
    if left is None:
        raise _fault(
            say(
                "A cycle of {text} fires more than {most} times. Write R for one without end.",
                text=shown(text),
                most=MOST_FIRINGS,
            )
        )
    start = read_date(parts[1]) if len(parts) == 3 else _after(now, parts[-1], zone)
    _after(start, parts[-1], zone)
    return Due(start, left, parts[-1]) if left else None


def _after(start: datetime, period: str, zone: tzinfo) -> datetime:
    if reads_as_cron(period):
        try:
            return next_match(period, start, zone)
        except ValueError as error:
            raise _fault(
                say("The cron text {text} cannot be read: {reason}", text=period, reason=str(error))
            ) from error
    later = add_duration(start, period)
    if later <= start:
        raise _fault(say("A cycle of {text} never moves on. Write a period longer than nothing.", text=period))
    return later


def add_duration(start: datetime, text: str) -> datetime:
    """`start` and an ISO 8601 duration later: months first, cut to the month's last day, then days and time."""
    found = _DURATION.match(text)
    if found is None:
        raise _fault(say("{text} is no ISO 8601 duration. Write PT30M, P1D or P2M.", text=text))
    *whole, seconds = found.groups()
    try:
        years, months, weeks, days, hours, minutes = (_units(text) for text in whole)
        moved = _add_months(start, months + 12 * years)
        return moved + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(seconds or 0))
    except (OverflowError, ValueError):
        raise _fault(say("{text} reaches beyond the calendar. Write less.", text=shown(text))) from None


def _units(text: str | None) -> int:
    number = whole_number(text or "0", MOST_UNITS)
    if number is None:
        raise OverflowError(f"more than {MOST_UNITS}")
    return number


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def read_date(text: str) -> datetime:
    """An instant from ISO 8601 with an offset, a `Z` or a zone's name in brackets."""
    named = _NAMED_ZONE.match(text)
    try:
        instant = datetime.fromisoformat(named[1] if named else text)
        if instant.tzinfo is None and named:
            instant = instant.replace(tzinfo=ZoneInfo(named[2]))
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):  # a zone's name is looked up as a file
        raise _fault(say("{text} is no date and time. Write 2026-11-21T09:00:00+08:00.", text=text)) from None
    raise _fault(say("{text} has no time zone. Write it with an offset, such as 2026-11-21T09:00:00+08:00.", text=text))


def _fault(sentence: Text) -> Fault:
    return Fault("EXTRACT_VALUE_ERROR", sentence)
