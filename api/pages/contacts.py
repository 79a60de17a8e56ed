"""On a person's file: HR records contact with secrets, and ends a record. Each act is asked about once."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import Field, Question
from hr.agreements.contacts import Contact
from hr.people.org import Person
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks.human import contacts

router = APIRouter(route_class=Door)


@router.get("/people/{login}/contacts", name=may("pages.contact", HR))
def ask(request: Request, login: str) -> Response:
    """What it means to record a contact with secrets: in the file that asks for it, or as a page of its own."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        return _ask(request, unit, _recording(contacts.asked(unit, actor, login), house.today()))


@router.post("/people/{login}/contacts", name=may("pages.contact.record", HR))
def record(
    request: Request, login: str, basis: Annotated[str, Form()] = "", since: Annotated[str, Form()] = ""
) -> Response:
    """Record it, and go back to the file."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        contacts.record(house, unit, actor, login, basis, _day(since))
    return render.go(request, f"/people/{login}", say("The contact with secrets is on record."))


@router.get("/people/{login}/contacts/{number}", name=may("pages.contact.ending", HR))
def ask_to_end(request: Request, login: str, number: int) -> Response:
    """What it means to end a record."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        return _ask(request, unit, _ending(contacts.asked_to_end(unit, actor, login, number), house.today()))


@router.post("/people/{login}/contacts/{number}", name=may("pages.contact.end", HR))
def end(request: Request, login: str, number: int, on: Annotated[str, Form()] = "") -> Response:
    """End it, and go back to the file."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        ended = contacts.end(house, unit, actor, login, number, _day(on))
        told = say("The record of “{basis}” is ended.", basis=ended.basis)
    return render.go(request, f"/people/{login}", told)


def _ask(request: Request, unit: Unit, question: Question) -> Response:
    template = "parts/ask.html" if render.by_htmx(request) else "person-ask.html"
    return render.page(request, unit, template, here="people", question=question)


def _recording(person: Person, today: date) -> Question:
    hint = say("What exactly, and how: such as “read and write access to the source code”. The agreement quotes it.")
    return Question(
        title=say("Record contact with secrets of {name}", name=person.name),
        action=f"/people/{person.login}/contacts",
        confirm=say("Put on record"),
        effects=[
            say(
                "A non-compete can be agreed with {name}: the law allows it only with whoever knows secrets.",
                name=person.name,
            ),
            say("It stands on record with your name. It can be ended, never deleted."),
        ],
        fields=[
            Field(name="basis", label=say("Which secrets, and how"), kind="area", required=True, hint=hint),
            Field(name="since", label=say("Known since"), kind="day", value=today.isoformat(), required=True),
        ],
    )


def _ending(contact: Contact, today: date) -> Question:
    return Question(
        title=say("End the record of “{basis}”?", basis=contact.basis),
        action=f"/people/{contact.employee}/contacts/{contact.id}",
        confirm=say("End the record"),
        effects=[
            say("From the day after, no non-compete can rest on it. Agreements that are signed stay as they are."),
            say("The record stays, with your name and its last day."),
        ],
        fields=[
            Field(name="on", label=say("Last day of the contact"), kind="day", value=today.isoformat(), required=True)
        ],
    )


def _day(text: str) -> date:
    """A day as the browser sends it. Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(say("“{text}” is no day. Write it as 2026-03-31.", text=text[:40])) from error
