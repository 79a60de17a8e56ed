"""The words for people in a form file: for the translation catalogue, and put in another language for a reader.

Babel calls `extract` for `*.form` files.
"""

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from forms.kinds import TEMPLATES
from kernel.text import translate

_NESTED = (
    ("validate", "patternErrorMessage"),
    ("properties", "ruleMessage"),
    ("appearance", "prefixAdorner"),
    ("appearance", "suffixAdorner"),
)
_LISTED = ("values", "columns")


def labels(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text with the id of the component that shows it, in document order; expressions are left out."""
    where = str(schema.get("id", ""))
    yield from ((holder[name], where) for holder, name in _places(schema))
    for child in _children(schema):
        yield from labels(child)


def translated(schema: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The schema with its words in `language`, for a browser; what the catalogue lacks stays as its author wrote it."""
    told = copy.deepcopy(dict(schema))
    _translate(told, language)
    return told


def _translate(component: dict[str, Any], language: str) -> None:
    for holder, name in _places(component):
        holder[name] = translate(holder[name], language)
    for child in _children(component):
        _translate(child, language)


def _children(component: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (child for child in component.get("components", ()) if isinstance(child, dict))


def _places(component: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Each place of a component that holds words, as an object and the name of its property."""
    candidates: list[tuple[Any, str]] = [(component, name) for name in TEMPLATES]
    candidates += [(component.get(outer), inner) for outer, inner in _NESTED]
    candidates += [(entry, "label") for listed in _LISTED for entry in component.get(listed) or ()]
    return ((holder, name) for holder, name in candidates if isinstance(holder, dict) and _worded(holder.get(name)))


def _worded(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip()) and not text.startswith("=")


def extract(
    fileobj: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method: line (always 1), no function name, message, and the component as a comment."""
    for text, where in labels(orjson.loads(fileobj.read())):
        yield 1, None, text, [where]
