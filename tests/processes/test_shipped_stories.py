"""The stories of every shipped family, each a test of its own that carries the requirements it tells of."""

from functools import cache

import pytest

from processes import catalog, scenarios
from processes.story.report import Report
from processes.story.script import Story, read

FAMILIES = [name for name in catalog.families() if (catalog.home() / name / catalog.STORIES).exists()]


@pytest.fixture(scope="module")
def report(server: str) -> object:
    """Plays a family once, whatever is asked of it."""
    return cache(lambda family: scenarios.run([catalog.home() / family], server))


def marked(family: str, story: Story) -> object:
    marks = [pytest.mark.requirement(name) for name in ("F2", *story.requirements)]
    return pytest.param(family, story.name, marks=marks, id=f"{family}: {story.name}")


@pytest.mark.parametrize(
    ("family", "name"),
    [marked(family, story) for family in FAMILIES for story in read(catalog.home() / family / catalog.STORIES)],
)
def test_the_story_comes_out_as_told(report, family: str, name: str) -> None:
    played: Report = report(family)
    (told,) = [story for story in played.stories if story.name == name]
    assert told.failure == ""


@pytest.mark.parametrize("family", FAMILIES)
def test_the_stories_come_to_every_element_and_take_every_flow(report, family: str) -> None:
    played: Report = report(family)
    assert {process: found.missed for process, found in played.coverage.items() if found.missed} == {}
