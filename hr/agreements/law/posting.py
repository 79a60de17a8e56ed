"""Around leaving: posting to another job, a time to forget secrets in (脱密期), a longer notice (LCL 37, 50)."""

import re
from collections.abc import Iterator, Sequence

from hr.agreements.law.wording import LEAVING, Finding, Period, Sentence, across, first, gap, periods
from hr.agreements.numerals import NUMBER, number
from kernel.text import say

MOST_MONTHS = 6  # 劳部发〔1996〕355号, a notice below the law
NOTICE_DAYS = 30
_DAYS_A_MONTH = 30.4375

_MOVED = (
    r"(?:转岗|调岗|换岗|轮岗|待岗|留岗|留任|留用|挂职|调离|转任|转至|转到|调至|调到|调往|(?:安排|指派|调派|派)[^，。；]{0,6}(?:到|至|在|去|往|从事)|"
    r"在[^，。；]{0,8}岗位(?:上)?(?:工作|任职|服务)|"
    r"调整(?:到|至|其|为)?[^，。；]{0,8}(?:岗位|工种|职务)|变更[^，。；]{0,6}(?:岗位|工种)|"
    r"继续(?:在[^，。；]{0,8})?(?:工作|服务|任职|履职|留任|留岗)|非涉密岗位|普通岗位)"
)
_POSTED = re.compile(
    rf"{LEAVING}(?:申请|报告|意愿|要求|手续)?(?:之)?(?:后|前|时|的){across(24)}{_MOVED}"
    rf"|{LEAVING}[^，。；]{{0,4}}[，,](?:应当?|须|需|必须){across(20)}{_MOVED}"
    rf"|{LEAVING}(?:应当?|须|需|必须){gap(6)}{_MOVED}"
    rf"|{_MOVED}{across(20)}(?:才能?|方可?|方能|再|始得)(?:正式|办理|提出)?{LEAVING}"
)
_AFTER_LEAVING = re.compile(rf"(?:{LEAVING})(?:之)?(?:后|以后)")
_ASKED = re.compile(rf"(?:提出|提交|申请|递交){gap(4)}{LEAVING}|{LEAVING}(?:申请|报告)|通知期|预告期")
_NOTICE_ITSELF = re.compile(r"通知期|预告期|提前通知|三十日|30日|交接")
_OF_COLLEAGUES = re.compile(
    rf"(?:工作|任务|职责|客户|项目)(?:移交|交接|安排|交由|转交|转至)|其他(?:员工|人员)|接收人|{LEAVING}后的?工作安排"
)
_FORGETTING = re.compile(r"脱密(?:期|管理|措施)?")
_OF_THE_STATE = re.compile(r"国家秘密|保守国家秘密法|涉密人员")
_NONE_AT_ALL = re.compile(r"脱密期[^，。；]{0,6}(?:为零|零|无|不(?:设|约定))")
_NOTICE = re.compile(
    rf"(?:提前|至少提前|应提前|须提前|预先){gap(14)}(?:通知|告知|提出|申请|递交)?{gap(12)}(?:离职|辞职|解除劳动)|(?:离职|辞职|解除劳动合同){across(14)}提前{gap(14)}(?:通知|告知|提出|申请)"
)


def found(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    for sentence in sentences:
        forgetting = first(sentence, _FORGETTING)
        posted = first(sentence, _POSTED, follows=False)
        if forgetting is not None and not _NONE_AT_ALL.search(sentence.text):
            yield _forgetting(sentence, forgetting.group())
        elif posted is not None and not _OF_COLLEAGUES.search(posted.group()):
            yield from _posting(sentence, posted)
        yield from _notice(sentence)


def _longest(found: Sequence[Period]) -> float:
    return max((period.months for period in found), default=0.0)


def _forgetting(sentence: Sentence, words: str) -> Finding:
    months = _longest(periods(sentence.text))
    article = say("LCL 37; former notice 劳部发〔1996〕355号")
    if months > MOST_MONTHS + 0.01 and not _OF_THE_STATE.search(sentence.whole):
        told = say(
            "“{words}” keeps the employee in the company to forget for longer than six months. Even the former notice "
            "allowed six at most, and the law knows 30 days of notice alone. Take it out; protect secrets by "
            "confidentiality, rights taken back and, for those who may be bound, a non-compete.",
            words=sentence.text,
        )
        return Finding("declassification", "error", article, told, sentence.line, sentence.text)
    told = say(
        "“{words}”: a time to forget secrets in before leaving stands on a notice of 1996 that is below the law, and "
        "cannot lengthen the 30 days of notice. Agree it only with legal advice, six months at most, at full pay.",
        words=words,
    )
    return Finding("declassification", "warning", article, told, sentence.line, words)


def _posting(sentence: Sentence, posted: re.Match[str]) -> Iterator[Finding]:
    """After the end there is no labour relation to post anyone in; before it, for as long as the notice lasts."""
    text = sentence.text
    months = _longest(periods(text))
    stays = months * _DAYS_A_MONTH <= NOTICE_DAYS + 0.5
    if (
        stays
        and (_ASKED.search(text) or not _AFTER_LEAVING.search(posted.group()))
        and (months or _NOTICE_ITSELF.search(text))
    ):
        return
    told = say(
        "“{words}” posts the employee elsewhere when they leave, or keeps them. An employee may leave 30 days after "
        "the notice; when the contract has ended, no work can be ordered. Take it out.",
        words=posted.group(),
    )
    yield Finding("posting", "error", say("LCL 37, 50"), told, sentence.line, posted.group())


_BEFORE = re.compile(
    rf"(?:离职|辞职)(?:之)?日?前(?:至少)?({NUMBER})(个月|日|天)(?!{gap(4)}(?:平均|工资))[^，。；]{{0,10}}(?:通知|告知|提出|申请)"
)
_BY_FIRM_ALONE = re.compile(r"(?!.*乙方).*(?:甲方|用人单位|公司)")


def _notice(sentence: Sentence) -> Iterator[Finding]:
    """A notice for the employee that is longer than the law's."""
    match = first(sentence, _NOTICE, follows=False)
    before = first(sentence, _BEFORE, follows=False)
    if match is not None and not _BY_FIRM_ALONE.match(match.string[: match.start()]):
        days, words = _longest(periods(match.group())) * _DAYS_A_MONTH, match.group()
    elif before is not None:
        unit = _DAYS_A_MONTH if before[2] == "个月" else 1
        days, words = float(number(before[1]) or 0) * unit, before.group()
    else:
        return
    if days > NOTICE_DAYS + 0.5:
        told = say(
            "“{words}” lengthens the notice of a resignation. It is 30 days in writing, 3 in probation; a contract "
            "cannot lengthen it. Write 30 days.",
            words=words,
        )
        yield Finding("notice", "error", say("LCL 37"), told, sentence.line, words)
