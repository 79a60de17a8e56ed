"""Refusals as a page tells them: people by their names, instants by the organisation's clock.

The engine and its log speak of logins and of UTC; whoever reads a page knows neither.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hr.people import org
from kernel.db import Unit
from kernel.errors import Refusal
from kernel.text import Text
from tasks.house import House

INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(\.\d+)?)?Z")
PEOPLE = ("who", "assignee")


@contextmanager
def told(house: House) -> Iterator[None]:
    """What is refused within is raised again in words for people."""
    try:
        yield
    except Refusal as refused:
        with house.database.transaction() as unit:
            refused.message = for_people(unit, refused.message, ZoneInfo(house.settings.zone))
        raise


def for_people(unit: Unit, message: Text, zone: ZoneInfo) -> Text:
    """The sentence with names for logins, and with local times for those in UTC."""
    logins = [str(message.values[name]) for name in PEOPLE if isinstance(message.values.get(name), str)]
    names = org.names(unit, logins) if logins else {}
    return Text(message.template, {name: _word(name, value, names, zone) for name, value in message.values.items()})


def _word(name: str, value: object, names: dict[str, str], zone: ZoneInfo) -> object:
    if not isinstance(value, str):
        return value
    if name in PEOPLE:
        return names.get(value, value)
    if found := INSTANT.fullmatch(value):
        at = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
    return value
