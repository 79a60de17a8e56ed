"""Operators by binding power (Pratt): or, and, comparison, instance of, + -, * /, **, unary minus, path."""

from collections.abc import Callable

from feel.lexer import unescape
from feel.limits import NESTING
from feel.parser.primary import COMPARISON_POWER, Primary
from feel.sentences import say
from feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    Group,
    In,
    InstanceOf,
    Junction,
    Name,
    NamedCall,
    Node,
    OperatorTest,
    Path,
    Test,
    ValueTest,
)
from feel.values.model import Operator

_OR, _AND, _POSTFIX = 10, 20, 100
_AN_OPERATOR = say("an operator")
_OPERATORS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARISON_POWER),
    **dict.fromkeys(("+", "-"), 50),
    **dict.fromkeys(("*", "/"), 60),
    "**": 70,
    **dict.fromkeys((".", "[", "("), _POSTFIX),
}
_WORDS = {"or": _OR, "and": _AND, "between": COMPARISON_POWER, "in": COMPARISON_POWER, "instance": 45}


class Operators(Primary):
    depth = 0

    def expression(self, power: int = 0) -> Node:
        self.depth += 1
        if self.depth > NESTING:
            self.fail(say("The expression is nested more than {most} deep.", most=NESTING))
        try:
            return self._joined(self.primary(), power)
        finally:
            self.depth -= 1

    def _joined(self, left: Node, power: int) -> Node:
        while (binding := self._binding()) > power:
            left = self._operator(left, binding)
        return left

    def _binding(self) -> int:
        """The binding power of the operator here; 0 where none stands."""
        token = self.token
        if token.kind == "name":
            power = _WORDS.get(token.text, 0)
        elif token.kind != "operator" or token.text == "[" and self.in_range and not self._opens_filter():
            power = 0
        else:
            power = _OPERATORS.get(token.text, 0)
        if not power:
            self.want(_AN_OPERATOR)
        return power

    def _opens_filter(self) -> bool:
        """In "[1..10[" the last bracket closes the range: nothing follows that an expression could begin with."""
        following = self.ahead()
        if following.kind == "name":
            return following.text not in (
                "and",
                "or",
                "in",
                "between",
                "instance",
                "then",
                "else",
                "return",
                "satisfies",
            )
        return following.kind in ("number", "string", "quoted") or following.text in tuple("-([{@")

    def _operator(self, left: Node, binding: int) -> Node:
        token = self.advance()
        special: dict[str, Callable[[Node, int], Node]] = {
            ".": self._path,
            "[": self._filter,
            "(": self._call,
            "or": self._or,
            "and": self._and,
            "between": self._between,
            "in": self._in,
            "instance": self._instance,
        }
        if token.text in special:
            return special[token.text](left, token.start)
        right = self.expression(binding)
        if binding == COMPARISON_POWER:
            operator: Operator = token.text  # type: ignore[assignment]  # one of COMPARISONS
            return Comparison(operator, left, right, token.start)
        return Arithmetic(token.text, left, right, token.start)

    def _path(self, left: Node, at: int) -> Node:
        return Path(left, self.known_name(), at)

    def _filter(self, left: Node, at: int) -> Node:
        with self.outside_range():
            predicate = self.expression()
            self.expect("]")
        return Filter(left, predicate, at)

    def _or(self, left: Node, at: int) -> Node:
        return self._junction(left, self.expression(_OR), at, conjunction=False)

    def _and(self, left: Node, at: int) -> Node:
        return self._junction(left, self.expression(_AND), at, conjunction=True)

    def _junction(self, left: Node, right: Node, at: int, *, conjunction: bool) -> Node:
        if isinstance(left, Junction) and left.conjunction == conjunction:
            return Junction(conjunction, (*left.operands, right), left.at)
        return Junction(conjunction, (left, right), at)

    def _between(self, left: Node, at: int) -> Node:
        low = self.expression(COMPARISON_POWER)
        self.expect("and")
        return Between(left, low, self.expression(COMPARISON_POWER), at)

    def _instance(self, left: Node, at: int) -> Node:
        self.expect("of")
        return InstanceOf(left, self.type(), at)

    def _in(self, left: Node, at: int) -> Node:
        return In(left, self._in_tests(), at)

    def _in_tests(self) -> tuple[Test, ...]:
        """`x in test` or `x in (tests)`; the parenthesis may as well open a range or an expression."""
        at = self.token.start
        if self.at_comparison():
            return (self._operator_test(),)
        if not self.accept("("):
            return (self._bare_test(at),)
        tests = self.tests()
        first = tests[0]
        if len(tests) > 1 or not isinstance(first, ValueTest):
            self.expect(")")
            return tests
        if self.accept(".."):
            operand = self.range(first.expression, False, at)
        else:
            self.expect(")")
            operand = Group(first.expression, at)
        joined = self._joined(operand, COMPARISON_POWER)
        if joined is operand and isinstance(operand, Group):
            return (first,)
        return (ValueTest(joined, first.mentions_input, at),)

    def _bare_test(self, at: int) -> Test:
        """`x in ? < 10`: a test that asks for the value as `?` takes in a comparison; a lone `?` is the cell's own."""
        before, self.mentions_input = self.mentions_input, False
        expression = self.expression(COMPARISON_POWER)
        if not self.mentions_input or isinstance(expression, Name) and not self.at_comparison():
            self.mentions_input |= before
            return ValueTest(expression, False, at)
        self.mentions_input = before
        return ValueTest(self._joined(expression, _AND), True, at)

    def _operator_test(self) -> Test:
        token = self.advance()
        operator: Operator = token.text  # type: ignore[assignment]  # one of COMPARISONS
        return OperatorTest(operator, self.expression(COMPARISON_POWER), token.start)

    def tests(self) -> tuple[Test, ...]:
        found = [self._test()]
        while self.accept(","):
            found.append(self._test())
        return tuple(found)

    def _test(self) -> Test:
        if self.at_comparison():
            return self._operator_test()
        at, before = self.token.start, self.mentions_input
        self.mentions_input = False
        expression = self.expression()
        mentions = self.mentions_input
        self.mentions_input = before or mentions
        return ValueTest(expression, mentions, at)

    def _call(self, function: Node, at: int) -> Node:
        with self.outside_range():
            if self.accept(")"):
                return Call(function, (), at)
            if self._names_arguments():
                return NamedCall(function, self._named_arguments(), at)
            arguments = [self.expression()]
            while self.accept(","):
                arguments.append(self.expression())
            self.expect(")")
            return Call(function, tuple(arguments), at)

    def _names_arguments(self) -> bool:
        """Does a name and a colon follow?"""
        index = self.index
        while self.tokens[index].kind in ("name", "quoted", "string") or self.tokens[index].text in ("'", "-", "+"):
            index += 1
        return index > self.index and self.tokens[index].text == ":"

    def _named_arguments(self) -> tuple[tuple[str, Node], ...]:
        arguments: list[tuple[str, Node]] = []
        while not arguments or self.accept(","):
            names = self.names
            name = unescape(self.advance().text) if self.token.kind == "string" else self.declared_name(":")
            self.names = names
            self.expect(":")
            arguments.append((name, self.expression()))
        self.expect(")")
        return tuple(arguments)
