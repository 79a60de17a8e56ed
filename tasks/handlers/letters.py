"""The words of messages: shipped templates by name and language, and the organisation's own in their place (F38).

A template is Jinja2 with three blocks: `subject`, `body` and `sms`. It sees the job's variables, `person` (who reads
it: login and name), `organisation` and `link`. It runs in a sandbox, reads nothing but these, and an unknown name is
an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kernel.actor import Actor
from kernel.clock import Clock, aware
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import LANGUAGES, say
from tasks.tables import MessageTemplate

BLOCKS = ("subject", "body", "sms")
SHIPPED = files("tasks.handlers") / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message in words: `subject` is one line, `body` is plain text, `sms` is short and one line."""

    subject: str
    body: str
    sms: str


def names() -> list[str]:
    """The shipped templates by name."""
    return sorted({entry.name.split(".")[0] for entry in SHIPPED.iterdir() if entry.name.endswith(".txt")})


def source(unit: Unit, name: str, language: str) -> str:
    """The template's text: the organisation's own, else the shipped one. Raises NotFound listing what there is."""
    own = unit.one("select source from message_template where name = %s and language = %s", (name, language))
    return own[0] if own else shipped(name, language)


def write(text: str, context: Mapping[str, Any], *, language: str, zone: str) -> Letter:
    """The template filled in. Raises Invalid naming what is missing or wrong in it."""
    template = _compile(text, language, zone)
    try:
        parts = {block: _fill(template, block, context) for block in BLOCKS}
    except (TemplateError, TypeError, ValueError, LookupError) as fault:
        raise Invalid(
            say(
                "The message template cannot be filled in: {fault}. Correct the template or the variables.", fault=fault
            )
        ) from None
    return Letter(subject=_line(parts["subject"]), body=parts["body"].strip(), sms=_line(parts["sms"]))


def save(unit: Unit, name: str, language: str, text: str, *, actor: Actor, clock: Clock) -> None:
    """Put the organisation's own words in place of a shipped template.

    Raises NotFound for a template that no process uses, Invalid for words that cannot be read or lack a block.
    """
    shipped(name, language)
    missing = [block for block in BLOCKS if block not in _compile(text, language, "UTC").blocks]
    if missing:
        raise Invalid(
            say(
                "The message template has no block {block}. It needs the blocks subject, body and sms.",
                block=missing[0],
            )
        )
    unit.session.merge(
        MessageTemplate(name=name, language=language, source=text, changed_at=clock.now(), changed_by=actor.id)
    )
    unit.flush()


def reset(unit: Unit, name: str, language: str) -> None:
    """Go back to the shipped words."""
    unit.run("delete from message_template where name = %s and language = %s", (name, language))


def shipped(name: str, language: str) -> str:
    """The text of a shipped template. Raises NotFound listing what there is."""
    if name not in names() or language not in LANGUAGES:
        raise NotFound(
            say(
                "There is no message template {name} in {language}. There are: {known}.",
                name=name,
                language=language,
                known=", ".join(names()),
            )
        )
    return (SHIPPED / f"{name}.{language}.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=128)  # reading a template takes ten times as long as filling it in
def _compile(text: str, language: str, zone: str) -> Template:
    try:
        return _environment(language, zone).from_string(text)
    except TemplateError as fault:
        raise Invalid(say("The message template cannot be read: {fault}.", fault=fault)) from None


def _fill(template: Template, block: str, context: Mapping[str, Any]) -> str:
    if block not in template.blocks:
        raise LookupError(f"there is no block {block}")
    return "".join(template.blocks[block](template.new_context(dict(context))))


@cache
def _environment(language: str, zone: str) -> ImmutableSandboxedEnvironment:
    # Plain text for mail, SMS and text nodes: a page that shows it escapes it there.
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    locale = language.replace("-", "_")
    environment.filters["day"] = partial(_day, locale=locale, zone=ZoneInfo(zone))
    environment.filters["moment"] = partial(_moment, locale=locale, zone=ZoneInfo(zone))
    environment.filters["yuan"] = partial(_yuan, locale=locale)
    return environment


def _day(value: str | date, *, locale: str, zone: ZoneInfo) -> str:
    """A date, or the date of an instant in the organisation's zone."""
    text = str(value)
    day = aware(text).astimezone(zone).date() if "T" in text else date.fromisoformat(text)
    return format_date(day, "long", locale=locale)


def _moment(value: str | datetime, *, locale: str, zone: ZoneInfo) -> str:
    """An instant to the minute in the organisation's zone."""
    at = aware(value).astimezone(zone)
    return f"{format_date(at.date(), 'long', locale=locale)} {format_datetime(at, 'HH:mm', tzinfo=zone, locale=locale)}"


def _yuan(value: float | Decimal, *, locale: str) -> str:
    return format_currency(Decimal(str(value)), "CNY", locale=locale)


def _line(text: str) -> str:
    return " ".join(text.split())
