"""Functions on numbers (DMN 1.5, table 77)."""

import decimal
import random
from decimal import Decimal

from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.sentences import say
from feel.temporal import DayTimeDuration, YearMonthDuration
from feel.values import numbers
from feel.values.numbers import CONTEXT, Number, as_decimal, shrink

_MODES = ("UP", "DOWN", "CEILING", "FLOOR", "HALF_UP", "HALF_DOWN", "HALF_EVEN")
_LEAST_SCALE, _MOST_SCALE = -6111, 6176


def _finite(value: Decimal) -> Number:
    number = shrink(value)
    if number is None:
        raise Unfit(say("The result is too large or undefined."))
    return number


def _rounded(number: Number, scale: Number, mode: str) -> Number:
    """To `scale` digits after the point, or before it if negative."""
    digits = int(scale)
    if not _LEAST_SCALE <= digits <= _MOST_SCALE:
        raise Unfit(say("The scale lies between {least} and {most}.", least=_LEAST_SCALE, most=_MOST_SCALE))
    if digits >= CONTEXT.prec:
        return _finite(as_decimal(number))
    wide = decimal.Context(prec=6300, rounding=mode, traps=[])
    return _finite(CONTEXT.plus(as_decimal(number).quantize(Decimal(1).scaleb(-digits), context=wide)))


@builtin("decimal(n: number, scale: number, [mode: string])")
def decimal_(number: Number, scale: Number, mode: str = "HALF_EVEN") -> Number:
    """`mode` is Camunda's addition, one of `_MODES` in any case of letters."""
    wanted = mode.upper()
    if wanted == "UNNECESSARY":
        rounded = _rounded(number, scale, decimal.ROUND_DOWN)
        if rounded != number:
            raise Unfit(say("{number} has more than {scale} decimals.", number=number, scale=scale))
        return rounded
    if wanted not in _MODES:
        raise Unfit(say("There is no rounding mode {mode}. Choose one of {modes}.", mode=mode, modes=", ".join(_MODES)))
    return _rounded(number, scale, f"ROUND_{wanted}")


@builtin("floor(n: number, [scale: number])")
def floor(number: Number, scale: Number = 0) -> Number:
    return _rounded(number, scale, decimal.ROUND_FLOOR)


@builtin("ceiling(n: number, [scale: number])")
def ceiling(number: Number, scale: Number = 0) -> Number:
    return _rounded(number, scale, decimal.ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(number: Number, scale: Number) -> Number:
    return _rounded(number, scale, decimal.ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(number: Number, scale: Number) -> Number:
    return _rounded(number, scale, decimal.ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(number: Number, scale: Number) -> Number:
    return _rounded(number, scale, decimal.ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(number: Number, scale: Number) -> Number:
    return _rounded(number, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs(n: number)")
def absolute(number: Number) -> Number:
    return -number if number < 0 else number


@builtin("abs(n: duration)")
def absolute_duration(duration: DayTimeDuration | YearMonthDuration) -> DayTimeDuration | YearMonthDuration:
    if isinstance(duration, YearMonthDuration):
        return YearMonthDuration(abs(duration.months))
    return DayTimeDuration(abs(duration.nanos))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Number, divisor: Number) -> Number:
    """The remainder has the sign of the divisor."""
    if divisor == 0:
        raise Unfit(say("Division by zero."))
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    a, b = as_decimal(dividend), as_decimal(divisor)
    quotient = CONTEXT.divide(a, b).to_integral_value(decimal.ROUND_FLOOR)
    return _finite(CONTEXT.subtract(a, CONTEXT.multiply(b, quotient)))


@builtin("sqrt(number: number)")
def square_root(number: Number) -> Number:
    if number < 0:
        raise Unfit(say("A negative number has no square root."))
    return _finite(CONTEXT.sqrt(as_decimal(number)))


@builtin("log(number: number)")
def logarithm(number: Number) -> Number:
    if number <= 0:
        raise Unfit(say("Only a positive number has a logarithm."))
    return _finite(CONTEXT.ln(as_decimal(number)))


@builtin("exp(number: number)")
def exponential(number: Number) -> Number:
    return _finite(CONTEXT.exp(as_decimal(number)))


@builtin("odd(number: number)")
def odd(number: Number) -> bool:
    return modulo(number, 2) == 1


@builtin("even(number: number)")
def even(number: Number) -> bool:
    return modulo(number, 2) == 0


@builtin("random number()")
def random_number() -> Number:
    return numbers.from_float(random.random()) or 0
