"""Plausible variables for a model that nobody told us about: what would its conditions, keys and lists like to see."""

import re
from collections.abc import Iterator
from typing import Any

from processes.document import Document, Node

_COMPARED = re.compile(r"([A-Za-z_][\w.]*)\s*(<=|>=|!=|=|<|>)\s*(\"[^\"]*\"|-?\d+(?:\.\d+)?|true|false)")
_TRUTH = re.compile(r"^\s*(?:not\()?\s*([A-Za-z_][\w.]*)\s*\)?\s*$")
_OPERANDS = re.compile(r"([A-Za-z_][\w.]*)\s*(?:!=|=)\s*([A-Za-z_][\w.]*)")
_NAME = re.compile(r"^=\s*([A-Za-z_][\w.]*)\s*$")


def variables(document: Document) -> dict[str, Any]:
    """A value for each variable that the conditions, correlation keys, collections and timers read by name.

    A name that a comparison tests gets a value that makes the first comparison true; a bare condition is true; a
    collection has two items; a correlation key is a text; a timer's name is a second.
    """
    guessed: dict[str, Any] = {}
    for name, value in _all(document):
        _put(guessed, name.split("."), value)
    return guessed


def _all(document: Document) -> Iterator[tuple[str, Any]]:
    for node in document.nodes.values():
        if node.condition:
            yield from _condition(node.condition.strip().removeprefix("="))
        for word in node.words.split("; "):
            name = _NAME.match(word)
            if name is not None and not node.condition:
                yield name[1], _by_place(node)


def _by_place(node: Node) -> Any:
    if node.tag == "message":
        return "key-1"
    if node.tag == "multiInstanceLoopCharacteristics":
        return [1, 2]
    return "PT1S" if "timer" in node.events or node.tag.startswith("timer") else "value"


def _condition(source: str) -> Iterator[tuple[str, Any]]:
    for name, operator, literal in _COMPARED.findall(source):
        yield name, _satisfying(operator, literal)
    for one, other in _OPERANDS.findall(source):
        for name in (one, other):
            if name not in ("true", "false", "null"):
                yield name, 3
    truth = _TRUTH.match(source)
    if truth is not None:
        yield truth[1], not source.strip().startswith("not(")


def _satisfying(operator: str, literal: str) -> Any:
    if literal.startswith('"'):
        return literal[1:-1] if operator == "=" else "other"
    if literal in ("true", "false"):
        return (literal == "true") is (operator == "=")
    number = float(literal) if "." in literal else int(literal)
    return number + {">": 1, "<": -1, "!=": 1}.get(operator, 0)


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        into = into.setdefault(part, {}) if isinstance(into.get(part, {}), dict) else {}
    into.setdefault(path[-1], value)
