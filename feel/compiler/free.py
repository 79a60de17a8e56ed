"""Which names an expression reads from outside itself."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from feel.syntax import ContextLiteral, Filter, For, FunctionLiteral, Name, Quantified

Bound = frozenset[str]


def free_names(node: Any) -> tuple[frozenset[str], frozenset[str]]:
    """The names that are surely read from the context, and those inside filters that may be entries of the items."""
    found: set[tuple[str, bool]] = set(_walk(node, frozenset(), False))
    surely = frozenset(name for name, filtered in found if not filtered)
    return surely, frozenset(name for name, filtered in found if filtered) - surely


def mentions(node: Any, name: str) -> bool:
    """Is the name read in the node, where nothing inside binds it?"""
    return any(found == name for found, _ in _walk(node, frozenset(), False))


def _walk(node: Any, bound: Bound, filtered: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, Name):
        if node.name not in bound:
            yield node.name, filtered
    elif isinstance(node, For | Quantified):
        yield from _iterations(node, bound, filtered)
    elif isinstance(node, Filter):
        yield from _walk(node.of, bound, filtered)
        yield from _walk(node.predicate, bound | {"item"}, True)
    elif isinstance(node, FunctionLiteral):
        yield from _walk(node.body, bound | {name for name, _ in node.parameters}, filtered)
    elif isinstance(node, ContextLiteral):
        yield from _entries(node, bound, filtered)
    else:
        for child in _children(node):
            yield from _walk(child, bound, filtered)


def _entries(node: ContextLiteral, bound: Bound, filtered: bool) -> Iterator[tuple[str, bool]]:
    for name, value in node.entries:
        yield from _walk(value, bound, filtered)
        bound |= {name}


def _iterations(node: For | Quantified, bound: Bound, filtered: bool) -> Iterator[tuple[str, bool]]:
    for iterator in node.iterators:
        yield from _walk(iterator.low, bound, filtered)
        yield from _walk(iterator.high, bound, filtered)
        bound |= {iterator.name}
    if isinstance(node, For):
        yield from _walk(node.body, bound | {"partial"}, filtered)
    else:
        yield from _walk(node.condition, bound, filtered)


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple):
        yield from node
    elif is_dataclass(node) and type(node).__module__ == "feel.syntax":
        for field in fields(node):
            yield getattr(node, field.name)
