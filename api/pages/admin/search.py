"""Instances, found by anything; searches that are kept under a name."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlmodel import col, or_, select

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin import tables
from api.pages.admin.asking import Field, Question, ask, chosen
from api.pages.admin.asking import page as admin_page
from api.pages.views import Table
from api.tables import SavedFilter
from engine import audit
from engine.queries import find, overview
from engine.queries.find import Wanted
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import say
from tasks.house import House

router = APIRouter(route_class=Door)

PAGE = "instances"
STATES = (
    ("ACTIVE", say("Running")),
    ("INCIDENT", say("Running, with incidents")),
    ("SUSPENDED", say("Suspended")),
    ("COMPLETED", say("Completed")),
    ("TERMINATED", say("Terminated")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they stand in the address. Days are the organisation's, both included."""

    q: str = ""
    process: str = ""
    version: str = ""
    state: str = ""
    element: str = ""
    variable: str = ""
    since: str = ""
    until: str = ""
    tag: str = ""
    person: str = ""

    @classmethod
    def parse(cls, query: str) -> "Asked":
        """The filters of an address; what is none of them is left out."""
        known = cls.__dataclass_fields__
        return cls(**{name: value[:200] for name, value in parse_qsl(query) if name in known})

    @property
    def query(self) -> str:
        """The filled ones, as the query of an address."""
        return chosen({field.name: getattr(self, field.name) for field in fields(self)})

    @property
    def further(self) -> int:
        """How many filters beside the first line are filled."""
        names = ("version", "element", "variable", "since", "until", "tag", "person")
        return sum(bool(getattr(self, name)) for name in names)

    def wanted(self, zone: ZoneInfo) -> Wanted:
        """What the engine is asked. Raises Invalid for a day or a version that is none."""
        first, last = days(self.since, self.until, zone)
        return Wanted(
            text=self.q.strip(),
            process=self.process.strip(),
            version=_version(self.version),
            state=self.state,
            element=self.element.strip(),
            variable=self.variable.strip(),
            since=first,
            until=last,
            tag=self.tag.strip(),
            person=self.person.strip(),
        )


def asked(
    q: str = "",
    process: str = "",
    version: str = "",
    state: str = "",
    element: str = "",
    variable: str = "",
    since: str = "",
    until: str = "",
    tag: str = "",
    person: str = "",
) -> Asked:
    """The filters of a request."""
    given = (q, process, version, state, element, variable, since, until, tag, person)
    return Asked(*(value[:200] for value in given))


Filters = Annotated[Asked, Depends(asked)]


@router.get("/admin/instances", name=may("pages.admin.instances", OPERATORS))
def show(request: Request, filters: Filters, page: int = 1) -> Response:
    """What is found, the newest first; for a script the table alone."""
    house = deps.house(request)
    page = max(page, 1)
    with house.database.transaction() as unit:
        offset = (page - 1) * tables.PER_PAGE
        found = find.find(unit, filters.wanted(ZoneInfo(house.settings.zone)), tables.PER_PAGE, offset)
        rows = tables.instance_rows(found.items)
        table = Table(heads=tables.INSTANCE_HEADS, rows=rows, total=found.total, more=offset + len(rows) < found.total)
        template = "parts/admin-found.html" if render.by_htmx(request) else "admin-instances.html"
        return admin_page(
            request,
            unit,
            template,
            tab="instances",
            filters=filters,
            states=STATES,
            table=table,
            beyond=found.more,
            page=page,
            saved=saved(unit, deps.actor(request)),
            processes=overview.processes(unit),
        )


# ---- searches that are kept ------------------------------------------------------------------------------------------


def saved(unit: Unit, actor: Actor) -> list[SavedFilter]:
    """The reader's own searches and those that others share."""
    wanted = select(SavedFilter).where(SavedFilter.page == PAGE)
    wanted = wanted.where(or_(col(SavedFilter.login) == actor.id, col(SavedFilter.shared)))
    return list(unit.session.exec(wanted.order_by(SavedFilter.name, col(SavedFilter.key))))


@router.get("/admin/filters/new", name=may("pages.admin.filter.new", OPERATORS))
def ask_to_save(request: Request, filters: Filters) -> Response:
    """Under which name, and for whom."""
    with deps.house(request).database.transaction() as unit:
        question = Question(
            title=say("Save this search"),
            action="/admin/filters",
            confirm=say("Save"),
            effects=[say("It appears above the search, with the filters as they stand now.")],
            fields=_named("", False),
            hidden=(("query", filters.query),),
        )
        return ask(request, unit, question)


@router.post("/admin/filters", name=may("pages.admin.filter.save", OPERATORS))
def save(
    request: Request,
    query: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    shared: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a search. Raises Invalid without a name, Conflict where the reader has one of that name."""
    house, actor = deps.house(request), deps.actor(request)
    kept = Asked.parse(query)
    with house.database.transaction() as unit:
        row = SavedFilter(
            key=house.engine.keys.next(), login=actor.id, page=PAGE, name="", query=kept.query, shared=shared
        )
        row.name = _free(unit, actor, name, row)
        unit.session.add(row)
        _note(house, unit, actor, "CREATE", row)
    return render.go(request, f"/admin/instances?{kept.query}", say("The search is saved."))


@router.get("/admin/filters/{key}", name=may("pages.admin.filter", OPERATORS))
def ask_to_change(request: Request, key: int) -> Response:
    """Another name, or shared with the other administrators."""
    with deps.house(request).database.transaction() as unit:
        row = _own(unit, deps.actor(request), key)
        question = Question(
            title=say("Change a saved search"),
            action=f"/admin/filters/{key}",
            confirm=say("Save"),
            fields=_named(row.name, row.shared),
        )
        return ask(request, unit, question)


@router.post("/admin/filters/{key}", name=may("pages.admin.filter.change", OPERATORS))
def change(
    request: Request, key: int, name: Annotated[str, Form()] = "", shared: Annotated[bool, Form()] = False
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        row = _own(unit, actor, key)
        row.name, row.shared = _free(unit, actor, name, row), shared
        unit.session.add(row)
        query = row.query
        _note(house, unit, actor, "UPDATE", row)
    return render.go(request, f"/admin/instances?{query}", say("The search is saved."))


@router.get("/admin/filters/{key}/delete", name=may("pages.admin.filter.drop", OPERATORS))
def ask_to_delete(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        row = _own(unit, deps.actor(request), key)
        effects = [say("“{name}” is gone, for everybody who used it. No instance is touched.", name=row.name)]
        question = Question(
            title=say("Delete a saved search"),
            action=f"/admin/filters/{key}/delete",
            confirm=say("Delete"),
            effects=effects,
            danger=True,
        )
        return ask(request, unit, question)


@router.post("/admin/filters/{key}/delete", name=may("pages.admin.filter.delete", OPERATORS))
def delete(request: Request, key: int) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        row = _own(unit, actor, key)
        unit.session.delete(row)
        _note(house, unit, actor, "DELETE", row)
    return render.go(request, "/admin/instances", say("The saved search is deleted."))


def _note(house: House, unit: Unit, actor: Actor, operation: str, row: SavedFilter) -> None:
    audit.note(
        unit,
        house.engine,
        actor,
        entity="SAVED_FILTER",
        operation=operation,
        entity_key=row.key,
        name=row.name,
        query=row.query,
        shared=row.shared,
    )


def _named(name: str, shared: bool) -> list[Field]:
    return [
        Field(name="name", label=say("Name"), value=name, required=True),
        Field(
            name="shared", label=say("The other administrators see it too"), kind="check", value="1" if shared else ""
        ),
    ]


def _own(unit: Unit, actor: Actor, key: int) -> SavedFilter:
    """A search of the reader's own. Raises NotFound, for others' too."""
    row = unit.session.get(SavedFilter, key)
    if row is None or row.login != actor.id:
        raise NotFound(say("There is no such search of yours. Only who saved it can change it."))
    return row


def _free(unit: Unit, actor: Actor, name: str, row: SavedFilter) -> str:
    """The name as it is kept. Raises Invalid without one, Conflict where another of the reader's has it."""
    kept = " ".join(name.split())[:60]
    if not kept:
        raise Invalid(say("Give the search a name."))
    of_that_name = select(SavedFilter.key).where(
        SavedFilter.login == actor.id, SavedFilter.page == PAGE, SavedFilter.name == kept, SavedFilter.key != row.key
    )
    if unit.session.exec(of_that_name).first() is not None:
        raise Conflict(say("You have a search named “{name}” already. Choose another name.", name=kept))
    return kept


def days(since: str, until: str, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From the beginning of one day to the end of another, of the organisation's. Raises Invalid for what is no day."""
    last = _day(until, zone)
    return _day(since, zone), last + timedelta(days=1) if last else None


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), zone)
    except ValueError:
        raise Invalid(say("{text} is no day. Write it as 2026-11-30.", text=text)) from None


def _version(text: str) -> int:
    number = text.strip().lower().removeprefix("v")
    if not number:
        return 0
    if not number.isdecimal() or len(number) > 9:
        raise Invalid(say("{text} is no version. Give a number, such as 3.", text=text))
    return int(number)
