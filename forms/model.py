"""What a form is, and what comes out of a submission. Pure values: no storage, no browser, no process.

A form is a form-js schema (version 19) as Camunda Modeler writes it. A component with a key holds one value at that
path; groups and dynamic lists hold other components, a dynamic list once for each row of its array.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import feel
from kernel.errors import Invalid
from kernel.text import Text

Value = Any  # a JSON value
Path = tuple[str | int, ...]
Errors = dict[str, Any]  # {component id: [Text]}; in a dynamic list {component id: {row: [Text]}}, one level a list
WidgetCheck = Callable[[Value], Text | None]


class Clock(Protocol):
    """Anything that tells the present instant in UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a form file: where, which rule, and a sentence that says what to do instead."""

    file: str
    component: str
    rule: str
    sentence: Text


class FormRefused(Invalid):
    """A form file is not accepted. `problems` names file, component, rule and remedy of each fault."""

    def __init__(self, problems: list[Fault]) -> None:
        self.problems = problems
        super().__init__(problems[0].sentence, problems=problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a submission and is stored already, under the hash of its bytes.

    `media_type` is what the bytes were found to be, never what the sender claimed.
    """

    name: str
    media_type: str
    size: int
    hash: str

    def value(self) -> dict[str, Value]:
        """How the file stands among the variables."""
        return {"name": self.name, "mediaType": self.media_type, "size": self.size, "hash": self.hash}


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component. `path` is its key or path cut at the dots, empty where it has none; `raw` is its JSON.

    `programs` are its compiled expressions by the dotted name of the property, such as `conditional.hide`; `patterns`
    has the Python twin of `validate.pattern`.
    """

    kind: str
    id: str
    path: tuple[str, ...] = ()
    raw: Mapping[str, Value] = field(default_factory=dict)
    children: tuple["Component", ...] = ()
    programs: Mapping[str, feel.Expression] = field(default_factory=dict)
    pattern: str = ""

    @property
    def label(self) -> str:
        """The words beside the component, as its author wrote them."""
        for name in ("label", "dateLabel", "timeLabel"):
            text = self.raw.get(name)
            if isinstance(text, str) and text:
                return text
        return ""

    @property
    def repeats(self) -> bool:
        """True for a dynamic list: its children stand once a row."""
        return self.kind == "dynamiclist"

    def validate(self, rule: str) -> Value:
        """The static value of a rule under `validate`, or None."""
        rules = self.raw.get("validate")
        return rules.get(rule) if isinstance(rules, dict) else None

    def property(self, name: str) -> str:
        """A custom property of the modeler's, or an empty text."""
        properties = self.raw.get("properties")
        found = properties.get(name) if isinstance(properties, dict) else None
        return found if isinstance(found, str) else ""

    def walk(self) -> Iterator["Component"]:
        """This component and everything in it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that was checked. `reads` are the variables that a browser needs to show it; `schema` is its JSON."""

    id: str
    root: Component
    reads: frozenset[str]
    schema: Mapping[str, Value]

    def components(self) -> Iterator[Component]:
        """Every component in document order, without the form itself."""
        for child in self.root.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submission after all checks. `values` become variables when there are no errors."""

    values: dict[str, Value]
    errors: Errors

    @property
    def accepted(self) -> bool:
        """True if nothing is to be corrected."""
        return not self.errors
