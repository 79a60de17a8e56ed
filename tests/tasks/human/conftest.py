"""The shipped offboarding process on a stage: real database, handlers and forms, time that a test moves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from engine.commands import deploy
from kernel.actor import Actor, system
from kernel.db import Unit
from processes import catalog
from processes.story.player import Player
from processes.story.script import Step, read
from processes.story.stage import Stage, Theatre
from tasks.house import House

FAMILY = catalog.home() / "offboarding"
FILED = {"start": "zhang.yan", "values": {"reason": "growth", "leavingOn": "2026-12-02"}}
CONFIRMED = {"complete": "manager_confirm", "as": "chen.bo", "values": {"recipientLogin": "lin.tao", "signature": "✍"}}


class Tale:
    """One case that a test tells step by step, in the words of `scenarios.yaml`."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._story = replace(read(FAMILY / "scenarios.yaml")[0], steps=())
        self._player = Player(self._story, stage)

    @property
    def house(self) -> House:
        return self.stage.house

    def tell(self, *acts: dict[str, Any]) -> None:
        steps = []
        for number, act in enumerate(acts, 1):
            (action, subject), *details = act.items()
            told = dict(details)
            steps.append(
                Step(number=number, action=action, subject=subject, expect=told.pop("expect", {}), details=told)
            )
        player = Player(replace(self._story, steps=tuple(steps)), self.stage)
        player.instance = self._player.instance
        player.play()
        self._player = player

    @property
    def instance(self) -> int:
        return self._player.instance

    @property
    def number(self) -> str:
        (number,) = self.unit.one("select number from offboarding_case where instance_key = %s", (self.instance,))
        return str(number)

    @property
    def unit(self) -> Unit:
        """A unit that reads outside any transaction."""
        return self.house.database.once()

    def actor(self, login: str) -> Actor:
        return self.stage.actor(login)


@pytest.fixture(scope="session")
def theatre(server: str) -> Iterator[Theatre]:
    with Theatre(server).opened() as opened:
        yield opened


@pytest.fixture
def tale(theatre: Theatre) -> Iterator[Tale]:
    story = read(FAMILY / "scenarios.yaml")[0]
    with theatre.stage(story) as stage:
        with stage.house.database.transaction() as unit:
            sources = catalog.gather([catalog.home()])
            deploy.deploy(stage.house.engine, unit, [source.resource for source in sources], system("test"))
        yield Tale(stage)
