"""FEEL's dates, times and durations: years -999,999,999 to 999,999,999, nanoseconds, zones by offset or name.

Python's `datetime` ends at the years 1 and 9999 and at microseconds; XML Schema, which FEEL follows, does not.
Everything here is immutable. Calendar: proleptic Gregorian, with a year 0 (ISO 8601).
"""

import datetime as host
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from feel.durations import DAY as DAY
from feel.durations import HOUR as HOUR
from feel.durations import MINUTE as MINUTE
from feel.durations import SECOND as SECOND
from feel.durations import DayTimeDuration as DayTimeDuration
from feel.durations import YearMonthDuration as YearMonthDuration
from feel.durations import seconds_text
from feel.errors import Unfit
from feel.sentences import say

LAST_YEAR = 999_999_999
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_EPOCH = host.date(1970, 1, 1).toordinal()
_CYCLE = 146_097  # days of 400 years, after which the calendar is the same
_EARLIEST, _LATEST = 2, host.date.max.toordinal() - 2  # as Python counts days; a zone is never a whole day away


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_days(year: int, month: int) -> int:
    """Days of a month, `month` from 1."""
    return 29 if month == 2 and leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the IANA list by `key`, or else a fixed `offset` in seconds east of Greenwich."""

    offset: int = 0
    key: str = ""

    def __str__(self) -> str:
        if self.key:
            return f"@{self.key}"
        if not self.offset:
            return "Z"
        hours, rest = divmod(abs(self.offset), 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")

    def beside(self, offset: int | None) -> str:
        """The offset with the name of the zone behind it, `+08:00[Asia/Shanghai]`: what other programs read."""
        return f"{Zone(offset or 0)}[{self.key}]" if self.key else str(self)

    def at_local(self, days: int, nanos: int) -> int:
        """Offset in seconds at a local day and time of day."""
        return _offset(_local(days, nanos).replace(tzinfo=ZoneInfo(self.key))) if self.key else self.offset

    def at_utc(self, days: int, nanos: int) -> int:
        """Offset in seconds at a day and time of day in UTC."""
        if not self.key:
            return self.offset
        return _offset(_local(days, nanos).replace(tzinfo=host.UTC).astimezone(ZoneInfo(self.key)))

    def standard(self) -> int:
        """The offset without daylight saving: what a time without a date goes by."""
        if not self.key:
            return self.offset
        moment = host.datetime(2000, 1, 1, tzinfo=ZoneInfo(self.key))
        return _offset(moment) - int((moment.dst() or host.timedelta()).total_seconds())


def _offset(moment: host.datetime) -> int:
    return int((moment.utcoffset() or host.timedelta()).total_seconds())


def _local(days: int, nanos: int) -> host.datetime:
    """A Python datetime for zone rules; years out of its range stand for the same year of the nearest 400-year cycle,
    so that a zone's first rule holds before it and its last one after it."""
    ordinal = days + _EPOCH
    if ordinal < _EARLIEST:
        ordinal = _EARLIEST + (ordinal - _EARLIEST) % _CYCLE
    elif ordinal > _LATEST:
        ordinal = _LATEST - (_LATEST - ordinal) % _CYCLE
    return host.datetime.fromordinal(ordinal) + host.timedelta(microseconds=nanos // 1000)


UTC = Zone()


@lru_cache(512)
def named_zone(key: str) -> Zone:
    """A zone of the IANA list. Raises ValueError for an unknown one."""
    try:
        ZoneInfo(key)
    except (KeyError, ValueError, OSError) as error:
        raise Unfit(say("There is no time zone '{key}'.", key=key)) from error
    return Zone(key=key)


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the calendar. Raises ValueError where there is no such day."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (-LAST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= 12):
            raise Unfit(say("There is no month {month}.", month=f"{self.year}-{self.month}"))
        if not 1 <= self.day <= month_days(self.year, self.month):
            raise Unfit(say("There is no day {day}.", day=f"{self.year}-{self.month:02}-{self.day:02}"))

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        before = self.year - 1
        ordinal = before * 365 + before // 4 - before // 100 + before // 400 + self.day_of_year
        return ordinal - _EPOCH

    @property
    def day_of_year(self) -> int:
        return _DAYS_BEFORE[self.month - 1] + (self.month > 2 and leap(self.year)) + self.day

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 is Sunday."""
        return (self.days + 3) % 7 + 1

    @property
    def week(self) -> int:
        """The week of ISO 8601."""
        thursday = Date.from_days(self.days + 4 - self.weekday)
        return (thursday.day_of_year - 1) // 7 + 1

    @classmethod
    def from_days(cls, days: int) -> "Date":
        """The day that many days after 1970-01-01. Raises ValueError beyond the last year."""
        cycles, rest = divmod(days + _EPOCH - 1, _CYCLE)
        day = host.date.fromordinal(rest + 1)
        return cls(day.year + cycles * 400, day.month, day.day)

    def plus_months(self, months: int) -> "Date":
        """The same day in another month, or that month's last."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        if not -LAST_YEAR <= year <= LAST_YEAR:
            raise Unfit(say("The date is beyond the last year."))
        return Date(year, index + 1, min(self.day, month_days(year, index + 1)))

    def python(self) -> host.date:
        """As Python's date. Raises ValueError outside the years 1 to 9999."""
        return host.date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds after midnight."""

    nanos: int
    zone: Zone | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.nanos < DAY:
            raise Unfit(say("A time lies between 00:00:00 and 23:59:59."))

    def __str__(self) -> str:
        return clock_text(self.nanos) + (str(self.zone) if self.zone else "")

    def json(self) -> str:
        return clock_text(self.nanos) + (self.zone.beside(self.offset) if self.zone else "")

    @property
    def offset(self) -> int | None:
        return self.zone.standard() if self.zone else None

    @property
    def key(self) -> tuple[bool, int]:
        """What equality and order go by: whether it has a zone, and nanoseconds after midnight in UTC."""
        offset = self.offset
        return offset is not None, self.nanos - (offset or 0) * SECOND

    def plus(self, nanos: int) -> "Time":
        """Later on the clock face, round midnight."""
        return Time((self.nanos + nanos) % DAY, self.zone)

    def python(self) -> host.time:
        return _local(0, self.nanos).time().replace(tzinfo=_python_zone(self.zone))


def clock_text(nanos: int) -> str:
    hours, rest = divmod(nanos, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours:02}:{minutes:02}:{seconds_text(rest, 2)}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day and a time of day, with or without a zone."""

    date: Date
    nanos: int
    zone: Zone | None = None

    def __str__(self) -> str:
        return f"{self.date}T{clock_text(self.nanos)}{self.zone or ''}"

    def json(self) -> str:
        return f"{self.date}T{clock_text(self.nanos)}{self.zone.beside(self.offset) if self.zone else ''}"

    @property
    def time(self) -> Time:
        return Time(self.nanos, self.zone)

    @property
    def offset(self) -> int | None:
        return self.zone.at_local(self.date.days, self.nanos) if self.zone else None

    @property
    def key(self) -> tuple[bool, int]:
        """What equality and order go by: whether it has a zone, and nanoseconds since 1970 in UTC."""
        offset = self.offset
        return offset is not None, self.date.days * DAY + self.nanos - (offset or 0) * SECOND

    def plus(self, nanos: int) -> "DateTime":
        """That much later on the time line. Raises ValueError beyond the last year."""
        if self.zone and self.zone.key:
            return instant(self.key[1] + nanos, self.zone)
        days, rest = divmod(self.nanos + nanos, DAY)
        return DateTime(Date.from_days(self.date.days + days), rest, self.zone)

    def plus_months(self, months: int) -> "DateTime":
        return DateTime(self.date.plus_months(months), self.nanos, self.zone)

    def within(self, zone: Zone) -> "DateTime":
        """The same instant in another zone; a date and time without a zone is taken to be in that zone."""
        return instant(self.key[1], zone) if self.zone else DateTime(self.date, self.nanos, zone)

    def python(self) -> host.datetime:
        """As Python's datetime, cut to microseconds; naive without a zone. Raises ValueError outside 1 to 9999."""
        start = host.datetime.combine(self.date.python(), host.time())
        return (start + host.timedelta(microseconds=self.nanos // 1000)).replace(tzinfo=_python_zone(self.zone))


def instant(nanos: int, zone: Zone) -> DateTime:
    """A date and time in `zone` from nanoseconds since 1970 in UTC."""
    offset = zone.at_utc(*divmod(nanos, DAY))
    days, rest = divmod(nanos + offset * SECOND, DAY)
    # an hour that a zone has twice is told apart by its offset
    return DateTime(Date.from_days(days), rest, zone if zone.at_local(days, rest) == offset else Zone(offset))


def midnight(day: Date, zone: Zone | None = UTC) -> DateTime:
    """A date where a date and time is asked for (DMN 1.5, 10.3.2.9.4): midnight in UTC."""
    return DateTime(day, 0, zone)


def _python_zone(zone: Zone | None) -> host.tzinfo | None:
    if zone is None:
        return None
    return ZoneInfo(zone.key) if zone.key else host.timezone(host.timedelta(seconds=zone.offset))


def zone_of(moment: host.datetime | host.time) -> Zone | None:
    """The zone of a Python value; the offset alone for the second run of an hour that its zone has twice."""
    key = getattr(moment.tzinfo, "key", None)
    if key and not moment.fold:
        return named_zone(str(key))
    offset = moment.utcoffset()
    return None if offset is None else Zone(int(offset.total_seconds()))


def from_python(value: host.datetime) -> DateTime:
    day = Date(value.year, value.month, value.day)
    return DateTime(day, clock_nanos(value), zone_of(value))


def clock_nanos(value: host.datetime | host.time) -> int:
    return value.hour * HOUR + value.minute * MINUTE + value.second * SECOND + value.microsecond * 1000
