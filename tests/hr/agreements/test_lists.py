"""A list of people as HR has it, pasted or exported: logins, numbers, values by label."""

import pytest

from hr.agreements import lists
from hr.agreements.batches import Wanted
from hr.agreements.text import parse
from kernel.errors import Invalid

TEXT = parse("""---
title: 保密补贴协议
kind: other
summary: [一是补贴。, 二是保密。, 三是期限。]
fields:
  - {key: allowance, label: 每月补贴, type: money}
  - {key: note, label: 备注, type: text, required: false}
signers:
  - {role: employee, label: 乙方}
  - {role: company, place: 2, label: 甲方}
---
## 补贴

甲方每月支付 {{ allowance }}。{{ note }}
""")


@pytest.mark.parametrize("content", ["zhang\n\n QM4 \r\n", "登录名\nzhang\nQM4\n", "\ufeffzhang\nQM4"])
def test_a_column_of_logins_or_numbers_is_a_list(content):
    assert lists.read(content, TEXT) == [Wanted(who="zhang"), Wanted(who="QM4")]


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_table_has_values_by_label_or_key_and_no_empty_ones(mark):
    rows = [("工号", "每月补贴", "note"), ("QM3", "800", "含税"), ("QM4", "900", " ")]
    found = lists.read("\n".join(mark.join(row) for row in rows), TEXT)
    assert found == [
        Wanted(who="QM3", values={"allowance": "800", "note": "含税"}),
        Wanted(who="QM4", values={"allowance": "900"}),
    ]


def test_a_cell_may_hold_the_mark_within_quotes():
    assert lists.read('登录名,备注\nzhang,"一,二"', TEXT)[0].values == {"note": "一,二"}


@pytest.mark.parametrize(
    ("content", "words"), [("工号,工资\nQM3,1", "Not known: “工资”"), ("备注,每月补贴\na,1", "have to be 登录名")]
)
def test_headings_that_are_no_fields_are_told_with_those_that_are(content, words):
    with pytest.raises(Invalid, match=words) as refused:
        lists.read(content, TEXT)
    assert "每月补贴、备注" in str(refused.value)


def test_an_empty_list_has_nobody():
    assert lists.read(" \n\n", TEXT) == []
