"""The stories of every shipped family, each a test of its own that carries the requirements it tells of.

Each case of them is then replayed on the very files that it ran on, and goes the same way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest

from engine.queries import replay
from engine.queries.replay import Refused, Replayed
from processes import catalog, scenarios
from processes.catalog import Source
from processes.proof.standing import standing
from processes.story.report import Report
from processes.story.script import Story, read
from processes.story.stage import Stage, Theatre

FAMILIES = [name for name in catalog.families() if (catalog.home() / name / catalog.STORIES).exists()]
Way = tuple[str, Replayed, list[Refused]]  # the story, how a case of it went again, why it could not migrate


@dataclass
class Played:
    """What came out of a family's stories, and of each of their cases when it was replayed."""

    report: Report
    ways: list[Way]


class Replaying(Theatre):
    """A theatre that replays the cases of each story on `sources` before its stage is gone."""

    sources: list[Source]
    ways: list[Way]

    @contextmanager
    def stage(self, story: Story) -> Iterator[Stage]:
        with super().stage(story) as stage:
            yield stage
            self.ways += ((story.name, *way) for way in ways(stage, self.sources))


@pytest.fixture(scope="module")
def played(server: str) -> Iterator[Callable[[str], Played]]:
    """Plays a family once, whatever is asked of it."""
    theatre = Replaying(server)

    @cache
    def play(family: str) -> Played:
        folder = catalog.home() / family
        theatre.sources, theatre.ways = catalog.gather([folder]), []
        return Played(scenarios.tell(theatre, [folder / catalog.STORIES]), theatre.ways)

    with theatre.opened():
        yield play


def ways(stage: Stage, sources: list[Source]) -> Iterator[tuple[Replayed, list[Refused]]]:
    """Each case replayed on the files, and why it could not migrate to them."""
    engine, unit = stage.house.engine, stage.house.database.once()
    stands = standing(engine.definitions, unit, sources)
    for process_id in stands.models:
        for case in replay.chosen(unit, process_id, 100):
            over = case.state != "ACTIVE"
            stuck = [] if over else replay.stuck(engine, unit, case, process_id, stands.proposed)
            yield replay.replayed(engine, unit, case, process_id, stands.proposed), stuck


def marked(family: str, story: Story) -> object:
    marks = [pytest.mark.requirement(name) for name in ("F2", *story.requirements)]
    return pytest.param(family, story.name, marks=marks, id=f"{family}: {story.name}")


@pytest.mark.parametrize(
    ("family", "name"),
    [marked(family, story) for family in FAMILIES for story in read(catalog.home() / family / catalog.STORIES)],
)
def test_the_story_comes_out_as_told(played: Callable[[str], Played], family: str, name: str) -> None:
    (told,) = [story for story in played(family).report.stories if story.name == name]
    assert told.failure == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_the_stories_come_to_every_element_and_take_every_flow(played: Callable[[str], Played], family: str) -> None:
    coverage = played(family).report.coverage
    assert {process: found.missed for process, found in coverage.items() if found.missed} == {}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_goes_the_same_way_on_its_own_files(played: Callable[[str], Played], family: str) -> None:
    found = played(family).ways
    assert [way for way in found if way[1] != Replayed(verdict="SAME", acts=way[1].acts) or way[2]] == []
    assert len(found) >= len(read(catalog.home() / family / catalog.STORIES))
