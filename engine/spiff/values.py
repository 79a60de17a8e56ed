"""What a variable may hold: JSON that the state and the database can keep, and that a page can still show.

Checked where a value is assigned, so that what cannot be kept stops the element that made it, not the whole turn.
"""

import math
from collections.abc import Iterator
from typing import Any

import orjson

from engine.model import Value, Values
from kernel.errors import Invalid
from kernel.text import Text, say

DEEPEST = 200  # lists and contexts within each other; the state adds a few of its own, and orjson stops at 254
LARGEST = 4_000_000  # bytes of one variable as JSON
MOST_BITS = 3_300  # about a thousand digits: PostgreSQL and Python read them back
SHORT = 1_000
PLAIN = 1 << 63


def check_all(values: Values) -> None:
    """Raises Invalid, with the variable's name and the reason, for a value that cannot be kept."""
    for name, value in values.items():
        reason = unfit(value)
        if reason is not None:
            raise Invalid(say("The variable {name} cannot be kept: {reason}.", name=clean(name), reason=reason))


def unfit(value: Value) -> Text | None:
    """Why a value cannot be kept, None if it can."""
    kind = type(value)
    if (kind is int and -PLAIN < value < PLAIN) or value is None or kind is bool:
        return None
    if kind is str and len(value) < SHORT and value.isascii() and "\0" not in value:
        return None
    try:
        written = orjson.dumps(value)
    except TypeError:  # orjson stops at integers of 64 bits, at 254 levels and at half characters
        return _look_closely(value) or _too_large(len(repr(value)))
    large = _too_large(len(written))
    if large is not None or not _doubtful(written):
        return large
    return _look_closely(value)


def _doubtful(written: bytes) -> bool:
    """Whether it may hold U+0000, nest too deep, or have had a number that orjson writes as null."""
    nests = written.count(b"[") + written.count(b"{") > DEEPEST
    return nests or b"\\u0000" in written or b"null" in written


def _too_large(size: int) -> Text | None:
    if size <= LARGEST:
        return None
    return say("it takes {size} bytes as JSON, and {most} are allowed", size=size, most=LARGEST)


def _look_closely(value: Value) -> Text | None:
    """The first thing in a value that cannot be kept. Goes level by level: the value may be deeper than the stack."""
    level, depth = [value], 0
    while level:
        for part in level:
            reason = _fault_of(part)
            if reason is not None:
                return reason
        depth += 1
        level = [inner for part in level for inner in _within(part)]
        if level and depth > DEEPEST:
            return say("its lists and contexts lie more than {most} deep", most=DEEPEST)
    return None


def _within(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        yield from part.keys()
        yield from part.values()
    elif isinstance(part, list | tuple):
        yield from part


def _fault_of(part: Any) -> Text | None:
    if isinstance(part, str):
        return _fault_of_text(part)
    if isinstance(part, float):
        return None if math.isfinite(part) else say("it holds a number without end")
    if isinstance(part, int):
        return None if part.bit_length() <= MOST_BITS else say("it holds a number of more than a thousand digits")
    if isinstance(part, dict) and not all(isinstance(name, str) for name in part):
        return say("it holds a context with a name that is no text")
    if part is None or isinstance(part, dict | list | tuple):
        return None
    return say("it holds something that JSON does not know: {kind}", kind=type(part).__name__)


def _fault_of_text(text: str) -> Text | None:
    if "\0" in text:
        return say("it holds the character U+0000")
    if clean(text) != text:
        return say("it holds half a character (a surrogate without its other half)")
    return None


def clean(text: str, most: int = 0) -> str:
    """A text that can be stored: without U+0000 and half characters, cut to `most` characters where that is given."""
    kept = text if text.isascii() else text.encode(errors="replace").decode()
    kept = kept.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return kept if not most or len(kept) <= most else kept[: most - 1] + "…"
