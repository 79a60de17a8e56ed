"""The rules of `validate` and of each kind, applied to one value that has its type already. A rule yields sentences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from zoneinfo import ZoneInfo

from forms import choices, pattern, widgets
from forms.kinds import KINDS
from forms.model import Clock, Component, Value, WidgetCheck
from forms.template import evaluate, shown
from kernel.text import Text, say

_EMPTY: tuple[Value, ...] = (None, "", [])
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*",
    re.ASCII,
)
_PHONE = re.compile(r"(\+|00)[1-9]\d{6,16}", re.ASCII)  # E.164 with some room, as browsers take it


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One value under check: its component, what expressions see at its place, the clock, the organisation's zone."""

    component: Component
    value: Value
    seen: Mapping[str, Value]
    clock: Clock
    zone: ZoneInfo
    widgets: Mapping[str, WidgetCheck]


def faults(look: Look) -> list[Text]:
    """What is wrong with the value, in the order of the rules; the author's own rule only where nothing else is."""
    told = [*_required(look), *_by_kind(look)]
    return told or list(_own_rule(look))


def _required(look: Look) -> Iterator[Text]:
    if look.component.validate("required") is True and (look.value in _EMPTY or look.value is False):
        if look.component.kind == "checkbox":
            yield say("Tick this to go on.")
        else:
            yield say("This field is required.")


def _by_kind(look: Look) -> Iterator[Text]:
    if look.value in _EMPTY:
        return
    match look.component.kind:
        case "textfield" | "textarea":
            yield from _text(look)
        case "number":
            yield from _number(look)
        case "datetime":
            yield from _passed(look)
        case "filepicker":
            yield from _files(look)
        case kind if KINDS[kind].options:
            yield from _offered(look)
    yield from _widget(look)


def _limit(look: Look, rule: str) -> Decimal | None:
    program = look.component.programs.get(f"validate.{rule}")
    value = look.component.validate(rule) if program is None else evaluate(program, look.seen, look.clock)
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _text(look: Look) -> Iterator[Text]:
    length = len(look.value.strip().encode("utf-16-le")) // 2  # as a browser counts
    least, most = _limit(look, "minLength"), _limit(look, "maxLength")
    if least is not None and length < least:
        yield say("Write at least {n} characters.", n=least)
    if most is not None and length > most:
        yield say("Write at most {n} characters.", n=most)
    if look.component.pattern and not _matches(look):
        own = look.component.validate("patternErrorMessage")
        yield Text(own) if own else say("The text has not the expected form.")
    match look.component.validate("validationType"):
        case "email" if not _EMAIL.fullmatch(look.value):
            yield say("Write a mail address, such as zhang.san@example.com.")
        case "phone" if not _PHONE.fullmatch(look.value):
            yield say("Write a telephone number with its country code, such as +8613900000000.")


def _matches(look: Look) -> bool:
    try:
        return pattern.found(look.component.pattern, look.value)
    except TimeoutError:
        return False


def _number(look: Look) -> Iterator[Text]:
    number = Decimal(str(look.value))
    digits = look.component.raw.get("decimalDigits")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(digits, int) and isinstance(exponent, int) and -exponent > digits:
        yield (
            say("Write a whole number.") if digits == 0 else say("Write at most {n} digits after the point.", n=digits)
        )
    step = _decimal(look.component.raw.get("increment"))
    if step and number % step:
        below = number - number % step
        yield say(
            "Choose a multiple of {step}; the nearest are {below} and {above}.",
            step=step,
            below=below,
            above=below + step,
        )
    least, most = _limit(look, "min"), _limit(look, "max")
    if least is not None and number < least:
        yield say("Write {n} or more.", n=least)
    if most is not None and number > most:
        yield say("Write {n} or less.", n=most)


def _decimal(value: Value) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def _passed(look: Look) -> Iterator[Text]:
    subtype = look.component.raw.get("subtype", "date")
    if look.component.raw.get("disallowPassedDates") is not True or subtype == "time":
        return
    today = look.clock.now().astimezone(look.zone).date()
    if _day(look) < today:
        yield say("Choose a day from {today} on.", today=today.isoformat())


def _day(look: Look) -> date:
    moment = datetime.fromisoformat(look.value)
    return moment.date() if moment.tzinfo is None else moment.astimezone(look.zone).date()


def _offered(look: Look) -> Iterator[Text]:
    offered = choices.choices(look.component, look.seen, look.clock)
    chosen = look.value if isinstance(look.value, list) else [look.value]
    for value in chosen:
        if offered is not None and not choices.offers(offered, value):
            yield say("{value} is none of the choices.", value=shown(value)[:80])


def _setting(look: Look, name: str) -> Value:
    program = look.component.programs.get(name)
    return look.component.raw.get(name) if program is None else evaluate(program, look.seen, look.clock)


def _files(look: Look) -> Iterator[Text]:
    if len(look.value) > 1 and _setting(look, "multiple") is not True:
        yield say("Choose one file.")
    accept = _setting(look, "accept")
    kinds = [part.strip().lower() for part in accept.split(",") if part.strip()] if isinstance(accept, str) else []
    for file in look.value:
        if kinds and not any(_accepted(file, kind) for kind in kinds):
            yield say("{name} is not of the accepted kinds: {kinds}.", name=file["name"], kinds=", ".join(kinds))


def _accepted(file: Mapping[str, Value], kind: str) -> bool:
    found = str(file.get("mediaType", "")).lower()
    if kind.startswith("."):
        return PurePath(str(file["name"])).suffix.lower() == kind
    return found.startswith(kind[:-1]) if kind.endswith("/*") else found == kind


def _widget(look: Look) -> Iterator[Text]:
    name = look.component.property("widget")
    told = widgets.signature(look.value) if name == "signature" else None
    if told is None and name in look.widgets:
        told = look.widgets[name](look.value)
    if told is not None:
        yield told


def _own_rule(look: Look) -> Iterator[Text]:
    program = look.component.programs.get("properties.rule")
    if program is not None and evaluate(program, {"value": look.value, **look.seen}, look.clock) is not True:
        yield Text(look.component.property("ruleMessage"))
