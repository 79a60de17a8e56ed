"""The case moves on in the very commit of the last signature (F70): nothing has to run in between."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.commands import deploy
from kernel.actor import Actor, system
from processes import catalog
from processes.story import signing
from processes.story.player import Player
from processes.story.script import read
from processes.story.stage import Stage, Theatre

OPEN = "select element from user_task where state = 'CREATED'"
STATE = "select state from instance where process_id = 'agreement' and key = %s"


@pytest.fixture(scope="module")
def stage(server: str) -> Iterator[tuple[Stage, Player]]:
    """The story of a leaver who signs two agreements, up to before the last seal."""
    told = [story for story in read(catalog.home() / "offboarding" / catalog.STORIES) if "F70" in story.requirements]
    seals = [number for number, step in enumerate(told[0].steps) if step.action == "seal"]
    story = replace(told[0], steps=told[0].steps[: seals[-1]])
    with Theatre(server).opened() as theatre, theatre.stage(story) as stage:
        with stage.house.database.transaction() as unit:
            resources = [source.resource for source in catalog.gather([catalog.home()])]
            deploy.deploy(stage.house.engine, unit, resources, system("test"))
        player = Player(story, stage)
        player.play()
        yield stage, player


@pytest.mark.requirement("F70")
def test_the_next_step_is_there_when_the_last_signature_is(stage: tuple[Stage, Player]) -> None:
    there, player = stage
    unit = there.house.database.once()
    assert "arrange_compensation" not in {element for (element,) in unit.all(OPEN)}
    (instance,) = unit.one("select instance_key from agreement where status = 'signing' and kind = 'confidentiality'")

    holder: Actor = there.actor("sun.jing")
    signing.seal(there, player.instance, holder, {})  # no job, no timer, no worker

    assert "arrange_compensation" in {element for (element,) in unit.all(OPEN)}
    assert unit.one(STATE, (instance,)) == ("COMPLETED",)
    assert unit.one("select count(*) from follow_up where kind = 'return'") == (0,)
