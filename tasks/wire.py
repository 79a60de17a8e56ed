"""Facts that cross a border: frozen dataclasses in Python, camelCase JSON on the wire and in process variables.

A dataclass that derives from `Wire` is read with `read` and written with `write`; dataclasses nested in it need not
derive. Unknown names are ignored, so that a peer or a process may carry more than we ask for.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from kernel.clock import aware
from kernel.errors import Invalid
from kernel.text import say


class Wire:
    """What crosses a border. Field `leaving_on` is `leavingOn` outside."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True)


# FEEL compares numbers, so an amount is a JSON number; cents of any sum below 90 million million survive a double.
Yuan = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]

# An instant as a process has it: a date and time of FEEL may name its zone instead of an offset.
Moment = Annotated[datetime, BeforeValidator(lambda value: aware(value) if isinstance(value, str) else value)]

F = TypeVar("F")

_adapters: dict[Any, TypeAdapter[Any]] = {}


class Mismatch(Invalid):
    """Values do not have the shape that was agreed. `where` names the place, as `items.0.amount`."""

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(say("{where} does not fit: {why}.", where=where or "value", why=why), where=where)


def read(kind: type[F], values: Any) -> F:
    """`values` (a JSON object) as a `kind`. Raises Mismatch naming the first place that does not fit."""
    try:
        fact: F = _adapter(kind).validate_python(values)
        return fact
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Mismatch(".".join(str(part) for part in first["loc"]), first["msg"]) from None


def write(fact: Any) -> dict[str, Any]:
    """A fact as a JSON object with camelCase names; instants and dates as ISO 8601 text."""
    written: dict[str, Any] = _adapter(type(fact)).dump_python(fact, mode="json", by_alias=True)
    return written


def schema(kind: type) -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a kind, as it looks on the wire."""
    return _adapter(kind).json_schema(by_alias=True)


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
