"""Values of an agreement's fields: read from what was given, and shown in the words of a contract."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import feel
from hr.agreements import numerals
from hr.agreements.parts import Field
from kernel.errors import Invalid
from kernel.text import say

LONGEST = 4000  # characters of one value
_MOST = Decimal(numerals.MOST)
_TRUE, _FALSE = ("true", "yes", "on", "1", "是"), ("false", "no", "off", "0", "否", "")


def read(field: Field, given: Any) -> Any:
    """The value as a formula sees it: text, Decimal, date or bool; None for nothing given. Raises Invalid."""
    value = given.strip() if isinstance(given, str) else given
    if value is None or value == "" and field.type != "flag":
        return None
    return _READERS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    text = str(value)
    if len(text) > LONGEST:
        raise Invalid(say("{label} has more than {most} characters. Shorten it.", label=field.label, most=LONGEST))
    return text


def _number(field: Field, value: Any) -> Decimal:
    try:
        number = Decimal(str(value).replace(",", "")) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= _MOST:
        raise Invalid(say("{label} is a number; “{value}” is none.", label=field.label, value=str(value)[:40]))
    return number


def _money(field: Field, value: Any) -> Decimal:
    amount = _number(field, value)
    if amount < 0 or amount != round(amount, 2):
        raise Invalid(say("{label} is a sum in yuan, not below 0, with two decimals at most.", label=field.label))
    return amount


def _date(field: Field, value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        said = say("{label} is a day, such as 2026-11-30; “{value}” is none.", label=field.label, value=str(value)[:40])
        raise Invalid(said) from None


def _choice(field: Field, value: Any) -> str:
    if str(value) not in dict(field.options):
        among = ", ".join(option for option, _ in field.options)
        raise Invalid(
            say("{label} is one of: {among}; not “{value}”.", label=field.label, among=among, value=str(value))
        )
    return str(value)


def _flag(field: Field, value: Any) -> bool:
    word = str(value).lower()
    if word not in _TRUE + _FALSE:
        raise Invalid(say("{label} is yes or no; not “{value}”.", label=field.label, value=str(value)[:40]))
    return word in _TRUE


_READERS = {"text": _text, "number": _number, "money": _money, "date": _date, "choice": _choice, "flag": _flag}


def shown(value: Any, field: Field | None = None) -> str:
    """The value in the words of a contract; nothing for none. A field's own value is shown after the field's type."""
    if field is not None and field.type == "money" and isinstance(value, int | Decimal):
        return f"人民币{_sum(Decimal(value))}元（大写：{numerals.capitals(Decimal(value))}）"
    if field is not None and field.type == "choice":
        return dict(field.options).get(str(value), "")
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Decimal):
        return _plain(Decimal(value))
    if isinstance(value, list):
        return "、".join(filter(None, map(shown, value)))
    return _moment(value)


def _moment(value: Any) -> str:
    if isinstance(value, feel.DateTime):
        return f"{_moment(value.date)}{value.time}"
    if isinstance(value, date | feel.Date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(feel.to_json(value))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sum(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def kept(value: Any) -> Any:
    """The value as canonical JSON holds it: numbers with decimals as text, days as ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value.normalize())
    return value.isoformat() if isinstance(value, date) else value


def native(value: Any) -> Any:
    """What a formula gave, as Python has it."""
    return value.python() if isinstance(value, feel.Date) else value
