r"""Patterns that mean the same in a browser and here: a subset of JavaScript's, translated to Python's `regex`.

Taken: literals, `.`, classes, `\d \w \s \b` and their opposites, groups, alternation, anchors, quantifiers, look-ahead.
Refused: look-behind, back references, named groups, flags, `\p{…}`, characters beyond the basic plane (a browser counts
them as two), and a repeated group with an unbounded repetition inside, which takes exponential time on the wrong text.
"""

import functools
from array import array

import regex

from kernel.text import Text, say

TIMEOUT_SECONDS = 0.1
LONGEST = 500

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": r"\s"}
_ESCAPES = {"n": r"\n", "r": r"\r", "t": r"\t", "f": r"\f", "v": r"\v", "b": r"\b", "B": r"\B"}


class PatternRefused(ValueError):
    """A pattern that is outside the subset. `sentence` says which part and what to write instead."""

    def __init__(self, sentence: Text) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def translate(pattern: str) -> str:
    """The pattern in Python's words. Raises PatternRefused."""
    if len(pattern) > LONGEST:
        raise PatternRefused(
            say("The pattern has {n} characters; at most {most} are taken.", n=len(pattern), most=LONGEST)
        )
    if any(ord(c) > 0xFFFF for c in pattern):
        raise PatternRefused(
            say("The pattern has a character that a browser counts as two. List such characters in a rule.")
        )
    translated = _Reader(pattern).read()
    try:
        compiled(translated)
    except regex.error as error:
        raise PatternRefused(
            say("The pattern {pattern} cannot be read: {why}.", pattern=pattern, why=str(error))
        ) from None
    return translated


@functools.lru_cache(maxsize=512)
def compiled(translated: str) -> regex.Pattern[str]:
    """The compiled twin of a translated pattern."""
    return regex.compile(translated, regex.VERSION0)


def found(translated: str, text: str) -> bool:
    """True if the pattern occurs in the text, as `RegExp.test` has it: a character beyond the basic plane counts two.

    Raises TimeoutError after 0.1 s.
    """
    units = text if text.isascii() else "".join(map(chr, array("H", text.encode("utf-16-le", "surrogatepass"))))
    return compiled(translated).search(units, timeout=TIMEOUT_SECONDS) is not None


class _Reader:
    """Reads a pattern once from left to right. `open_groups` tells, for each open group, if something in it repeats."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._out: list[str] = []
        self._open_groups: list[bool] = []
        self._closed_unbounded = False
        self._repeatable = False

    def read(self) -> str:
        while self._at < len(self._pattern):
            self._piece()
        if self._open_groups:
            raise PatternRefused(
                say("The pattern {pattern} opens a group that it does not close.", pattern=self._pattern)
            )
        return "".join(self._out)

    def _piece(self) -> None:
        c = self._pattern[self._at]
        self._at += 1
        match c:
            case "\\":
                self._take(self._escape(in_class=False))
            case "[":
                self._take(self._class())
            case "(":
                self._open()
            case ")":
                self._close()
            case "*" | "+" | "?" | "{":
                self._quantifier(c)
            case "$":
                self._take(r"\Z")
            case ".":
                self._take(r"[^\n\r\u2028\u2029]")
            case _:
                self._take(c)

    def _take(self, piece: str) -> None:
        self._out.append(piece)
        self._closed_unbounded = False
        self._repeatable = True

    def _open(self) -> None:
        if self._pattern.startswith("?", self._at):
            kind = self._pattern[self._at : self._at + 2]
            if kind not in ("?:", "?=", "?!"):
                raise PatternRefused(
                    say(
                        "The pattern {pattern} uses look-behind, a named group or a flag. Write it without.",
                        pattern=self._pattern,
                    )
                )
            self._at += 2
            self._out.append(f"({kind}")
        else:
            self._out.append("(")
        self._open_groups.append(False)
        self._closed_unbounded = self._repeatable = False

    def _close(self) -> None:
        if not self._open_groups:
            raise PatternRefused(
                say("The pattern {pattern} closes a group that it did not open.", pattern=self._pattern)
            )
        unbounded = self._open_groups.pop()
        self._out.append(")")
        self._closed_unbounded = unbounded
        self._repeatable = True
        if unbounded and self._open_groups:
            self._open_groups[-1] = True

    def _quantifier(self, c: str) -> None:
        bounds = self._bounds(c)
        if not self._repeatable:
            raise PatternRefused(say("The pattern {pattern} repeats nothing at {c}.", pattern=self._pattern, c=c))
        unbounded = c in "*+" or bounds.endswith(",}")
        if c != "?" and self._closed_unbounded:
            raise PatternRefused(
                say(
                    "The pattern {pattern} repeats a group that repeats inside, which can take for ever.",
                    pattern=self._pattern,
                )
            )
        if unbounded and self._open_groups:
            self._open_groups[-1] = True
        self._out.append(bounds)
        self._repeatable = False
        if self._pattern.startswith("?", self._at):
            self._at += 1
            self._out.append("?")

    def _bounds(self, c: str) -> str:
        if c != "{":
            return c
        count = regex.match(r"\d{1,4}(,\d{0,4})?\}", self._pattern, pos=self._at)
        if count is None:
            raise PatternRefused(
                say("The pattern {pattern} has a brace that is no count. Write it as \\{{.", pattern=self._pattern)
            )
        self._at = count.end()
        return c + count.group()

    def _class(self) -> str:
        parts = ["["]
        if self._pattern.startswith("^", self._at):
            self._at += 1
            parts.append("^")
        while not self._pattern.startswith("]", self._at):
            if self._at >= len(self._pattern):
                raise PatternRefused(
                    say("The pattern {pattern} opens a class that it does not close.", pattern=self._pattern)
                )
            c = self._pattern[self._at]
            self._at += 1
            parts.append(self._escape(in_class=True) if c == "\\" else (f"\\{c}" if c in "[&~|" else c))
        self._at += 1
        return "".join([*parts, "]"])

    def _escape(self, *, in_class: bool) -> str:
        c = self._pattern[self._at : self._at + 1]
        self._at += 1
        if c in _CLASSES:
            return _CLASSES[c] if in_class or c == "s" else f"[{_CLASSES[c]}]"
        if c in ("D", "W", "S") and not (in_class and c != "S"):
            return r"\S" if c == "S" else f"[^{_CLASSES[c.lower()]}]"
        if c in _ESCAPES and not (in_class and c in "bB"):
            return _ESCAPES[c]
        if c == "u" and (code := regex.match(r"[0-9A-Fa-f]{4}", self._pattern, pos=self._at)):
            self._at = code.end()
            return f"\\u{code.group()}"
        if c and not c.isalnum():
            return f"\\{c}"
        raise PatternRefused(
            say(
                "The pattern {pattern} uses \\{c}, which browsers and servers read differently.",
                pattern=self._pattern,
                c=c,
            )
        )
