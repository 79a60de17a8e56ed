"""A file that was made to keep a reader busy costs whoever handed it in an answer, and nobody else anything."""

import pytest

from hr.evidence import apart
from tests.hr.evidence.conftest import Kept


def test_what_is_examined_apart_is_found_the_same(kept: Kept) -> None:
    assert apart.document(kept.sealed, kept.trust, at=kept.at).intact
    found = apart.package(kept.package, kept.trust, at=kept.at)
    assert found.intact
    assert found.held[0].within("zh-CN") != found.held[0].within("en")


def test_a_file_that_takes_too_long_is_let_go(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 0.05)
    found = apart.document(kept.sealed, kept.trust, at=kept.at)
    assert not found.intact
    assert "too tangled" in str(found.problems[0])
