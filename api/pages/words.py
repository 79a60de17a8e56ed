"""How instants, deadlines, groups and sizes are told to a person. Pure: the present and the zone are handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from kernel.text import Text, say
from tasks.human.views import InboxRow, Tab

Tone = Literal["", "bad", "warn", "info", "ok"]

WEEKDAYS = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A word in a soft colour."""

    text: Text
    tone: Tone = ""


def due_chip(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> Chip | None:
    """The deadline in days of the organisation's calendar: overdue, today, or so many days left.

    A deadline that passed earlier today is overdue by 0 days and says so without a number.
    """
    if due_at is None:
        return None
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if due_at < now:
        return Chip(say("{n} d overdue", n=-days) if days < 0 else say("Overdue"), "bad")
    if days == 0:
        return Chip(say("Today"), "warn")
    return Chip(say("{n} d left", n=days), "warn" if days == 1 else "")


def when(at: datetime, now: datetime, zone: ZoneInfo) -> Text:
    """An instant as a list shows it: the hour today, then yesterday, the weekday, the date."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (today - local.date()).days
    if days == 0:
        return Text(f"{local:%H:%M}")
    if days == 1:
        return say("Yesterday")
    if 1 < days < 7:
        return WEEKDAYS[local.weekday()]
    return Text(f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}")


def moment(at: datetime | date, now: datetime, zone: ZoneInfo, *, year: bool = False) -> str:
    """An instant in full, `11-20 18:00`, or a date; the year where it is not this one, or is asked for."""
    this = None if year else now.astimezone(zone).year
    if not isinstance(at, datetime):
        return f"{at:%m-%d}" if at.year == this else f"{at:%Y-%m-%d}"
    local = at.astimezone(zone)
    return f"{local:%m-%d %H:%M}" if local.year == this else f"{local:%Y-%m-%d %H:%M}"


def size(amount: int) -> str:
    """Bytes as a person reads them."""
    if amount < 1024:
        return f"{amount} B"
    if amount < 1024 * 1024:
        return f"{amount / 1024:.0f} KB"
    return f"{amount / 1024 / 1024:.1f} MB"


def sections(rows: Iterable[InboxRow], tab: Tab, now: datetime, zone: ZoneInfo) -> list[tuple[Text, list[InboxRow]]]:
    """The rows under headings, in the order in which they come."""

    def heading(row: InboxRow) -> Text:
        return _done_heading(row, now, zone) if tab == "done" else _due_heading(row, now, zone)

    return [(found, list(group)) for found, group in groupby(rows, key=heading)]


def _due_heading(row: InboxRow, now: datetime, zone: ZoneInfo) -> Text:
    if row.due_at is None:
        return say("No deadline")
    today, due = now.astimezone(zone).date(), row.due_at.astimezone(zone).date()
    if row.due_at < now:
        return say("Overdue")
    if due == today:
        return say("Due today")
    left_this_week = 6 - today.weekday()
    return say("This week") if (due - today).days <= left_this_week else say("Later")


def _done_heading(row: InboxRow, now: datetime, zone: ZoneInfo) -> Text:
    today = now.astimezone(zone).date()
    done = (row.completed_at or row.created_at).astimezone(zone).date()
    return say("Today") if done == today else say("Earlier")


def tint(name: str) -> str:
    """The colour class of a person's avatar: the same name, the same colour, on every page."""
    return f"c{crc32(name.encode()) % 8}"


def initial(name: str) -> str:
    """What an avatar shows: the surname of a Chinese name, the first letter of another."""
    return name[:1].upper()
