"""Non-compete: who may be bound, how long, for which pay, where, and what a breach may cost (LCL 23, 24; SPC I 36-40;
SPC II 13-15; guideline of the labour ministry of 2025-09-12).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hr.agreements.law.wording import (
    LEAVING,
    STAFF,
    Finding,
    Period,
    Sentence,
    first,
    gap,
    percents,
    periods,
    sums,
)
from hr.agreements.numerals import NUMBER, number
from kernel.text import Text, say

MOST_MONTHS = 24
LEAST_PERCENT = 30
LONG_MONTHS = 12
LEAST_PERCENT_LONG = 50
MOST_TIMES = 5
_BIT = 0.01

_COMPETES = re.compile(r"竞业|竞争业务|同类业务|同类产品|竞争关系|同业")
_BOUND = re.compile(
    rf"{LEAVING}[^。；]{{0,50}}(?:不得|不能|禁止|不应)[^。；]{{0,50}}(?:竞争|同类|同业|同行业)"
    rf"|{STAFF}[^。；]{{0,24}}(?:承担|负有|履行|遵守)[^。；]{{0,8}}竞业(?:限制|禁止)(?:义务|约定|条款)"
)
_ELSEWHERE = re.compile(r"另行|另有|单独|《[^》]*竞业[^》]*》|如(?:有|双方)")


@dataclass(frozen=True, slots=True)
class Matter:
    """An agreement as these rules look at it. `person` are the facts of who would be bound, None while unknown."""

    sentences: Sequence[Sentence]
    is_one: bool
    person: Mapping[str, Any] | None
    minimum_wage: float | None

    def about(self, sentence: Sentence) -> bool:
        return self.is_one or _COMPETES.search(sentence.whole) is not None


def binds(sentences: Sequence[Sentence], kind: str) -> bool:
    """True if the agreement binds the employee not to compete after leaving."""
    if kind == "non-compete":
        return True
    return any(_BOUND.search(s.text) and not _ELSEWHERE.search(s.text) for s in sentences)


def found(matter: Matter) -> Iterator[Finding]:
    if not matter.is_one:
        return
    longest = max((period.months for s in matter.sentences for period in _terms(matter, s)), default=0.0)
    yield from _person(matter)
    yield from _pay(matter)
    for sentence in filter(matter.about, matter.sentences):
        yield from _term(matter, sentence)
        yield from _amount(matter, sentence, longest)
        yield from _unpaid(sentence)
        yield from _reach(sentence)
        yield from _penalty(sentence, matter, longest)


def _tell(rule: str, article: Text, told: Text, sentence: Sentence, words: str, *, error: bool = True) -> Finding:
    return Finding(rule, "error" if error else "warning", article, told, sentence.line, words)


# Who

_EVERYBODY = re.compile(
    r"(?:全体|所有|全部|每一?[名位个]|任何(?:一名)?|一切)(?:在职|本公司|入职)?(?:的)?(?:员工|职工|雇员|劳动者|工作人员)"
)


def _person(matter: Matter) -> Iterator[Finding]:
    article = say("LCL 24; SPC II 13")
    for sentence in filter(matter.about, matter.sentences):
        match = first(sentence, _EVERYBODY)
        if match is not None and re.search(r"竞业|适用|均|应|须|签|不得", sentence.text):
            told = say(
                "“{words}” binds everybody not to compete. Only executives, senior engineers and others who know "
                "secrets may be bound. Name who, and why.",
                words=match.group(),
            )
            yield _tell("non-compete-person", article, told, sentence, match.group())
    if matter.person is not None and not matter.person.get("secretContact"):
        told = say(
            "{name} may not be bound by a non-compete: no contact with secrets is recorded. It binds only who knew the "
            "secrets of the company. Record the basis first, or use a confidentiality agreement.",
            name=str(matter.person.get("name") or "—"),
        )
        yield Finding("non-compete-person", "error", article, told, _where(matter), "")


def _where(matter: Matter) -> int:
    """The line at which the agreement first speaks of competing."""
    return next((s.line for s in matter.sentences if _COMPETES.search(s.text)), 0)


# How long

_SPAN = re.compile(r"限制期|期限|期间|为期|后|之日起|起算?|最长|不超过|至多|继续|长达|持续|共计?$")
_WITHIN = re.compile(r"^(?:内|之内|期间|届满|以内|不得|的?竞业)")
_OTHER_SPAN = re.compile(
    r"保密|保存|保管|留存|档案|工作年限|劳动合同期限|任职满|服务满|仲裁|诉讼|时效|未支付|拖欠|不支付|支付|给付"
)
_ENDLESS = re.compile(
    rf"(?:竞业)?限制(?:的)?(?:期限?|期间){gap(6)}(?:永久|终身|长期|无期限|不限|无限期|直至退休)"
    rf"|{LEAVING}(?:之)?后?[^。；]{{0,6}}(?:永久|终身|永远|无限期|任何时候)[^。；]{{0,8}}不得[^。；]{{0,30}}(?:竞争|同类|同业)"
)


def _terms(matter: Matter, sentence: Sentence) -> list[Period]:
    """The periods of a sentence for which the employee is bound."""
    return [p for p in periods(sentence.text) if matter.about(sentence) and _is_term(sentence.text, p)]


def _is_term(text: str, period: Period) -> bool:
    clause = re.split(r"[。；;]", text[: period.start])[-1][-30:]
    after = text[period.end : period.end + 12]
    near = re.split(r"[，,]", clause)[-1]
    if _OTHER_SPAN.search(near) or re.match(r"[^，。；]{0,4}(?:未|不)?(?:支付|保存|保密)", after):
        return False
    return _SPAN.search(clause) is not None or _WITHIN.search(after) is not None


def _term(matter: Matter, sentence: Sentence) -> Iterator[Finding]:
    article = say("LCL 24")
    too_long = next((p for p in _terms(matter, sentence) if p.months > MOST_MONTHS + _BIT), None)
    endless = first(sentence, _ENDLESS)
    void = re.search(r"超过(?:部分|的部分|之部分)?[^。；]{0,6}无效|不得约定", sentence.text)
    if too_long is not None and not void:
        told = say(
            "“{words}”: a non-compete lasts two years at most after the contract ended. Write 24 months or less.",
            words=too_long.words,
        )
        yield _tell("non-compete-term", article, told, sentence, too_long.words)
    elif endless is not None:
        told = say(
            "“{words}”: a non-compete lasts two years at most. Write a period of 24 months or less.",
            words=endless.group(),
        )
        yield _tell("non-compete-term", article, told, sentence, endless.group())


# For which pay

_MONTHLY = re.compile(r"按月|每月|逐月|每个月|每一个月|月度")
_COMPENSATES = re.compile(r"补偿|补助|津贴")
_OTHERWISE = re.compile(
    rf"(?:一次性|按季度?|按年度?|每季度|每年|年底|年终|期满(?:之)?后|届满(?:之)?后|到期后){gap(12)}(?:支付|发放|结算|给付|付清){gap(14)}补偿"
    rf"|补偿{gap(14)}(?:一次性|按季度?|按年度?|每季度|每年|年底|年终|期满(?:之)?后|届满(?:之)?后|到期后){gap(6)}(?:支付|发放|结算|给付|付清)"
)
_HOLDS = r"(?<!不)(?:包含|包括|含有|涵盖|计入|并入|已含|内含)"
_INCLUDED = re.compile(
    rf"补偿{gap(8)}{_HOLDS}{gap(8)}(?:工资|薪|报酬|奖金)"
    rf"|(?:工资|薪酬|薪资|月薪|奖金){gap(8)}{_HOLDS}{gap(12)}补偿"
    rf"|(?:在职期间|随工资|与工资一并|任职期间){gap(14)}(?:支付|发放){gap(12)}补偿"
)
_NONE = re.compile(
    rf"(?:不|无须|无需|不必|不再另行|不另行?|免于|拒绝)(?:向{STAFF})?(?:另行)?(?:支付|给付|发放|给予){gap(12)}补偿"
    rf"|(?:不享有|无权获得|无权要求|不得要求|自愿放弃|放弃){gap(12)}补偿|无偿(?:履行|遵守|承担)"
)
_ENDED = re.compile(r"期满|届满|解除(?:本协议|竞业|后)|终止(?:本协议|竞业)|违反|违约|提前解除|免除[^，。；]{0,8}竞业")


def _pay(matter: Matter) -> Iterator[Finding]:
    """Somewhere it must say that the employer pays compensation each month."""
    for sentence in matter.sentences:
        if _COMPENSATES.search(sentence.text) and first(sentence, _MONTHLY) is not None:
            return
    told = say(
        "The agreement does not say that compensation is paid each month after the contract ended. Without it nobody "
        "can be bound. Add the sum or the share of the wage, and that it is paid monthly."
    )
    yield Finding("non-compete-pay", "error", say("LCL 23; SPC I 36, 38"), told, _where(matter), "")


def _unpaid(sentence: Sentence) -> Iterator[Finding]:
    article = say("LCL 23; SPC I 36, 38")
    included, none = first(sentence, _INCLUDED), _first_at_all(_NONE, sentence)
    otherwise = first(sentence, _OTHERWISE)
    if included is not None:
        told = say(
            "“{words}”: compensation that is part of the wage is none. It is paid monthly after the contract ended. "
            "Take it out.",
            words=included.group(),
        )
        yield _tell("non-compete-pay", article, told, sentence, included.group())
    elif none is not None and not _ENDED.search(sentence.text):
        told = say(
            "“{words}”: a non-compete without compensation does not bind. Write what is paid each month.",
            words=none.group(),
        )
        yield _tell("non-compete-pay", article, told, sentence, none.group())
    elif otherwise is not None and not _MONTHLY.search(sentence.text):
        told = say(
            "“{words}”: compensation is paid each month, not otherwise. Write that it is paid monthly.",
            words=otherwise.group(),
        )
        yield _tell("non-compete-pay", article, told, sentence, otherwise.group())
    yield from _bound_unpaid(sentence)


def _first_at_all(pattern: re.Pattern[str], sentence: Sentence) -> re.Match[str] | None:
    """The words that match, unless the clause says that the employer may not do so."""
    found = (
        m
        for m in pattern.finditer(sentence.text)
        if not re.search(r"(?:不得|禁止|无权)[^，。；]{0,8}$", sentence.text[: m.start()])
    )
    return next(found, None)


_STILL = re.compile(
    r"(?:未|没有|不|停止|拖欠|迟延|逾期)[^，。；]{0,8}(?:支付|发放|给付)[^，。；]{0,14}补偿[^。；]{0,14}"
    r"(?:仍然?|也|均|继续|不影响|不免除|不得以此)[^。；]{0,14}(?:履行|遵守|承担|受|竞业|义务)"
    r"|不得以[^，。；]{0,8}(?:未|没有)[^，。；]{0,6}(?:支付|发放)[^，。；]{0,8}补偿[^。；]{0,6}为由"
)
_RIGHT = re.compile(r"补偿的权利|有权要求|可以(?:请求|要求|解除)|追索")


def _bound_unpaid(sentence: Sentence) -> Iterator[Finding]:
    match = _STILL.search(sentence.text)
    if match is not None and not _RIGHT.search(sentence.text):
        told = say(
            "“{words}” binds the employee although nothing is paid. Who was not paid for three months through the "
            "employer's fault may end the non-compete. Take it out.",
            words=match.group(),
        )
        yield _tell("non-compete-unpaid", say("SPC I 38"), told, sentence, match.group())


_BASE = re.compile(r"工资|收入|月薪|薪酬|薪资|平均")
_UNDER_MINIMUM = re.compile(rf"(?:低于|少于|不足|不受){gap(14)}最低工资")
_RAISED = re.compile(r"按[^，。；]{0,14}最低工资|补足|以[^，。；]{0,8}最低工资|就高")


def _amount(matter: Matter, sentence: Sentence, longest: float) -> Iterator[Finding]:
    text = sentence.text
    if not _COMPENSATES.search(text) or "违约金" in text:
        return
    for share, match in percents(text):
        if _BASE.search(text) and share < LEAST_PERCENT - _BIT:
            yield _too_little(sentence, match.group(), LEAST_PERCENT)
        elif (
            _BASE.search(text)
            and share < LEAST_PERCENT_LONG - _BIT
            and longest > LONG_MONTHS + _BIT
            and not sentence.conditional
        ):
            yield _too_little(sentence, match.group(), LEAST_PERCENT_LONG)
    under = first(sentence, _UNDER_MINIMUM)
    if under is not None and not _RAISED.search(text):
        yield _under_minimum(sentence, under.group())
    for amount, match in sums(text) if matter.minimum_wage and _MONTHLY.search(text) else ():
        if amount < (matter.minimum_wage or 0) - _BIT:
            yield _under_minimum(sentence, match.group())


def _too_little(sentence: Sentence, words: str, least: int) -> Finding:
    told = say(
        "“{words}” is too little for a non-compete: compensation is at least 30 % of the average wage of the last "
        "twelve months, at least 50 % if it lasts longer than a year. Write {least} % or more.",
        words=words,
        least=least,
    )
    return _tell("non-compete-amount", say("SPC I 36; Guideline on non-compete (2025)"), told, sentence, words)


def _under_minimum(sentence: Sentence, words: str) -> Finding:
    told = say(
        "“{words}” is less than the minimum wage at the place of work. Compensation is never below it. Raise it.",
        words=words,
    )
    return _tell("non-compete-amount", say("SPC I 36; Guideline on non-compete (2025)"), told, sentence, words)


# Where, and in which trades

_EVERYWHERE = re.compile(
    r"全球|全世界|世界范围|任何(?:国家|地区|地域)|所有(?:国家|地区|地域)|不限(?:地域|地区|区域)|(?:地域|地区|区域)不限|海内外|境内外"
    r"|任何行业|所有行业|各行各业|不限行业|行业不限|(?:任何|一切|所有)(?:其他)?(?:单位|企业|公司|用人单位|组织)(?:任职|工作|就业|就职|供职)"
)


def _reach(sentence: Sentence) -> Iterator[Finding]:
    match = first(sentence, _EVERYWHERE)
    if match is None:
        return
    told = say(
        "“{words}” has no end. Region and trades must fit the secrets that the employee knew; what goes beyond does "
        "not bind. Name the region and the competitors.",
        words=match.group(),
    )
    yield _tell("non-compete-reach", say("LCL 24; SPC II 13"), told, sentence, match.group(), error=False)


# What a breach may cost

_TIMES = re.compile(rf"({NUMBER})倍")
_BY_MONTH = re.compile(r"(?:每月|月|按月)[^，。；]{0,10}(?:补偿)[^，。；]{0,8}$|月(?:工资|薪)[^，。；]{0,6}$")


def _penalty(sentence: Sentence, matter: Matter, longest: float) -> Iterator[Finding]:
    if "违约金" not in sentence.text:
        return
    for match in _TIMES.finditer(sentence.text):
        times = float(number(match[1]) or 0)
        monthly = _BY_MONTH.search(sentence.text[: match.start()]) is not None
        if times > MOST_TIMES * (max(longest, 1) if monthly else 1) + _BIT:
            yield _too_dear(sentence, match.group())
            return
    total = _total(matter, longest)
    for amount, match in sums(sentence.text) if total else ():
        if amount > MOST_TIMES * total + _BIT:
            yield _too_dear(sentence, match.group())
            return


def _total(matter: Matter, longest: float) -> float:
    """The whole compensation, where a sum a month is written; 0 while unknown."""
    monthly = [
        amount
        for s in matter.sentences
        if _COMPENSATES.search(s.text)
        and _MONTHLY.search(s.text)
        and "违约金" not in s.text
        and "最低工资" not in s.text
        for amount, _ in sums(s.text)
    ]
    return max(monthly, default=0.0) * longest


def _too_dear(sentence: Sentence, words: str) -> Finding:
    told = say(
        "“{words}”: the penalty for a breach of a non-compete is generally five times the whole compensation at most. "
        "Lower it.",
        words=words,
    )
    return _tell("non-compete-penalty", say("Guideline on non-compete (2025); Civil Code 585"), told, sentence, words)
