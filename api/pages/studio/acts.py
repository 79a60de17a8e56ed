"""What is done to a file or a project as a whole: a new file, another name, taken away, brought back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import Field, Question
from api.pages.studio import shell
from api.pages.studio.files import attached
from api.pages.told import told
from engine.model import Resource
from kernel.db import Unit
from kernel.text import say
from processes.studio import deployed, drafts, projects, starter
from processes.studio.archive import pack

router = APIRouter(route_class=Door)

FILE = "/studio/{project}/files/{name}"
KINDS = (
    ("bpmn", say("A process (BPMN)")),
    ("dmn", say("A decision (DMN)")),
    ("form", say("A form")),
    ("scenarios", say("Scenarios")),
)

Told = Annotated[str, Form()]


@router.get("/studio/{project}/archive.zip", name=may("pages.studio.archive", DESIGNERS))
def archive(request: Request, project: int) -> Response:
    """All files of a project, byte for byte."""
    with deps.house(request).database.transaction() as unit:
        name = projects.read(unit, project).name
        packed = pack(projects.resources(unit, project))
    return attached(f"{name}.zip", packed)


@router.get("/studio/{project}/new", name=may("pages.studio.file.new", DESIGNERS))
def ask_for_file(request: Request, project: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        question = Question(
            title=say("New file"),
            action=shell.url(project, rest="/new"),
            confirm=say("Make the file"),
            fields=[
                Field(name="kind", label=say("What it is"), kind="select", options=KINDS),
                Field(name="called", label=say("Name"), hint=say("Without an ending, such as: exit interview")),
            ],
        )
        return shell.ask(request, unit, question, project)


@router.post("/studio/{project}/new", name=may("pages.studio.file.create", DESIGNERS))
def create(request: Request, project: int, kind: Told = "", called: Told = "") -> Response:
    """Make a small file of a kind and open it."""
    house, actor = deps.house(request), deps.actor(request)
    with told(house), house.database.transaction() as unit:
        found = projects.read(unit, project)
        file = starter.new(kind, called, _process_of(unit, found), deps.language(request))
        _check_free(found, file)
        drafts.save(house.engine, unit, project, file.name, file.content, expected=None, actor=actor)
    return render.go(request, shell.url(project, file.name))


def _process_of(unit: Unit, project: projects.Project) -> str:
    """The process that new scenarios are about: the first of the project."""
    for entry in project.files:
        for kind, id in deployed.defined(drafts.read(unit, project.key, entry.name)):
            if kind == "process":
                return id
    return "process"


def _check_free(project: projects.Project, file: Resource) -> None:
    if any(entry.name == file.name for entry in project.files):
        raise drafts.taken(file.name)


@router.get(FILE + "/rename", name=may("pages.studio.rename.ask", DESIGNERS))
def ask_rename(request: Request, project: int, name: str) -> Response:
    with deps.house(request).database.transaction() as unit:
        drafts.read(unit, project, name)
        question = Question(
            title=say("Rename {name}", name=name),
            action=shell.url(project, name, "/rename"),
            confirm=say("Rename it"),
            effects=[
                say("Its history comes along. The ids inside, by which other files refer to it, stay as they are.")
            ],
            fields=[Field(name="called", label=say("New name"), value=name, required=True)],
        )
        return shell.ask(request, unit, question, project)


@router.post(FILE + "/rename", name=may("pages.studio.rename", DESIGNERS))
def rename(request: Request, project: int, name: str, called: Told = "") -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        made = drafts.rename(house.engine, unit, project, name, called, actor=deps.actor(request))
    return render.go(request, shell.url(project), say("{name} is called {new} now.", name=name, new=made.name))


@router.get(FILE + "/remove", name=may("pages.studio.remove.ask", DESIGNERS))
def ask_remove(request: Request, project: int, name: str) -> Response:
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
        question = Question(
            title=say("Remove {name}", name=name),
            action=shell.url(project, name, "/remove"),
            confirm=say("Remove it"),
            effects=[
                say("What is deployed stays as it is: the file leaves this project alone."),
                say("It can be brought back from the bottom of the project's page, with its history."),
            ],
            hidden=[("digest", draft.digest)],
            danger=True,
        )
        return shell.ask(request, unit, question, project)


@router.post(FILE + "/remove", name=may("pages.studio.remove.act", DESIGNERS))
def remove(request: Request, project: int, name: str, digest: Told = "") -> Response:
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        drafts.remove(house.engine, unit, project, name, expected=digest, actor=deps.actor(request))
    return render.go(request, shell.url(project), say("{name} is removed.", name=name))


@router.post("/studio/{project}/removed/{key}", name=may("pages.studio.bring_back", DESIGNERS))
def bring_back(request: Request, project: int, key: int) -> Response:
    """Have a removed file again."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        name = drafts.bring_back(house.engine, unit, project, key, actor=deps.actor(request))
    return render.go(request, shell.url(project), say("{name} is back.", name=name))


@router.get("/studio/{project}/rename", name=may("pages.studio.project.rename.ask", DESIGNERS))
def ask_rename_project(request: Request, project: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        name = projects.read(unit, project).name
        question = Question(
            title=say("Rename {name}", name=name),
            action=shell.url(project, rest="/rename"),
            confirm=say("Rename it"),
            fields=[Field(name="called", label=say("New name"), value=name, required=True)],
        )
        return shell.ask(request, unit, question, project)


@router.post("/studio/{project}/rename", name=may("pages.studio.project.rename", DESIGNERS))
def rename_project(request: Request, project: int, called: Told = "") -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        projects.rename(house.engine, unit, project, called, actor=deps.actor(request))
    return render.go(request, shell.url(project))


@router.get("/studio/{project}/remove", name=may("pages.studio.project.remove.ask", DESIGNERS))
def ask_remove_project(request: Request, project: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = projects.read(unit, project)
        question = Question(
            title=say("Remove {name}", name=found.name),
            action=shell.url(project, rest="/remove"),
            confirm=say("Remove the project"),
            effects=[
                say("The project leaves the studio with its {n} files.", n=len(found.files)),
                say("What is deployed stays as it is, and running cases go on."),
                say("It can be brought back from the bottom of the studio's first page."),
            ],
            danger=True,
        )
        return shell.ask(request, unit, question, project)


@router.post("/studio/{project}/remove", name=may("pages.studio.project.remove", DESIGNERS))
def remove_project(request: Request, project: int) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        name = projects.read(unit, project).name
        projects.remove(house.engine, unit, project, actor=deps.actor(request))
    return render.go(request, "/studio", say("{name} is removed.", name=name))


@router.post("/studio/{project}/bring-back", name=may("pages.studio.project.bring_back", DESIGNERS))
def bring_project_back(request: Request, project: int) -> Response:
    """Have a removed project again."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        projects.bring_back(house.engine, unit, project, actor=deps.actor(request))
    return render.go(request, shell.url(project))
