"""Texts of agreements: read with every fault at its line, filled for one person, set on pages with places to sign."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from hr.agreements import facts, fill, numerals, printed, texts
from hr.agreements.fill import Filled, Unfilled
from hr.agreements.parts import SOURCE_BYTES, TextRefused
from hr.agreements.text import parse
from hr.documents import typeset
from hr.documents.typeset import Typeset
from kernel.clock import ManualClock

CLOCK = ManualClock("2026-11-02T01:00:00+00:00")
SAMPLE = facts.sample("上海启明智能科技有限公司", date(2026, 11, 2))
HEAD = """---
title: 补充协议
kind: other
summary:
  - 期限为{{ months }}个月。
fields:
  - {key: months, label: 期限（月）, type: number, default: 12}
  - {key: pay, label: 补贴, type: money, required: false}
  - {key: until, label: 截止日, type: date, default: '=agreement.date + duration("P1Y")'}
  - {key: way, label: 方式, type: choice, default: a, options: [{value: a, label: 邮寄}, {value: b, label: 自取}]}
  - {key: note, label: 备注, type: text, required: false, when: months > 12}
validity: =until
signers:
  - {role: employee, label: 乙方}
  - {role: company, place: 2, label: 甲方}
---
"""


def filled(body: str, known: dict[str, Any] = SAMPLE, **values: Any) -> Filled:
    return fill.fill(parse(HEAD + body), values, known, clock=CLOCK)


def words(made: Filled) -> list[str]:
    return [block["no"] + "".join(span["text"] for span in block["spans"]) for block in made.blocks]


def faults(source: str) -> list[tuple[int, str]]:
    with pytest.raises(TextRefused) as refused:
        parse(source)
    return [(fault.line, str(fault.sentence)) for fault in refused.value.faults]


@pytest.mark.requirement("F62")
def test_fields_conditions_and_numbers_become_the_words_for_one_person() -> None:
    body = """
## 期限 {#term}
乙方{{ employee.name }}的期限为{{ months }}个月，至{{ until }}止，{{ way }}。
::: if pay != null
补贴为{{ pay }}，见[[term]]。
:::
::: if months > 12
1. 长
2. 期
::: else
- 短
:::
## 其他
1. 一
"""
    assert words(filled(body)) == [
        "第一条期限",
        "乙方示例员工的期限为12个月，至2027年11月2日止，邮寄。",
        "短",
        "第二条其他",
        "（一）一",
    ]
    longer = filled(body, months=24, pay="12000.5", way="b", note="加急")
    assert words(longer)[1:5] == [
        "乙方示例员工的期限为24个月，至2027年11月2日止，自取。",
        "补贴为人民币12,000.50元（大写：壹万贰仟元伍角），见第一条。",
        "（一）长",
        "（二）期",
    ]
    assert longer.ends_on == date(2027, 11, 2)
    assert longer.values == {"months": 24, "pay": "12000.5", "until": "2027-11-02", "way": "b", "note": "加急"}
    assert longer.summary == ("期限为24个月。",)
    assert [signer.field for signer in longer.signers] == ["employee", "company"]


def test_everything_that_is_missing_or_wrong_is_named_at_once() -> None:
    nobody = SAMPLE | {"employee": SAMPLE["employee"] | {"idNumber": None, "phone": ""}}
    body = "身份证 {{ employee.idNumber }}，电话 {{ employee.phone }}"
    with pytest.raises(Unfilled) as refused:
        filled(body, nobody, months="many", way="c", monhts=3, pay=-1)
    told = str(refused.value)
    for part in (
        "“monhts” was given",
        "期限（月） is a number",
        "方式 is one of",
        "employee.idNumber",
        "employee.phone",
    ):
        assert part in told, part
    assert "补贴 is a sum" in told


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        ("乙方{{ employee.nmae }}", 17, "employee.nmae"),
        ("乙方{{ mnths }}", 17, "mnths"),
        ("乙方{{ 1 + }}", 17, "is no expression"),
        ("乙方{{ months", 17, "One of the braces is missing"),
        ("**粗", 17, "bold"),
        ("::: if months > 1\n甲", 17, "not closed"),
        ("甲\n:::", 18, "no open condition"),
        ("::: elif x", 17, "A line of colons"),
        ("### 小标题", 17, "Headings"),
        ("甲\n# 标题", 18, "above everything"),
        ("见[[nowhere]]", 17, "nowhere"),
        ("", 16, "no words"),
        ("长" * 6000, 17, "Break it up"),
    ],
)
def test_a_fault_of_the_body_is_told_at_its_line(body: str, line: int, part: str) -> None:
    told = faults(HEAD + body)
    assert told[0][0] == line
    assert part in told[0][1]


@pytest.mark.parametrize(
    ("was", "now", "part"),
    [
        ("kind: other", "kind: marriage", "is no kind"),
        ("title: 补充协议", "titel: 补充协议", "not known"),
        ("type: number", "type: numeral", "is no type"),
        ("role: employee", "role: manager", "employee is not among"),
        ("key: months", "key: employee", "cannot be the key"),
        ("validity: =until", "validity: =nothing", "asks for nothing"),
        ("  - 期限为{{ months }}个月。", "  - *a", "refers to itself"),
        ("  - 期限为{{ months }}个月。", "  - &a [*a, *a]", "refers to itself"),
        ("  - 期限为{{ months }}个月。", "  - [[[[[[[[x]]]]]]]]", "nested too deep"),
        ("summary:\n", "summary: [\n", "YAML"),
    ],
)
def test_a_fault_of_the_head_is_told(was: str, now: str, part: str) -> None:
    assert was in HEAD
    assert any(part in told for _, told in faults(HEAD.replace(was, now, 1) + "甲"))


def test_conditions_without_end_in_each_other_are_refused_at_their_lines() -> None:
    told = faults(HEAD + "::: if true\n" * 2000 + "甲\n" + ":::\n" * 2000)
    assert "nested too deep" in told[0][1]
    assert told[0][0] == HEAD.count("\n") + 7


def test_a_text_is_bounded() -> None:
    assert "bytes" in faults(HEAD + "甲" * SOURCE_BYTES)[0][1]
    assert "begins with its head" in faults("no head")[0][1]


@pytest.mark.requirement("F62")
def test_what_costs_too_much_is_refused_with_its_line() -> None:
    with pytest.raises(Unfilled, match="has no value"):
        filled("{{ count(for i in 1..100000, j in 1..100000 return i * j) }}")


@settings(max_examples=200)
@given(source=st.text(alphabet="{}[]*#:- \n甲e=.'\"|&!0", max_size=200))
def test_any_body_is_read_or_refused_in_words(source: str) -> None:
    try:
        made = parse(HEAD + source)
    except TextRefused:
        return
    assert made.title == "补充协议"


@given(amount=st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_sum_in_capitals_has_no_figure_in_it(amount: Any) -> None:
    spelled = numerals.capitals(amount)
    assert set(spelled) <= set("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整")
    assert spelled.endswith("整") == (amount == int(amount))


def pages(made: Filled, *, trial: bool = True, name: str = "张晓雯") -> Typeset:
    facts_of = printed.printed(
        made,
        organisation="上海启明智能科技有限公司",
        number="XY-2026-000001",
        dated_on=date(2026, 11, 2),
        content_hash="ab" * 32,
        verify_code="12AB-34CD-56EF-7890",
        verify_url="https://hr.qiming.example/verify",
        trial=trial,
        names={signer.field: name for signer in made.signers},
    )
    return typeset.agreement(facts_of, at=CLOCK.now())


def texts_of(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\n", "") for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.requirement("F62")
@pytest.mark.parametrize("slug", sorted(path.stem for path in texts.SHIPPED.glob("*.md")))
def test_each_shipped_text_is_set_with_a_place_for_every_signer(slug: str) -> None:
    text = parse((texts.SHIPPED / f"{slug}.md").read_text(encoding="utf-8"))
    made = fill.fill(text, {}, SAMPLE, clock=CLOCK)
    assert 3 <= len(made.summary) <= 6
    document = pages(made)
    told = texts_of(document.pdf)
    assert [place.field for place in document.places] == [signer.field for signer in text.signers]
    assert len({place.page for place in document.places}) == 1
    for place in document.places:
        left, bottom, right, top = place.box
        assert 0 <= place.page < len(told)
        assert 0 < left < right < 595
        assert 0 < bottom < top < 842
        assert place.kind == ("seal" if place.field == "company" else "hand")
    last = told[document.places[0].page]
    assert "条" in last.split("以下无正文")[0]  # signatures never stand alone on a page
    for number, words_of in enumerate(told, 1):
        assert f"第 {number} 页，共 {len(told)} 页" in words_of
        assert "12AB-34CD-56EF-7890" in words_of
        assert "ab" * 32 in words_of.replace(" ", "")
        assert "测试证书签署" in words_of


def test_without_the_trial_authority_no_page_says_so() -> None:
    assert "测试" not in "".join(texts_of(pages(filled("甲"), trial=False).pdf))


@pytest.mark.parametrize("name", ["龘㛃𬎆", "a\x07b", "👍", "\u202e付款", "#emph[x] $ \\ `"])
def test_no_name_keeps_an_agreement_from_being_set(name: str) -> None:
    known = SAMPLE | {"employee": SAMPLE["employee"] | {"name": name}}
    told = "".join(texts_of(pages(filled("乙方{{ employee.name }}", known), name=name).pdf)).replace(" ", "")
    assert len(told) > 100
    assert name.replace(" ", "") in told or "U+" in told
