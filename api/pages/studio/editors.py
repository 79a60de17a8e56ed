"""The page of an editor: one file of a project, with the others a click away."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.studio import shell
from api.pages.studio.shell import url
from kernel.db import Unit
from processes.studio import drafts, projects
from processes.studio.drafts import Draft
from processes.studio.projects import Project

router = APIRouter(route_class=Door)

TEMPLATES = {
    "bpmn": "studio-bpmn.html",
    "dmn": "studio-dmn.html",
    "form": "studio-form.html",
    "scenarios": "studio-scenarios.html",
}


@router.get("/studio/{project}/files/{name}", name=may("pages.studio.file", DESIGNERS))
def edit(request: Request, project: int, name: str) -> Response:
    """The editor of the file's kind."""
    with deps.house(request).database.transaction() as unit:
        draft = drafts.read(unit, project, name)
        return editor(request, unit, projects.read(unit, project), draft, TEMPLATES[draft.kind])


def editor(request: Request, unit: Unit, project: Project, draft: Draft, template: str, **values: Any) -> Response:
    """A page that extends `studio-editor.html`: the tabs of the files, the draft's state, what leads on from here."""
    actor = deps.actor(request)
    changed_by = shell.names(unit, [draft.changed_by])[draft.changed_by]
    return render.page(
        request,
        unit,
        template,
        here="studio",
        project=project,
        draft=draft,
        changed_by=changed_by,
        icons=shell.ICONS,
        file_url=url,
        told=_told(project, draft, deps.language(request), actor.id),
        **values,
    )


def _told(project: Project, draft: Draft, language: str, me: str) -> dict[str, Any]:
    """What the scripts of an editor are told."""
    return {
        "project": project.key,
        "projectName": project.name,
        "name": draft.name,
        "kind": draft.kind,
        "digest": draft.digest,
        "revision": draft.revision,
        "contentUrl": url(project.key, draft.name, "/content"),
        "stateUrl": url(project.key, draft.name, "/state"),
        "historyUrl": url(project.key, draft.name, "/history"),
        "compareUrl": url(project.key, draft.name, "/compare"),
        "problemsUrl": url(project.key, rest="/problems"),
        "variablesUrl": url(project.key, rest="/variables"),
        "expressionsUrl": url(project.key, rest="/expressions"),
        "templatesUrl": url(project.key, rest="/templates"),
        "decideUrl": url(project.key, rest="/decide"),
        "language": language,
        "readonly": False,
        "files": [{"name": e.name, "kind": e.kind, "url": url(project.key, e.name)} for e in project.files],
        "me": me,
    }
