"""Models in the zeebe dialect that others made: each deploys and runs, or is refused by name."""

from pathlib import Path

import pytest

from engine.model import Incident, Resource
from engine.spiff.compile import compile_models
from tests.engine.spiff.play import Play

VALUES = {"key": "k", "correlationKey": "k", "timer": "PT1M", "totalLoops": 2, "tests": [1, 2]}


def models(shared: Path, suite: str) -> list[Path]:
    found = sorted((shared / "conformance" / suite).rglob("*.bpmn"))
    if not found:
        pytest.skip(f"{suite} is absent: models that others wrote are not part of this repository")
    return found


@pytest.mark.parametrize("suite", ["zeebe-process-test", "zeebe-bpmn-tck"])
def test_models_made_in_camunda_modeler_compile_and_run(shared, suite):
    for path in models(shared, suite):
        (model, *_) = compile_models(Resource(path.name, path.read_bytes()))
        for start in model.starts:
            story = Play(path.read_text(), stepped=True, start=start.element, **VALUES)
            assert story.outcome.ended or story.work, path.name
            assert all(not isinstance(work, Incident) for work in story.work.values()), (path.name, story.incidents)
