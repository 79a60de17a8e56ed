"""The page where a designer tries the drafts of a project, step by step. What it asks for is in `sandboxes`."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.studio import shell
from engine.model import Resource
from hr.people import accounts
from kernel.errors import Invalid
from processes import document
from processes.sandbox import beginnings
from processes.story import script
from processes.studio import projects
from tasks.human.progress import group_name

router = APIRouter(route_class=Door)


@router.get("/studio/{project}/try", name=may("pages.studio.try", DESIGNERS))
def show(request: Request, project: int, process: str = "", sandbox: str = "", story: str = "") -> Response:
    """With `sandbox` it goes on with that one, else it asks how to begin; `process` and `story` are chosen."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = projects.read(unit, project)
        files = projects.resources(unit, project)
        given: dict[str, Any] = {
            "project": project,
            "processes": _processes(files),
            "stories": _stories(files),
            "process": process,
            "sandbox": sandbox,
            "story": story,
            "sandboxesUrl": shell.url(project, rest="/sandboxes"),
            "sandboxUrl": "/studio/sandboxes",
            "scenariosUrl": shell.url(project, rest="/scenarios"),
            "language": deps.language(request),
            "zone": house.settings.zone,
            "groups": {group: render.tongue(request).show(group_name(group)) for group in accounts.GROUPS},
            "uploads": render.uploads(house.settings),
            "me": deps.actor(request).id,
        }
        return shell.page(request, unit, "studio-trial.html", project=found, tab="try", given=given)


def _processes(files: list[Resource]) -> list[dict[str, str]]:
    """The processes that can be tried, by id with their names, in the order of the files."""
    found = []
    for file in beginnings.deployable(files):
        ids = beginnings.processes([file])
        nodes = document.read(file.content).nodes if ids else {}
        found += [{"id": id, "name": nodes[id].name if id in nodes else "", "file": file.name} for id in ids]
    return found


def _stories(files: list[Resource]) -> list[dict[str, str]]:
    """The scenarios by name with their processes; none where the file cannot be read, which its own page tells."""
    told = beginnings.stories_of(files)
    if told is None:
        return []
    try:
        return [{"name": one.name, "process": one.process} for one in script.read_bytes(told.content, Path(told.name))]
    except Invalid:
        return []
