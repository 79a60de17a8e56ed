"""Non-compete: who may be bound, how long, where (LCL 24; SPC II 13-15); for which pay: `compensation`."""

import re
from collections.abc import Iterator

from hr.agreements.law import compensation
from hr.agreements.law.matter import BIT, Matter, tell, where
from hr.agreements.law.wording import LEAVING, Finding, Period, Sentence, first, gap, periods
from kernel.text import say

MOST_MONTHS = 24


def found(matter: Matter) -> Iterator[Finding]:
    if not matter.is_one:
        return
    longest = max((period.months for s in matter.sentences for period in _terms(matter, s)), default=0.0)
    yield from _person(matter)
    for sentence in filter(matter.about, matter.sentences):
        yield from _term(matter, sentence)
        yield from _reach(sentence)
    yield from compensation.found(matter, longest)


# Who

_EVERYBODY = re.compile(
    r"(?:全体|所有|全部|每一?[名位个]|任何(?:一名)?|一切)(?:在职|本公司|入职)?(?:的)?(?:员工|职工|雇员|劳动者|工作人员|人员)"
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
            yield tell("non-compete-person", article, told, sentence, match.group())
    if matter.person is not None and not matter.person.get("secretContact"):
        told = say(
            "{name} may not be bound by a non-compete: no contact with secrets is recorded. It binds only who knew the "
            "secrets of the company. Record the basis first, or use a confidentiality agreement.",
            name=str(matter.person.get("name") or "—"),
        )
        yield Finding("non-compete-person", "error", article, told, where(matter), "")


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
    clause = re.split(r"[。；;]", text[max(0, period.start - 30) : period.start])[-1]
    after = text[period.end : period.end + 12]
    near = re.split(r"[，,]", clause)[-1]
    if _OTHER_SPAN.search(near) or re.match(r"[^，。；]{0,4}(?:未|不)?(?:支付|保存|保密)", after):
        return False
    return _SPAN.search(clause) is not None or _WITHIN.search(after) is not None


def _term(matter: Matter, sentence: Sentence) -> Iterator[Finding]:
    article = say("LCL 24")
    too_long = next((p for p in _terms(matter, sentence) if p.months > MOST_MONTHS + BIT), None)
    endless = first(sentence, _ENDLESS)
    void = re.search(r"超过(?:部分|的部分|之部分)?[^。；]{0,6}无效|不得约定", sentence.text)
    if too_long is not None and not void:
        told = say(
            "“{words}”: a non-compete lasts two years at most after the contract ended. Write 24 months or less.",
            words=too_long.words,
        )
        yield tell("non-compete-term", article, told, sentence, too_long.words)
    elif endless is not None:
        told = say(
            "“{words}”: a non-compete lasts two years at most. Write a period of 24 months or less.",
            words=endless.group(),
        )
        yield tell("non-compete-term", article, told, sentence, endless.group())


# Where, and in which trades

_EVERYWHERE = re.compile(
    r"全球|全世界|世界范围|任何(?:国家|地区|地域)|所有(?:国家|地区|地域)|不限(?:地域|地区|区域)|(?:地域|地区|区域)不限|海内外|境内外"
    r"|任何行业|所有行业|各行各业|不限行业|行业不限|(?:任何|一切|所有)(?:其他)?(?:单位|企业|公司|用人单位|组织)(?:任职|工作|就业|就职|供职)"
)


_UNBOUND = re.compile(r"(?:不限制|不禁止|不适用|不包括|不含|不妨碍|甲方不得|可以|有权)[^，。；]{0,16}$")


def _reach(sentence: Sentence) -> Iterator[Finding]:
    match = _EVERYWHERE.search(sentence.text)
    if match is None or _UNBOUND.search(sentence.text[: match.start()]):
        return
    told = say(
        "“{words}” has no end. Region and trades must fit the secrets that the employee knew; what goes beyond does "
        "not bind. Name the region and the competitors.",
        words=match.group(),
    )
    yield tell("non-compete-reach", say("LCL 24; SPC II 13"), told, sentence, match.group(), error=False)
