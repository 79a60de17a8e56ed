"""People come from an older system's table: previewed, refused as a whole, or taken in."""

import pytest

from hr.people import org, roster
from hr.people.sheet import SheetRefused
from hr.privacy import Cipher
from kernel.db import Unit
from tests.hr.conftest import id_number

NUMBER = id_number("99000019910101003")
HEADING = "工号,登录名,姓名,部门编码,岗位,入职日期,上级,身份证号"


def table(*lines: str, heading: str = HEADING, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([heading, *lines, ""]).encode(encoding)


@pytest.mark.requirement("F122")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_new_people_are_hired_and_changed_ones_changed(company: Unit, cipher: Cipher, encoding: str) -> None:
    content = table(
        f"QM8,qian,钱多多,sales,销售代表,2024/03/01,li,{NUMBER}",
        "QM3,zhang,张晓雯,sales,大客户经理,2021-07-01,li,",
        "QM4,wu,吴芳,sales,销售代表,2022-05-09,li,",
        encoding=encoding,
    )
    assert [line.action for line in roster.preview(company, content)] == ["new", "change", "same"]
    assert org.person(company, "qian") is None
    roster.take_in(company, cipher, content)
    assert org.required(company, "qian").name == "钱多多"
    assert org.identity_number(company, "qian", cipher) == NUMBER
    zhang = org.required(company, "zhang")
    assert (zhang.position, zhang.level, zhang.family) == ("大客户经理", "middle", "sales")
    assert [line.action for line in roster.preview(company, content)] == ["same", "same", "same"]


@pytest.mark.requirement("F122")
@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("QM8,qian,,sales,销售代表,2024-03-01,li,", "姓名 is empty"),
        ("QM8,qian,钱,nowhere,销售代表,2024-03-01,li,", "no department nowhere"),
        ("QM8,qian,钱,sales,销售代表,1 March,li,", "no date"),
        ("QM8,qian,钱,sales,销售代表,2024-03-01,nobody,", "nobody is no colleague"),
        ("QM8,qian,钱,sales,销售代表,2024-03-01,qian,", "qian is no colleague"),
        ("QM3,qian,钱,sales,销售代表,2024-03-01,li,", "someone else's"),
        ("QM8,zhang,钱,sales,销售代表,2024-03-01,li,", "someone else's"),
        ("QM8,qian,钱,sales,销售代表,2024-03-01,li,110105194912310021", "does not match"),
    ],
)
def test_one_faulty_line_and_nothing_is_taken_in(company: Unit, cipher: Cipher, line: str, why: str) -> None:
    content = table("QM9,sun,孙权,sales,销售代表,2024-03-01,li,", line)
    with pytest.raises(SheetRefused, match=why) as refused:
        roster.take_in(company, cipher, content)
    assert [wrong.number for wrong in refused.value.faults] == [3]
    assert org.person(company, "sun") is None


@pytest.mark.requirement("F122")
def test_a_file_of_another_shape_is_refused_with_the_columns_it_lacks(company: Unit) -> None:
    with pytest.raises(SheetRefused, match="入职日期"):
        roster.preview(company, table("QM8,qian", heading="工号,登录名"))
    with pytest.raises(SheetRefused, match="UTF-8"):
        roster.preview(company, b"\xff\xfe\xff\xff\x80")
    twice = table(*["QM8,qian,钱,sales,销售代表,2024-03-01,li,"] * 2)
    assert [bool(line.problems) for line in roster.preview(company, twice)] == [False, True]
