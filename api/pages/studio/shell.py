"""What every page of the studio has around it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from api.pages import render
from api.pages.admin.asking import Question
from hr.people import org
from kernel.db import Unit
from kernel.text import Text, say
from processes.studio import projects
from processes.studio.projects import Project

ICONS = {"bpmn": "workflow", "dmn": "layers", "form": "list-checks", "scenarios": "route"}
OURS = {"jiaojie": "Jiaojie 交接"}  # who made the projects of the shipped families
TABS = (
    ("files", "", say("Files")),
    ("scenarios", "/scenarios", say("Scenarios")),
    ("try", "/try", say("Try it")),
    ("publish", "/publish", say("Publish")),
)


def page(
    request: Request, unit: Unit, template: str, *, project: Project | None = None, tab: str = "", **values: Any
) -> Response:
    """A page of the studio with the product's menu, and with the tabs of its project."""
    given: dict[str, Any] = {
        "here": "studio",
        "project": project,
        "tab": tab,
        "tabs": TABS if project else (),
        "icons": ICONS,
    }
    return render.page(request, unit, template, **given, **values)


def ask(request: Request, unit: Unit, question: Question, key: int | None = None) -> Response:
    """A question: in the page that asks for it, or as a page of its own."""
    project = projects.read(unit, key) if key and not render.by_htmx(request) else None
    return part(request, unit, "ask.html", project, heading=question.title, question=question)


def part(
    request: Request, unit: Unit, template: str, project: Project | None, *, heading: Text, **values: Any
) -> Response:
    """A part of a page, `parts/<template>`: for the dialog of the page that asks for it, or on a page of its own."""
    whole = f"parts/{template}"
    if render.by_htmx(request):
        return render.page(request, unit, whole, project=project, heading=heading, **values)
    return page(request, unit, "studio-ask.html", project=project, part=whole, heading=heading, **values)


def url(project: int, name: str = "", rest: str = "") -> str:
    """The address of a project, or of one of its files with what comes behind."""
    return f"/studio/{project}/files/{quote(name, safe='')}{rest}" if name else f"/studio/{project}{rest}"


def names(unit: Unit, logins: Sequence[str]) -> dict[str, str]:
    """People's names by login; whoever is no person keeps the login."""
    return {login: OURS.get(login, login) for login in logins} | org.names(unit, sorted(set(logins)))
