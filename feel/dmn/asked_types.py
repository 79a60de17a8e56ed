"""What item definitions say of a value that somebody fills in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feel.dmn.xml import Element, child, children, text
from feel.errors import FeelError
from feel.expression import compile
from feel.syntax import ListLiteral, Literal

_DEEPEST = 4
# How others write the types of FEEL: DMN 1.2 and Camunda's engines.
_ALSO = {
    "integer": "number", "long": "number", "double": "number",
    "dateTime": "date and time", "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}  # fmt: skip
_PLAIN = frozenset({"string", "number", "boolean", "date", "time", "date and time"})


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared type: a plain one by its FEEL name, or else the entries of a context; `list` for a collection."""

    type: str | None = None
    choices: tuple[Any, ...] = ()
    entries: tuple[tuple[str, "Declared"], ...] = ()

    def leaves(self) -> Iterator[tuple[tuple[str, ...], "Declared"]]:
        """What is filled in, by its path within the value."""
        if not self.entries:
            yield (), self
        for key, inner in self.entries:
            for path, leaf in inner.leaves():
                yield (key, *path), leaf


def declared(reference: str | None, items: Mapping[str, Element], depth: int = 0) -> Declared:
    """What a `typeRef` means; nothing for an unknown one."""
    if not reference or depth > _DEEPEST:
        return Declared()
    wanted = reference.strip().rpartition(":")[2].removeprefix("feel.")
    if wanted in items:
        return _item(items[wanted], items, depth + 1)
    plain = _ALSO.get(wanted, wanted)
    return Declared(plain if plain in _PLAIN or plain.endswith("duration") else None)


def _item(item: Element, items: Mapping[str, Element], depth: int) -> Declared:
    if item.get("isCollection") == "true":
        return Declared("list")
    parts = list(children(item, "itemComponent"))
    if parts:
        return Declared(entries=tuple((part.get("name") or "", _item(part, items, depth + 1)) for part in parts))
    inner = child(item, "typeRef")
    base = declared(inner.text if inner is not None else None, items, depth)
    return Declared(base.type, _allowed(text(child(item, "allowedValues"))) or base.choices, base.entries)


def _allowed(source: str) -> tuple[Any, ...]:
    try:
        node = compile(f"[{source}]").node
    except FeelError:
        return ()
    items = node.items if isinstance(node, ListLiteral) else ()
    values = tuple(item.value for item in items if isinstance(item, Literal))
    return values if len(values) == len(items) else ()
