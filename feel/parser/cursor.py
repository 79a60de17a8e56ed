"""A place in the tokens, and what every part of the parser does with it."""

from typing import NoReturn

from feel.errors import FeelSyntaxError
from feel.lexer import Token, tokens
from feel.parser.names import KnownNames
from feel.syntax import Node

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Cursor:
    """Reads forward, one token at a time; `index` may be set back to try another reading."""

    def __init__(self, source: str, names: KnownNames) -> None:
        self.source = source
        self.names = names
        self.tokens = tokens(source)
        self.index = 0
        self.mentions_input = False

    def expression(self, power: int = 0) -> Node:
        """The longest expression whose operators bind tighter than `power`."""
        raise NotImplementedError

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def fail(self, message: str = "") -> NoReturn:
        token = self.token
        found = f"'{token.text}' does not fit here." if token.text else "The expression ends too early."
        raise FeelSyntaxError(token.start, message or found)

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
        return False

    def expect(self, text: str) -> None:
        """Step over an operator or keyword. Raises FeelSyntaxError where something else stands."""
        if self.token.kind not in ("operator", "name") or self.token.text != text:
            found = f"'{self.token.text}'" if self.token.text else "the end"
            self.fail(f"Here should be '{text}', not {found}.")
        self.index += 1

    def known_name(self) -> str:
        """The longest known name here, else a single word."""
        token = self.token
        if token.kind == "quoted":
            self.index += 1
            return token.text[1:-1]
        if token.kind != "name":
            self.fail("A name should stand here.")
        for words, name in self.names.starting(token.text):
            end = self.index + len(words)
            if all(here.text == word for here, word in zip(self.tokens[self.index : end], words, strict=False)):
                self.index = end
                return name
        self.index += 1
        return token.text

    def declared_name(self, *stops: str) -> str:
        """A new name: all words up to one of the stops. One of several words is known from here on."""
        first = self.token
        if first.kind == "quoted":
            return self.known_name()
        if first.kind != "name":
            self.fail("A name should stand here.")
        start = self.index
        while self.token.text not in stops:
            if self.token.kind == "end":
                self.fail()
            self.index += 1
        name = " ".join(self.source[first.start : self.tokens[self.index - 1].end].split())
        if self.index - start > 1:
            self.names = self.names.with_name(name)
        return name
