"""Projects of the studio: all of them, one of them, a new one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import received, render
from api.pages.studio import shell
from api.pages.studio.uploads import unpacked
from engine.model import Resource
from kernel.db import Unit
from kernel.text import say
from processes.studio import deployed, drafts, projects, rules
from processes.studio.starter import starter
from tasks.house import House

router = APIRouter(route_class=Door)

Sent = Annotated[dict[str, Any], Depends(received.upload)]
PROCESS, PROJECT = "process ", "project "  # what a new project is taken from, before an id or a key
STATES = {
    "same": (say("As deployed"), "ok"),
    "changed": (say("Changed"), "info"),
    "new": (say("New"), ""),
    "behind": (say("Deployed anew since"), "warn"),
}


@router.get("/studio", name=may("pages.studio", DESIGNERS))
def show_all(request: Request) -> Response:
    """Every project, by name; those that were removed below."""
    with deps.house(request).database.transaction() as unit:
        found, gone = projects.listed(unit), projects.removed(unit)
        people = [entry.changed_by for project in found for entry in project.files]
        people += [project.removed_by or "" for project in gone]
        return shell.page(
            request, unit, "studio-projects.html", projects=found, gone=gone, people=shell.names(unit, people)
        )


@router.get("/studio/new", name=may("pages.studio.new", DESIGNERS))
def ask_for_new(request: Request) -> Response:
    """How it is called, and what it begins with."""
    with deps.house(request).database.transaction() as unit:
        sources = [(f"{PROCESS}{id}", say("Deployed: {name}", name=name)) for id, name in deployed.processes(unit)]
        sources += [(f"{PROJECT}{one.key}", say("Copy of {name}", name=one.name)) for one in projects.listed(unit)]
        return shell.part(request, unit, "studio-new.html", None, heading=say("New project"), sources=sources)


@router.post("/studio", name=may("pages.studio.create", DESIGNERS))
def create(request: Request, sent: Sent) -> Response:
    """Make a project of the files that were sent, of what was chosen, or of a small process to begin with."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        files, bases = _begun(house, unit, sent, deps.language(request))
        key = projects.create(
            house.engine, unit, sent["name"], files, actor=actor, comment=sent["comment"], bases=bases
        )
    return render.go(request, shell.url(key))


def _begun(house: House, unit: Unit, sent: dict[str, Any], language: str) -> tuple[list[Resource], dict[str, str]]:
    """The files that a project begins with, and the digests of those that are what is deployed."""
    source = str(sent["source"])
    if sent["files"]:
        files, _ = unpacked(sent["files"])
    elif source.startswith(PROCESS):
        files = deployed.taken(house.engine, unit, source.removeprefix(PROCESS))
        return files, {file.name: rules.digest(file.content) for file in files}
    elif source.startswith(PROJECT) and source.removeprefix(PROJECT).isdecimal():
        key = int(source.removeprefix(PROJECT))
        bases = {entry.name: entry.base for entry in projects.read(unit, key).files if entry.base is not None}
        return projects.resources(unit, key), bases
    else:
        files = [starter(rules.checked_project_name(sent["name"]), language)]
    return files, {}


@router.get("/studio/{project}", name=may("pages.studio.project", DESIGNERS))
def show(request: Request, project: int) -> Response:
    """The files of a project, and how each stands to what is deployed."""
    with deps.house(request).database.transaction() as unit:
        found, gone = projects.read(unit, project), drafts.removed(unit, project)
        people = [entry.changed_by for entry in found.files] + [one.removed_by for one in gone]
        return shell.page(
            request,
            unit,
            "studio-project.html",
            project=found,
            tab="files",
            gone=gone,
            people=shell.names(unit, people),
            standings=deployed.standings(unit, project),
            states=STATES,
            file_url=shell.url,
        )
