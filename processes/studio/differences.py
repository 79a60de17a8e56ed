"""Two states of a text file line by line: what went, what came, and which letters of a line are others."""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["same", "removed", "added", "gap"]

AROUND = 3  # lines that are shown around a change
LETTERS_MOST = 1000  # of a line whose letters are compared
ALIKE = 0.4  # lines less alike than this are other lines, not changed ones
_NAMED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is shown. `before` and `after` are its numbers in both files, from 1; a gap has none, and its text
    is the number of lines that it leaves out. `parts` are the text in pieces, each with whether it is what changed.
    """

    mark: Mark
    before: int | None = None
    after: int | None = None
    parts: tuple[tuple[str, bool], ...] = ()


def differences(before: bytes, after: bytes) -> list[Line]:
    """The changed lines with those around them; empty where no line differs. JSON on one line is laid out first."""
    old, new = _lines(before), _lines(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=len(old) > 2000)
    found: list[Line] = []
    seen = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if skipped := group[0][1] - seen:
            found.append(_gap(skipped))
        for tag, a1, a2, b1, b2 in group:
            found += _shown(tag, old, new, (a1, a2, b1, b2))
        seen = group[-1][2]
    if found and (left := len(old) - seen):
        found.append(_gap(left))
    return found


def text_of(content: bytes) -> str:
    """Bytes as text, by their mark or their XML declaration, else as UTF-8; what is no letter shows as a sign."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    named = _NAMED.match(content[:256])
    try:
        return content.decode(named[1].decode() if named else "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _lines(content: bytes) -> list[str]:
    text = text_of(content)
    lines = text.splitlines()
    if len(lines) <= 1 and text.lstrip().startswith("{"):
        try:
            return json.dumps(json.loads(text), ensure_ascii=False, indent=2).splitlines()
        except (ValueError, RecursionError):
            return lines
    return lines


def _gap(lines: int) -> Line:
    return Line(mark="gap", parts=((str(lines), False),))


def _shown(tag: str, old: Sequence[str], new: Sequence[str], at: tuple[int, int, int, int]) -> Iterator[Line]:
    a1, a2, b1, b2 = at
    if tag == "equal":
        for step in range(a2 - a1):
            yield Line(mark="same", before=a1 + step + 1, after=b1 + step + 1, parts=((old[a1 + step], False),))
        return
    pairs = {step: _pieces(old[a1 + step], new[b1 + step]) for step in range(min(a2 - a1, b2 - b1))}
    for step in range(a2 - a1):
        parts = pairs[step][0] if step in pairs else ((old[a1 + step], False),)
        yield Line(mark="removed", before=a1 + step + 1, parts=parts)
    for step in range(b2 - b1):
        parts = pairs[step][1] if step in pairs else ((new[b1 + step], False),)
        yield Line(mark="added", after=b1 + step + 1, parts=parts)


Parts = tuple[tuple[str, bool], ...]


def _pieces(old: str, new: str) -> tuple[Parts, Parts]:
    """Both lines in pieces: the letters that stay, and those that are others."""
    whole = ((old, False),), ((new, False),)
    if max(len(old), len(new)) > LETTERS_MOST:
        return whole
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    codes = matcher.get_opcodes()
    left = tuple((old[a1:a2], tag != "equal") for tag, a1, a2, _, _ in codes if a2 > a1)
    right = tuple((new[b1:b2], tag != "equal") for tag, _, _, b1, b2 in codes if b2 > b1)
    return left, right
