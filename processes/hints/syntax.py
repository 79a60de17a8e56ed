"""FEEL that cannot be read, wherever a file may hold it, with the field and the place in it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import feel
import feel.dmn
from engine.model import Resource
from engine.spiff.compile.xml import bpmn, zeebe
from forms import checks, template
from forms.kinds import EXPRESSIONS, TEMPLATES
from kernel.text import Text, say
from processes.hints.drawing import Drawing
from processes.hints.family import loaded
from processes.hints.hint import Hint

MOST_COMPONENTS = 2_000
DEEPEST = 12


def of_drawing(file: str, drawn: Drawing, functions: feel.Functions) -> Iterator[Hint]:
    """What cannot be read in a BPMN file, and headers that look like expressions but are none."""
    for place in drawn.places:
        if place.expression:
            yield from _unread(file, place.element, place.property, place.words, place.text, functions)
    for node in drawn.nodes.values():
        headers = node.xml.iterfind(f"{bpmn('extensionElements')}/{zeebe('taskHeaders')}/{zeebe('header')}")
        for index, header in enumerate(headers):
            if header.get("value", "").lstrip().startswith("="):
                yield Hint(
                    file=file,
                    element=node.id,
                    rule="header-expression",
                    sentence=say(
                        "The header {name} begins with =, but a header is a fixed text and is not evaluated. Use an "
                        "input mapping instead.",
                        name=header.get("key", ""),
                    ),
                    error=False,
                    property=f"{node.id}-header-{index}-value",
                )


def of_form(resource: Resource) -> Iterator[Hint]:
    """What cannot be read in a form."""
    for component in components(loaded(resource.content)):
        where = str(component.get("id", ""))
        for place, source in expressions(component):
            words = say("Property {name}", name=place)
            yield from _unread(
                resource.name, where, place, words, source, None, tests=place == "conditional.hide", rule="feel"
            )
        for place in TEMPLATES:
            text = component.get(place)
            if not isinstance(text, str) or "{{" not in text:
                continue
            try:
                template.parse(text)
            except feel.FeelSyntaxError as error:
                yield _told(resource.name, where, place, say("Property {name}", name=place), error, "feel")
            except template.TemplateRefused:
                continue  # told by the form's own check


def components(component: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every component of a form's JSON, as far as it is one."""
    if not isinstance(component, dict) or depth > DEEPEST:
        return
    yield component
    inner = component.get("components")
    for child in inner[:MOST_COMPONENTS] if isinstance(inner, list) else ():
        yield from components(child, depth + 1)


def expressions(component: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The properties of a component that hold FEEL, with their text."""
    for place, always in EXPRESSIONS.items():
        source = checks.at(component, place)
        if isinstance(source, str) and source and (always or source.startswith("=")):
            yield place, source.removeprefix("=")


def of_tables(resource: Resource, functions: feel.Functions) -> Iterator[Hint]:
    """What cannot be read in a DMN file, cell by cell; nothing for one that is no decision model."""
    for problem in _model_problems(resource, functions):
        yield Hint(
            file=resource.name,
            element=problem.element,
            rule="decision",
            sentence=say("{problem} Correct the expression.", problem=problem.whole.into(Text)),
            property=problem.cell,
        )


@lru_cache(maxsize=32)
def _model_problems(resource: Resource, functions: feel.Functions) -> tuple[feel.dmn.Problem, ...]:
    try:
        return tuple(feel.dmn.load(resource.content, functions=functions).problems)
    except feel.FeelError:
        return ()


def of_expression(source: str, functions: feel.Functions) -> feel.FeelSyntaxError | None:
    """Why one expression cannot be read; None where it can."""
    try:
        feel.compile(source, functions=functions)
    except feel.FeelSyntaxError as error:
        return error
    return None


def _unread(
    file: str,
    element: str,
    property: str,
    words: Text,
    source: str,
    functions: feel.Functions | None,
    *,
    tests: bool = False,
    rule: str = "feel-syntax",
) -> Iterator[Hint]:
    try:
        if tests:
            feel.compile_unary(source, functions=functions)
        else:
            feel.compile(source, functions=functions)
    except feel.FeelSyntaxError as error:
        yield _told(file, element, property, words, error, rule)


def _told(file: str, element: str, property: str, words: Text, error: feel.FeelSyntaxError, rule: str) -> Hint:
    return Hint(
        file=file,
        element=element,
        rule=rule,
        sentence=say("{place}: {why}", place=words, why=error.whole.into(Text)),
        property=property,
        line=error.line,
        column=error.column,
    )
