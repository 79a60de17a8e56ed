"""Brings a submitted value into the type of its component, or says why it has none. One function a kind."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from forms.kinds import KINDS
from forms.model import Component, Upload, Value
from kernel.text import Text, say

LONGEST_LINE = 10_000
LONGEST_TEXT = 200_000
LONGEST_SIGNATURE = 400_000
MOST_CHOICES = 500
MOST_FILES = 50

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKS = re.compile(r"[\r\n\t]")
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Unreadable(ValueError):
    """A value that cannot become what its component holds."""

    def __init__(self, sentence: Text) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The files that may stand in a submission: those that came with it by their reference, and those there before."""

    arrived: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)
    kept: Mapping[str, Value] = field(default_factory=dict)  # by hash, as the variables have them


def coerce(component: Component, value: Value, inbox: Inbox) -> Value:
    """The value in its component's type; the empty value for None. Raises Unreadable."""
    if value is None:
        return empty(component)
    return _READERS[component.kind](component, value, inbox)


def empty(component: Component) -> Value:
    """The value of an untouched field, never shared."""
    value = KINDS[component.kind].empty
    return list(value) if isinstance(value, list) else value


def storable(value: Value) -> bool:
    """False for a value with a text that no database can hold: a NUL or half a surrogate pair."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is None
    if isinstance(value, dict):
        return all(storable(part) for pair in value.items() for part in pair)
    return all(storable(part) for part in value) if isinstance(value, list) else True


def _line(component: Component, value: Value, inbox: Inbox) -> Value:
    text = _text(component, value, inbox)
    return _BREAKS.sub(" ", text)


def _text(component: Component, value: Value, _: Inbox) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unreadable(say("Write a text."))
    text = str(value)
    most = LONGEST_TEXT if component.kind == "textarea" else LONGEST_LINE
    if component.property("widget") == "signature":
        most = LONGEST_SIGNATURE
    if len(text) > most:
        raise Unreadable(say("The text has {n} characters; at most {most} fit here.", n=len(text), most=most))
    if not storable(text):
        raise Unreadable(say("The text has a character that cannot be stored. Type it again."))
    return text


def _number(component: Component, value: Value, _: Inbox) -> Value:
    if value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 40:
        raise Unreadable(say("Write a number."))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise Unreadable(say("{value} is no number.", value=str(value)[:40])) from None
    if not number.is_finite() or (number and abs(number.adjusted()) > 30):
        raise Unreadable(say("{value} is no number that can be stored.", value=str(value)[:40]))
    if component.raw.get("serializeToString") is True:
        return value.strip() if isinstance(value, str) else str(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _datetime(component: Component, value: Value, _: Inbox) -> Value:
    if value == "":
        return None
    readers = {"date": _date, "time": _time, "datetime": _moment}
    reader = readers[component.raw.get("subtype", "date")]
    if not isinstance(value, str) or len(value) > 40:
        raise Unreadable(say("Choose a date or time."))
    try:
        return reader(value)
    except ValueError:
        raise Unreadable(say("{value} is no date or time of the calendar.", value=value)) from None


def _date(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(value)
    date.fromisoformat(value)
    return value


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError(value)
    time.fromisoformat(value)
    return value


def _moment(value: str) -> str:
    day, mark, clock = value.partition("T")
    _date(day)
    if not mark:
        raise ValueError(value)
    _time(clock)
    datetime.fromisoformat(value)
    return value


def _checkbox(component: Component, value: Value, _: Inbox) -> Value:
    if not isinstance(value, bool):
        raise Unreadable(say("Answer with true or false."))
    return value


def _choice(component: Component, value: Value, _: Inbox) -> Value:
    if value == "":
        return None
    if not storable(value) or not _finite(value):
        raise Unreadable(say("This is none of the choices."))
    return value


def _choices(component: Component, value: Value, _: Inbox) -> Value:
    if not isinstance(value, list) or len(value) > MOST_CHOICES or not storable(value) or not _finite(value):
        raise Unreadable(say("Choose from the list."))
    kept: list[Value] = []
    for choice in value:
        if not any(same(choice, earlier) for earlier in kept):
            kept.append(choice)
    return kept


def same(one: Value, other: Value) -> bool:
    """Equality of JSON: true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _finite(value: Value) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_finite(part) for part in parts)


def _files(component: Component, value: Value, inbox: Inbox) -> Value:
    if value in ("", []):
        return None
    if isinstance(value, str):
        if value not in inbox.arrived:
            raise Unreadable(say("The file did not arrive. Choose it again."))
        return [upload.value() for upload in inbox.arrived[value]] or None
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise Unreadable(say("Choose a file, {most} at most.", most=MOST_FILES))
    # Files that were there before stand beside the references of those that came with the form.
    references = [entry for entry in value if isinstance(entry, str)]
    if not all(reference in inbox.arrived for reference in references):
        raise Unreadable(say("The file did not arrive. Choose it again."))
    value = [entry for part in value for entry in (_arrived(part, inbox) if isinstance(part, str) else [part])]
    known = {upload.hash: upload.value() for uploads in inbox.arrived.values() for upload in uploads} | dict(inbox.kept)
    hashes = [entry.get("hash") if isinstance(entry, dict) else None for entry in value]
    if not all(isinstance(name, str) and name in known for name in hashes):
        raise Unreadable(say("A file of the list is not known here. Choose it again."))
    return [known[name] for name in dict.fromkeys(hashes)]


def _arrived(reference: str, inbox: Inbox) -> list[dict[str, Value]]:
    return [upload.value() for upload in inbox.arrived[reference]]


def _unread(component: Component, value: Value, _: Inbox) -> Value:
    return value


_READERS: dict[str, Callable[[Component, Value, Inbox], Value]] = {
    "textfield": _line,
    "textarea": _text,
    "number": _number,
    "datetime": _datetime,
    "checkbox": _checkbox,
    "checklist": _choices,
    "taglist": _choices,
    "radio": _choice,
    "select": _choice,
    "filepicker": _files,
    "expression": _unread,
}
