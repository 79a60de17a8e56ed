"""What nobody did stays undone: on the pages, in the list of open items, and in the record that goes to court."""

import io
import json
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from hr.evidence import log
from kernel.errors import Forbidden
from tasks.human import cases, task
from tasks.human.views import CaseView
from tests.tasks.human.conftest import CONFIRMED, FILED, Tale

CLOSED_BY_THE_CLOCK = (FILED, {"at": "2026-12-18T00:01:00+08:00"})


def record(tale: Tale, login: str = "he.fang") -> tuple[dict[str, Any], str]:
    """The record as HR reads it: its facts, and the text of the PDF."""
    with tale.house.database.transaction() as unit:
        facts = json.loads(cases.record(tale.house, unit, tale.actor(login), tale.number, "json"))
        pdf = cases.record(tale.house, unit, tale.actor(login), tale.number, "pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return facts, text.replace("\n", "").replace(" ", "")


def view(tale: Tale, login: str = "he.fang") -> CaseView:
    with tale.house.database.transaction() as unit:
        return cases.case_view(tale.house, unit, tale.actor(login), tale.number)


@pytest.mark.requirement("F9")
@pytest.mark.requirement("F24")
@pytest.mark.requirement("F54")
def test_a_case_that_the_clock_closed_tells_who_left_what_undone(tale: Tale) -> None:
    tale.tell(*CLOSED_BY_THE_CLOCK)
    facts, text = record(tale)
    undone = {node["element"]: node for node in facts["nodes"]}
    assert facts["process"] == "completed"
    assert facts["allDone"] is False
    assert {"handover_list", "asset_return", "final_pay", "insurance_stop", "hr_review", "learn"} <= set(undone)
    assert {node["state"] for node in facts["nodes"]} == {"undone"}
    assert undone["manager_confirm"]["why"] == "时限已到而未办（“上级逾期”）"
    assert undone["manager_confirm"]["responsible"] == "陈波"
    assert undone["manager_confirm"]["ended_at"] == "2026-11-03T10:00:00+00:00"
    assert undone["manager_confirm"]["reminders"], "the manager was reminded"
    assert undone["final_pay"]["why"] == "结案时仍未办"
    assert undone["final_pay"]["responsible"] == "财务"
    assert undone["handover_list"]["due_at"].startswith("2026-11-06")
    assert "均已完成" not in text
    assert f"以上{len(undone)}个节点未完成" in text
    assert "一次结清工资" in text


@pytest.mark.requirement("F9")
def test_that_all_is_done_is_said_only_where_it_is_so(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    facts, text = record(tale)
    assert {node["state"] for node in facts["nodes"]} == {"open"}
    assert "均已完成" not in text
    assert facts["allDone"] is False


@pytest.mark.requirement("F9")
@pytest.mark.requirement("F53")
def test_reading_stores_nothing_and_keeping_is_an_act(tale: Tale) -> None:
    tale.tell(FILED)
    before = stored(tale)
    facts, text = record(tale)
    assert stored(tale) == before
    assert facts["purpose"] == "reading"
    assert "未存证" in text
    with tale.house.database.transaction() as unit:
        for _ in range(2):
            tale.stage.clock.set(tale.stage.clock.now() + timedelta(milliseconds=1))
            cases.keep_record(tale.house, unit, tale.actor("he.fang"), tale.number)
        (kept,) = [row for row in log.rows(unit, tale.number) if row.event == "open.recorded"][-1:]
    names = [name for _, name in stored(tale) if name.startswith(tale.number)]
    assert kept.actor == "he.fang"
    assert len(names) == len(set(names)) == 4
    assert all("20261102-0900" in name for name in names)


def test_only_hr_takes_the_record(tale: Tale) -> None:
    tale.tell(FILED)
    with pytest.raises(Forbidden):
        record(tale, "zhang.yan")


def stored(tale: Tale) -> list[tuple[str, str]]:
    return list(tale.unit.all("select subject, name from file_use order by id"))


@pytest.mark.requirement("F22")
@pytest.mark.requirement("F24")
def test_pages_never_call_done_what_a_clock_ended(tale: Tale) -> None:
    tale.tell(*CLOSED_BY_THE_CLOCK)
    seen = view(tale)
    assert {stage.state for stage in seen.stages} == {"undone"}
    ended = {str(duty.name): duty for stage in seen.stages for duty in stage.duties if duty.state == "undone"}
    assert ended["上级确认知悉指定交接对接人"].owner == "陈波"
    assert ended["上级确认知悉指定交接对接人"].why is not None
    assert "未办" in seen.row.status.within("zh-CN")
    assert {item.name for item in seen.open_items} == set(ended)
    (key,) = tale.unit.one("select key from user_task where element = 'handover_list'")
    with tale.house.database.transaction() as unit:
        shown = task.open_task(tale.house, unit, tale.actor("zhang.yan"), key, "zh-CN")
    assert shown.undone
    assert shown.ended_at is not None
    assert shown.ended is not None
    assert shown.ended.within("zh-CN") == "结案时仍未办"


@pytest.mark.requirement("F11")
def test_what_was_settled_another_way_is_no_failing(tale: Tale) -> None:
    absent = {"message": "employee-absent", "key": "=caseNumber", "variables": {"absentReason": "失联"}}
    tale.tell(FILED, CONFIRMED, absent)
    facts, _ = record(tale)
    undone = {node["element"]: node["state"] for node in facts["nodes"]}
    assert "handover_list" not in undone
    assert undone["proxy_handover"] == "open"
