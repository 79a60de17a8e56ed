"""What the text of an agreement is made of, once it was read: `text` reads, `fill` makes the words for one person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import feel
from kernel.errors import Invalid
from kernel.text import Text, say

SOURCE_BYTES = 256 * 1024
FIELD_TYPES = ("text", "number", "money", "date", "choice", "flag")

FieldType = Literal["text", "number", "money", "date", "choice", "flag"]
BlockKind = Literal["title", "article", "paragraph", "bullet", "number"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a line of the source, counted from 1; 0 for the text as a whole."""

    line: int
    sentence: Text

    @property
    def told(self) -> Text:
        return say("line {line}: {sentence}", line=self.line, sentence=self.sentence) if self.line else self.sentence


class TextRefused(Invalid):
    """A text cannot be read. `faults` holds everything that is wrong with it, each at its line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = [fault.told for fault in faults[:MOST_TOLD]]
        super().__init__(say("The text cannot be read: {faults}", faults=together(told)))
        self.faults = tuple(faults)


MOST_TOLD = 8  # faults that one sentence tells; the editor lists them all


def together(parts: Sequence[Text]) -> Text:
    """Whole sentences after one another."""
    first, *rest = parts
    for part in rest:
        first = say("{one} {more}", one=first, more=part)
    return first


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the text with the line that it stands at."""

    source: str
    expression: feel.Expression
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Insert:
    """A value that is filled in."""

    formula: Formula
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """The number of another article, by the name in its braces."""

    name: str
    line: int
    bold: bool = False


Span = Words | Insert | Mention


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or item of a list. `name` is what other articles mention an article by."""

    kind: BlockKind
    spans: tuple[Span, ...]
    line: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts that stand only where the condition holds, and those that stand else."""

    condition: Formula
    then: tuple["Part", ...]
    otherwise: tuple["Part", ...]


Part = Block | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a text asks for. `default` is a formula or a literal of the field's type; `when` says whether it is asked.

    `options` are the values of a choice with their labels.
    """

    key: str
    label: str
    type: FieldType
    required: bool
    line: int
    default: Formula | str | None = None
    when: Formula | None = None
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SignerPlace:
    """Who signs: equal places at once, a greater one after all smaller ones. `field` names the place in the PDF."""

    role: str
    place: int
    label: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementText:
    """A text that was read. `validity` gives the last day of what is agreed, where it has one."""

    title: str
    kind: str
    summary: tuple[Block, ...]
    fields: tuple[Field, ...]
    signers: tuple[SignerPlace, ...]
    validity: Formula | None
    body: tuple[Part, ...]
    source: str


def blocks(parts: Sequence[Part]) -> Iterator[Block]:
    """Every block, those of both branches of a condition among them, in the order of the source.

    Without recursion: what is nested too deep is refused at its line by whoever reads, once all of it was read.
    """
    left = list(reversed(parts))
    while left:
        part = left.pop()
        if isinstance(part, Block):
            yield part
        else:
            left += reversed((*part.then, *part.otherwise))
