"""A leaving is kept as long as the law asks; then its process leaves, and HR's own record stays."""

from datetime import timedelta

import pytest

from engine.upkeep import retention
from hr.offboarding import cases as records
from kernel.actor import Actor, system
from kernel.errors import Conflict, Invalid, NotFound
from tasks.human import cases, conversation, withdrawal
from tasks.worker import drain
from tests.tasks.human.conftest import CONFIRMED, FILED, Tale

ADMIN = Actor(id="admin", name="管理员", groups=frozenset({"admin"}))
OF_PEOPLE = ("case_comment", "case_read", "delivery", "task_draft", "delegation")


def withdrawn(tale: Tale) -> None:
    """A leaving that was taken back, with a conversation about it."""
    tale.tell(FILED, CONFIRMED)
    with tale.house.database.transaction() as unit:
        withdrawal.ask(tale.house, unit, tale.actor("zhang.yan"), tale.number, "公司挽留")
    with tale.house.database.transaction() as unit:
        conversation.add(tale.house, unit, tale.actor("chen.bo"), tale.instance, "欢迎")
    with tale.house.database.transaction() as unit:
        withdrawal.agree(tale.house, unit, tale.actor("he.fang"), tale.number, "同意撤回")
    drain(tale.house)  # what the case had called ends with it


def counts(tale: Tale, *tables: str) -> list[int]:
    return [tale.unit.one(f"select count(*) from {table}")[0] for table in tables]


@pytest.mark.requirement("F52")
def test_a_leaving_is_kept_for_two_years_at_least(tale: Tale) -> None:
    withdrawn(tale)
    with pytest.raises(Invalid, match=r"LCL 50 ¶3.*at least 731 days"):
        retention.set_days(tale.house.engine, tale.unit, "offboarding", 365, actor=ADMIN)
    with pytest.raises(Conflict, match="LCL 50 ¶3"):
        retention.remove(tale.house.engine, tale.unit, tale.instance, actor=ADMIN)


@pytest.mark.requirement("F52")
def test_what_people_wrote_leaves_with_the_process_and_the_record_stays(tale: Tale) -> None:
    withdrawn(tale)
    number, instance = tale.number, tale.instance
    evidence = counts(tale, "evidence", "offboarding_case")
    assert counts(tale, "case_comment")[0] >= 2
    retention.set_days(tale.house.engine, tale.unit, "offboarding", 731, actor=ADMIN)
    tale.stage.clock.advance(timedelta(days=732))
    assert retention.clean_some(tale.house.engine, tale.house.database) == 1
    assert counts(tale, "instance", "journal", *OF_PEOPLE) == [0] * 7
    assert counts(tale, "evidence", "offboarding_case") == evidence
    with tale.house.database.transaction() as unit:
        assert records.find(unit, number).instance_key == instance
        records.locked(unit, number)
    assert tale.unit.one("select removed_by from removed_instance where key = %s", (instance,)) == (
        system("retention").id,
    )


@pytest.mark.requirement("F52")
def test_hr_still_opens_the_record_of_a_case_whose_process_has_left(tale: Tale) -> None:
    withdrawn(tale)
    retention.set_days(tale.house.engine, tale.unit, "offboarding", 731, actor=ADMIN)
    tale.stage.clock.advance(timedelta(days=732))
    assert retention.clean_some(tale.house.engine, tale.house.database) == 1
    hr = tale.actor("he.fang")
    with tale.house.database.transaction() as unit:
        (row,) = cases.cases(tale.house, unit, hr, scope="all").rows
        assert (row.number, row.process, row.ended) == (tale.number, "离职交接", True)
        view = cases.case_view(tale.house, unit, hr, tale.number)
        assert view.row.subject.name == "张岩"
        assert (view.timeline, view.comments) == ((), ())
        assert cases.record(tale.house, unit, hr, tale.number, "json")
        with pytest.raises(NotFound):
            cases.diagram(unit, hr, tale.number)
