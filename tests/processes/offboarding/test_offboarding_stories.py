"""The family's own stories, each a test of its own that carries the requirements it tells of."""

import pytest

from processes import catalog, scenarios
from processes.story.report import Report
from processes.story.script import Story, read

FAMILY = catalog.home() / "offboarding"
# The resignation that comes in as a message is walked in test_offboarding_walks: a story cannot file its case first.
NOT_TOLD = {"oa_application_received"}


@pytest.fixture(scope="module")
def report(server: str) -> Report:
    return scenarios.run([FAMILY], server)


def marked(story: Story) -> object:
    marks = [pytest.mark.requirement(name) for name in story.requirements]
    return pytest.param(story.name, marks=marks, id=story.name)


@pytest.mark.parametrize("name", [marked(story) for story in read(FAMILY / "scenarios.yaml")])
def test_the_story_comes_out_as_told(report: Report, name: str) -> None:
    (told,) = [story for story in report.stories if story.name == name]
    assert told.failure == ""


def test_the_stories_come_to_every_element(report: Report) -> None:
    assert set(report.coverage["offboarding"].missed) - NOT_TOLD == set()
