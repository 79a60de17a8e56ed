"""Unary tests and `in` (DMN 1.5, 10.3.2.13.2 and 10.3.2.8)."""

from collections.abc import Callable

from feel.compiler.registry import Closure, Env, closure, compiles, scope_of
from feel.run import Run
from feel.syntax import In, Literal, OperatorTest, RangeLiteral, Test, UnaryTests, ValueTest
from feel.values.compare import PYTHON, compare, kind_told, matches, negated
from feel.values.host import adopt
from feel.values.model import Range, Value

INPUT = "?"
Check = Callable[[Env, Value], Value]


@compiles(In)
def _in(node: In) -> Closure:
    value = closure(node.value)
    checks = [_check(test) for test in node.tests]
    return lambda env: _any_holds(checks, env, value(env))


@compiles(UnaryTests)
def _unary_tests(node: UnaryTests) -> Closure:
    check = cell_check(node)

    def apply(env: Env) -> Value:
        scope = scope_of(INPUT, env)
        return check(env, adopt(scope[INPUT]) if scope is not None else None)

    return apply


def cell_check(node: UnaryTests) -> Check:
    """What puts a value to unary tests; `env` must hold it as `?` too where they mention that."""
    checks = [_unary_check(test) for test in node.tests]
    if node.negated:
        return lambda env, value: negated(_any_holds(checks, env, value))
    if len(checks) == 1:
        return checks[0]
    constants = _strings(node)
    if not constants:
        return lambda env, value: _any_holds(checks, env, value)
    return lambda env, value: value in constants if type(value) is str else _any_holds(checks, env, value)


def _strings(node: UnaryTests) -> frozenset[Value]:
    """The strings that the tests list, if they list nothing else."""
    values = [
        test.expression.value if isinstance(test, ValueTest) and isinstance(test.expression, Literal) else None
        for test in node.tests
    ]
    return frozenset(values) if all(type(value) is str for value in values) else frozenset()


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
        return _operator_check(test)
    expected = closure(test.expression)
    if test.mentions_input:
        verdict = _verdict(expected, test.at)
        return lambda env, value: verdict(({INPUT: value}, env, env[2]), value)
    return lambda env, value: matches(value, expected(env), env[2])


def _verdict(expression: Closure, at: int) -> Check:
    """A test that asks for its input as `?` answers by itself."""

    def apply(env: Env, _value: Value) -> Value:
        verdict = expression(env)
        if type(verdict) is bool:
            return verdict
        if verdict is not None:
            env[2].warn("INVALID_TYPE", at, "A test with '?' gave a {kind}, not a boolean.", kind=kind_told(verdict))
        return None

    return apply


def _operator_check(test: OperatorTest) -> Check:
    operand, operator = closure(test.operand), test.operator

    def apply(env: Env, value: Value) -> Value:
        expected = operand(env)
        if type(value) is int and type(expected) is int:
            return PYTHON[operator](value, expected)
        holds = compare(operator, value, expected, env[2])
        if holds is None:
            env[2].warn(
                "NOT_COMPARABLE",
                test.at,
                "{left} and {right} do not compare by '{symbol}'.",
                left=kind_told(value),
                right=kind_told(expected),
                symbol=operator,
            )
        return holds

    return apply


def _constant_check(constant: int | str) -> Check:
    kind = type(constant)

    def apply(env: Env, value: Value) -> Value:
        return value == constant if type(value) is kind else matches(value, constant, env[2])

    return apply


def _boolean_check(constant: bool) -> Check:
    """A boolean that is written down is compared as any other value is; a missing input does not pass."""
    return lambda env, value: value is constant if type(value) is bool else matches(value, constant, env[2])


def _has_whole_ends(node: RangeLiteral) -> bool:
    ends = [end.value for end in (node.start, node.end) if isinstance(end, Literal)]
    return [type(end) for end in ends] == [int, int]


def _range_check(expression: Closure) -> Check:
    """A range between whole numbers, by far the most frequent in tables."""
    constant: Range = expression(({}, None, Run()))
    low = constant.start if constant.start_included else constant.start + 1
    high = constant.end if constant.end_included else constant.end - 1

    def apply(env: Env, value: Value) -> Value:
        return low <= value <= high if type(value) is int else matches(value, constant, env[2])

    return apply


def _unary_check(test: Test) -> Check:
    """A test of a cell: one that mentions `?` answers by itself, one that is a boolean does so for other inputs."""
    if isinstance(test, OperatorTest):
        return _check(test)
    expression = closure(test.expression)
    if test.mentions_input:
        return _verdict(expression, test.at)
    if isinstance(test.expression, Literal) and type(test.expression.value) in (int, str):
        return _constant_check(test.expression.value)
    if isinstance(test.expression, Literal) and type(test.expression.value) is bool:
        return _boolean_check(test.expression.value)
    if isinstance(test.expression, RangeLiteral) and _has_whole_ends(test.expression):
        return _range_check(expression)

    def apply(env: Env, value: Value) -> Value:
        expected = expression(env)
        holds = matches(value, expected, env[2])
        if holds is not True and type(expected) is bool and type(value) is not bool:
            return expected
        return holds

    return apply
