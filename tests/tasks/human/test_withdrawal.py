"""A resignation ends by its law or by the two who may take it back: never by a click on its process."""

import pytest

from engine.commands import operate, suspend
from hr.evidence import log
from hr.offboarding import cases as records
from kernel.actor import Actor, system
from kernel.errors import Conflict, Forbidden, Invalid
from tasks.human import cases, withdrawal
from tests.tasks.human.conftest import CONFIRMED, FILED, Tale

ADMIN = Actor(id="admin", name="管理员", groups=frozenset({"admin"}))


def cancel(tale: Tale) -> None:
    with tale.house.database.transaction() as unit:
        operate.cancel(tale.house.engine, unit, tale.instance, actor=ADMIN, reason="误操作")


def act(tale: Tale, what: str, login: str, reason: str = "公司挽留，本人决定留任") -> None:
    with tale.house.database.transaction() as unit:
        getattr(withdrawal, what)(tale.house, unit, tale.actor(login), tale.number, reason)


def actions(tale: Tale, login: str) -> frozenset[str]:
    with tale.house.database.transaction() as unit:
        return cases.case_view(tale.house, unit, tale.actor(login), tale.number).actions


@pytest.mark.requirement("F2")
@pytest.mark.requirement("F49")
def test_an_administrator_does_not_undo_a_resignation_by_ending_its_process(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    with pytest.raises(Conflict, match="carries the open case OFF-2026-0001"):
        cancel(tale)
    tale.tell({"at": "2026-12-02T09:01:00+08:00", "expect": {"passed": ["issue_certificate"]}})


@pytest.mark.requirement("F13")
@pytest.mark.requirement("F49")
def test_nobody_lets_a_leaving_stand_still(tale: Tale) -> None:
    """Wages and certificate cannot be kept back by suspending the case, not even once it is closed."""
    tale.tell(FILED, CONFIRMED)
    refused = pytest.raises(Conflict, match=r"leaving OFF-2026-0001, whose statutory clock never stops.*LCL 50")
    with refused:
        suspend.suspend(tale.house.engine, tale.unit, tale.instance, actor=ADMIN, reason="等交接完成")
    with tale.house.database.transaction() as unit:
        records.close(unit, tale.number, clock=tale.house.clock, actor=system("test"))
    with refused:
        suspend.suspend(tale.house.engine, tale.unit, tale.instance, actor=ADMIN, reason="等社保转出")


def test_once_the_case_is_closed_nothing_depends_on_the_instance(tale: Tale) -> None:
    tale.tell(FILED)
    with tale.house.database.transaction() as unit:
        records.close(unit, tale.number, clock=tale.house.clock, actor=system("test"))
    cancel(tale)
    assert tale.unit.one("select state from instance where key = %s", (tale.instance,)) == ("TERMINATED",)


def test_the_employee_asks_hr_agrees_and_case_and_process_end_together(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    assert "withdrawal" in actions(tale, "zhang.yan")
    assert "withdrawal-agreed" not in actions(tale, "he.fang")
    act(tale, "ask", "zhang.yan")
    assert "withdrawal" not in actions(tale, "zhang.yan")
    assert "withdrawal-agreed" in actions(tale, "he.fang")
    act(tale, "agree", "he.fang", "部门负责人与本人谈妥，同意撤回")
    with tale.house.database.transaction() as unit:
        view = cases.case_view(tale.house, unit, tale.actor("he.fang"), tale.number)
        assert records.find(unit, tale.number).status == "withdrawn"
        chain = {row.event: row for row in log.rows(unit, tale.number)}
    assert tale.unit.one("select state from instance where key = %s", (tale.instance,)) == ("TERMINATED",)
    assert view.row.status.within("zh-CN") == "已撤回"
    assert chain["withdrawal.asked"].actor == "zhang.yan"
    assert chain["case.withdrawn"].actor == "he.fang"
    assert chain["case.withdrawn"].detail["reason"] == "部门负责人与本人谈妥，同意撤回"
    (ended,) = [entry for entry in view.timeline if entry.kind == "end"]
    assert ended.who is not None
    assert (ended.who.name, ended.note) == ("何芳", "部门负责人与本人谈妥，同意撤回")
    assert "done" not in {stage.state for stage in view.stages if stage.id in ("handover", "formalities")}
    assert not view.actions & {"withdrawal", "withdrawal-agreed", "absent"}
    tale.tell({**FILED, "expect": {"includes": ["manager_confirm"]}})


@pytest.mark.parametrize(
    ("what", "login", "refusal", "words"),
    [
        ("ask", "chen.bo", Forbidden, "Only the employee"),
        ("agree", "he.fang", Conflict, "has not asked"),
        ("agree", "chen.bo", Forbidden, "HR agrees"),
    ],
)
def test_nobody_takes_it_back_for_another(
    tale: Tale, what: str, login: str, refusal: type[Exception], words: str
) -> None:
    tale.tell(FILED)
    with pytest.raises(refusal, match=words):
        act(tale, what, login)


def test_it_needs_a_reason_and_is_asked_once(tale: Tale) -> None:
    tale.tell(FILED)
    with pytest.raises(Invalid, match="Say why"):
        act(tale, "ask", "zhang.yan", "")
    act(tale, "ask", "zhang.yan")
    with pytest.raises(Conflict, match="asked for already"):
        act(tale, "ask", "zhang.yan")


@pytest.mark.requirement("F49")
def test_from_the_last_day_on_there_is_nothing_to_take_back(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    act(tale, "ask", "zhang.yan")
    tale.tell({"at": "2026-12-02T00:00:01+08:00"})
    with pytest.raises(Conflict, match="has come"):
        act(tale, "agree", "he.fang")
    assert "withdrawal-agreed" not in actions(tale, "he.fang")
