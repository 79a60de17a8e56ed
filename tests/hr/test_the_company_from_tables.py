"""A company comes from its tables: departments with who leads them, contracts; each taken in whole or not at all."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hr.people import contracts, departments, org, sheet
from hr.people.sheet import SheetRefused
from kernel.db import Unit

CHART = "部门编码,部门名称,上级部门编码,负责人\n{}"
TERMS = "合同编号,登录名,起始日期,终止日期,试用期截止\n{}"


def chart(*lines: str) -> bytes:
    return CHART.format("\n".join(lines)).encode()


def terms(*lines: str) -> bytes:
    return TERMS.format("\n".join(lines)).encode()


def told(unit: Unit) -> dict[str, tuple[str, str | None, str | None]]:
    return {
        id: (name, parent, head) for id, name, parent, head in unit.all("select id, name, parent, head from department")
    }


def test_departments_stand_in_any_order_and_heads_need_not_be_on_file_yet(company: Unit) -> None:
    content = chart("dev,研发部,office,qian", "office,总部,,chen", "lab,实验室,dev,")
    assert departments.take_in(company, content) == 3
    found = told(company)
    assert found["dev"] == ("研发部", "office", "qian")
    assert found["lab"] == ("实验室", "dev", None)
    assert found["office"] == ("总部", None, "chen")
    assert found["sales"][0] == "销售一部", "what the table does not tell of stays"
    departments.take_in(company, chart("dev,研发中心,office,"))
    assert told(company)["dev"] == ("研发中心", "office", "qian"), "an empty head leaves who is"


@pytest.mark.parametrize(
    ("lines", "number", "why"),
    [
        (("dev,,office,",), 2, "部门名称 is empty"),
        (("dev,研发部,nowhere,",), 2, "no department nowhere"),
        (("dev,研发部,office,", "dev,研发二部,office,"), 3, "two lines"),
        (("dev,研发部,lab,", "lab,实验室,dev,"), 2, "above itself"),
        (("office,总部,sales,",), 2, "above itself"),
    ],
)
def test_a_chart_that_cannot_be_is_refused_as_a_whole(
    company: Unit, lines: tuple[str, ...], number: int, why: str
) -> None:
    before = told(company)
    with pytest.raises(SheetRefused, match=why) as refused:
        departments.take_in(company, chart("new,新部门,office,", *lines))
    assert refused.value.faults[0].number == number + 1
    assert told(company) == before


def test_contracts_are_put_on_file_once_and_the_latest_counts(company: Unit) -> None:
    content = terms("HT-1,zhang,2021-07-01,2024/06/30,2021-12-31", "HT-2,zhang,2024-07-01,,")
    assert contracts.take_in(company, content) == 2
    assert contracts.take_in(company, content) == 0
    zhang = org.required(company, "zhang")
    assert (zhang.contract_starts_on, zhang.contract_ends_on) == (date(2024, 7, 1), None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("HT-9,nobody,2024-07-01,,", "login nobody"),
        ("HT-9,zhang,soon,,", "soon is no date"),
        ("HT-9,zhang,,,", "起始日期 is empty"),
        ("HT-9,zhang,2024-07-01,2024-06-30,", "end before it starts"),
        ("HT-9,zhang,2024-07-01,2025-06-30,2026-01-01", "outside its term"),
        ("HT-1,zhang,2021-07-01,2025-06-30,", "with other facts"),
        ("HT-1,wu,2021-07-01,2024-06-30,", "with other facts"),
    ],
)
def test_what_is_on_file_is_not_rewritten_and_what_cannot_be_is_refused(company: Unit, line: str, why: str) -> None:
    with pytest.raises(SheetRefused, match=why) as refused:
        contracts.take_in(company, terms("HT-1,zhang,2021-07-01,2024-06-30,", line))
    assert [fault.number for fault in refused.value.faults] == [3]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: CHART.format(text).encode()))
def test_no_file_breaks_the_reading(content: bytes) -> None:
    try:
        rows = sheet.read(content, departments.HEADINGS, departments.REQUIRED)
    except SheetRefused:
        return
    assert all(isinstance(value, str) for row in rows.values() for value in row.values())


def test_a_field_beyond_all_measure_is_refused() -> None:
    with pytest.raises(SheetRefused, match="no CSV"):
        sheet.read(chart(f'dev,"{"长" * 200_000}",office,'), departments.HEADINGS, departments.REQUIRED)


def test_a_fault_is_told_with_the_line_on_which_its_row_begins(company: Unit) -> None:
    """Empty lines count, and so do the lines within quotation marks."""
    with pytest.raises(SheetRefused) as refused:
        departments.take_in(company, chart("", 'dev,"研发\n一部",office,', "", "lab,实验室,nowhere,"))
    assert [fault.number for fault in refused.value.faults] == [6]
