"""New agreements: a text, the people, what the text asks for; what the law says to it; then they go out as a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.agreements import batches, clauses, facts, fill, texts
from hr.agreements.batches import Wanted
from hr.agreements.clauses import Finding
from hr.agreements.parts import AgreementText, Field, Formula
from hr.people import meant, org
from hr.people.org import Person
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.house import House

router = APIRouter(route_class=Door)

PREFIX = "value."
NUMBER = "XY-0000-000000"  # what an agreement is called while it is only looked at


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for: a text, its fields as they were filled in, and for whom."""

    slug: str
    values: Mapping[str, str]
    logins: tuple[str, ...]


async def wish(request: Request) -> Wish:
    """The form as it was sent. An empty field is none: its default stands."""
    form = await request.form(max_fields=10_000)
    given = {name.removeprefix(PREFIX): str(value) for name, value in form.items() if name.startswith(PREFIX)}
    logins = dict.fromkeys(str(login) for login in form.getlist("login"))
    return Wish(str(form.get("text", "")), {name: value for name, value in given.items() if value}, tuple(logins))


Sent = Annotated[Wish, Depends(wish)]


class Meant(BaseModel):
    """People as they are meant: a pasted list, or a department by its id."""

    text: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A field of a text as the form shows it. `defaulted` says that something stands where nothing is given."""

    key: str
    label: str
    type: str
    required: bool
    options: tuple[tuple[str, str], ...]
    hint: str
    given: str
    placeholder: str
    defaulted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What stands against one person's agreement, and what is only to be thought of."""

    name: str
    errors: tuple[Text, ...] = ()
    warnings: tuple[Finding, ...] = ()


@router.get("/agreements/new", name=may("pages.agreement.new", HR))
def choose(request: Request, text: str = "", login: str = "") -> Response:
    """The form; for a script, which asks when another text is chosen, the fields of that text alone."""
    with deps.house(request).database.transaction() as unit:
        shown: dict[str, Any] = {"chosen": text, "fields": _fields(unit, text)}
        if render.by_htmx(request):
            return render.fragment(request, "agreement-fields.html", **shown)
        return render.page(
            request,
            unit,
            "agreement-new.html",
            here="agreements-all",
            choices=texts.choices(unit),
            departments=org.departments(unit, "", 1000),
            people=list(org.people(unit, [login]).values()) if login else [],
            **shown,
        )


@router.post("/agreements/people", name=may("pages.agreement.people", HR))
def find_people(request: Request, given: Meant) -> Response:
    """Who a pasted list or a department means, and the words that fit nobody or several."""
    with deps.house(request).database.transaction() as unit:
        wanted = given.department
        found = meant.of_department(unit, wanted) if wanted else meant.of_text(unit, given.text)
    people = [{"login": p.login, "name": p.name, "department": p.department_name} for p in found.people]
    return JSONResponse({"people": people, "unknown": found.unknown, "several": found.several})


@router.post("/agreements/new/check", name=may("pages.agreement.check", HR))
def check(request: Request, sent: Sent) -> Response:
    """The text filled for each person, and what the law has against it. Nothing is kept."""
    house, checked = deps.house(request), []
    if sent.slug and sent.logins:
        with house.database.transaction() as unit:
            _, text = texts.published(unit, sent.slug)
            people = org.people(unit, sent.logins)
            checked = [_checked(house, unit, text, sent.values, people[one]) for one in sent.logins if one in people]
    return render.fragment(request, "agreement-checked.html", checked=checked)


@router.post("/agreements/new", name=may("pages.agreement.send", HR))
def send(request: Request, sent: Sent) -> Response:
    """Send the agreement to each of them, as a batch."""
    if not sent.slug or not sent.logins:
        raise Invalid(say("Choose a text and at least one person first."))
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        key = house.engine.keys.next()
        people = [Wanted(who=login) for login in sent.logins]
        today = _today(house)
        batches.send(unit, key, sent.slug, people, values=sent.values, today=today, actor=actor, clock=house.clock)
    return render.go(request, f"/agreements/batches/{key}")


def _today(house: House) -> date:
    return house.clock.now().astimezone(ZoneInfo(house.settings.zone)).date()


def _checked(house: House, unit: Unit, text: AgreementText, values: Mapping[str, str], person: Person) -> Checked:
    known = facts.of(
        unit,
        house.world.files.cipher,
        person.login,
        organisation=house.settings.organisation,
        number=NUMBER,
        dated_on=_today(house),
    )
    try:
        filled = fill.fill(text, values, known, clock=house.clock)
    except fill.Unfilled as missing:
        return Checked(name=person.name, errors=tuple(fault.sentence for fault in missing.faults))
    found = clauses.findings(filled, known)
    return Checked(
        name=person.name,
        errors=tuple(one.sentence for one in found if one.severity == "error"),
        warnings=tuple(one for one in found if one.severity != "error"),
    )


def _fields(unit: Unit, slug: str) -> list[Asked]:
    return [_asked(field) for field in texts.published(unit, slug)[1].fields] if slug else []


def _asked(field: Field) -> Asked:
    literal = str(field.default) if field.default is not None and not isinstance(field.default, Formula) else ""
    return Asked(
        key=field.key,
        label=field.label,
        type=field.type,
        required=field.required and field.when is None,
        options=field.options,
        hint=field.hint,
        given=literal if field.type in ("choice", "flag", "date") else "",
        placeholder=literal,
        defaulted=field.default is not None,
    )
