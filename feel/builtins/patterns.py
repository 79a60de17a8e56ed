"""Regular expressions (DMN 1.5, table 75, after XPath and XQuery Functions 3.1, 5.6).

XPath's dialect is translated to that of `regex`, which can be given a time limit; Python's own `re` cannot.
"""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import regex

from feel.builtins.registry import builtin
from feel.errors import FeelLimitExceeded, Unfit
from feel.run import Run
from feel.sentences import say

Result = TypeVar("Result")
_LONGEST_PATTERN = 1000
_MOST_REPEATS = 100_000
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERSION1, "q": regex.VERSION1}
_NAME_CLASSES = {"i": r"\p{L}_:", "c": r"\p{L}\p{N}_:.\-·"}
_PIECE = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[|\]|-|\.|.", re.DOTALL)
_REPEAT = re.compile(r"\{([0-9]+)(?:,([0-9]*))?\}")
_REFERENCE = re.compile(r"\\([\\$])|\$([0-9]+)")


@lru_cache(512)
def _compiled(pattern: str, flags: str) -> Any:
    """Raises Unfit for a pattern or flag that XPath does not know."""
    if len(pattern) > _LONGEST_PATTERN:
        raise Unfit(say("A pattern has at most {most} characters.", most=_LONGEST_PATTERN))
    # repeats within repeats are unrolled when they are compiled
    if math.prod(int(found[2] or found[1]) or 1 for found in _REPEAT.finditer(pattern)) > _MOST_REPEATS:
        raise Unfit(say("The pattern's repeats multiply to more than {most}.", most=_MOST_REPEATS))
    options = regex.VERSION1
    for flag in flags:
        if flag not in _FLAGS:
            raise Unfit(say("There is no flag '{flag}'.", flag=flag))
        options |= _FLAGS[flag]
    if "q" in flags:
        return regex.compile(regex.escape(pattern), options)
    plain = _without_space(pattern) if "x" in flags else pattern
    try:
        return regex.compile(_translated(plain, "s" in flags), options)
    except regex.error as error:
        raise Unfit(say("The pattern is not a regular expression: {reason}", reason=str(error))) from error


def _without_space(pattern: str) -> str:
    """Flag x: white space goes, except inside brackets."""
    kept, depth = [], 0
    for index, character in enumerate(pattern):
        if character in "[]" and (index == 0 or pattern[index - 1] != "\\"):
            depth += 1 if character == "[" else -1
        if depth > 0 or not character.isspace():
            kept.append(character)
    return "".join(kept)


def _translated(pattern: str, dot_all: bool) -> str:
    pieces: list[str] = []
    depth = 0
    for found in _PIECE.finditer(pattern):
        piece = found.group()
        if piece == "[":
            if pieces and pieces[-1] == "-" and depth:
                pieces[-1] = "--"  # XPath subtracts with one hyphen
            depth += 1
        elif piece == "]":
            depth = max(0, depth - 1)
        elif piece == "." and not depth and not dot_all:
            piece = r"[^\n\r]"
        pieces.append(_escape(piece, depth > 0) if piece[0] == "\\" else piece)
    return "".join(pieces)


def _escape(piece: str, inside: bool) -> str:
    letter = piece[1:2]
    if inside and letter.isdigit():
        raise Unfit(say("A class of characters cannot hold a reference to a group."))
    if letter in _NAME_CLASSES:
        return _NAME_CLASSES[letter] if inside else f"[{_NAME_CLASSES[letter]}]"
    if letter in ("I", "C"):
        return f"[^{_NAME_CLASSES[letter.lower()]}]"
    if letter == "0":
        raise Unfit(say("There is no group 0 to refer to."))
    return piece.replace("{Is", "{In") if piece.startswith(("\\p{Is", "\\P{Is")) else piece


def _timed(search: Callable[[], Result]) -> Result:
    try:
        return search()
    except TimeoutError as error:
        raise FeelLimitExceeded(say("A regular expression takes too long on this text.")) from error


@builtin("matches(input: string, pattern: string, [flags: string?])")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    compiled = _compiled(pattern, flags or "")
    return _timed(lambda: compiled.search(text, timeout=run.limits.pattern_seconds)) is not None


@builtin("replace(input: string, pattern: string, replacement: string, [flags: string?])")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """`$1` in the replacement is the first group, `\\$` a dollar."""
    compiled = _compiled(pattern, flags or "")
    plain = "q" in (flags or "")
    built = 0

    def expand(match: Any) -> str:
        nonlocal built
        text = replacement if plain else _REFERENCE.sub(lambda found: _expanded(found, match), replacement)
        built += len(text)
        run.allow_string(built)
        return text

    return str(_timed(lambda: compiled.sub(expand, text, timeout=run.limits.pattern_seconds)))


def _expanded(found: re.Match[str], match: Any) -> str:
    """A `$` takes as many digits as there are groups; the rest stands for itself."""
    if found[1]:
        return found[1]
    digits, groups = found[2], match.re.groups
    length = len(digits)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    group = match[int(digits[:length])] if int(digits[:length]) <= groups else ""
    return (group or "") + digits[length:]


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[str]:
    compiled = _compiled(delimiter, "")
    parts = _timed(lambda: compiled.split(text, timeout=run.limits.pattern_seconds))
    run.allow_items(len(parts))
    return [part or "" for part in parts]


@builtin("extract(string: string, pattern: string)")
def extract(run: Run, text: str, pattern: str) -> list[str]:
    compiled = _compiled(pattern, "")
    found = _timed(lambda: [match[0] for match in compiled.finditer(text, timeout=run.limits.pattern_seconds)])
    run.allow_items(len(found))
    return found
