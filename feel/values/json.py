"""The border with Python, outwards: a value as JSON."""

import math
from decimal import Decimal
from typing import Any

from feel.errors import FeelLimitExceeded
from feel.sentences import say
from feel.temporal import DateTime, Time
from feel.values.host import adopt
from feel.values.model import Function
from feel.values.numbers import shrink
from feel.values.text import show

_JSON_VALUES = 1_000_000


def to_json(value: Any, most: int = _JSON_VALUES) -> Any:
    """A JSON value: times and durations as ISO 8601 text, a number as int where it is whole and else as float.

    A named zone is written `+08:00[Asia/Shanghai]`. A range becomes its text, a function null.
    Raises FeelLimitExceeded beyond `most` values.
    """
    return _JsonWriter(most).write(value)


def _json_number(value: Decimal) -> int | float | None:
    """The nearest float for what is not a whole number of at most 34 digits; null beyond the range of floats."""
    number = shrink(value)
    if number is None or isinstance(number, int):
        return number
    nearest = float(number)
    return nearest if math.isfinite(nearest) else None


class _JsonWriter:
    """Counts what it writes: a small value can hold the same list very many times."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left = most

    def write(self, value: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise FeelLimitExceeded(say("The value holds more than {most} values.", most=self._most))
        value = adopt(value)
        if isinstance(value, dict):
            return {str(name): self.write(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [self.write(item) for item in value]
        if isinstance(value, Decimal):
            return _json_number(value)
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, DateTime | Time):
            return value.json()
        return None if isinstance(value, Function) else show(value)
