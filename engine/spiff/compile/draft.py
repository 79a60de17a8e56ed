"""One element while it is built: its XML, its extensions, and how to refuse it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

import feel
from engine.model import Reference, Value, Values
from engine.spiff.compile.dialect import Extensions
from engine.spiff.compile.document import Document
from engine.spiff.compile.report import Refused
from engine.spiff.compile.xml import TRUE, Tree, bpmn, local
from engine.spiff.expression import Fault, Feel, Literal, expression
from engine.spiff.model import Model, ProcessSpec, StartTimer
from engine.spiff.timers import Kind as TimerKind
from engine.spiff.timers import first_due, read_date
from kernel.text import Text, say

Kind = TypeVar("Kind")
LONGEST = 80  # characters of a text from the file, in a sentence
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # any instant: a literal timer can be read or not whatever the time


class _Epoch:
    """What a start timer asks of the world while it is only checked."""

    def now(self) -> datetime:
        return EPOCH

    def decide(self, reference: Reference, inputs: Values) -> tuple[Value, Values]:
        raise LookupError(f"{reference.id} is not asked by a timer")


def brief(text: str) -> str:
    """A text from the file for a sentence, short enough to read."""
    text = text.strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class Draft:
    """`spec` is the scope that the element lies in, `model` the process that is compiled."""

    def __init__(
        self, element: Tree, extensions: Extensions, *, document: Document, model: Model, spec: ProcessSpec
    ) -> None:
        self.element = element
        self.extensions = extensions
        self.document = document
        self.model = model
        self.spec = spec
        self.id: str = element.get("id", "")
        self.tag = local(element)

    def make(self, kind: type[Kind]) -> Kind:
        """A node of this kind in the element's scope."""
        node: Any = kind
        made: Kind = node(self.spec, self.id, self.element.get("name", ""))
        return made

    def refuse(self, rule: str, sentence: Text) -> NoReturn:
        """Give up this element."""
        raise Refused(self.id, rule, sentence)

    def get(self, attribute: str, default: str = "") -> str:
        return str(self.element.get(attribute, default))

    def flag(self, attribute: str, default: str) -> bool:
        """A boolean attribute of XML Schema."""
        return self.get(attribute, default).strip() in TRUE

    def expression(self, text: str, what: str) -> Literal | Feel:
        """An expression or a literal. `what` names the place for people."""
        try:
            return expression(text, self.model.functions)
        except feel.FeelSyntaxError as error:
            self.refuse(
                "feel-syntax",
                say(
                    "{what}: {text} is no FEEL expression. Character {position}: {reason}",
                    what=what,
                    text=text.strip(),
                    position=error.position + 2,
                    reason=error.told.into(Text),
                ),
            )

    def feel(self, text: str, what: str) -> Feel:
        """An expression where a literal makes no sense, as in a condition."""
        found = self.expression(text, what)
        if isinstance(found, Literal):
            self.refuse(
                "feel-required",
                say("{what}: {text} is a fixed text. Write an expression with = in front.", what=what, text=text),
            )
        return found

    def child_feel(self, tag: str, *, of: Tree | None = None) -> Feel | None:
        """The expression in a child element, such as `completionCondition`; None where it is absent or blank."""
        found = (self.element if of is None else of).find(bpmn(tag))
        if found is None:
            return None
        if not (found.text or "").strip():
            self.refuse("missing-expression", say("{tag} is empty. Write an expression, or remove it.", tag=tag))
        return self.feel(found.text, tag)

    def mappings(self, pairs: tuple[tuple[str, str], ...], what: str) -> list[tuple[Literal | Feel, str]]:
        """Input or output mappings."""
        return [(self.expression(source, f"{what} {target}"), target) for source, target in pairs]

    def check_timer(self, kind: TimerKind, text: Literal | Feel) -> None:
        """Refuse a timer that is written as a literal and cannot be read."""
        if isinstance(text, Literal):
            self._check(lambda: first_due(kind, text.text, EPOCH))

    def check_date(self, text: str) -> None:
        """Refuse a date without a zone or none at all."""
        self._check(lambda: read_date(text))

    def check_start_timer(self, timer: StartTimer) -> None:
        """Refuse a start timer whose expression gives no timer. It sees no variables, so it can be asked now."""
        self._check(lambda: timer.first_due(_Epoch()))

    def _check(self, read: Callable[[], object]) -> None:
        try:
            read()
        except Fault as fault:
            self.refuse("timer", fault.sentence)
