"""Words that no process of an employer may carry out, as patterns of what is done and what it is done to.

Pure: texts in, findings out; `law` asks it for every element of a model and every component of a form. A clause that
forbids the thing ("不得扣留离职证明"), denies it or says that it does not matter is not taken for it. Sources:
劳动合同法 (LCL) 9, 25, 37, 50, 84, 89; 工资支付暂行规定 (Wage Provisions) 9, 15, 16.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kernel.text import Text, say

_GAP = r"[^，。；,.;\s]{0,8}"
_WAGE = r"(工资|薪资|薪酬|薪水|薪(?!酬|资|水)|奖金|提成)"
_LEAVING = r"(离职|辞职|辞呈)"
_PAPER = r"(离职证明|解除(劳动合同|劳动关系)?证明|终止劳动合同证明|退工单|档案|社保转移|毕业证|学历证|身份证)"
_NOT_APPROVED = r"(不批准?|不予批准|不同意|不准|拒绝|驳回|否决|退回|打回|压下)"


@dataclass(frozen=True, slots=True)
class RedLine:
    """One thing that is never done. `sentence` tells it of an element and the words that were found; `leaving` tells
    whether it counts only in a file about leaving.
    """

    rule: str
    pattern: re.Pattern[str]
    sentence: Callable[[str, str], Text]
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a text crosses a line: the rule, and the words."""

    line: RedLine
    words: str


def _words(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.IGNORECASE)


RED_LINES: tuple[RedLine, ...] = (
    RedLine(
        "law-wages",
        _words(
            rf"(未|不|没有?|拒绝|拒不){_GAP}(交接|归还|结清|还清|签字|配合|办结){_GAP}[，,]?\s*(就|则|将|一律)?\s*"
            rf"((不|不予|暂不|停|停止|缓|暂缓|暂停|延迟|推迟)(发放?|支付|结算?|结清)|扣(发|除|减|留)?){_GAP}{_WAGE}",
            rf"{_WAGE}{_GAP}(待|等|至|以){_GAP}(交接|归还|结清|清账|还款){_GAP}(后|完成|为前提|为条件)",
            rf"(交接|归还|结清|清账|还款){_GAP}(后|完成后?|完毕后?)\s*(才|再|方可|方能){_GAP}(发放?|支付|结算){_GAP}{_WAGE}",
        ),
        lambda element, words: say(
            "{element} makes wages wait ({words}). Wages are paid in one sum when the contract ends, whatever is open "
            "(Wage Provisions 9, 15). Remove it; only economic compensation may wait for the handover (LCL 50).",
            element=element,
            words=words,
        ),
        leaving=True,
    ),
    RedLine(
        "law-resignation",
        _words(
            rf"审批{_LEAVING}|{_LEAVING}(申请)?{_GAP}(审批|批准|待批)(?!人|单|意见栏)",
            rf"{_NOT_APPROVED}{_GAP}{_LEAVING}",
            rf"{_LEAVING}{_GAP}{_NOT_APPROVED}",
            rf"(审批|批准|同意)后?{_GAP}(方可|才能|才可|才准|方能){_LEAVING}",
            r"(approv|reject|refus|den(y|ies|ied))\w*\s+(the\s+|a\s+)?resignation|resignation\s+(is\s+)?(approv|reject|refus)\w*",
        ),
        lambda element, words: say(
            "{element} lets someone approve or refuse a resignation ({words}). Resigning is the employee's own right "
            "and needs no consent (LCL 37). Let the step acknowledge, with a timer that goes on by itself.",
            element=element,
            words=words,
        ),
        leaving=True,
    ),
    RedLine(
        "law-certificate",
        _words(
            rf"(扣留|扣押|扣下|暂扣|扣(?!除|减)|压下|拒绝?(出具|开具|提供|办理)|不(予)?(出具|开具|提供|办理|发放?|给)|暂不|暂缓|缓发|推迟|延迟){_GAP}{_PAPER}",
            rf"{_PAPER}{_GAP}(扣留|扣押|暂扣|压下|不予?(出具|开具|提供|发放?)|暂缓|缓发|推迟|延迟)",
            rf"{_PAPER}{_GAP}(待|等|须|需|凭){_GAP}(交接|归还|结清|清账|还款|审批){_GAP}(后|完成|证明|方可|才)",
            rf"(交接|归还|结清|清账|还款|办结){_GAP}(后|完成后?|完毕后?)?\s*(才|方可|方能|才能|才可|再){_GAP}(出具|开具|发放?|提供|领取|给){_GAP}{_PAPER}",
            r"(withhold|hold\s+back|keep\s+back|retain)\w*\s+(the\s+)?(leaving\s+|separation\s+)?(certificate|file|papers)",
        ),
        lambda element, words: say(
            "{element} keeps a paper of the employee back ({words}). Certificate, file and insurance are due when the "
            "contract ends, whatever is open; withholding them costs a fine and damages (LCL 50, 84, 89). Remove it.",
            element=element,
            words=words,
        ),
    ),
    RedLine(
        "law-penalty",
        _words(
            rf"(罚款|罚金|罚扣|处罚|扣罚|违约金|赔偿金){_GAP}(\d|元|金额|[一二三四五六七八九十百千万])",
            rf"(未|不|没有?|拒绝|拒不|逾期){_GAP}(交接|归还|签字|配合|办理|提前){_GAP}[，,]?\s*(则|将|须|应|需|一律)?\s*(罚|扣(?!除税)|支付{_GAP}违约金|赔偿{_GAP}(元|\d))",
            rf"{_LEAVING}{_GAP}(罚款|罚金|违约金)",
        ),
        lambda element, words: say(
            "{element} puts a penalty on the employee ({words}). Only the training of LCL 22 and a non-compete may "
            "carry one (LCL 25), and damage is a claim of its own, never a fine (Wage Provisions 16). Remove it.",
            element=element,
            words=words,
        ),
        leaving=True,
    ),
)

# The clause before the words: forbidding, denying, or saying that it does not matter.
_FORBIDS = re.compile(
    r"((不得|不能|不可|不应|不许|不会|不再|禁止|严禁|无权|无须|无需|不必|不需要?|不以|不因|从不|任何人不|避免|防止|杜绝|没有任何|没有人|无人"
    r"|\b(never|not|no|nobody|cannot|nor|without|must\s+not)\b)[^，。；,.;]{0,14}|[不勿莫])$",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"不得|不能因|不可|不应|严禁|禁止|无须|无需|不必|不需要?|不以|不因|不影响|\bnot\b|\bno\b", re.IGNORECASE
)
# The clause after them: what is said about the thing is that it is not done, or that it is lawful here.
_DENIES = re.compile(
    r"^[^，。；,.;]{0,8}(违法|违规|无效|不影响|不得|属于?违|是违|不是|不需要|无须|无需|的权利|的规定|的说法)|^(与|和)[^，。；]{0,12}无关"
)
_LAWFUL = re.compile(r"专项(技术)?培训|竞业|保密(协议|义务)违约|经济补偿|non-?compete|special training", re.IGNORECASE)


def crossed(text: str, *, about_leaving: bool) -> Iterator[Finding]:
    """Each line that a text crosses, once, with the words that cross it."""
    for line in RED_LINES:
        if line.leaving and not about_leaving:
            continue
        words = next((match.group() for match in line.pattern.finditer(text) if _meant(text, match, line)), None)
        if words is not None:
            yield Finding(line, words.strip())


def _meant(text: str, match: re.Match[str], line: RedLine) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if _FORBIDS.search(before) or _INSIDE.search(match.group()) or _DENIES.search(after):
        return False
    clause = re.split(r"[，。；,.;]", before)[-1] + match.group() + re.split(r"[，。；,.;]", after)[0]
    return not (line.rule in ("law-penalty", "law-wages") and _LAWFUL.search(clause))
