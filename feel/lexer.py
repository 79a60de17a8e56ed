"""Text to tokens, by one regular expression (DMN 1.5, 10.3.1.2, grammar rules 21 to 38)."""

import re
from typing import NamedTuple

from feel.errors import FeelSyntaxError
from feel.limits import SOURCE_CHARACTERS
from feel.sentences import Sentence, say

_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u180D\u180F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_TOKEN = re.compile(
    rf"""(?P<space>[\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<quoted>`[^`]*`)
    |(?P<operator>\*\*|\.\.|->|<=|>=|!=|/(?!\*)|[-+*=<>()\[\]{{}},:.@;'])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_UNCLOSED = {'"': say("A string"), "`": say("A name in backticks"), "/*": say("A comment")}
_START_ONLY = re.compile(f"[{_START}]")


class Token(NamedTuple):
    """`kind` is number, string, name, quoted, operator or end; `start` and `end` are offsets in the source."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """The tokens of a source, ended by one of kind `end`. Raises FeelSyntaxError."""
    if len(source) > SOURCE_CHARACTERS:
        told = say("The expression is longer than {most} characters.", most=SOURCE_CHARACTERS)
        raise FeelSyntaxError(SOURCE_CHARACTERS, told, source)
    found = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise FeelSyntaxError(position, _complaint(source, position), source)
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), position, match.end()))
        position = match.end()
    found.append(Token("end", "", position, position))
    return found


def _complaint(source: str, position: int) -> Sentence:
    """Why no token begins here."""
    character = source[position]
    unclosed = _UNCLOSED.get(source[position : position + 2]) or _UNCLOSED.get(character)
    if unclosed:
        return say("{what} begins here and does not end.", what=unclosed)
    return say("The character {character} has no meaning in an expression.", character=repr(character))


def starts_name(text: str) -> bool:
    return _START_ONLY.match(text) is not None


def unescape(literal: str) -> str:
    """The string that a literal with its quotes stands for. A pair of surrogate escapes is one character."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_character, body)
    if any("\ud800" <= character < "\ue000" for character in text):
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(code, "\\" + code)
