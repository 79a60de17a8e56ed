"""What a file once was: its revisions, what differs between them, and the way back to one."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.admin import kinds
from api.pages.admin.asking import Field, Question
from api.pages.admin.compare import KINDS
from api.pages.studio import shell
from api.pages.studio.files import COMMENT_MOST, attached
from api.pages.told import told
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say
from processes import compare as comparing
from processes import labels
from processes.studio import asides, deployed, drafts, projects, rules
from processes.studio.differences import differences

router = APIRouter(route_class=Door)

FILE = "/studio/{project}/files/{name}"
NOW, DEPLOYED, ASIDE = "now", "deployed", "aside-"


@router.get(FILE + "/history", name=may("pages.studio.history", DESIGNERS))
def show(request: Request, project: int, name: str) -> Response:
    """The revisions, the newest first, and what somebody could not save."""
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
        revisions, kept = drafts.history(unit, project, name), asides.listed(unit, project, name)
        known = deployed.standings(unit, project)[name]
        people = [one.changed_by for one in revisions] + [one.written_by for one in kept]
        return shell.page(
            request,
            unit,
            "studio-history.html",
            project=projects.read(unit, project),
            tab="files",
            draft=draft,
            revisions=revisions,
            asides=kept,
            standing=known,
            people=shell.names(unit, people),
            file_url=shell.url,
        )


@router.get(FILE + "/asides/{key}", name=may("pages.studio.aside", DESIGNERS))
def aside(request: Request, project: int, name: str, key: int) -> Response:
    """What could not be saved, byte for byte."""
    with deps.house(request).database.transaction() as unit:
        found = asides.read(unit, project, key)
    return attached(found.name, found.content, rules.digest(found.content))


@router.get(FILE + "/compare", name=may("pages.studio.compare", DESIGNERS))
def compare(request: Request, project: int, name: str, before: str = "", after: str = NOW) -> Response:
    """Two states: `1`, `2`, … for revisions, `now`, `deployed`, `aside-<key>` for what could not be saved."""
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
        before = before or str(max(1, draft.revision - 1))
        old, new = _state(unit, project, name, before), _state(unit, project, name, after)
        changes = comparing.between(name, old, new)
        return shell.page(
            request,
            unit,
            "studio-compare.html",
            project=projects.read(unit, project),
            tab="files",
            draft=draft,
            before=before,
            after=after,
            titles={before: _title(before), after: _title(after)},
            choices=_choices(unit, project, name, {before, after}),
            drawn=draft.kind == "bpmn" and changes is not None,
            told=changes is not None,
            changes=[(change, kinds.element_kind(change.tag), change.title) for change in _ordered(changes or [])],
            counts=Counter(change.kind for change in changes or []),
            kinds=KINDS,
            lines=differences(old, new),
            same=old == new,
            file_url=shell.url,
        )


@router.get(FILE + "/diagrams", name=may("pages.studio.diagrams", DESIGNERS))
def diagrams(request: Request, project: int, name: str, before: str, after: str) -> Response:
    """Both states of a model, and for each its elements by what happened to them."""
    language = deps.language(request)
    with deps.house(request).database.transaction() as unit:
        old, new = _state(unit, project, name, before), _state(unit, project, name, after)
    changes = comparing.between(name, old, new) if name.lower().endswith(".bpmn") else None
    if changes is None:
        raise NotFound(say("{name} cannot be drawn: one of its states is no BPMN.", name=name))
    return JSONResponse(
        {side: _side(xml, changes, gone, language) for side, xml, gone in _sides(old, new)},
    )


@router.get(FILE + "/revisions/{revision}/restore", name=may("pages.studio.restore.ask", DESIGNERS))
def ask_restore(request: Request, project: int, name: str, revision: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
        drafts.revision(unit, project, name, revision)
        question = Question(
            title=say("Back to revision {n}", n=revision),
            action=shell.url(project, name, f"/revisions/{revision}/restore"),
            confirm=say("Restore it"),
            effects=[
                say("{file} becomes what it was as revision {n}, as a new revision.", file=name, n=revision),
                say("Everything in between stays in the history."),
            ],
            fields=[Field(name="comment", label=say("What is new"), kind="area")],
            hidden=[("digest", draft.digest)],
        )
        return shell.ask(request, unit, question, project)


@router.post(FILE + "/revisions/{revision}/restore", name=may("pages.studio.restore", DESIGNERS))
def restore(
    request: Request,
    project: int,
    name: str,
    revision: int,
    digest: Annotated[str, Form()] = "",
    comment: Annotated[str, Form()] = "",
) -> Response:
    """Make the revision the newest again, if the file is still the one that was looked at."""
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        made = drafts.restore(
            house.engine,
            unit,
            project,
            name,
            revision,
            expected=digest,
            actor=deps.actor(request),
            comment=comment.strip()[:COMMENT_MOST],
        )
    sentence = say("{file} is revision {n} again, as revision {new}.", file=name, n=revision, new=made.revision)
    return render.go(request, shell.url(project, name, "/history"), sentence)


def _state(unit: Unit, project: int, name: str, which: str) -> bytes:
    """The bytes of a state. Raises NotFound."""
    if which == NOW:
        return drafts.read(unit, project, name).content
    if which == DEPLOYED:
        found = deployed.current(unit, drafts.read(unit, project, name))
        if found is None:
            raise NotFound(say("Nothing of {name} is deployed, so there is nothing to compare with.", name=name))
        return found.content
    number = which.removeprefix(ASIDE)
    if not number.isdecimal() or len(number) > 18:
        raise NotFound(say("{name} has no revision {number}. Reload its history.", name=name, number=which))
    if which.startswith(ASIDE):
        return asides.read(unit, project, int(number)).content
    return drafts.revision(unit, project, name, int(number)).content


def _title(which: str) -> Text:
    if which == NOW:
        return say("As it is now")
    if which == DEPLOYED:
        return say("As it is deployed")
    return say("Not saved") if which.startswith(ASIDE) else say("Revision {n}", n=which)


def _choices(unit: Unit, project: int, name: str, chosen: set[str]) -> list[tuple[str, Text]]:
    states = [NOW]
    if deployed.current(unit, drafts.read(unit, project, name)) is not None:
        states.append(DEPLOYED)
    states += [str(revision.number) for revision in drafts.history(unit, project, name)]
    states += sorted(chosen - set(states))
    return [(state, _title(state)) for state in states]


def _sides(old: bytes, new: bytes) -> tuple[tuple[str, bytes, str], tuple[str, bytes, str]]:
    """Each side with the kind of change that it cannot show."""
    return ("before", old, "added"), ("after", new, "removed")


def _side(xml: bytes, changes: list[comparing.Change], hidden: str, language: str) -> dict[str, Any]:
    marks = {change.element: change.kind for change in changes if change.kind != hidden}
    return {"xml": labels.translated(xml, language).decode(), "marks": marks}


def _ordered(changes: list[comparing.Change]) -> list[comparing.Change]:
    order = [kind for kind, _, _ in KINDS]
    return sorted(changes, key=lambda change: (order.index(change.kind), change.tag == "sequenceFlow"))
