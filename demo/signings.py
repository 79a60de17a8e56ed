"""Agreements for the demo organisation in every state: waiting for a signer, for the seal or for the review, sealed,
declined, about to expire, expired, and one that the law does not allow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo import staging
from demo.staging import Acts
from hr.agreements import texts
from hr.people.org import Person
from tasks.house import House

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
        people = staging.bystanders(unit, today)
    return staging.tell_each(
        people,
        TALES,
        lambda tale, person: tale.fits(person),
        lambda name, tale, person: _play(house, name, tale, person, today),
    )


def _play(house: House, name: str, tale: Tale, person: Person, today: date) -> bool:
    given = {"employee": {"login": person.login}, "text": tale.text, **dict(tale.more)}
    acts = [{"start": "hr", "variables": given}, *tale.acts(person.login)]
    return staging.tell(house, staging.ago(house, today, tale.began), name, "agreement", acts)


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
