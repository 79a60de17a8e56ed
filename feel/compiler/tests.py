"""Unary tests and `in` (DMN 1.5, 10.3.2.13.2 and 10.3.2.8)."""

from collections.abc import Callable

from feel.compiler.registry import Closure, Env, closure, compiles, scope_of
from feel.syntax import In, OperatorTest, Test, UnaryTests
from feel.values.compare import compare, matches, negated
from feel.values.host import adopt
from feel.values.model import Value

INPUT = "?"
Check = Callable[[Env, Value], Value]


@compiles(In)
def _in(node: In) -> Closure:
    value = closure(node.value)
    checks = [_check(test) for test in node.tests]
    return lambda env: _any_holds(checks, env, value(env))


@compiles(UnaryTests)
def _unary_tests(node: UnaryTests) -> Closure:
    checks = [_unary_check(test) for test in node.tests]

    def apply(env: Env) -> Value:
        scope = scope_of(INPUT, env)
        value = adopt(scope[INPUT]) if scope is not None else None
        holds = _any_holds(checks, env, value)
        return negated(holds) if node.negated else holds

    return apply


def _any_holds(checks: list[Check], env: Env, value: Value) -> bool | None:
    result: bool | None = False
    for check in checks:
        holds = check(env, value)
        if holds is True:
            return True
        if holds is None:
            result = None
    return result


def _check(test: Test) -> Check:
    """A test of `in`."""
    if isinstance(test, OperatorTest):
        operand, operator = closure(test.operand), test.operator
        return lambda env, value: compare(operator, value, operand(env), env[2])
    expected = closure(test.expression)
    return lambda env, value: matches(value, expected(env), env[2])


def _unary_check(test: Test) -> Check:
    """A test of a cell: one that mentions `?` answers by itself, one that is a boolean does so for other inputs."""
    if isinstance(test, OperatorTest):
        return _check(test)
    expression = closure(test.expression)
    if test.mentions_input:
        return lambda env, _value: expression(env)

    def apply(env: Env, value: Value) -> Value:
        expected = expression(env)
        holds = matches(value, expected, env[2])
        if holds is not True and type(expected) is bool and type(value) is not bool:
            return expected
        return holds

    return apply
