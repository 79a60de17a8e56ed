"""Text to syntax tree: a Pratt parser, one class an aspect, each on the shoulders of the one before.

`Cursor` reads tokens, `TypeParser` types, `Constructs` keywords, `Primary` what an expression begins with,
`Operators` what joins expressions; here are the two ways in.
"""

from collections.abc import Callable
from typing import TypeVar

from feel.errors import FeelSyntaxError
from feel.parser.names import KnownNames
from feel.parser.operators import Operators
from feel.sentences import say
from feel.syntax import Node, UnaryTests

Tree = TypeVar("Tree", bound=Node)

__all__ = ["KnownNames", "parse", "parse_unary"]


def parse(source: str, names: KnownNames) -> Node:
    """The tree of an expression. Raises FeelSyntaxError."""
    parser = Operators(source, names)
    return _whole(parser, parser.expression)


def parse_unary(source: str, names: KnownNames) -> UnaryTests:
    """The tree of unary tests: a cell of a decision table. Raises FeelSyntaxError."""
    parser = Operators(source, names)
    if parser.at("-") and parser.ahead().kind == "end":
        return UnaryTests((), True, 0)
    if parser.at_word("not") and parser.ahead().text == "(":
        try:
            return _whole(parser, lambda: _negated(parser))
        except FeelSyntaxError as error:
            return _again(source, names, error)
    return _whole(parser, lambda: UnaryTests(parser.tests(), False, 0))


def _again(source: str, names: KnownNames, first: FeelSyntaxError) -> UnaryTests:
    """Tests that begin with a call of `not`, not with the `not` of a cell; the reading that came further complains."""
    parser = Operators(source, names)
    try:
        return _whole(parser, lambda: UnaryTests(parser.tests(), False, 0))
    except FeelSyntaxError as second:
        raise max(first, second, key=lambda error: error.position) from None


def _negated(parser: Operators) -> UnaryTests:
    parser.index += 2
    tests = parser.tests()
    parser.expect(")")
    return UnaryTests(tests, True, 0)


def _whole(parser: Operators, read: Callable[[], Tree]) -> Tree:
    """All of the source must belong to what is read."""
    try:
        node = read()
    except RecursionError as error:
        raise FeelSyntaxError(parser.token.start, say("The expression is nested too deep."), parser.source) from error
    if parser.token.kind != "end":
        parser.fail()
    return node
