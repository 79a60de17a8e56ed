"""Projects to be looked at: the shipped one, and small ones drawn in a line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.model import Resource
from processes import catalog
from processes.hints import called, problems
from processes.hints.hint import Hint
from processes.references import beside, models

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "processes" / "offboarding"
# What is deployed beside: the families that offboarding calls.
FILES = catalog.gather([SHIPPED.parent / "agreement", SHIPPED.parent / "training"])
BESIDE = [model for source in FILES for model in models(source)]
KNOWN = replace(beside(FILES), apart=True)
CALLED = frozenset(name for model in BESIDE for name in called.names(model))


def shipped() -> list[Resource]:
    """Every file of the shipped family, its stories with them."""
    files = [source.resource for source in catalog.gather([SHIPPED])]
    return [*files, Resource("scenarios.yaml", (SHIPPED / "scenarios.yaml").read_bytes())]


def changed(files: list[Resource], name: str, old: str, new: str) -> list[Resource]:
    """The files with one place of one of them changed."""
    found = []
    for file in files:
        content = file.content
        if file.name == name:
            assert old.encode() in content, f"{name} has no {old}"
            content = content.replace(old.encode(), new.encode(), 1)
        found.append(Resource(file.name, content))
    return found


@pytest.fixture
def look() -> Callable[..., list[Hint]]:
    """What is told of some files, given as resources or as the texts of files by name."""

    def looked(*files: Resource, **texts: str) -> list[Hint]:
        named = [Resource(name.replace("_", "."), text.encode()) for name, text in texts.items()]
        return problems.problems([*files, *named], KNOWN, CALLED)

    return looked
