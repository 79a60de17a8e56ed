"""The words for people in a form file, for the translation catalogue. Babel calls `extract` for `*.form` files."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from forms.kinds import TEMPLATES

_NESTED = (("validate", "patternErrorMessage"), ("properties", "ruleMessage"))
_ADORNERS = ("prefixAdorner", "suffixAdorner")


def labels(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text with the id of the component that shows it, in document order; expressions are left out."""
    where = str(schema.get("id", ""))
    for text in _texts(schema):
        if text.strip() and not text.startswith("="):
            yield text, where
    for child in schema.get("components", ()):
        if isinstance(child, dict):
            yield from labels(child)


def _texts(component: Mapping[str, Any]) -> Iterator[str]:
    candidates = [component.get(name) for name in TEMPLATES]
    for outer, inner in _NESTED:
        candidates.append((component.get(outer) or {}).get(inner))
    candidates += [(component.get("appearance") or {}).get(name) for name in _ADORNERS]
    for listed in ("values", "columns"):
        candidates += [entry.get("label") for entry in component.get(listed) or () if isinstance(entry, dict)]
    return (text for text in candidates if isinstance(text, str))


def extract(
    fileobj: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method: line (always 1), no function name, message, and the component as a comment."""
    for text, where in labels(orjson.loads(fileobj.read())):
        yield 1, None, text, [where]
