"""HR waives a training where it looks at completion: asked once what it means, with a reason for the record."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import HR, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import Field, Question, reason_of
from hr.training.tables import Enrolment
from kernel.text import say
from tasks.human.training import waivers

router = APIRouter(route_class=Door)


@router.get("/training/waivers/{number}", name=may("pages.training.waiver", HR))
def ask(request: Request, number: str, back: str = "") -> Response:
    """What it means to waive this training: in the list that asks for it, or as a page of its own.

    `back` is the query with which the list is shown.
    """
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = waivers.asked(unit, actor, number)
        template = "parts/ask.html" if render.by_htmx(request) else "training-waiver.html"
        return render.page(request, unit, template, here="training", question=_question(found, back))


@router.post("/training/waivers/{number}", name=may("pages.training.waiver.keep", HR))
def keep(
    request: Request, number: str, reason: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> Response:
    """Waive it, and go back to the list as it was, where its line is marked."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = waivers.waive(house, unit, actor, number, reason_of(reason))
        told = say("Waived: {name} need not learn {title}.", name=found.name, title=found.title)
    return render.go(request, _list(back, number), told)


def _list(back: str, number: str) -> str:
    """The list as it was, at the line of this training, which is marked; at its top where it shows no waived ones."""
    asked = {name: value for name, value in parse_qsl(back) if name != "waived"}
    there = number if asked.get("state", "waived") == "waived" else "trainings"
    return f"/training?{urlencode({**asked, 'waived': number})}#{there}"


def _question(found: Enrolment, back: str) -> Question:
    effects = [
        say("{name} need not learn it any more: tasks and reminders for it end.", name=found.name),
        say("It stands on record as waived by you, with the reason, never as passed. There is no certificate."),
        say("It cannot be taken back. The course can be assigned anew."),
    ]
    if found.case_number:
        effects.insert(1, say("The case {case} waits for it no longer.", case=found.case_number))
    hint = say("{name} reads it too, and so does who checks the evidence.", name=found.name)
    return Question(
        title=say("Waive {title} for {name}?", title=found.title, name=found.name),
        action=f"/training/waivers/{found.number}",
        confirm=say("Waive"),
        effects=effects,
        fields=[Field(name="reason", label=say("Reason, for the record"), kind="area", required=True, hint=hint)],
        hidden=[("back", back)],
    )
