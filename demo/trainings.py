"""Courses for the demo organisation in every state: begun, to be examined, passed with a certificate, failed, overdue,
and let off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from demo import staging
from demo.staging import Acts
from hr.people.org import Person
from hr.training import texts
from tasks.house import House


@dataclass(frozen=True, slots=True)
class Tale:
    """A course for someone (of a `family` of work), given so many days ago, and what happened then."""

    course: str
    family: str
    began: int
    acts: Callable[[str], Acts] = lambda login: []


def play(house: House, today: date) -> list[str]:
    """Play every tale that today's people allow; the names of those that were told to their end."""
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
        people = staging.bystanders(unit, today)
    return staging.tell_each(
        people,
        TALES,
        lambda tale, person: person.family == tale.family,
        lambda name, tale, person: _play(house, name, tale, person, today),
    )


def _play(house: House, name: str, tale: Tale, person: Person, today: date) -> bool:
    given = {"employee": {"login": person.login}, "course": tale.course, "reason": "role"}
    acts = [{"start": "hr", "variables": given}, *tale.acts(person.login)]
    return staging.tell(house, staging.ago(house, today, tale.began), name, "training", acts)


def _learned(login: str) -> Acts:
    return [{"wait": "P1DT4H"}, {"learn": login}]


def _begun(login: str) -> Acts:
    return [{"wait": "P1DT4H"}, {"learn": login, "lessons": 2}]


def _passed(login: str) -> Acts:
    return [*_learned(login), {"examine": login}]


def _failed(login: str) -> Acts:
    return [*_learned(login), {"examine": login, "score": 60}]


def _passed_later(login: str) -> Acts:
    return [*_failed(login), {"wait": "P1D"}, {"learn": login}, {"examine": login, "score": 90}]


TALES: dict[str, Tale] = {
    "begun": Tale("trade-secret-protection", "rnd", 2, _begun),  # the demo's employee goes on with it
    "passed": Tale("technical-documents", "rnd", 20, _passed),
    "passed-at-the-second-try": Tale("customer-information-secrecy", "sales", 15, _passed_later),
    "failed": Tale("customer-information-secrecy", "sales", 5, _failed),
    "to-be-examined": Tale("technical-documents", "rnd", 4, _learned),
    "overdue": Tale("customer-information-storage", "sales", 17),
    "let-off": Tale(
        "office-equipment",
        "rnd",
        6,
        lambda login: [{"wait": "P1D"}, {"waive": "hr", "of": login, "reason": "本季度已参加线下培训，签到表已归档"}],
    ),
}
