"""Every act asks once: what it is, what it does, what it needs to be told. Then it is done and said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from fastapi import Request, Response

from api.pages import render
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say

TABS = (
    ("incidents", "/admin", say("Incidents")),
    ("processes", "/admin/processes", say("Processes")),
    ("instances", "/admin/instances", say("Instances")),
    ("jobs", "/admin?tab=jobs", say("Jobs")),
    ("timers", "/admin?tab=timers", say("Timers")),
    ("definitions", "/admin?tab=definitions", say("Files")),
    ("proposals", "/admin/proposals", say("Proposals")),
    ("batches", "/admin/batches", say("Batches")),
    ("workers", "/admin/workers", say("Workers")),
    ("audit", "/admin/audit", say("Audit")),
    ("retention", "/admin/retention", say("Retention")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to be told. `options` are the choices of a select, value and word."""

    name: str
    label: Text
    kind: Literal["text", "area", "code", "instant", "day", "number", "select", "check", "files"] = "text"
    value: str = ""
    hint: Text | None = None
    required: bool = False
    options: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An act before it is done. `effects` say what will be so afterwards; `hidden` is sent along as it is.

    `first` marks the step in which something is only looked at: it is sent by GET, and another question comes.
    """

    title: Text
    action: str
    confirm: Text
    effects: Sequence[Text] = ()
    fields: Sequence[Field] = ()
    hidden: Sequence[tuple[str, str]] = field(default_factory=tuple)
    danger: bool = False
    first: bool = False


REASON = Field(name="reason", label=say("Reason, for the record"), kind="area", required=True)


def ask(request: Request, unit: Unit, question: Question) -> Response:
    """The question: in the page that asks for it, or as a page of its own."""
    template = "parts/ask.html" if render.by_htmx(request) else "ask.html"
    return page(request, unit, template, tab="", question=question)


def page(request: Request, unit: Unit, template: str, *, tab: str, **values: object) -> Response:
    """A page of operation, with its tabs."""
    return render.page(request, unit, template, here="admin", tab=tab, tabs=TABS, **values)


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises Invalid where none is given."""
    kept = text.strip()
    if not kept:
        raise Invalid(say("Say why: the reason stands in the record."))
    return kept[:1000]


def chosen(given: Mapping[str, str]) -> str:
    """The filled ones of some values as the query of an address."""
    return urlencode({name: value for name, value in given.items() if value})
