"""The words of an agreement for one person: fields get values, conditions are decided, articles are counted.

Pure: a text, values and facts in, words out. What is missing is told all at once, each with the line that asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hr.agreements import numerals, values
from hr.agreements.formulas import Evaluation
from hr.agreements.parts import (
    AgreementText,
    Block,
    Fault,
    Field,
    Formula,
    Insert,
    Mention,
    Part,
    SignerPlace,
    Span,
    Words,
    together,
)
from kernel.clock import Clock
from kernel.errors import Invalid
from kernel.text import Text, say

MOST_TOLD = 20


class Unfilled(Invalid):
    """An agreement cannot be made yet: data are missing or wrong. `faults` holds each with its line."""

    def __init__(self, title: str, faults: Sequence[Fault]) -> None:
        told = together([fault.sentence for fault in faults[:MOST_TOLD]])
        super().__init__(say("{title} cannot be made yet. {faults}", title=title, faults=told))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The words for one person. `blocks` and `content` are JSON; `lines` are line, kind and words.

    A block is `{kind, no, spans: [{text, bold, value}]}`: `no` is 第一条 of an article and （一） of an item, `value`
    is true for what was filled in. `content` is everything that is agreed, as it is hashed and kept.
    """

    title: str
    kind: str
    blocks: tuple[dict[str, Any], ...]
    summary: tuple[str, ...]
    content: dict[str, Any]
    signers: tuple[SignerPlace, ...]
    ends_on: date | None
    values: dict[str, Any]
    lines: tuple[tuple[int, str, str], ...]


def fill(text: AgreementText, given: Mapping[str, Any], facts: Mapping[str, Any], *, clock: Clock) -> Filled:
    """The words of a text for the facts of one person (see `facts`) and the values that were given for its fields.

    A field without a given value takes its default. Raises Unfilled naming everything that is missing or wrong, given
    values that the text does not ask for among it.
    """
    filling = _Filling(text, facts, clock)
    filling.take(given)
    return filling.made()


def asked(text: AgreementText, given: Mapping[str, Any], facts: Mapping[str, Any], *, clock: Clock) -> dict[str, Any]:
    """What each field that is asked for stands at now, by its key: given, by default, or None. Never raises."""
    filling = _Filling(text, facts, clock)
    filling.take(given)
    return {key: filling.evaluation.context[key] for key in filling.wanted}


class _Filling:
    def __init__(self, text: AgreementText, facts: Mapping[str, Any], clock: Clock) -> None:
        self.evaluation = Evaluation(facts, clock)
        self.wanted: list[str] = []
        self._text = text
        self._fields = {field.key: field for field in text.fields}
        self._faults: list[Fault] = []
        self._lines: list[tuple[int, str, str]] = []

    def take(self, given: Mapping[str, Any]) -> None:
        """Give every field its value, in order: a formula may ask for the fields above it."""
        for key in given.keys() - self._fields.keys():
            said = say("“{key}” was given, but {title} has no such field.", key=key, title=self._text.title)
            self._faults.append(Fault(0, said))
        for field in self._text.fields:
            self.evaluation.context[field.key] = self._value_of(field, given.get(field.key))

    def _value_of(self, field: Field, given: Any) -> Any:
        if field.when is not None and self._value(field.when) is not True:
            return None
        self.wanted.append(field.key)
        try:
            value = values.read(field, given)
            if value is None:
                value = values.read(field, self._default(field))
        except Invalid as wrong:
            self._faults.append(Fault(field.line, wrong.message))
            return None
        if value is None and field.required:
            self._faults.append(Fault(field.line, say("{label} is missing.", label=field.label)))
        return value

    def _default(self, field: Field) -> Any:
        value = self._value(field.default) if isinstance(field.default, Formula) else field.default
        return values.shown(value) if field.type == "text" else values.native(value)

    def _value(self, formula: Formula) -> Any:
        return self.evaluation.value(formula, self._faults)

    def made(self) -> Filled:
        """The agreement. Raises Unfilled."""
        parts = list(self._chosen(self._text.body))
        numbers = {block.name: no for block, no in _numbered(parts) if block.name}
        blocks = tuple(self._block(block, no, numbers) for block, no in _numbered(parts))
        summary = tuple(self._sentence(block, numbers) for block in self._text.summary)
        ends_on = values.native(self._value(self._text.validity)) if self._text.validity else None
        if ends_on is not None and not isinstance(ends_on, date):
            line = self._text.validity.line if self._text.validity else 0
            self._faults.append(Fault(line, say("“validity” must give a day, the last one that the agreement binds.")))
        if self._faults:
            raise Unfilled(self._text.title, list(dict.fromkeys(self._faults)))
        return self._whole(blocks, summary, ends_on)

    def _whole(self, blocks: tuple[dict[str, Any], ...], summary: tuple[str, ...], ends_on: date | None) -> Filled:
        title = next(("".join(s["text"] for s in b["spans"]) for b in blocks if b["kind"] == "title"), self._text.title)
        kept = {key: values.kept(self.evaluation.context[key]) for key in self.wanted}
        agreed = [block for block in blocks if block["kind"] != "title"]
        content = {
            "title": title,
            "kind": self._text.kind,
            "blocks": agreed,
            "summary": list(summary),
            "signers": [
                {"role": s.role, "place": s.place, "label": s.label, "field": s.field} for s in self._text.signers
            ],
            "endsOn": ends_on.isoformat() if ends_on else None,
            "values": kept,
        }
        return Filled(
            title=title,
            kind=self._text.kind,
            blocks=tuple(agreed),
            summary=summary,
            content=content,
            signers=self._text.signers,
            ends_on=ends_on,
            values=kept,
            lines=tuple(self._lines),
        )

    def _chosen(self, parts: Sequence[Part]) -> Iterator[Block]:
        """The blocks that stand for this person."""
        for part in parts:
            if isinstance(part, Block):
                yield part
                continue
            holds = self._value(part.condition)
            if not isinstance(holds, bool):
                self._faults.append(Fault(part.condition.line, _undecided(part.condition)))
            yield from self._chosen(part.then if holds is True else part.otherwise)

    def _block(self, block: Block, no: str, numbers: Mapping[str, str]) -> dict[str, Any]:
        spans = [self._span(span, numbers) for span in block.spans]
        self._lines.append((block.line, block.kind, "".join(span["text"] for span in spans)))
        return {"kind": block.kind, "no": no, "spans": spans}

    def _sentence(self, block: Block, numbers: Mapping[str, str]) -> str:
        text = "".join(self._span(span, numbers)["text"] for span in block.spans)
        self._lines.append((block.line, "summary", text))
        return text

    def _span(self, span: Span, numbers: Mapping[str, str]) -> dict[str, Any]:
        if isinstance(span, Words):
            return {"text": span.text, "bold": span.bold, "value": False}
        if isinstance(span, Mention):
            if span.name not in numbers:
                said = say(
                    "The article [[{name}]] is mentioned here, but it does not stand for this person.", name=span.name
                )
                self._faults.append(Fault(span.line, said))
            return {"text": numbers.get(span.name, ""), "bold": span.bold, "value": False}
        return {"text": self._inserted(span), "bold": span.bold, "value": True}

    def _inserted(self, span: Insert) -> str:
        field = self._fields.get(span.formula.source)
        before = len(self._faults)
        text = values.shown(self._value(span.formula), field)
        told = len(self._faults) > before or (field is not None and field.required)  # a field tells for itself
        if not text and not told:
            self._faults.append(Fault(span.formula.line, _missing(span.formula)))
        return text


def _undecided(formula: Formula) -> Text:
    return say("The condition “{source}” at line {line} cannot be told.", source=formula.source, line=formula.line)


def _missing(formula: Formula) -> Text:
    return say("“{source}” at line {line} has no value.", source=formula.source, line=formula.line)


def _numbered(parts: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with its number: articles are counted through, items of a list anew in each list."""
    articles = items = 0
    for block in parts:
        items = items + 1 if block.kind == "number" else 0
        articles += block.kind == "article"
        counted = {"article": f"第{numerals.words(articles)}条", "number": f"（{numerals.words(items)}）"}
        yield block, counted.get(block.kind, "")
