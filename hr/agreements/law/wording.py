"""Sentences as the rules read them, and whether words of theirs are meant: a clause that forbids a thing, denies it, or
says what follows when the employer does it, does not do it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hr.agreements.numerals import NUMBER, number
from hr.agreements.parts import AgreementText, Block, Choice, Field, Insert, Part, Words
from kernel.text import Text

Severity = Literal["error", "warning"]

STAFF = r"(?:乙方|员工|劳动者|职工|雇员|本人)"
FIRM = r"(?:甲方|公司|用人单位|单位|企业|雇主)"
LEAVING = (
    r"(?:离职|辞职|离开(?:甲方|公司|单位)|(?:解除|终止|结束)(?:或者?(?:解除|终止))?(?:劳动合同|劳动关系|聘用)"
    r"|(?:劳动合同|劳动关系)(?:解除|终止|结束|期满|到期)(?:或者?(?:解除|终止))?)"
)
_TURNS = r"不得|不能|不可|不应|不许|禁止|严禁|不会|无权|无须|无需|不必|不以|不因|不影响|不约定|不设|不收|不要求"
_ENDS = re.compile(r"(?<=[。；;！!？?\n])")
NEAR = 60  # characters around words that are looked at to see whether they are meant
LONGEST = 1000  # characters of what is looked at as one sentence: some rules look at each word with all around it


def gap(most: int) -> str:
    """At most so many characters within one clause, none of which turns its meaning."""
    return rf"(?:(?!{_TURNS})[^，。；;,：:]){{0,{most}}}"


def across(most: int) -> str:
    """The same, over commas."""
    return rf"(?:(?!{_TURNS})[^。；;]){{0,{most}}}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a text and the law part: the rule, the article, in words, the line of the source and the words there."""

    rule: str
    severity: Severity
    article: Text
    sentence: Text
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without its spaces. `lead` is what introduces the list it stands in, `heading` its article.

    `conditional` is true for what stands under a condition of a text that is not filled yet.
    """

    line: int
    text: str
    lead: str = ""
    heading: str = ""
    conditional: bool = False

    @property
    def whole(self) -> str:
        """The sentence with all that says what it is about."""
        return f"{self.heading}：{self.lead}{self.text}"


@dataclass(frozen=True, slots=True)
class _Passage:
    line: int
    kind: str
    text: str
    conditional: bool = False


def of_text(text: AgreementText) -> list[Sentence]:
    """The sentences of a text that is not filled yet: both branches of conditions, fields at their default."""
    fields = {field.key: field for field in text.fields}
    summary = [_Passage(block.line, "summary", _plain(block, fields)) for block in text.summary]
    return list(_sentences([*summary, *_passages(text.body, fields, False)]))


def of_lines(lines: Sequence[tuple[int, str, str]]) -> list[Sentence]:
    """The sentences of lines as line, kind and words."""
    return list(_sentences([_Passage(line, kind, words) for line, kind, words in lines]))


def _passages(parts: Sequence[Part], fields: dict[str, Field], conditional: bool) -> Iterator[_Passage]:
    for part in parts:
        if isinstance(part, Choice):
            yield from _passages([*part.then, *part.otherwise], fields, True)
        else:
            yield _Passage(part.line, part.kind, _plain(part, fields), conditional)


def _plain(block: Block, fields: dict[str, Field]) -> str:
    return "".join(_word(span, fields) for span in block.spans)


def _word(span: object, fields: dict[str, Field]) -> str:
    if isinstance(span, Words):
        return span.text
    field = fields.get(span.formula.source) if isinstance(span, Insert) else None
    return field.default if field is not None and isinstance(field.default, str) else "〔〕"


def _sentences(passages: Sequence[_Passage]) -> Iterator[Sentence]:
    heading = lead = ""
    for passage in passages:
        text = re.sub(r"[^\S\n]+", "", passage.text)
        if passage.kind == "article":
            heading, lead = text, ""
        if passage.kind in ("article", "title", "paragraph", "summary"):
            lead = ""
        for piece in filter(None, _pieces(text)):
            yield Sentence(passage.line, piece, lead[-LONGEST:], heading[-LONGEST:], passage.conditional)
        if passage.kind == "paragraph" and text.endswith(("：", ":")):
            lead = text


def _pieces(text: str) -> Iterator[str]:
    for part in _ENDS.split(text):
        for at in range(0, len(part), LONGEST):
            yield part[at : at + LONGEST].strip()


# The clause before the words: forbidding, denying, or saying that it does not matter.
_FORBIDS = re.compile(
    r"(?:(?:不得|不能|不可|不应|不许|不会|不再|禁止|严禁|无权|无须|无需|毋须|不必|不需要?|不要求|不以|不因|不将|不把|不向|不从"
    r"|从不|绝不|避免|防止|不存在|不包含|不含|不就|不表示|不意味着?|不视为|不等于|不构成|不适用|不设|不约定|不收取|不承担|没有|不是|并非|而非|亦不|也不|均不|以外|之外"
    r"|有权拒绝|可以拒绝|抵制)[^，。；;,：:]{0,18}|[不勿莫未非无])$"
)
# … unless what is forbidden is to refuse it.
_UNDONE = re.compile(r"(?:不得|不能|不可|无权|不应)[^，。；;,]{0,10}(?:拒绝|拒不|推迟|拖延|推诿|异议|反对|抗辩)")
_FORBIDS_ALL = re.compile(r"(?:不得|禁止|严禁|不会|无权|不应|不可|并不|不作|不要求)[^。；;]{0,24}[：:]$")
_DENIED = re.compile(
    r"^[^，。；;,]{0,12}(?:违法|违规|无效|不产生效力|没有法律效力|不具有?(?:法律)?(?:效力|约束力)|被禁止|不成立|不影响)"
)
_OWES = re.compile(r"^[^，。；;,]{0,8}的[，,](?:应当?|须|需)(?:依法)?(?:承担|赔偿|支付|补足|补发|返还|退还)")
_BY_FIRM = re.compile(rf"(?<![向给对为]){FIRM}[^，。；;,]{{0,10}}$")
# The employer does it: what follows is the employer's to bear, or the employee's right.
_FOLLOWS = re.compile(
    rf"^[^，。；;,]{{0,14}}(?:的|，|时)[，,]?[^。；;]{{0,10}}(?:{FIRM}[^。；;，,]{{0,6}}(?:应当?|须|承担|支付)(?![^。；;]{{0,6}}解除)"
    rf"|{STAFF}[^。；;，,]{{0,8}}(?:有权|可以|可(?!能)|依法|享有))"
)


def meant(sentence: Sentence, match: re.Match[str], *, follows: bool = True) -> bool:
    """False where the words are forbidden, denied or, if `follows`, told as a wrong of the employer's."""
    before = match.string[max(0, match.start() - NEAR) : match.start()]
    after = match.string[match.end() : match.end() + NEAR]
    clause = re.split(r"[，。；;,：:]", before)[-1]
    if _FORBIDS.search(clause) and not _UNDONE.search(clause):
        return False
    if _FORBIDS_ALL.search(sentence.lead[-NEAR:]):
        return False
    if follows and (_FOLLOWS.search(after) or _BY_FIRM.search(clause) and _OWES.search(after)):
        return False
    return not _DENIED.search(after)


def first(sentence: Sentence, pattern: re.Pattern[str], *, follows: bool = True) -> re.Match[str] | None:
    """The first words of the sentence that match and are meant."""
    return next((m for m in pattern.finditer(sentence.text) if meant(sentence, m, follows=follows)), None)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in a sentence, in months, with where it stands."""

    months: float
    start: int
    end: int
    words: str


_PERIOD = re.compile(rf"({NUMBER})(个)?(周年|年|载|季度|月|星期|周|日|天)(半)?")
_NO_PERIOD = re.compile(r"(?:第|(?<!提)前|近|过去|此前|每满?|[0-9０-９年月])$")
_UNTIL = re.compile(r"[至到][^，。；]{0,10}第$")
_IN_MONTHS = {"周年": 12.0, "年": 12.0, "载": 12.0, "季度": 3.0, "月": 1.0, "星期": 7 / 30.4375, "周": 7 / 30.4375}
_DAY = 1 / 30.4375


def periods(text: str) -> list[Period]:
    """The lengths of time that a text names; calendar days, ordinals and look-backs are none. 一年六个月 is one."""
    found: list[Period] = []
    for match in _PERIOD.finditer(text):
        months = _length(match)
        if months is None:
            continue
        last = found[-1] if found else None
        if last and last.end == match.start() and match[2] and match[3] == "月":
            found[-1] = Period(last.months + months, last.start, match.end(), last.words + match.group())
        elif _is_period(text[max(0, match.start() - NEAR) : match.start()]):
            found.append(Period(months, match.start(), match.end(), match.group()))
    return found


def _is_period(before: str) -> bool:
    return not _NO_PERIOD.search(before) or _UNTIL.search(before) is not None


def _length(match: re.Match[str]) -> float | None:
    """In months; None for a year or a month of the calendar."""
    value, unit = number(match[1]), match[3]
    if value is None or unit == "年" and 1900 <= value <= 2200 or unit == "月" and not match[2] and value <= 12:
        return None
    each = _IN_MONTHS.get(unit, _DAY)
    return float(value) * each + (each / 2 if match[4] else 0)


_PERCENT = re.compile(rf"百分之({NUMBER})|({NUMBER})[%％]|({NUMBER})成(?![立果员本为])")


def percents(text: str) -> list[tuple[float, re.Match[str]]]:
    """The shares that a text names, in hundredths: 百分之三十, 30%, 三成."""
    found = []
    for match in _PERCENT.finditer(text):
        value = number(match[1] or match[2] or match[3])
        if value is not None:
            found.append((float(value) * (10 if match[3] else 1), match))
    return found


_SUM = re.compile(rf"({NUMBER})(万)?元")


def sums(text: str) -> list[tuple[float, re.Match[str]]]:
    """The sums in yuan that a text names; those repeated in capitals among them."""
    found = []
    for match in _SUM.finditer(text):
        value = number(match[1])
        if value is not None:
            found.append((float(value) * (10_000 if match[2] else 1), match))
    return found
