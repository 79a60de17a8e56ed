"""Words with values in them: `{{ expression }}`, `{{#if expression}}…{{/if}}` and `{{#loop list}}…{{/loop}}`.

This is the template language of form-js ("feelers"): a text that begins with "=" is one expression, any other text is
taken as it stands with its braces filled. A loop offers each item as `this`, and the members of an item by their
names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import feel
from forms.model import Clock, Component, Value

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_OPENERS = {"if": "/if", "loop": "/loop"}
LONGEST_LOOP = 1000


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Insert:
    """An expression whose value is shown."""

    program: feel.Expression


@dataclass(frozen=True, slots=True)
class Block:
    """A part that is shown under a condition or once for each item. `kind` is `if` or `loop`."""

    kind: str
    program: feel.Expression
    body: tuple["Part", ...]


Part = Words | Insert | Block
Template = tuple[Part, ...]


class TemplateRefused(ValueError):
    """A template that is not closed, or closes what it did not open. The text says which tag."""


def parse(text: str) -> Template:
    """The parts of a text. Raises TemplateRefused, or feel.FeelSyntaxError for an expression."""
    if text.startswith("="):
        return (Insert(feel.compile(text[1:])),)
    pieces = _pieces(text)
    parts = _body(pieces, "")
    return tuple(parts)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for tag in _TAG.finditer(text):
        if tag.start() > at:
            yield "words", text[at : tag.start()]
        yield "tag", tag[1].strip()
        at = tag.end()
    if at < len(text):
        yield "words", text[at:]


def _body(pieces: Iterator[tuple[str, str]], closer: str) -> list[Part]:
    parts: list[Part] = []
    for kind, text in pieces:
        if kind == "words":
            parts.append(Words(text))
        elif text == closer:
            return parts
        elif text.startswith("#"):
            parts.append(_block(text[1:], pieces))
        elif text.startswith("/"):
            raise TemplateRefused(text)
        else:
            parts.append(Insert(feel.compile(text)))
    if closer:
        raise TemplateRefused(closer)
    return parts


def _block(tag: str, pieces: Iterator[tuple[str, str]]) -> Block:
    kind, _, source = tag.partition(" ")
    if kind not in _OPENERS:
        raise TemplateRefused(f"#{kind}")
    return Block(kind, feel.compile(source), tuple(_body(pieces, _OPENERS[kind])))


def names(template: Template) -> set[str]:
    """The variables that a template reads from outside."""
    read: set[str] = set()
    for part in template:
        if not isinstance(part, Words):
            read |= set(part.program.names)
        if isinstance(part, Block):
            read |= names(part.body)
    return read


def fill(template: Template, context: Mapping[str, Value], clock: Clock | None) -> str:
    """The text with its values. An expression that has no value shows nothing; a limit that is hit does the same."""
    return "".join(_fill(part, context, clock) for part in template)


def _fill(part: Part, context: Mapping[str, Value], clock: Clock | None) -> str:
    if isinstance(part, Words):
        return part.text
    value = evaluate(part.program, context, clock)
    if isinstance(part, Insert):
        return shown(value)
    if part.kind == "if":
        return fill(part.body, context, clock) if value is True else ""
    items = value[:LONGEST_LOOP] if isinstance(value, list) else []
    return "".join(fill(part.body, {**context, **_members(item), "this": item}, clock) for item in items)


def _members(item: Value) -> dict[str, Value]:
    return item if isinstance(item, dict) else {}


def evaluate(program: feel.Expression, context: Mapping[str, Value], clock: Clock | None) -> Value:
    """The expression's value as JSON; None where it spends its budget first, or an assertion of its own fails."""
    try:
        return feel.to_json(program.evaluate(context, clock=clock))
    except feel.FeelError:
        return None


def hides(component: Component, context: Mapping[str, Value], clock: Clock | None) -> bool:
    """True if the component's own condition hides it.

    form-js asks `conditional.hide` as a unary test of null, and so it is asked here: a condition that gives null hides,
    `not(…)` of something unknown shows. Both sides must agree, or a person is asked for a field that they cannot see.
    """
    condition = component.programs.get("conditional.hide")
    if not isinstance(condition, feel.UnaryExpression):
        return False
    try:
        return condition.evaluate_unary(None, context, clock=clock) is True
    except feel.FeelError:
        return False


def shown(value: Value) -> str:
    """A value as text for people: nothing for None, a list with commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return str(value)
