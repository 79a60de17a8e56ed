"""The linter of agreements on single sentences: what the law forbids is told, what it allows is left alone (F72)."""

import pytest

from hr.agreements import clauses
from hr.agreements.clauses import Finding
from hr.agreements.text import parse
from tests.hr.agreements.lawful import COMPETE_LAWFUL, LAWFUL
from tests.hr.agreements.sentences import COMPETE, UNLAWFUL

HEAD = """---
title: 协议
kind: {kind}
summary: [说明]
signers: [{{role: employee, label: 乙方}}]
---
{body}
"""
PAY = "甲方在竞业限制期限内按月向乙方支付经济补偿，标准为离职前十二个月平均工资的百分之五十。"


def found(sentence: str, *, kind: str = "other") -> list[Finding]:
    body = f"{PAY}\n{sentence}" if kind == "non-compete" else sentence
    return list(clauses.findings(parse(HEAD.format(kind=kind, body=body))))


@pytest.mark.requirement("F72")
@pytest.mark.parametrize(("rule", "sentence"), UNLAWFUL, ids=[sentence for _, sentence in UNLAWFUL])
def test_what_the_law_forbids_is_told(rule: str, sentence: str) -> None:
    told = found(sentence)
    assert rule in {one.rule for one in told}
    assert all(one.line == 7 and str(one.article) and str(one.sentence) for one in told)


@pytest.mark.requirement("F72")
@pytest.mark.parametrize(("rule", "sentence"), COMPETE, ids=[sentence for _, sentence in COMPETE])
def test_what_a_non_compete_may_not_say_is_told(rule: str, sentence: str) -> None:
    assert rule in {one.rule for one in found(sentence, kind="non-compete")}


@pytest.mark.requirement("F72")
@pytest.mark.parametrize("sentence", LAWFUL)
def test_what_is_lawful_or_forbids_the_thing_is_left_alone(sentence: str) -> None:
    assert found(sentence) == []


@pytest.mark.requirement("F72")
@pytest.mark.parametrize("sentence", COMPETE_LAWFUL)
def test_a_lawful_non_compete_is_left_alone(sentence: str) -> None:
    assert found(sentence, kind="non-compete") == []
