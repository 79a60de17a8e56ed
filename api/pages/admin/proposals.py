"""Redeploy with proof: files are proposed, proved on stories and cases, and published as they were proved."""

from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response

from api import deps, proposals
from api.access import OPERATORS, may
from api.door import Door
from api.pages import received, render
from api.pages.admin.asking import Field, Question, ask, page
from api.pages.told import for_people, told
from api.pages.views import Act
from api.proposals import Proposed
from engine import queries
from engine.model import Resource
from engine.queries import overview
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import say
from processes.proof import SAMPLE
from tasks.house import House

router = APIRouter(route_class=Door)

LISTED = 100
STATES = {
    "CREATED": (say("Not proved"), ""),
    "RUNNING": (say("Being proved"), "info"),
    "DONE": (say("Proved"), "ok"),
    "FAILED": (say("Could not be proved"), "bad"),
    "PUBLISHED": (say("Published"), "ok"),
}
VERDICTS = {
    "SAME": (say("the same way"), "ok"),
    "OTHER": (say("another way"), "warn"),
    "CANNOT": (say("cannot be told"), ""),
}

Sent = Annotated[dict[str, Any], Depends(received.proposal)]


@router.get("/admin/proposals", name=may("pages.admin.proposals", OPERATORS))
def show_all(request: Request) -> Response:
    """What was proposed, the newest first."""
    with deps.house(request).database.transaction() as unit:
        return page(
            request,
            unit,
            "admin-proposals.html",
            tab="proposals",
            found=proposals.listed(unit, LISTED),
            states=STATES,
        )


@router.get("/admin/proposals/new", name=may("pages.admin.proposal.new", OPERATORS))
def ask_for_files(request: Request) -> Response:
    """Which files, and how many cases to try them on."""
    with deps.house(request).database.transaction() as unit:
        question = Question(
            title=say("Propose a new version"),
            action="/admin/proposals",
            confirm=say("Prove it"),
            effects=[
                say(
                    "Nothing is published yet: every story of the process is played, and past cases are replayed on it."
                ),
                say("The next page shows which cases would go another way, and which could not migrate."),
            ],
            fields=[
                Field(
                    name="files",
                    label=say("Models, decisions, forms; stories as scenarios.yaml"),
                    kind="files",
                    required=True,
                ),
                Field(name="comment", label=say("What is new"), kind="area"),
                Field(
                    name="sample",
                    label=say("Cases to replay: so many finished and so many running ones"),
                    kind="number",
                    value=str(SAMPLE),
                ),
            ],
        )
        return ask(request, unit, question)


@router.post("/admin/proposals", name=may("pages.admin.proposal.create", OPERATORS))
def create(request: Request, sent: Sent) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    files = [Resource(name.rpartition("/")[2], content) for name, content in sent["files"]]
    if not files:
        raise Invalid(say("Choose the files first."))
    sample = sent["sample"].strip()
    if not sample.isdecimal() or len(sample) > 6:
        raise Invalid(say("{text} is no number of cases.", text=sample))
    key = proposals.create(house, files, actor=actor, sample=int(sample), comment=sent["comment"].strip()[:1000])
    proposals.begin(house, key)
    return render.go(request, f"/admin/proposals/{key}")


@router.get("/admin/proposals/{key}", name=may("pages.admin.proposal", OPERATORS))
def show(request: Request, key: int) -> Response:
    """One proposal: how far its proof is, then what it found. For a script that waits, the progress alone."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = proposals.read(unit, key)
        if render.by_htmx(request) and found.state != "RUNNING":
            return render.go(request, f"/admin/proposals/{key}")
        template = "parts/admin-proving.html" if render.by_htmx(request) else "admin-proposal.html"
        return page(
            request,
            unit,
            template,
            tab="proposals",
            proposal=found,
            state=STATES[found.state],
            verdicts=VERDICTS,
            share=100 * found.done // found.total if found.total else 0,
            acts=_acts(house, found),
            local=partial(for_people, unit, zone=ZoneInfo(house.settings.zone)),
        )


@router.get("/admin/proposals/{key}/{act}", name=may("pages.admin.proposal.ask", OPERATORS))
def ask_proposal(request: Request, key: int, act: str) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = proposals.read(unit, key)
        action = f"/admin/proposals/{key}/{act}"
        if act == "publish":
            return ask(request, unit, _publishing(unit, found, action))
        told_as = {
            "again": (say("Prove again"), say("Stories and cases are gone through once more, as things are now.")),
            "stop": (say("Stop"), say("The proof ends without a result. It can be begun again.")),
        }
        if act not in told_as:
            raise NotFound(say("There is no such act. Reload the page."))
        title, effect = told_as[act]
        return ask(request, unit, Question(title=title, action=action, confirm=title, effects=[effect]))


@router.post("/admin/proposals/{key}/{act}", name=may("pages.admin.proposal.act", OPERATORS))
def act_on_proposal(request: Request, key: int, act: str, reason: Annotated[str, Form()] = "") -> Response:
    house, actor = deps.house(request), deps.actor(request)
    if act == "publish":
        with told(house):
            done = proposals.publish(house, key, actor=actor, reason=reason.strip()[:1000])
        return _published(
            request, [one.key for one in done.deployment.definitions if one.kind == "process" and one.new]
        )
    if act == "again":
        proposals.begin(house, key)
    elif act == "stop":
        proposals.cancel(house, key)
    else:
        raise NotFound(say("There is no such act. Reload the page."))
    return render.go(request, f"/admin/proposals/{key}")


def _publishing(unit: Unit, found: Proposed, action: str) -> Question:
    """What publishing does to new cases and to those that run; failed stories ask for a reason."""
    effects, failed = [], 0
    for process in _processes(found):
        failed += len(process.failed)
        rows = overview.versions(unit, process.process_id)
        number = max((row.version for row in rows), default=0) + 1
        effects.append(say("New cases of {process} start with version {n}.", process=process.process_id, n=number))
        if running := sum(row.running for row in rows):
            effects.append(
                say(
                    "{cases} running cases stay on their versions; the next page offers to migrate them.", cases=running
                )
            )
    if failed:
        effects.append(say("{n} stories do not come out on it. Say why it is published all the same.", n=failed))
    reason = Field(name="reason", label=say("Reason, for the record"), kind="area", required=True)
    return Question(
        title=say("Publish"),
        action=action,
        confirm=say("Publish"),
        effects=effects or [say("The files are published together.")],
        fields=[reason] if failed else (),
        danger=bool(failed),
    )


def _published(request: Request, keys: list[int]) -> Response:
    """To the wizard, where running cases could come along; else to the process."""
    with deps.house(request).database.transaction() as unit:
        for key in keys:
            process_id = queries.definition(unit, key).id
            older = next((row for row in overview.versions(unit, process_id) if row.key != key and row.running), None)
            if older is not None:
                sentence = say("Published. Its running cases can come along now.")
                return render.go(request, f"/admin/migrations/new?source={older.key}&target={key}", sentence)
            return render.go(request, f"/admin/processes/{process_id}", say("It is published."))
    return render.go(request, "/admin/processes", say("It is published."))


def _processes(found: Proposed) -> Any:
    return found.proof.processes if found.proof is not None else ()


def _acts(house: House, found: Proposed) -> list[Act]:
    base = f"/admin/proposals/{found.key}"
    if found.state == "RUNNING":
        return [Act(label=say("Stop"), href=f"{base}/stop", icon="x")]
    if found.state == "PUBLISHED":
        return []
    again = Act(label=say("Prove again"), href=f"{base}/again", icon="rotate-cw")
    if found.proof is None or found.proof.refused:
        return [again]
    if house.settings.publish_approval and found.approved_by is None:
        place = f"/studio/proposals/{found.key}"
        return [again, Act(label=say("Look at it and approve"), href=place, icon="user-check", page=True)]
    return [again, Act(label=say("Publish"), href=f"{base}/publish", icon="upload", danger=not found.proof.passed)]
