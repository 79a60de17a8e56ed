"""The DMN compatibility kit: all its cases but those that call Java."""

from pathlib import Path

import pytest

from feel.dmn import Model
from tests.conformance import tck

JAVA = "0076-feel-external-java"


@pytest.fixture(scope="module")
def kit(shared: Path) -> Path:
    return shared / "conformance" / "dmn-tck"


def test_every_case_holds_that_calls_no_java(kit: Path) -> None:
    models: dict[Path, Model] = {}
    cases = list(tck.cases(kit))
    failing = [case for case in cases if list(tck.failing(case, models))]
    assert [str(case) for case in failing if case.file.parent.name != JAVA] == []
    assert len(failing) <= 14
    assert len(cases) >= 3391
