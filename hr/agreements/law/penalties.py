"""Penalties: only a service period for special training (LCL 22) and a non-compete (LCL 23) may carry one (LCL 25)."""

import re
from collections.abc import Iterator, Sequence

from hr.agreements.law.wording import FIRM, STAFF, Finding, Sentence, across, first, gap, sums
from hr.agreements.numerals import NUMBER
from kernel.text import say

_PENALTY = re.compile(
    r"违约金|罚款|罚金|罚没|处罚金"
    rf"|(?:处以|处|罚){gap(4)}[0-9０-９一二三四五六七八九十百千万]+元"
    rf"|(?:一次性|固定|定额){gap(6)}(?:赔偿|支付赔偿金)"
)
# A sum that is owed whatever the damage was is a penalty by another name.
_FLAT = re.compile(
    rf"(?:赔偿金?|赔付|补偿){gap(10)}(?:人民币)?(?={NUMBER}万?元)"
    rf"|支付{gap(8)}{NUMBER}万?元{gap(6)}(?:赔偿|赔付|补偿)"
)
_ACTUAL = re.compile(r"实际损失|上限|不超过|最高")
_COMPETES = re.compile(r"竞业")
_TRAINS = re.compile(r"专项(?:技术)?培训|专业技术培训")
_SECRECY = re.compile(
    r"(?:违反|泄露|披露|未履行|不履行)[^。；]{0,14}(?:保密|秘密|交接|归还|培训|考勤|规章|纪律)|保密(?:义务)?的?违约金"
)
_OF_THE_FIRM = re.compile(
    rf"(?<![向给对为]){FIRM}{across(24)}(?:支付|承担|给付|偿付){gap(8)}(?:违约金|赔偿金?|罚款)|对{FIRM}{gap(6)}(?:处以|罚款)"
)
_OF_STAFF = re.compile(rf"(?<![向给对为]){STAFF}{across(20)}(?:支付|承担|给付|缴纳|赔偿)|向{FIRM}(?:支付|承担|赔偿)")
_BY_STATE = re.compile(
    r"(?:行政|司法|公安|税务|执法|监察|主管|监管)(?:机关|部门|处罚)|有关部门|人民法院|刑事|罚金刑|第三方|第三人|客户索赔"
)


def found(sentences: Sequence[Sentence], *, non_compete: bool) -> Iterator[Finding]:
    """`non_compete`: the whole agreement is one, so that a penalty that names nothing else is for that."""
    for sentence in sentences:
        match = first(sentence, _PENALTY) or _flat(sentence)
        if match is None or _allowed(sentence, non_compete):
            continue
        words = _clause(sentence.text, match)
        told = say(
            "“{words}” puts a penalty or a flat sum on the employee. Only a service period for special training and a "
            "non-compete may carry one. Write that the employee answers for actual damage by law.",
            words=words,
        )
        yield Finding("penalty", "error", say("LCL 22, 23, 25"), told, sentence.line, words)


def _flat(sentence: Sentence) -> re.Match[str] | None:
    match = first(sentence, _FLAT)
    if match is None or not sums(sentence.text) or _ACTUAL.search(sentence.text):
        return None
    return match if _OF_STAFF.search(sentence.text) else None


def _allowed(sentence: Sentence, non_compete: bool) -> bool:
    whole = sentence.whole
    if _BY_STATE.search(sentence.text) or _OF_THE_FIRM.search(sentence.text) and not _OF_STAFF.search(sentence.text):
        return True
    if re.search(r"罚款|罚金|罚没", sentence.text):
        return False
    if _TRAINS.search(whole):
        return True
    return (non_compete or _COMPETES.search(whole) is not None) and not _secrecy_alone(sentence)


def _secrecy_alone(sentence: Sentence) -> bool:
    """The breach that is penalised is one of secrecy or handover, not of the non-compete."""
    return _SECRECY.search(sentence.text) is not None and not _COMPETES.search(sentence.text)


def _clause(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(mark, 0, match.start()) for mark in "，。；：,;") + 1
    ends = [at for mark in "，。；,;" if (at := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))]
