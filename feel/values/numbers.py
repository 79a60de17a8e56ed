"""Numbers are int or Decimal with 34 digits (DMN 1.5, 10.3.2.3.1). int is kept as long as it holds: it is faster."""

import decimal
from decimal import Decimal

CONTEXT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
BIG = 10**34

Number = int | Decimal


def is_number(value: object) -> bool:
    """True for FEEL's numbers; a bool is none."""
    return type(value) is int or type(value) is Decimal


def as_decimal(value: Number) -> Decimal:
    return value if type(value) is Decimal else Decimal(value)


def shrink(value: Decimal) -> Number | None:
    """The int of the same value where there is one below 10**34; null for what is not finite."""
    if not value.is_finite():
        return None
    if value.adjusted() < 34 and value == value.to_integral_value():
        return int(value)
    return value


def finite(value: Decimal) -> Decimal | None:
    """The value as it is, so that 1.50 keeps its digits; null for what is not finite."""
    return value if value.is_finite() else None


def read(text: str) -> Number | None:
    """A numeral that has been checked before. With a point it stays decimal, else it is an int if it can be."""
    if text.isdigit() and len(text) <= 34:
        return int(text)
    value = CONTEXT.create_decimal(text)
    return finite(value) if "." in text else shrink(value)


def from_float(value: float) -> Number | None:
    """The shortest decimal that reads as the float; null for infinities and NaN."""
    return shrink(Decimal(repr(value)))


def show(value: Number) -> str:
    """Without exponent and without trailing zeros."""
    return str(value) if type(value) is int else format(as_decimal(value).normalize(CONTEXT), "f")
