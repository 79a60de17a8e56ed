"""The shipped stories as cases: each is replayed on the very files that it ran on, and goes the same way."""

from collections.abc import Iterator

import pytest

from engine.queries import replay
from engine.queries.replay import Refused, Replayed
from engine.turn import Engine
from kernel.db import Unit
from processes import catalog, references, scenarios
from processes.catalog import Source
from processes.proof.standing import standing
from processes.story import script
from processes.story.player import Player
from processes.story.stage import Theatre

FAMILIES = [name for name in catalog.families() if (catalog.home() / name / catalog.STORIES).exists()]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_of_the_shipped_stories_goes_the_same_way_on_its_own_files(family: str, server: str) -> None:
    folder = catalog.home() / family
    sources = catalog.gather([folder])
    parted, replayed = [], 0
    with Theatre(server).opened() as theatre:
        for story in script.read(folder / catalog.STORIES):
            with theatre.stage(story) as stage:
                for together in (*map(catalog.gather, [[beside] for beside in references.called(folder)]), sources):
                    scenarios.deploy_on(stage, [source.resource for source in together])
                Player(story, stage).play()
                found = list(_ways(stage.house.engine, stage.house.database.once(), sources))
                parted += [
                    (story.name, way, stuck)
                    for way, stuck in found
                    if way != Replayed(verdict="SAME", acts=way.acts) or stuck
                ]
                replayed += len(found)
    assert parted == []
    assert replayed >= len(script.read(folder / catalog.STORIES))


def _ways(engine: Engine, unit: Unit, sources: list[Source]) -> Iterator[tuple[Replayed, list[Refused]]]:
    """Each case replayed on the files, and why it could not migrate to them."""
    stands = standing(engine.definitions, unit, sources)
    for process_id in stands.models:
        for case in replay.chosen(unit, process_id, 100):
            over = case.state != "ACTIVE"
            stuck = [] if over else replay.stuck(engine, unit, case, process_id, stands.proposed)
            yield replay.replayed(engine, unit, case, process_id, stands.proposed), stuck
