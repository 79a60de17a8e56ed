"""Reads dates, times and durations as XML Schema and ISO 8601 write them, with zones as `@Europe/Paris`.

Every function raises Unfit where the text is not one.
"""

import re

from feel.errors import Unfit
from feel.sentences import Sentence, say
from feel.temporal import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
    Zone,
    midnight,
    named_zone,
)

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_ZONE = (
    r"([Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+\-/]+|(?:Z|[+-][0-9]{2}:[0-9]{2})?\[[A-Za-z0-9_+\-/]+\])?"
)
_ZONE_ALONE = re.compile(_ZONE.removesuffix("?"))
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?)?" + _ZONE)
_DURATION = re.compile(
    r"(-)?P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]*))?S)?)?"
)
_LONGEST = 80  # no date or duration is longer; keeps int() off endless digits
_A_DATE, _A_TIME, _A_DURATION = say("date"), say("time"), say("duration")


def _match(pattern: re.Pattern[str], text: str, what: Sentence) -> re.Match[str]:
    found = pattern.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise Unfit(say("'{text}' is not a {kind}.", text=text[:_LONGEST], kind=what))
    return found


def zone(text: str) -> Zone:
    """`Z`, `+01:00`, `@Europe/Paris`, or `[Europe/Paris]` with or without an offset before it."""
    if not _ZONE_ALONE.fullmatch(text):
        raise Unfit(say("'{text}' is not a time zone.", text=text[:_LONGEST]))
    if text in ("Z", "z"):
        return Zone()
    if text[0] == "@":
        return named_zone(text[1:])
    if text[-1] == "]":
        return named_zone(text[text.index("[") + 1 : -1])
    hours, minutes, seconds = ([int(part) for part in text[1:].split(":")] + [0])[:3]
    if hours > 18 or minutes > 59 or seconds > 59:
        raise Unfit(say("An offset of {text} is out of range.", text=text))
    return Zone((-1 if text[0] == "-" else 1) * (hours * 3600 + minutes * 60 + seconds))


def date(text: str) -> Date:
    found = _match(_DATE, text, _A_DATE)
    return Date(int(found[1]), int(found[2]), int(found[3]))


def time(text: str) -> Time:
    """A time of day; a leading T is allowed. Seconds may be left out, as Camunda and HTML write it."""
    found = _match(_TIME, text.removeprefix("T"), _A_TIME)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if minute > 59 or second > 59:
        raise Unfit(say("'{text}' is not a time of day.", text=text))
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + int((found[4] or "").ljust(9, "0"))
    return Time(nanos, zone(found[5]) if found[5] else None)


def date_time(text: str) -> DateTime:
    """A date and time; a date alone is its midnight without a zone, 24:00:00 the midnight that follows."""
    day, separator, clock = text.partition("T")
    if not separator:
        return midnight(date(day), None)
    on, at = date(day), time("00" + clock[2:] if clock.startswith("24:") else clock)
    if clock.startswith("24:"):
        if at.nanos:
            raise Unfit(say("'{text}' is later than the end of its day.", text=text[:_LONGEST]))
        on = Date.from_days(on.days + 1)
    return DateTime(on, at.nanos, at.zone)


def duration(text: str) -> DayTimeDuration | YearMonthDuration:
    """Years and months, or days and times; both in one have no fixed length and are refused."""
    sign, years, months, days, clock, hours, minutes, seconds, fraction = _match(_DURATION, text, _A_DURATION).groups()
    monthly = years is not None or months is not None
    daily = days is not None or clock is not None
    if monthly == daily:
        raise Unfit(say("'{text}' is not a duration of years and months, nor one of days and times.", text=text))
    factor = -1 if sign else 1
    if monthly:
        return YearMonthDuration(factor * (int(years or 0) * 12 + int(months or 0)))
    nanos = int(days or 0) * DAY + int(hours or 0) * HOUR + int(minutes or 0) * MINUTE + int(seconds or 0) * SECOND
    return DayTimeDuration(factor * (nanos + int((fraction or "")[:9].ljust(9, "0"))))


def literal(text: str) -> Date | Time | DateTime | DayTimeDuration | YearMonthDuration:
    """The value of `@"text"`."""
    body = text.removeprefix("-")
    if body.startswith("P"):
        return duration(text)
    if _DATE.match(text):
        return date_time(text) if "T" in text else date(text)
    return time(text)
