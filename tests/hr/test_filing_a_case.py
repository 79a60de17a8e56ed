"""A resignation becomes a case: once, with its number, its plan and the facts of the day."""

import threading
from datetime import date, timedelta

import pytest

from hr.evidence import log
from hr.numbers import series
from hr.offboarding import cases, dossier
from hr.offboarding.cases import Filing
from hr.offboarding.dossier import Criteria
from hr.offboarding.tables import Case
from hr.people import staff
from hr.privacy import Cipher
from kernel.clock import ManualClock
from kernel.db import Database, Unit
from kernel.errors import Conflict, Invalid, NotFound
from tests.hr.conftest import actor, found

LEAVING = date(2026, 12, 2)
OA = actor("oa")


def filing(login: str = "zhang", **more: object) -> Filing:
    return Filing(**{"employee": login, "reason": "growth", "leaving_on": LEAVING, **more})  # type: ignore[arg-type]  # each test names fields of its own


@pytest.mark.requirement("F1")
def test_a_case_gets_a_number_of_its_year_and_a_plan(company: Unit, clock: ManualClock) -> None:
    case = cases.file(company, filing(), clock=clock, actor=actor("zhang"))
    assert case.number == "OFF-2026-0001"
    assert case.leaving_type == "37"
    assert case.notice == {"days": 30, "article": "LCL 37", "statutoryLastDay": "2026-12-02"}
    assert case.plan["handoverDueAt"] == "2026-11-05T18:00:00+08:00"
    second = cases.file(company, filing("wu"), clock=clock, actor=actor("wu"))
    assert second.number == "OFF-2026-0002"


def test_numbers_start_again_each_year_and_grow_past_four_digits(unit: Unit) -> None:
    assert series.next_number(unit, "OFF-2027", digits=4) == "OFF-2027-0001"
    unit.run("update running_number set last = 9999 where series = 'OFF-2027'")
    assert series.next_number(unit, "OFF-2027", digits=4) == "OFF-2027-10000"


@pytest.mark.requirement("F90")
def test_the_same_external_id_twice_is_one_case(company: Unit, clock: ManualClock) -> None:
    first = cases.file(company, filing(channel="oa", external_id="OA-77"), clock=clock, actor=OA)
    again = cases.file(company, filing(channel="oa", external_id="OA-77", reason="pay"), clock=clock, actor=OA)
    assert again.number == first.number
    assert again.reason == "growth"
    assert company.one("select count(*) from offboarding_case")[0] == 1


@pytest.mark.requirement("F90")
def test_deliveries_at_the_same_time_are_one_case(database: Database, cipher: Cipher, clock: ManualClock) -> None:
    with database.transaction() as unit:
        found(unit, cipher)
    numbers: list[str] = []

    def deliver() -> None:
        with database.transaction() as unit:
            numbers.append(cases.file(unit, filing(channel="oa", external_id="OA-78"), clock=clock, actor=OA).number)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == ["OFF-2026-0001"] * 6


def test_a_second_case_of_a_person_waits_for_the_first_to_end(company: Unit, clock: ManualClock) -> None:
    first = cases.file(company, filing(), clock=clock, actor=actor("zhang"))
    with pytest.raises(Conflict, match=first.number):
        cases.file(company, filing(external_id="OA-79"), clock=clock, actor=OA)
    cases.withdraw(company, first.number, reason="留任", clock=clock, actor=actor("hr", "hr"))
    assert cases.file(company, filing(), clock=clock, actor=actor("zhang")).number == "OFF-2026-0002"


@pytest.mark.requirement("F14")
def test_too_early_a_day_leaves_no_case_and_no_gap(company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Invalid, match="2026-12-02"):
        cases.file(company, filing(leaving_on=date(2026, 12, 1)), clock=clock, actor=actor("zhang"))
    assert company.one("select count(*) from offboarding_case")[0] == 0
    assert cases.file(company, filing(), clock=clock, actor=actor("zhang")).number.endswith("0001")


@pytest.mark.requirement("F13")
def test_probation_at_the_time_of_the_notice_makes_it_three_days(company: Unit, clock: ManualClock) -> None:
    case = cases.file(company, filing("zhao", leaving_on=date(2026, 11, 5)), clock=clock, actor=actor("zhao"))
    assert (case.leaving_type, case.facts["inProbation"]) == ("37-probation", True)


def test_what_cannot_be_filed_is_refused_in_words(company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Invalid, match="pay, overtime, growth"):
        cases.file(company, filing(reason="boredom"), clock=clock, actor=actor("zhang"))
    later = clock.now() + timedelta(minutes=1)
    with pytest.raises(Invalid, match="future"):
        cases.file(company, filing(filed_at=later), clock=clock, actor=actor("zhang"))
    with pytest.raises(NotFound, match="nobody"):
        cases.file(company, filing("nobody"), clock=clock, actor=OA)
    staff.leave(company, "wu", date(2026, 10, 31))
    with pytest.raises(Conflict, match="2026-10-31"):
        cases.file(company, filing("wu"), clock=clock, actor=OA)


def test_a_case_keeps_the_facts_of_its_day_and_no_identity_number(case: Case, company: Unit, cipher: Cipher) -> None:
    staff.change(company, cipher, "zhang", position="销售总监")
    values = dossier.variables(company, case.number)
    assert values["employee"]["position"] == "高级销售代表"
    assert values["manager"] == {"login": "li", "name": "李勇"}
    assert values["departmentHead"] == {"login": "li", "name": "李勇"}
    assert values["recipient"] == {"login": "wu", "name": "吴芳"}
    assert "9900" not in str(values)


@pytest.mark.requirement("F4")
def test_the_recipient_is_a_colleague_who_stays(case: Case, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Invalid, match="who stays"):
        cases.name_recipient(company, case.number, "zhang", clock=clock, actor=actor("li"))
    staff.leave(company, "zhao", date(2026, 10, 31))
    with pytest.raises(Invalid, match="who stays"):
        cases.name_recipient(company, case.number, "zhao", clock=clock, actor=actor("li"))


@pytest.mark.requirement("F11")
def test_a_closed_case_takes_nothing_more_and_knows_how_long_it_is_kept(
    case: Case, company: Unit, clock: ManualClock
) -> None:
    cases.mark_absent(company, case.number, True, clock=clock, actor=actor("hr", "hr"))
    clock.set("2026-12-18T00:00:00+08:00")
    closed = cases.close(company, case.number, clock=clock, actor=actor("case"))
    assert closed.keep_until == date(2031, 12, 1)
    with pytest.raises(Conflict, match="closed"):
        cases.mark_absent(company, case.number, False, clock=clock, actor=actor("hr", "hr"))
    assert company.one("select left_on from employee where login = 'zhang'")[0] == LEAVING
    assert [row.event for row in log.rows(company, case.number)] == [
        "case.filed", "recipient.named", "employee.absent", "case.closed",
    ]  # fmt: skip


@pytest.mark.requirement("F51")
def test_a_case_is_found_by_name_number_department_and_date(case: Case, company: Unit, clock: ManualClock) -> None:
    cases.file(company, filing("wu"), clock=clock, actor=actor("wu"))
    for text in ("晓雯", "0001", "QM3", "zhang"):
        page, total = dossier.search(company, Criteria(text=text))
        assert [(row.number, row.name) for row in page] == [(case.number, "张晓雯")], text
        assert total == 1
    assert dossier.search(company, Criteria(text="销售一部"))[1] == 2
    assert dossier.search(company, Criteria(text="2026-11-02"))[1] == 2
    assert dossier.search(company, Criteria(filed_from=date(2026, 11, 3)))[1] == 0
    assert dossier.search(company, Criteria(departments=["sales"], status="open", employees=["wu"]))[1] == 1
    page, total = dossier.search(company, limit=1, offset=1)
    assert (len(page), total) == (1, 2)


def test_findings_are_kept_with_proof(case: Case, company: Unit, clock: ManualClock) -> None:
    cases.record_finding(company, case.number, "finance", {"total": "0.00"}, clock=clock, actor=actor("finance"))
    assert cases.find(company, case.number).finance == {"total": "0.00"}
    assert log.rows(company, case.number)[-1].detail == {"finding": {"total": "0.00"}}
    with pytest.raises(Invalid, match="confidentiality, finance, crm"):
        cases.record_finding(company, case.number, "status", {}, clock=clock, actor=actor("finance"))
    replanned = cases.replan(company, case.number, handover_from=clock.now() + timedelta(days=7))
    assert replanned.plan["handoverDueAt"] == "2026-11-12T18:00:00+08:00"
    assert cases.link(company, case.number, 42).instance_key == 42


@pytest.mark.parametrize("day", [date(2031, 11, 2), date(9999, 12, 31)])
def test_a_last_day_beyond_five_years_is_a_slip(company: Unit, clock: ManualClock, day: date) -> None:
    with pytest.raises(Invalid, match="more than five years ahead"):
        cases.file(company, filing(leaving_on=day), clock=clock, actor=actor("zhang"))
