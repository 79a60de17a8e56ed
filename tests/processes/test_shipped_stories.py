"""The stories of every shipped family come out as they are told."""

import pytest

from processes import catalog, scenarios


@pytest.mark.requirement("F2")
@pytest.mark.parametrize(
    "family", [name for name in catalog.families() if (catalog.home() / name / catalog.STORIES).exists()]
)
def test_the_stories_of_a_family_come_out(family: str, server: str) -> None:
    report = scenarios.run([catalog.home() / family], server)
    assert report.passed, "\n".join(report.lines())
