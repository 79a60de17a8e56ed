"""Files brought into a project: what is new comes in at once; where there is another file of the name, it is asked."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import received, render
from api.pages.studio import shell
from api.pages.told import told
from engine.model import Resource
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say
from processes.studio import archive, asides, drafts, projects, rules
from tasks.house import House

router = APIRouter(route_class=Door)

Sent = Annotated[dict[str, Any], Depends(received.upload)]


class Clash(NamedTuple):
    """A file that was sent where another of its name is: kept under `key` until it is decided what becomes of it."""

    key: int
    name: str
    there: projects.Entry


class Brought(NamedTuple):
    """What became of files that were sent."""

    added: list[str]
    same: list[str]
    clashes: list[Clash]
    left_out: list[str]


@router.get("/studio/{project}/upload", name=may("pages.studio.upload.ask", DESIGNERS))
def ask(request: Request, project: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = projects.read(unit, project)
        return shell.part(request, unit, "studio-upload.html", found, heading=say("Bring files"))


@router.post("/studio/{project}/upload", name=may("pages.studio.upload", DESIGNERS))
def upload(request: Request, project: int, sent: Sent) -> Response:
    """Take in files or zips. What is there with the same bytes stays; what is there with others is asked about."""
    house = deps.house(request)
    files, left_out = unpacked(sent["files"])
    if not files:
        raise Invalid(say("Choose the files first."))
    with told(house), house.database.transaction() as unit:
        brought = _bring(request, house, unit, project, files, sent["comment"])
        if brought.clashes:
            return _ask_about(request, unit, project, brought, sent["comment"])
    return render.go(request, shell.url(project), _said(len(brought.added), len(brought.same), left_out))


@router.post("/studio/{project}/upload/decided", name=may("pages.studio.upload.decided", DESIGNERS))
def decided(request: Request, project: int, sent: Sent) -> Response:
    """Do with each file what was chosen: replace what is there, come in under another name, or stay out."""
    house = deps.house(request)
    done = 0
    with told(house), house.database.transaction() as unit:
        for key, choice in sent["chosen"].items():
            file = asides.read(unit, project, key)
            expected = sent["digests"].get(key, "")
            done += _decide(request, house, unit, project, file, choice, expected, sent["comment"])
            asides.drop(unit, project, key)
    return render.go(request, shell.url(project), _said(done, 0, []))


def unpacked(sent: list[tuple[str, bytes]]) -> tuple[list[Resource], list[str]]:
    """The files as a project can have them, zips unpacked, each name once; and what the zips had besides."""
    files: list[Resource] = []
    left_out: list[str] = []
    for name, content in sent:
        if archive.is_zip(name, content):
            contents = archive.opened(content)
            files += contents.files
            left_out += contents.left_out
        else:
            files.append(Resource(name.replace("\\", "/").rpartition("/")[2], content))
    return rules.checked(files), left_out


def _bring(request: Request, house: House, unit: Unit, project: int, files: list[Resource], comment: str) -> Brought:
    there = {entry.name: entry for entry in projects.read(unit, project).files}
    brought, actor = Brought([], [], [], []), deps.actor(request)
    for file in files:
        entry = there.get(file.name)
        if entry is None:
            drafts.save(
                house.engine, unit, project, file.name, file.content, expected=None, actor=actor, comment=comment
            )
            brought.added.append(file.name)
        elif entry.digest == rules.digest(file.content):
            brought.same.append(file.name)
        else:
            key = asides.keep(house.engine, unit, project, file.name, file.content, expected=entry.digest, actor=actor)
            brought.clashes.append(Clash(key, file.name, entry))
    return brought


def _decide(
    request: Request,
    house: House,
    unit: Unit,
    project: int,
    file: Resource,
    choice: str,
    expected: str,
    comment: str,
) -> int:
    """How many files came in: one, or none."""
    actor, taken = deps.actor(request), {entry.name for entry in projects.read(unit, project).files}
    if choice not in ("replace", "copy"):
        return 0
    name = file.name if choice == "replace" else rules.free_name(file.name, taken)
    drafts.save(
        house.engine,
        unit,
        project,
        name,
        file.content,
        expected=expected if choice == "replace" else None,
        actor=actor,
        comment=comment,
        apart=True,
    )
    return 1


def _ask_about(request: Request, unit: Unit, project: int, brought: Brought, comment: str) -> Response:
    people = shell.names(unit, [clash.there.changed_by for clash in brought.clashes])
    return shell.part(
        request,
        unit,
        "studio-clashes.html",
        projects.read(unit, project),
        heading=say("Where a file is there already"),
        clashes=brought.clashes,
        said=_said(len(brought.added), len(brought.same), brought.left_out),
        comment=comment,
        people=people,
        file_url=shell.url,
    )


def _said(added: int, same: int, left_out: list[str]) -> Text:
    if left_out:
        return say(
            "{n} files are in the project now. Left out, as a project has no such files: {names}.",
            n=added,
            names=", ".join(left_out[:5]),
        )
    if same and not added:
        return say("The files were there already, with the same content.")
    return say("{n} files are in the project now.", n=added)
