"""What an expression begins with: a literal, a name, something in brackets (DMN 1.5, grammar rules 25 to 43)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from feel import iso
from feel.lexer import Token, unescape
from feel.parser.constructs import Constructs
from feel.sentences import say
from feel.syntax import ContextLiteral, Group, ListLiteral, Literal, Name, Negation, Node, RangeLiteral, UnaryRange
from feel.values import numbers
from feel.values.model import Operator, Value

COMPARISON_POWER = 40
UNARY_MINUS_POWER = 80
_A_VALUE = say("a value")
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
_RESERVED = frozenset(
    {"for", "in", "return", "if", "then", "else", "some", "every", "satisfies"}
    | {"instance", "function", "external", "between", "and", "or"}
)


class Primary(Constructs):
    in_range = False  # at the end of a range, where "[" may close it instead of opening a filter

    @contextmanager
    def outside_range(self) -> Iterator[None]:
        """Inside brackets of its own a "[" is a filter again."""
        before, self.in_range = self.in_range, False
        try:
            yield
        finally:
            self.in_range = before

    def primary(self) -> Node:
        token = self.token
        by_kind: dict[str, Callable[[Token], Node]] = {
            "number": lambda token: self._literal(numbers.read(token.text)),
            "string": lambda token: self._literal(unescape(token.text)),
            "quoted": lambda token: Name(self.known_name(), token.start),
            "name": self._name,
            "operator": self._bracket,
        }
        read = by_kind.get(token.kind)
        return read(token) if read else self._no_value()

    def _no_value(self) -> NoReturn:
        self.want(_A_VALUE)
        self.fail()

    def _literal(self, value: Value) -> Node:
        return Literal(value, self.advance().start)

    def _name(self, token: Token) -> Node:
        construct = self.construct()
        if construct:
            return construct
        several = self.names.starting(token.text)
        function = token.text in ("and", "or") and self.ahead().text == "("
        if token.text in _RESERVED and not several and not function:
            self.fail(say("'{word}' is a keyword; an expression cannot begin with it.", word=token.text))
        if token.text == "?":
            self.mentions_input = True
        name = self.known_name()
        return Literal(_CONSTANTS[name], token.start) if name in _CONSTANTS else Name(name, token.start)

    def _bracket(self, token: Token) -> Node:
        openings: dict[str, Callable[[int], Node]] = {
            "-": lambda at: Negation(self.expression(UNARY_MINUS_POWER), at),
            "(": self._parenthesis,
            "[": self._square,
            "]": lambda at: self.range(self._until_dots(), False, at),
            "{": self._context_literal,
            "@": self._at_literal,
        }
        if token.text not in openings:
            self._no_value()
        self.index += 1
        if token.text == "-":
            return openings["-"](token.start)
        with self.outside_range():
            return openings[token.text](token.start)

    def _until_dots(self) -> Node:
        start = self.expression(COMPARISON_POWER)
        self.expect("..")
        return start

    def _parenthesis(self, at: int) -> Node:
        if self.at_comparison():
            operator: Operator = self.advance().text  # type: ignore[assignment]  # one of COMPARISONS
            operand = self.expression(COMPARISON_POWER)
            self.expect(")")
            return UnaryRange(operator, operand, at)
        inner = self.expression()
        if self.accept(".."):
            return self.range(inner, False, at)
        self.expect(")")
        return Group(inner, at)

    def _square(self, at: int) -> Node:
        if self.accept("]"):
            return ListLiteral((), at)
        items = [self.expression()]
        if self.accept(".."):
            return self.range(items[0], True, at)
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return ListLiteral(tuple(items), at)

    def range(self, start: Node, start_included: bool, at: int) -> Node:
        """The rest of a range from behind its dots."""
        before, self.in_range = self.in_range, True
        try:
            end = self.expression(COMPARISON_POWER)
        finally:
            self.in_range = before
        end_included = self.accept("]")
        if not end_included and not self.accept(")"):
            self.expect("[")
        return RangeLiteral(start, end, start_included, end_included, at)

    def _context_literal(self, at: int) -> Node:
        entries: list[tuple[str, Node]] = []
        if not self.accept("}"):
            while not entries or self.accept(","):
                name = self._key()
                self.expect(":")
                entries.append((name, self.expression()))
            self.expect("}")
        return ContextLiteral(tuple(entries), at)

    def _key(self) -> str:
        if self.token.kind != "string":
            return self.declared_name(":")
        name = unescape(self.advance().text)
        self.names = self.names.with_name(name)
        return name

    def _at_literal(self, at: int) -> Node:
        if self.token.kind != "string":
            self.fail(say('After @ stands a string, such as @"2026-11-30".'))
        try:
            return Literal(iso.literal(unescape(self.advance().text)), at)
        except (ValueError, OverflowError):
            return Literal(None, at)
