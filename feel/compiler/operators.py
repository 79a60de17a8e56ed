"""Arithmetic, comparison, and, or, if, between."""

import operator
from collections.abc import Callable

from feel.compiler.registry import Closure, Env, closure, compiles
from feel.errors import reason_of
from feel.sentences import Sentence, say
from feel.syntax import Arithmetic, Between, Comparison, If, Junction, Literal, Negation
from feel.values.arithmetic import TABLES, calculate, negate
from feel.values.compare import PYTHON, both, compare, greater_equal, kind_told, less_equal
from feel.values.model import Value
from feel.values.numbers import BIG

_INTEGER: dict[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@compiles(Negation)
def _negation(node: Negation) -> Closure:
    operand = closure(node.operand)

    def apply(env: Env) -> Value:
        value = operand(env)
        result = negate(value)
        if result is None and value is not None:
            env[2].warn("INVALID_TYPE", node.at, "A value of type {kind} cannot be negated.", kind=kind_told(value))
        return result

    return apply


@compiles(Arithmetic)
def _arithmetic(node: Arithmetic) -> Closure:
    left, right = closure(node.left), closure(node.right)
    table, integer, symbol, at = TABLES[node.operator], _INTEGER.get(node.operator), node.operator, node.at

    def apply(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is int and type(b) is int and integer is not None:
            result = integer(a, b)
            if -BIG < result < BIG:
                return result
        try:
            value = calculate(table, a, b, env[2])
        except (ValueError, ArithmeticError) as error:
            _no_result(symbol, reason_of(error), env, at)
            return None
        if value is None and (type(a), type(b)) in table:
            _no_result(symbol, say("it is too large or undefined."), env, at)
        elif value is None:
            env[2].warn(
                "INVALID_TYPE",
                at,
                "There is no {left} {symbol} {right}.",
                left=kind_told(a),
                symbol=symbol,
                right=kind_told(b),
            )
        return value

    return apply


def _no_result(symbol: str, reason: Sentence | str, env: Env, at: int) -> None:
    env[2].warn("FUNCTION_INVOCATION_FAILURE", at, "'{name}' has no result: {reason}", name=symbol, reason=reason)


@compiles(Comparison)
def _comparison(node: Comparison) -> Closure:
    left, right, symbol, at = closure(node.left), closure(node.right), node.operator, node.at
    python = PYTHON[symbol]

    def slow(a: Value, b: Value, env: Env) -> bool | None:
        result = compare(symbol, a, b, env[2])
        if result is None:
            env[2].warn(
                "NOT_COMPARABLE",
                at,
                "{left} and {right} do not compare by '{symbol}'.",
                left=kind_told(a),
                right=kind_told(b),
                symbol=symbol,
            )
        return result

    if isinstance(node.right, Literal) and type(node.right.value) in (int, str):
        constant = node.right.value
        kind = type(constant)

        def equals_constant(env: Env) -> Value:
            a = left(env)
            return a == constant if type(a) is kind else slow(a, constant, env)

        def with_constant(env: Env) -> Value:
            a = left(env)
            return python(a, constant) if type(a) is kind else slow(a, constant, env)

        return equals_constant if symbol == "=" else with_constant

    def apply(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is type(b) and type(a) in (int, str):
            return python(a, b)
        return slow(a, b, env)

    return apply


@compiles(Junction)
def _junction(node: Junction) -> Closure:
    operands, at = tuple(closure(operand) for operand in node.operands), node.at
    decisive = not node.conjunction  # the answer that one operand alone can give
    if len(operands) == 2:
        return _pair(operands[0], operands[1], decisive, at)

    def apply(env: Env) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(env)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
                _no_truth(value, env, at)
        return result

    return apply


def _no_truth(value: Value, env: Env, at: int) -> None:
    """An operand that is neither true nor false makes null; one that is not null either is a mistake."""
    if value is not None:
        env[2].warn("INVALID_TYPE", at, "'and' and 'or' join booleans, not a {kind}.", kind=kind_told(value))


def _pair(left: Closure, right: Closure, decisive: bool, at: int) -> Closure:
    def apply(env: Env) -> Value:
        a = left(env)
        if a is decisive:
            return a
        b = right(env)
        if b is decisive:
            return b
        if type(a) is bool and type(b) is bool:
            return not decisive
        for value in (a, b):
            if type(value) is not bool:
                _no_truth(value, env, at)
        return None

    return apply


@compiles(If)
def _if(node: If) -> Closure:
    condition, then, otherwise = closure(node.condition), closure(node.then), closure(node.otherwise)

    def apply(env: Env) -> Value:
        verdict = condition(env)
        if verdict is True:
            return then(env)
        if verdict is not False:
            kind = kind_told(verdict)
            env[2].warn("INVALID_TYPE", node.at, "The condition of 'if' is a {kind}, not a boolean.", kind=kind)
        return otherwise(env)

    return apply


@compiles(Between)
def _between(node: Between) -> Closure:
    value, low, high = closure(node.value), closure(node.low), closure(node.high)

    def apply(env: Env) -> Value:
        found = value(env)
        above, below = greater_equal(found, low(env)), less_equal(found, high(env))
        if above is None or below is None:
            env[2].warn("NOT_COMPARABLE", node.at, "'between' compares values of different types.")
            return None
        return both(above, below)

    return apply
