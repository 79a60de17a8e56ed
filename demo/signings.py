"""Agreements for the demo organisation in every state: waiting for a signer, for the seal or for the review, sealed,
declined, about to expire, expired, and one that the law does not allow.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo import organisation
from demo.chart import OFFICES
from demo.staging import past, step
from hr.agreements import texts
from hr.people import org
from hr.people.org import Person
from kernel.clock import ManualClock
from kernel.db import Unit
from processes.story.player import Player
from processes.story.script import Story
from processes.story.sight import Failed
from tasks.house import House

log = logging.getLogger(__name__)

Acts = list[dict[str, Any]]
SEALS = "hr-head"  # who holds the seal in the demo


@dataclass(frozen=True, slots=True)
class Tale:
    """A text for someone (`fits`), begun so many days ago, and what happened then. `more` are variables besides."""

    text: str
    began: int
    fits: Callable[[Person], bool]
    acts: Callable[[str], Acts] = lambda login: []
    more: tuple[tuple[str, Any], ...] = ()


def play(house: House, today: date) -> list[str]:
    """Play every tale that today's people allow; the names of those that were told to their end."""
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
        people = _people(unit, today)
    told = []
    for name, tale in TALES.items():
        person = next((person for person in people if tale.fits(person)), None)
        if person is None:
            continue
        people.remove(person)
        if _play(house, name, tale, person, today):
            told.append(name)
    return told


def _people(unit: Unit, today: date) -> list[Person]:
    """Who neither leaves, nor takes over from a leaver, nor has an office; the first of them is the demo's employee."""
    busy = {
        login for cast in organisation.people_for_cases(unit, today) for login in (cast.employee.login, cast.recipient)
    }
    offices = {login for login, *_ in OFFICES}
    return [
        person
        for person in org.search(unit, "", limit=10_000)
        if person.manager and person.login not in busy | offices and not org.team(unit, person.login)
    ]


def _play(house: House, name: str, tale: Tale, person: Person, today: date) -> bool:
    begins = datetime.combine(today - timedelta(days=tale.began), time(10), ZoneInfo(house.settings.zone))
    begins = min(begins, house.clock.now() - timedelta(minutes=30))
    stage = past(house, ManualClock(begins))
    given = {"employee": {"login": person.login}, "text": tale.text, **dict(tale.more)}
    acts: Sequence[dict[str, Any]] = [
        {"start": "hr", "variables": given},
        *tale.acts(person.login),
        {"at": house.clock.now().isoformat()},
    ]
    story = Story(
        file=Path(__file__),
        name=name,
        process="agreement",
        at=begins,
        steps=tuple(step(number, act) for number, act in enumerate(acts, 1)),
    )
    try:
        Player(story, stage).play()
    except Failed as stopped:
        log.warning("the demo's tale %s stops: %s", name, stopped)
        return False
    return True


def _developing(person: Person) -> bool:
    return person.family == "rnd"


def _technical(person: Person) -> bool:
    return person.family == "rnd" and not person.knows_secrets


def _senior(person: Person) -> bool:
    return person.family == "rnd" and person.knows_secrets


def _selling(person: Person) -> bool:
    return person.family == "sales"


def _other(person: Person) -> bool:
    return person.family in ("other", "admin") and not person.knows_secrets


def _signed(login: str) -> Acts:
    return [{"wait": "PT3H"}, {"sign": login}]


def _sealed(login: str) -> Acts:
    return [*_signed(login), {"wait": "PT20H"}, {"seal": SEALS}]


TALES: dict[str, Tale] = {
    "waiting-for-me": Tale("confidentiality-technical", 1, _developing),
    "waiting-for-the-seal": Tale("non-compete", 2, _senior, _signed, (("values", {"months": 12, "payPercent": 40}),)),
    "sealed": Tale("confidentiality-technical", 6, _technical, _sealed),
    "declined": Tale(
        "intellectual-property",
        3,
        _technical,
        lambda login: [{"wait": "PT5H"}, {"decline": login, "reason": "奖励比例想先和部门负责人谈清楚"}],
    ),
    "expires-soon": Tale("confidentiality-customer", 14, _selling),
    "expired": Tale("confidentiality-customer", 9, _selling, more=(("expiresInDays", 7),)),
    "unlawful": Tale("non-compete", 4, _other),
}
