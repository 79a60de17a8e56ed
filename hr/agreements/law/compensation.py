"""What a non-compete is paid with, and what a breach of it may cost (LCL 23; SPC I 36-40; guideline of 2025-09-12)."""

import re
from collections.abc import Iterator

from hr.agreements.law.matter import BIT, Matter, tell, where
from hr.agreements.law.wording import STAFF, Finding, Sentence, first, gap, percents, sums
from hr.agreements.numerals import NUMBER, number
from kernel.text import say

LEAST_PERCENT = 30
LONG_MONTHS = 12
LEAST_PERCENT_LONG = 50
MOST_TIMES = 5


def found(matter: Matter, longest: float) -> Iterator[Finding]:
    """`longest` is the longest time for which the employee is bound, in months."""
    yield from _pay(matter)
    for sentence in filter(matter.about, matter.sentences):
        yield from _amount(matter, sentence, longest)
        yield from _unpaid(sentence)
        yield from _penalty(sentence, matter, longest)


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
    rf"|不(?:再)?(?:另)?付{gap(8)}补偿|(?:代替|替代|折抵|冲抵){gap(8)}补偿|补偿{gap(8)}(?:以|由){gap(10)}(?:代替|替代|折抵)"
    rf"|(?:不享有|无权获得|无权要求|不得要求|自愿放弃|放弃){gap(12)}补偿|无偿(?:履行|遵守|承担)"
)
_ENDED = re.compile(
    r"期满|届满|解除(?:本协议|竞业|后)|终止(?:本协议|竞业)|违反|违约"
    r"|提前解除|在职期间|任职期间|免除[^，。；]{0,8}竞业"
)


def _pay(matter: Matter) -> Iterator[Finding]:
    """Somewhere it must say that the employer pays compensation each month."""
    for sentence in matter.sentences:
        if _COMPENSATES.search(sentence.text) and first(sentence, _MONTHLY) is not None:
            return
    told = say(
        "The agreement does not say that compensation is paid each month after the contract ended. Without it nobody "
        "can be bound. Add the sum or the share of the wage, and that it is paid monthly."
    )
    yield Finding("non-compete-pay", "error", say("LCL 23; SPC I 36, 38"), told, where(matter), "")


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
        yield tell("non-compete-pay", article, told, sentence, included.group())
    elif none is not None and not _ENDED.search(sentence.text):
        told = say(
            "“{words}”: a non-compete without compensation does not bind. Write what is paid each month.",
            words=none.group(),
        )
        yield tell("non-compete-pay", article, told, sentence, none.group())
    elif otherwise is not None and not _MONTHLY.search(sentence.text):
        told = say(
            "“{words}”: compensation is paid each month, not otherwise. Write that it is paid monthly.",
            words=otherwise.group(),
        )
        yield tell("non-compete-pay", article, told, sentence, otherwise.group())
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
    r"(?:(?:未|没有|不|停止|拖欠|迟延|逾期)[^，。；]{0,8}(?:支付|发放|给付)|停发|停付|欠付|未付|缓付)[^，。；]{0,14}补偿[^。；]{0,14}"
    r"(?:仍然?|也|均|继续|不影响|不免除|不得以此|竞业限制义务不)[^。；]{0,14}(?:履行|遵守|承担|受|竞业|义务)"
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
        yield tell("non-compete-unpaid", say("SPC I 38"), told, sentence, match.group())


_BASE = re.compile(r"工资|收入|月薪|薪酬|薪资|平均")
_UNDER_MINIMUM = re.compile(rf"(?:低于|少于|不足|不受){gap(14)}最低工资")
_RAISED = re.compile(r"按[^，。；]{0,14}最低工资|补足|(?<!可)以[^，。；]{0,8}最低工资|就高")


def _amount(matter: Matter, sentence: Sentence, longest: float) -> Iterator[Finding]:
    text = sentence.text
    if not _COMPENSATES.search(text) or "违约金" in text:
        return
    for share, match in percents(text):
        if _BASE.search(text) and share < LEAST_PERCENT - BIT:
            yield _too_little(sentence, match.group(), LEAST_PERCENT)
        elif (
            _BASE.search(text)
            and share < LEAST_PERCENT_LONG - BIT
            and longest > LONG_MONTHS + BIT
            and not sentence.conditional
        ):
            yield _too_little(sentence, match.group(), LEAST_PERCENT_LONG)
    under = first(sentence, _UNDER_MINIMUM)
    if under is not None and not _RAISED.search(text):
        yield _under_minimum(sentence, under.group())
    for amount, match in sums(text) if matter.minimum_wage and _MONTHLY.search(text) else ():
        if amount < (matter.minimum_wage or 0) - BIT:
            yield _under_minimum(sentence, match.group())


def _too_little(sentence: Sentence, words: str, least: int) -> Finding:
    told = say(
        "“{words}” is too little for a non-compete: compensation is at least 30 % of the average wage of the last "
        "twelve months, at least 50 % if it lasts longer than a year. Write {least} % or more.",
        words=words,
        least=least,
    )
    return tell("non-compete-amount", say("SPC I 36; Guideline on non-compete (2025)"), told, sentence, words)


def _under_minimum(sentence: Sentence, words: str) -> Finding:
    told = say(
        "“{words}” is less than the minimum wage at the place of work. Compensation is never below it. Raise it.",
        words=words,
    )
    return tell("non-compete-amount", say("SPC I 36; Guideline on non-compete (2025)"), told, sentence, words)


# What a breach may cost

_TIMES = re.compile(rf"({NUMBER})倍")
_BY_MONTH = re.compile(r"(?:每月|月|按月)[^，。；]{0,10}(?:补偿)[^，。；]{0,8}$|月(?:工资|薪)[^，。；]{0,6}$")


def _penalty(sentence: Sentence, matter: Matter, longest: float) -> Iterator[Finding]:
    if "违约金" not in sentence.text:
        return
    for match in _TIMES.finditer(sentence.text):
        times = float(number(match[1]) or 0)
        monthly = _BY_MONTH.search(sentence.text[: match.start()]) is not None
        if times > MOST_TIMES * (max(longest, 1) if monthly else 1) + BIT:
            yield _too_dear(sentence, match.group())
            return
    for share, match in percents(sentence.text):
        if share > MOST_TIMES * 100 + BIT and _COMPENSATES.search(sentence.text):
            yield _too_dear(sentence, match.group())
            return
    total = _total(matter, longest)
    for amount, match in sums(sentence.text) if total else ():
        if amount > MOST_TIMES * total + BIT:
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
    return tell("non-compete-penalty", say("Guideline on non-compete (2025); Civil Code 585"), told, sentence, words)
