"""An earlier last day is a wish until both sides agree: pages show the law's day and article, and the wish as such."""

import pytest

from hr.offboarding import cases as records
from tasks.human import cases
from tests.tasks.human.conftest import Tale

EARLY = {"start": "zhang.yan", "values": {"reason": "family", "leavingOn": "2026-11-10", "mutualConsent": True}}


def facts(tale: Tale) -> dict[str, str]:
    with tale.house.database.transaction() as unit:
        view = cases.case_view(tale.house, unit, tale.actor("he.fang"), tale.number)
    known = {fact.label.within("zh-CN"): fact.value for fact in view.facts}
    return {"列表": str(view.row.leaving_on)} | {
        label: value.within("zh-CN") if hasattr(value, "within") else str(value) for label, value in known.items()
    }


@pytest.mark.requirement("F14")
def test_until_hr_has_agreed_the_page_shows_article_37_and_the_statutory_day(tale: Tale) -> None:
    tale.tell(EARLY)
    seen = facts(tale)
    assert seen["法定最早离职日"] == "2026-12-02"
    assert "第三十七条" in seen["法律依据"]
    assert seen["申请提前离职日"] == "2026-11-10，尚未协商一致"
    assert seen["列表"] == "2026-12-02"
    assert "最后工作日" not in seen
    with tale.house.database.transaction() as unit:
        assert records.find(unit, tale.number).leaving_type == "37"


@pytest.mark.requirement("F14")
def test_once_agreed_it_is_article_36_and_the_day_itself(tale: Tale) -> None:
    agreed = {"complete": "agree_date", "as": "he.fang", "values": {"decision": "agreed", "note": "双方书面一致"}}
    tale.tell(EARLY, agreed)
    seen = facts(tale)
    assert "第三十六条" in seen["法律依据"]
    assert seen["最后工作日"] == seen["列表"] == "2026-11-10"
    assert "法定最早离职日" not in seen
    assert "申请提前离职日" not in seen


@pytest.mark.requirement("F14")
def test_not_agreed_it_is_article_37_and_its_day(tale: Tale) -> None:
    tale.tell(EARLY, {"at": "2026-11-03T18:01:00+08:00"})
    seen = facts(tale)
    assert "第三十七条" in seen["法律依据"]
    assert seen["最后工作日"] == "2026-12-02"
    assert "申请提前离职日" not in seen
