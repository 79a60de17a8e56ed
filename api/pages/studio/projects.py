"""Projects of the studio: all of them, one of them, a new one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import Field, Question
from api.pages.studio import shell
from kernel.text import say
from processes.studio import projects
from processes.studio.starter import starter

router = APIRouter(route_class=Door)


@router.get("/studio", name=may("pages.studio", DESIGNERS))
def show_all(request: Request) -> Response:
    """Every project, by name."""
    with deps.house(request).database.transaction() as unit:
        found = projects.listed(unit)
        people = shell.names(unit, [entry.changed_by for project in found for entry in project.files])
        return shell.page(request, unit, "studio-projects.html", projects=found, people=people)


@router.get("/studio/new", name=may("pages.studio.new", DESIGNERS))
def ask_for_new(request: Request) -> Response:
    """How it is called."""
    with deps.house(request).database.transaction() as unit:
        question = Question(
            title=say("New project"),
            action="/studio",
            confirm=say("Make the project"),
            fields=[Field(name="name", label=say("Name of the project"), required=True)],
        )
        return shell.ask(request, unit, question)


@router.post("/studio", name=may("pages.studio.create", DESIGNERS))
def create(request: Request, name: Annotated[str, Form()] = "") -> Response:
    """Make a project with a small process to begin with."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        files = [starter(name, deps.language(request))]
        key = projects.create(house.engine, unit, name, files, actor=actor)
    return render.go(request, shell.url(key))


@router.get("/studio/{project}", name=may("pages.studio.project", DESIGNERS))
def show(request: Request, project: int) -> Response:
    """The files of a project."""
    with deps.house(request).database.transaction() as unit:
        found = projects.read(unit, project)
        people = shell.names(unit, [entry.changed_by for entry in found.files])
        return shell.page(
            request, unit, "studio-project.html", project=found, tab="files", people=people, file_url=shell.url
        )
