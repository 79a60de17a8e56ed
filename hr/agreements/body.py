"""The body of a text, line by line: headings, paragraphs, lists, and conditions around them. A line is a block."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from hr.agreements import formulas
from hr.agreements.parts import Block, BlockKind, Choice, Fault, Formula, Insert, Mention, Part, Span, Words, blocks
from kernel.text import Text, say

_HEADING = re.compile(r"(#+)\s+(\S.*)?$")
_NAME = re.compile(r"\{#([A-Za-z][\w-]*)\}$")
_ITEM = re.compile(r"\s*(?:(-)|\d{1,3}[.、．])\s+(.*)$")
_FENCE = re.compile(r":::\s*(?:(if)\s+(.*)|(else))?$")
_MARKS = re.compile(r"\\([\\*{\[#:\-])|(\*\*)|\{\{((?:(?!\{\{|\}\}).)*)\}\}|\[\[([A-Za-z][\w-]*)\]\]")
LONGEST_LINE = 5000
MOST_BLOCKS = 1500
MOST_NESTED = 6  # conditions in conditions


@dataclass
class _Open:
    """A condition whose end has not come yet. Without a formula it was faulty and only keeps the fences in step."""

    line: int
    condition: Formula | None
    then: list[Part] = field(default_factory=list)
    otherwise: list[Part] | None = None

    @property
    def here(self) -> list[Part]:
        return self.then if self.otherwise is None else self.otherwise


def read(lines: Sequence[str], first: int, names: Collection[str], faults: list[Fault]) -> tuple[Part, ...]:
    """The parts of the body; `first` is the number of its first line. Faults are added to the list."""
    reader = _Reader(names, faults)
    for number, line in enumerate(lines, first):
        reader.take(number, line)
    return reader.end()


def inline(text: str, line: int, names: Collection[str], faults: list[Fault]) -> tuple[Span, ...]:
    """Words, values, bold letters and mentions of one piece of a line."""
    return _Inline(line, names, faults).read(text)


class _Inline:
    def __init__(self, line: int, names: Collection[str], faults: list[Fault]) -> None:
        self._line, self._names, self._faults = line, names, faults
        self._spans: list[Span] = []
        self._bold = False

    def read(self, text: str) -> tuple[Span, ...]:
        at = 0
        for mark in _MARKS.finditer(text):
            self._words(text[at : mark.start()])
            self._mark(mark)
            at = mark.end()
        self._words(text[at:])
        if self._bold:
            self._fault(say("The bold letters that begin with ** do not end on this line. Close them with **."))
        return tuple(self._spans)

    def _mark(self, mark: re.Match[str]) -> None:
        escaped, bold, expression, name = mark.groups()
        if escaped:
            self._words(escaped, plain=True)
        elif bold:
            self._bold = not self._bold
        elif name:
            self._spans.append(Mention(name, self._line, self._bold))
        else:
            formula = formulas.compiled(expression.strip(), self._line, self._names, self._faults)
            if formula is not None:
                self._spans.append(Insert(formula, self._bold))

    def _words(self, text: str, *, plain: bool = False) -> None:
        if not plain and ("{{" in text or "}}" in text):
            self._fault(
                say("A field is an expression between double braces, on one line. One of the braces is missing.")
            )
        last = self._spans[-1] if self._spans else None
        if isinstance(last, Words) and last.bold == self._bold:
            self._spans[-1] = Words(last.text + text, self._bold)
        elif text:
            self._spans.append(Words(text, self._bold))

    def _fault(self, sentence: Text) -> None:
        self._faults.append(Fault(self._line, sentence))


class _Reader:
    def __init__(self, names: Collection[str], faults: list[Fault]) -> None:
        self._names, self._faults = names, faults
        self._parts: list[Part] = []
        self._open: list[_Open] = []

    def take(self, number: int, line: str) -> None:
        text = line.strip()
        if len(text) > LONGEST_LINE:
            self._fault(number, say("This line has more than {most} characters. Break it up.", most=LONGEST_LINE))
            return
        fence = _FENCE.match(text) if text.startswith(":::") else None
        heading, item = _HEADING.match(text), _ITEM.match(line)
        if not text:
            return
        if text.startswith(":::"):
            self._fence(number, fence)
        elif heading:
            self._heading(number, heading)
        elif item:
            self._add("bullet" if item[1] else "number", number, item[2])
        else:
            self._add("paragraph", number, text)

    def end(self) -> tuple[Part, ...]:
        for opened in self._open:
            self._fault(
                opened.line, say("This condition is not closed. Put a line of three colons (:::) behind its part.")
            )
        self._check_names()
        return tuple(self._parts)

    def _heading(self, number: int, heading: re.Match[str]) -> None:
        marks, text = heading[1], heading[2] or ""
        name = _NAME.search(text)
        text = text[: name.start()].rstrip() if name else text
        if len(marks) > 2:
            self._fault(
                number, say("Headings are # for the title and ## for an article. Write a list below an article.")
            )
        self._add("title" if len(marks) == 1 else "article", number, text, name[1] if name else "")

    def _add(self, kind: BlockKind, number: int, text: str, name: str = "") -> None:
        block = Block(kind, inline(text, number, self._names, self._faults), number, name)
        self._here.append(block)

    @property
    def _here(self) -> list[Part]:
        return self._open[-1].here if self._open else self._parts

    def _fence(self, number: int, fence: re.Match[str] | None) -> None:
        if fence is None:
            self._fault(number, say("A line of colons is “::: if” and a condition, “::: else”, or “:::” alone."))
        elif fence[1]:
            self._begin_condition(number, fence[2].strip())
        elif not self._open:
            self._fault(number, say("There is no open condition here. Take the line out, or write “::: if” above."))
        elif fence[3]:
            self._turn(number)
        else:
            self._end_condition()

    def _begin_condition(self, number: int, source: str) -> None:
        if len(self._open) >= MOST_NESTED:
            self._fault(number, say("Conditions are nested too deep. Put them beside each other."))
        self._open.append(_Open(number, formulas.compiled(source, number, self._names, self._faults)))

    def _turn(self, number: int) -> None:
        if self._open[-1].otherwise is not None:
            self._fault(number, say("This condition has its “::: else” already. Take one out."))
        self._open[-1].otherwise = self._open[-1].otherwise or []

    def _end_condition(self) -> None:
        opened = self._open.pop()
        if opened.condition is not None:
            choice = Choice(opened.condition, tuple(opened.then), tuple(opened.otherwise or ()))
            self._here.append(choice)

    def _check_names(self) -> None:
        """Mentions have an article, titles stand first, and there are not too many expressions."""
        found = list(blocks(self._parts))
        known = {block.name for block in found if block.name}
        spans = [(block, span) for block in found for span in block.spans]
        for _, span in spans:
            if isinstance(span, Mention) and span.name not in known:
                sentence = say(
                    "There is no article [[{name}]]. Write its name in the heading: ## … {{#{name}}}.", name=span.name
                )
                self._faults.append(Fault(span.line, sentence))
        for block in found[1:]:
            if block.kind == "title":
                self._fault(block.line, say("The title (#) stands once, above everything else."))
        if len(found) > MOST_BLOCKS:
            self._fault(0, say("The text has more than {most} paragraphs. Split it.", most=MOST_BLOCKS))
        if sum(isinstance(span, Insert) for _, span in spans) > formulas.MOST:
            self._fault(0, say("The text has too many fields in it. Split it into two agreements."))

    def _fault(self, line: int, sentence: Text) -> None:
        self._faults.append(Fault(line, sentence))
