"""New agreements: a text, the people, what the text asks for; what the law says to it; then they go out as a batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from hr.agreements import clauses, facts, fill, lists, texts
from hr.agreements.batches import Wanted
from hr.agreements.clauses import Finding
from hr.agreements.parts import AgreementText, Field, Formula
from hr.people import meant, org
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.house import House
from tasks.human import batches

router = APIRouter(route_class=Door)

PREFIX = "value."
NUMBER = "XY-0000-000000"  # what an agreement is called while it is only looked at


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for: a text, its fields as they were filled in, and for whom."""

    slug: str
    values: Mapping[str, str]
    logins: tuple[str, ...]
    table: str


async def wish(request: Request) -> Wish:
    """The form as it was sent. An empty field is none: its default stands."""
    form = await request.form(max_fields=10_000)
    given = {name.removeprefix(PREFIX): str(value) for name, value in form.items() if name.startswith(PREFIX)}
    logins = dict.fromkeys(str(login) for login in form.getlist("login") if login)
    return Wish(
        slug=str(form.get("text", "")),
        values={name: value for name, value in given.items() if value},
        logins=tuple(logins),
        table=str(form.get("table", "")).strip(),
    )


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
    if sent.slug and (sent.logins or sent.table):
        with house.database.transaction() as unit:
            _, text = texts.published(unit, sent.slug)
            checked = [_checked(house, unit, text, sent.values, one) for one in _wanted(sent, text)]
    return render.fragment(request, "agreement-checked.html", checked=checked)


@router.post("/agreements/new", name=may("pages.agreement.send", HR))
def send(request: Request, sent: Sent) -> Response:
    """Send the agreement to each of them, as a batch."""
    if not sent.slug or not (sent.logins or sent.table):
        raise Invalid(say("Choose a text and at least one person first."))
    house = deps.house(request)
    with house.database.transaction() as unit:
        _, text = texts.published(unit, sent.slug)
        key = batches.send(house, unit, deps.actor(request), sent.slug, _wanted(sent, text), values=sent.values)
    return render.go(request, f"/agreements/batches/{key}")


def _wanted(sent: Wish, text: AgreementText) -> list[Wanted]:
    """For whom: the chosen ones, and those of a table with values of their own."""
    return [*(Wanted(who=login) for login in sent.logins), *lists.read(sent.table, text)]


def _checked(house: House, unit: Unit, text: AgreementText, shared: Mapping[str, Any], one: Wanted) -> Checked:
    people = meant.of_text(unit, one.who).people
    if not people:
        return Checked(name=one.who, errors=(say("Nobody on file is meant by this."),))
    known = facts.of(
        unit,
        house.world.files.cipher,
        people[0].login,
        organisation=house.settings.organisation,
        number=NUMBER,
        dated_on=house.today(),
    )
    try:
        filled = fill.fill(text, {**shared, **one.values}, known, clock=house.clock)
    except fill.Unfilled as missing:
        return Checked(name=people[0].name, errors=tuple(fault.sentence for fault in missing.faults))
    found = clauses.findings(filled, known)
    return Checked(
        name=people[0].name,
        errors=tuple(finding.sentence for finding in found if finding.severity == "error"),
        warnings=tuple(finding for finding in found if finding.severity != "error"),
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
