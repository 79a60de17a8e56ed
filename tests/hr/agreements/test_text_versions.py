"""Versions of agreement texts: saved with what the linter found, published by who answers for it, never overwritten."""

import pytest

from hr.agreements import texts
from hr.agreements.parts import TextRefused
from hr.evidence import log
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from tests.hr.agreements.test_clauses_by_sentence import HEAD
from tests.hr.conftest import actor

HR = actor("hr", "hr")
GOOD = HEAD.format(kind="other", body="乙方应当保密。")


def save(unit: Unit, clock: ManualClock, body: str, base: int | None = None) -> texts.Saved:
    source = HEAD.format(kind="other", body=body)
    return texts.save(unit, "side-letter", source, actor=HR, clock=clock, comment="改", base=base)


@pytest.mark.requirement("F62")
def test_saving_makes_versions_and_publishing_chooses_one(unit: Unit, clock: ManualClock) -> None:
    first = save(unit, clock, "乙方应当保密。", base=0)
    assert (first.version, first.new, first.findings) == (1, True, ())
    with pytest.raises(Conflict, match="No version of 协议 is published"):
        texts.published(unit, "side-letter")
    texts.publish(unit, "side-letter", 1, actor=HR, clock=clock)
    assert save(unit, clock, "乙方应当保密。").new is False
    second = save(unit, clock, "乙方应当长期保密。", base=1)
    assert second.version == 2
    assert texts.published(unit, "side-letter")[0] == 1
    assert [(v.version, v.published) for v in texts.versions(unit, "side-letter")] == [(2, False), (1, True)]
    assert texts.choices(unit) == [("side-letter", "协议")]
    assert [row.event for row in log.rows(unit, "agreement-text/side-letter")] == [
        "text.saved",
        "text.published",
        "text.saved",
    ]


def test_a_text_that_someone_else_changed_is_not_overwritten(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, "乙方应当保密。", base=0)
    save(unit, clock, "乙方应当长期保密。", base=1)
    with pytest.raises(Conflict, match="latest version is 2"):
        save(unit, clock, "别的。", base=1)


@pytest.mark.requirement("F72")
def test_what_the_law_forbids_is_kept_with_the_version_and_never_published(unit: Unit, clock: ManualClock) -> None:
    saved = save(unit, clock, "乙方离职后转岗一年。")
    kept = texts.version(unit, "side-letter", saved.version)
    assert kept.count("error") == 1
    assert kept.findings[0]["rule"] == "posting"
    assert kept.findings[0]["article"] == "LCL 37, 50"
    with pytest.raises(Invalid, match="cannot be published"):
        texts.publish(unit, "side-letter", 1, actor=HR, clock=clock, reason="必须")


@pytest.mark.requirement("F72")
def test_a_warning_wants_a_reason_that_is_kept_as_evidence(unit: Unit, clock: ManualClock) -> None:
    save(unit, clock, "本协议的最终解释权归甲方。")
    with pytest.raises(Invalid, match="1 warnings"):
        texts.publish(unit, "side-letter", 1, actor=HR, clock=clock, reason="  ")
    texts.publish(unit, "side-letter", 1, actor=HR, clock=clock, reason="法务已审")
    last = log.rows(unit, "agreement-text/side-letter")[-1]
    assert last.detail["reason"] == "法务已审"
    assert [one["rule"] for one in last.detail["warnings"]] == ["last-word"]


def test_a_text_with_faults_or_a_strange_name_is_not_kept(unit: Unit, clock: ManualClock) -> None:
    with pytest.raises(TextRefused):
        save(unit, clock, "{{ nothing }}")
    with pytest.raises(Invalid, match="no name for a text"):
        texts.save(unit, "../x", GOOD, actor=HR, clock=clock)
    with pytest.raises(NotFound):
        texts.versions(unit, "side-letter")


@pytest.mark.requirement("F62")
def test_the_texts_of_the_product_are_shipped_once_and_published(unit: Unit, clock: ManualClock) -> None:
    shipped = texts.ship(unit, clock=clock)
    assert len(shipped) == 7
    assert texts.ship(unit, clock=clock) == []
    listed = texts.all_texts(unit)
    assert {one.slug for one in listed} == set(shipped)
    assert all(one.published == 1 and one.errors == one.warnings == 0 for one in listed)
    titles = {one.title for one in listed}
    assert {"技术秘密保密协议", "客户信息保密协议", "内部信息保密协议", "保密协议", "竞业限制协议"} <= titles


def test_a_text_of_the_house_is_not_replaced_by_a_shipped_one(unit: Unit, clock: ManualClock) -> None:
    texts.save(unit, "non-compete", GOOD, actor=HR, clock=clock)
    assert "non-compete" not in texts.ship(unit, clock=clock)
    assert texts.version(unit, "non-compete", 1).saved_by == "hr"
