"""A place in the tokens, and what every part of the parser does with it."""

from typing import NoReturn

from feel.errors import FeelSyntaxError
from feel.lexer import Token, tokens
from feel.parser.names import KnownNames
from feel.sentences import Sentence, listed, say
from feel.syntax import Node

_NAME_SYMBOLS = frozenset({".", "/", "-", "'", "+", "*", "**", ".."})
_SHOWN = 30
_A_NAME = say("a name")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Cursor:
    """Reads forward, one token at a time; `index` may be set back to try another reading."""

    def __init__(self, source: str, names: KnownNames) -> None:
        self.source = source
        self.names = names
        self.tokens = tokens(source)
        self.index = 0
        self.mentions_input = False
        self._wanted: list[Sentence | str] = []  # what was looked for at the token `_wanted_at` and is not there
        self._wanted_at = 0

    def expression(self, power: int = 0) -> Node:
        """The longest expression whose operators bind tighter than `power`."""
        raise NotImplementedError

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def want(self, what: Sentence | str) -> None:
        """Remember what could stand here, a token or what a sentence calls it, should nothing fit."""
        if self._wanted_at != self.index:
            self._wanted_at, self._wanted = self.index, []
        if what not in self._wanted:
            self._wanted.append(what)

    def fail(self, told: Sentence | None = None) -> NoReturn:
        """Refuse the token here, with the sentence or with what should stand in its place."""
        wanted = [_shown(what) for what in self._wanted] if self._wanted_at == self.index else []
        expected = tuple(map(str, wanted))
        raise FeelSyntaxError(self.token.start, told or self._instead(wanted), self.source, expected)

    def _instead(self, wanted: list[Sentence]) -> Sentence:
        found = _shown(self.token.text) if self.token.text else say("the end")
        if not wanted:
            return say("There should be nothing more here, but there is {found}.", found=found)
        *others, last = wanted
        choice = say("{one} or {other}", one=listed(others), other=last) if others else last
        told = say("Here should be {choice}, not {found}.", choice=choice, found=found)
        if not self._runs_on():
            return told
        return say("{told} A name of several words is written in backticks.", told=told)

    def _runs_on(self) -> bool:
        """Does a name follow a name?"""
        return self.index > 0 and self.token.kind == self.tokens[self.index - 1].kind == "name"

    def at(self, operator: str) -> bool:
        return self.token.kind == "operator" and self.token.text == operator

    def at_comparison(self) -> bool:
        return self.token.kind == "operator" and self.token.text in COMPARISONS

    def at_word(self, word: str) -> bool:
        return self.token.kind == "name" and self.token.text == word

    def advance(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def accept(self, operator: str) -> bool:
        """Step over the operator if it is here."""
        if self.at(operator):
            self.index += 1
            return True
        self.want(operator)
        return False

    def expect(self, text: str) -> None:
        """Step over an operator or keyword. Raises FeelSyntaxError where something else stands."""
        if self.token.kind not in ("operator", "name") or self.token.text != text:
            self.want(text)
            self.fail()
        self.index += 1

    def known_name(self) -> str:
        """The longest known name here, else a single word."""
        token = self.token
        if token.kind == "quoted":
            self.index += 1
            return " ".join(token.text[1:-1].split())
        if token.kind != "name":
            self.want(_A_NAME)
            self.fail()
        for words, name in self.names.starting(token.text):
            end = self.index + len(words)
            if all(here.text == word for here, word in zip(self.tokens[self.index : end], words, strict=False)):
                self.index = end
                return name
        self.index += 1
        return token.text

    def declared_name(self, *stops: str) -> str:
        """A new name: all words up to one of the stops. One of several words is known from here on.

        Between words a name may hold numbers and the characters that DMN allows there (grammar rule 30).
        """
        first = self.token
        if first.kind == "quoted":
            return self.known_name()
        if first.kind != "name":
            self.want(_A_NAME)
            self.fail()
        start = self.index
        while self.token.text not in stops:
            if self.token.kind not in ("name", "number") and self.token.text not in _NAME_SYMBOLS:
                for stop in stops:
                    self.want(stop)
                self.fail()
            self.index += 1
        name = " ".join(self.source[first.start : self.tokens[self.index - 1].end].split())
        if self.index - start > 1:
            self.names = self.names.with_name(name)
        return name


def _shown(what: Sentence | str) -> Sentence:
    """A token as a sentence quotes it."""
    if isinstance(what, Sentence):
        return what
    return say("'{text}'", text=what if len(what) <= _SHOWN else f"{what[:_SHOWN]}…")
