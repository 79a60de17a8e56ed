"""The stage on which the demo's past is played: the same database, files and calendar, at another time."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from demo import organisation
from demo.chart import OFFICES
from engine.turn import Engine
from hr.people import org
from hr.people.org import Person
from kernel.clock import ManualClock
from kernel.db import Unit
from processes.story.player import Player
from processes.story.script import Step, Story
from processes.story.sight import Failed
from processes.story.stage import Stage
from tasks.adapters import memory, outside
from tasks.handlers.operation import World
from tasks.house import House
from tasks.seals import Seals, TrialAuthority

log = logging.getLogger(__name__)

Acts = list[dict[str, Any]]
Tale = TypeVar("Tale")


def past(house: House, clock: ManualClock) -> Stage:
    """The house at another time, with systems in memory, so that no letter of a story goes out. What is sealed then is
    sealed by the trial authority, which no time is too early for.
    """
    functions, zone = house.engine.definitions.functions, house.engine.zone
    engine = Engine(house.database, clock, house.engine.keys, functions=functions, zone=zone)
    twins = outside.in_memory(clock)
    known = {name: getattr(twins, name) for name in World.__dataclass_fields__ if hasattr(twins, name)}
    trial = TrialAuthority(house.database, house.world.files.cipher, house.settings.organisation, clock)
    world = replace(house.world, clock=clock, **{**known, "keys": Seals(trial=trial)})
    then = House(settings=house.settings, database=house.database, clock=clock, engine=engine, world=world)
    return Stage(house=then, clock=clock, twins={n: twin for n, twin in known.items() if isinstance(twin, memory.Twin)})


def bystanders(unit: Unit, today: date) -> list[Person]:
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


def tell_each(
    people: Sequence[Person],
    tales: Mapping[str, Tale],
    fits: Callable[[Tale, Person], bool],
    tell: Callable[[str, Tale, Person], bool],
) -> list[str]:
    """Tell each tale of the first person whom it fits and no other was told of; which were told to their end."""
    left, told = list(people), []
    for name, tale in tales.items():
        person = next((person for person in left if fits(tale, person)), None)
        if person is not None:
            left.remove(person)
            told += [name] if tell(name, tale, person) else []
    return told


def ago(house: House, today: date, days: int) -> Stage:
    """A stage at ten in the morning so many days ago, half an hour ago at the latest."""
    begins = datetime.combine(today - timedelta(days=days), time(10), ZoneInfo(house.settings.zone))
    return past(house, ManualClock(min(begins, house.clock.now() - timedelta(minutes=30))))


def tell(house: House, stage: Stage, name: str, process: str, acts: Sequence[dict[str, Any]]) -> bool:
    """Play a tale from the time of the stage up to now; whether it was told to its end."""
    now = {"at": house.clock.now().isoformat()}
    steps = tuple(_step(number, act) for number, act in enumerate([*acts, now], 1))
    story = Story(file=Path(__file__), name=name, process=process, at=stage.clock.now(), steps=steps)
    try:
        Player(story, stage).play()
    except Failed as stopped:
        log.warning("the demo's tale %s stops: %s", name, stopped)
        return False
    return True


def _step(number: int, act: dict[str, Any]) -> Step:
    """An act of a tale as a step: the action with its subject first, then the details."""
    (action, subject), *details = act.items()
    return Step(number=number, action=action, subject=subject, details=dict(details))
