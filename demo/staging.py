"""The stage on which the demo's past is played: the same database, files and calendar, at another time."""

from dataclasses import replace
from typing import Any

from engine.turn import Engine
from kernel.clock import ManualClock
from processes.story.script import Step
from processes.story.stage import Stage
from tasks.adapters import memory, outside
from tasks.handlers.operation import World
from tasks.house import House
from tasks.seals import Seals, TrialAuthority


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


def step(number: int, act: dict[str, Any]) -> Step:
    """An act of a tale as a step: the action with its subject first, then the details."""
    (action, subject), *details = act.items()
    return Step(number=number, action=action, subject=subject, details=dict(details))
