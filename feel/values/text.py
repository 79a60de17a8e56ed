"""How a value reads as text: `string(value)`."""

import re
from decimal import Decimal

from feel.errors import FeelLimitExceeded
from feel.run import Run
from feel.sentences import say
from feel.values import numbers
from feel.values.host import adopt
from feel.values.model import Function, Range, Value

_PLAIN_KEY = re.compile(r"[^\W\d][\w ]*")
_STEPS = 200_000


def show(value: Value, run: Run | None = None) -> str:
    """The text of a value; strings as they are, but quoted inside a list or context.

    Raises FeelLimitExceeded where the text would be longer than a string may be.
    """
    if type(value) is str:
        return value
    pieces: list[str] = []
    _Writer(run, pieces).write(value, nested=False)
    return "".join(pieces)


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Writer:
    """Writes piece by piece and counts: shared lists could be written without end."""

    def __init__(self, run: Run | None, pieces: list[str]) -> None:
        self._run = run
        self._pieces = pieces
        self._left = run.limits.string if run else _STEPS

    def put(self, piece: str) -> None:
        self._left -= len(piece)
        if self._left < 0:
            raise FeelLimitExceeded(say("The text of this value would be too long."))
        if self._run:
            self._run.charge(1)
        self._pieces.append(piece)

    def write(self, value: Value, *, nested: bool) -> None:
        value = adopt(value)
        kind = type(value)
        if kind is list:
            self._sequence("[", [(None, item) for item in value], "]")
        elif kind is dict:
            self._sequence("{", [(key, entry) for key, entry in value.items()], "}")
        elif kind is Range:
            self._range(value)
        else:
            self.put(_scalar(value, nested))

    def _sequence(self, opening: str, entries: list[tuple[str | None, Value]], closing: str) -> None:
        self.put(opening)
        for index, (key, value) in enumerate(entries):
            if index:
                self.put(", ")
            if key is not None:
                self.put((key if _PLAIN_KEY.fullmatch(key) else quote(key)) + ": ")
            self.write(value, nested=True)
        self.put(closing)

    def _range(self, value: Range) -> None:
        if value.operator:
            self.put(f"({value.operator} ")
            self.write(value.end if value.operator[0] in "<=!" else value.start, nested=True)
            self.put(")")
            return
        self.put("[" if value.start_included else "(")
        self.write(value.start, nested=True)
        self.put("..")
        self.write(value.end, nested=True)
        self.put("]" if value.end_included else ")")


def _scalar(value: Value, nested: bool) -> str:
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is Decimal:
        return numbers.show(value)
    if kind is Function:
        return "function"
    if kind is str:
        return quote(value) if nested else value
    return "@" + quote(str(value)) if nested else str(value)
