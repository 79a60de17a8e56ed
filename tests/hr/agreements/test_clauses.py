"""The linter of agreements on whole texts: numbers in any spelling, values that break the law, persons, and bounds."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hr.agreements import clauses, facts, fill, numerals, texts
from hr.agreements.fill import Filled
from hr.agreements.text import parse
from kernel.clock import ManualClock
from tests.hr.agreements.test_clauses_by_sentence import found

CLOCK = ManualClock("2026-11-02T01:00:00+00:00")
SHIPPED = sorted(texts.SHIPPED.glob("*.md"))


def sample(**employee: Any) -> dict[str, Any]:
    known = facts.sample("上海启明智能科技有限公司", date(2026, 11, 2))
    return known | {"employee": known["employee"] | employee}


def non_compete(known: dict[str, Any] | None = None, **values: Any) -> Filled:
    text = parse((texts.SHIPPED / "non-compete.md").read_text(encoding="utf-8"))
    return fill.fill(text, values, known or sample(), clock=CLOCK)


def rules(filled: Filled, known: dict[str, Any] | None = None) -> set[str]:
    return {one.rule for one in clauses.findings(filled, known)}


@pytest.mark.requirement("F72")
@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_nothing_is_found_in_the_shipped_texts(path: Path) -> None:
    text = parse(path.read_text(encoding="utf-8"))
    assert clauses.findings(text) == ()
    assert clauses.findings(fill.fill(text, {}, sample(), clock=CLOCK), sample()) == ()


@pytest.mark.requirement("F72")
def test_values_are_held_to_the_law_once_they_are_filled_in() -> None:
    assert rules(non_compete(months=24)) == set()
    assert rules(non_compete(months=36)) == {"non-compete-term"}
    assert rules(non_compete(months=12, payPercent=29)) == {"non-compete-amount"}
    assert rules(non_compete(months=13, payPercent=49)) == {"non-compete-amount"}
    assert rules(non_compete(months=13, payPercent=50)) == set()
    assert rules(non_compete(penaltyTimes=5)) == set()
    assert rules(non_compete(penaltyTimes=6)) == {"non-compete-penalty"}
    assert rules(non_compete(region="全球")) == {"non-compete-reach"}


@pytest.mark.requirement("F73")
def test_the_monthly_sum_is_never_below_the_minimum_wage() -> None:
    low = non_compete(averageWage=6000, minimumWage=2690)
    assert any("2690元" in words for _, _, words in low.lines)
    assert rules(low) == set()
    high = non_compete(averageWage=30000, minimumWage=2690)
    assert any("9000元" in words for _, _, words in high.lines)


@pytest.mark.requirement("F73")
@pytest.mark.requirement("F72")
def test_who_has_no_contact_with_secrets_is_not_bound() -> None:
    receptionist = sample(name="周敏", secretContact=None)
    told = clauses.findings(non_compete(receptionist, basis="无"), receptionist)
    assert [(one.rule, one.severity) for one in told] == [("non-compete-person", "error")]
    assert "周敏" in str(told[0].sentence)
    assert rules(non_compete(sample()), sample()) == set()


def test_a_confidentiality_agreement_needs_no_basis() -> None:
    text = parse((texts.SHIPPED / "confidentiality.md").read_text(encoding="utf-8"))
    nobody = sample(secretContact=None)
    assert clauses.findings(fill.fill(text, {}, nobody, clock=CLOCK), nobody) == ()


def test_a_non_compete_without_monthly_pay_is_refused_as_a_whole() -> None:
    text = "乙方离职后一年内不得到与甲方有竞争关系的单位任职。"
    assert {one.rule for one in found(text)} == {"non-compete-pay"}


def test_a_list_that_is_introduced_as_forbidden_is_not_taken_for_the_thing() -> None:
    assert found("甲方不得有下列行为：\n1. 扣押乙方的身份证；\n2. 收取押金；\n3. 扣发工资。") == []
    told = {one.rule for one in found("乙方违约的，甲方有权：\n1. 扣押乙方的身份证；\n2. 扣发工资。")}
    assert told == {"originals", "wages"}


SPELLINGS = st.sampled_from([str, numerals.words])


@given(months=st.integers(1, 120), spelled=SPELLINGS)
def test_the_limit_of_two_years_holds_in_every_spelling(months: int, spelled: Any) -> None:
    told = {one.rule for one in found(f"竞业限制期限为{spelled(months)}个月。", kind="non-compete")}
    assert ("non-compete-term" in told) == (months > 24)


@given(share=st.integers(1, 99), spelled=st.sampled_from([lambda n: f"{n}%", lambda n: f"百分之{numerals.words(n)}"]))
def test_the_least_share_holds_in_every_spelling(share: int, spelled: Any) -> None:
    sentence = f"竞业限制期限为十二个月，甲方按月支付离职前十二个月平均工资的{spelled(share)}作为补偿。"
    told = {one.rule for one in found(sentence, kind="non-compete")}
    assert ("non-compete-amount" in told) == (share < 30)


@given(times=st.integers(1, 40), spelled=SPELLINGS)
def test_the_most_of_a_penalty_holds_in_every_spelling(times: int, spelled: Any) -> None:
    told = {one.rule for one in found(f"违约金为补偿总额的{spelled(times)}倍。", kind="non-compete")}
    assert ("non-compete-penalty" in told) == (times > 5)


@given(value=st.integers(0, 10**12 - 1))
def test_numbers_in_words_are_read_back(value: int) -> None:
    assert numerals.number(numerals.words(value)) == value


WORDS = st.sampled_from(
    [
        "甲方",
        "乙方",
        "不得",
        "离职",
        "后",
        "工资",
        "违约金",
        "三年",
        "36个月",
        "竞业限制",
        "补偿",
        "，",
        "。",
        "；",
        "百分之十",
    ]
    + [
        "扣",
        "发放",
        "交接",
        "的",
        "应当",
        "罚款",
        "放弃",
        "社会保险",
        "人脸",
        "\n",
        "- ",
        "**",
        "{{",
        "}}",
        "[[",
        ":::",
    ]
)


@settings(max_examples=300)
@given(parts=st.lists(WORDS, max_size=60))
def test_any_words_are_looked_at_without_an_error(parts: list[str]) -> None:
    sentence = "".join(parts)
    try:
        told = found(sentence, kind="non-compete")
    except fill.Invalid:
        return  # no text
    assert all(one.words in sentence.replace(" ", "") or one.words == "" for one in told if "**" not in sentence)


@pytest.mark.parametrize("word", ["不得罚款", "一二三四五六七八九十", "违约金五元", "第三年", "乙方离职后", "工资扣"])
def test_the_largest_text_is_looked_at_in_bounded_time(word: str) -> None:
    line = word * (4900 // len(word))
    began = time.process_time()
    found("\n".join([line] * (240_000 // len(line.encode()))))
    assert time.process_time() - began < 10
