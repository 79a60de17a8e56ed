"""Time comes from a clock that is handed in. Every instant inside is an aware datetime in UTC."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: for tests, scenarios and simulations."""

    def __init__(self, start: datetime | str) -> None:
        self._now = aware(start)
        self._lock = Lock()

    def now(self) -> datetime:
        return self._now

    def set(self, to: datetime | str) -> None:
        with self._lock:
            self._now = aware(to)

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._now += by


class ZonedClock:
    """Another clock as it is read in a zone: the same instants, whose date is the zone's (`read_in`)."""

    def __init__(self, base: Clock, zone: tzinfo) -> None:
        self._base = base
        self._zone = zone

    def now(self) -> datetime:
        return read_in(self._zone, self._base.now())


def read_in(zone: tzinfo, instant: datetime) -> datetime:
    """An instant with the zone's offset at that time, and without its name, so that its text is plain ISO 8601."""
    local = instant.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


class ShiftedClock:
    """Another clock moved by an offset, running on from there: the trial mode's clock."""

    def __init__(self, base: Clock, offset: timedelta = timedelta(0)) -> None:
        self._base = base
        self.offset = offset

    def now(self) -> datetime:
        return self._base.now() + self.offset


def aware(value: datetime | str) -> datetime:
    """An aware UTC datetime from an aware datetime or an ISO 8601 text with a zone, by offset or, as FEEL writes it, by
    name: `2026-11-21T09:00:00@Asia/Shanghai`.

    Raises ValueError for a value without a zone: such a value means another instant on every machine.
    """
    found = _read(value) if isinstance(value, str) else value
    if found.tzinfo is None:
        raise ValueError(f"{value} has no time zone. Write it with an offset, such as 2026-11-21T09:00:00+08:00.")
    return found.astimezone(UTC)


def _read(text: str) -> datetime:
    written, _, zone = text.partition("@")
    found = datetime.fromisoformat(written)
    try:
        return found.replace(tzinfo=ZoneInfo(zone)) if zone and found.tzinfo is None else found
    except ZoneInfoNotFoundError:
        raise ValueError(f"{text} names the time zone {zone}, which does not exist.") from None
