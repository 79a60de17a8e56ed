"""Pages from templates: one environment, one way to answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api import assets, deps
from api.access import DESIGNERS, OPERATORS, STAFF
from api.pages import words
from forms import labels
from hr.documents.kinds import MEDIA_TYPES
from kernel.actor import Actor
from kernel.config import Settings
from kernel.db import Unit
from kernel.text import Text, fill, translate
from tasks.human import inbox, notices, people
from tasks.human.progress import group_name
from tasks.human.training import team
from tasks.human.views import Person, Shell

TEMPLATES = Path(__file__).parents[1] / "templates"
THEMES = ("auto", "light", "dark")


@cache
def environment() -> Environment:
    """The templates, escaped by default; a name that a template misses is an error, never an empty place."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(icon=icon, asset=asset, group_name=group_name, themes=THEMES)
    made.filters.update(tint=words.tint, initial=words.initial, size=words.size, plain=plain)
    return made


def asset(source: str) -> str:
    """The address of a built file."""
    return assets.read_manifest().url(source)


def icon(name: str, size: str = "") -> Markup:
    """An icon of the sprite, in the colour of the text around it. It says nothing to a screen reader."""
    return Markup('<svg class="i {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        size, asset("icons.svg"), name
    )


def plain(view: Any) -> dict[str, Any]:
    """A frozen view as a dictionary, for `tojson`."""
    return asdict(view)


@dataclass(frozen=True, slots=True)
class Tongue:
    """What turns values into words for one reader: their language, the organisation's zone, the present."""

    language: str
    zone: ZoneInfo
    now: datetime

    def globals(self) -> dict[str, Any]:
        """The names under which templates find it."""
        return {
            "_": self.say,
            "labelled": partial(labels.translated, language=self.language),
            "language": self.language,
            "show": self.show,
            "due": lambda at: words.due_chip(at, self.now, self.zone),
            "when": lambda at: self.show(words.when(at, self.now, self.zone)),
            "sections": partial(words.sections, now=self.now, zone=self.zone),
        }

    def say(self, template: str, **values: object) -> str:
        """A sentence of the templates, or a name out of a model, in the reader's language."""
        return fill(translate(template, self.language), {name: self.show(value) for name, value in values.items()})

    def show(self, value: object, year: bool = False) -> str:
        """Anything that a view holds: a text translated, an instant in the organisation's zone, the rest as it is.

        `year` tells the year of a date in any case, as a contract does.
        """
        if isinstance(value, Text):
            return value.within(self.language)
        if isinstance(value, date):  # a datetime is one too
            return words.moment(value, self.now, self.zone, year=year)
        return str(value)


def tongue(request: Request) -> Tongue:
    """The tongue for whoever reads the answer."""
    house = deps.house(request)
    return Tongue(deps.language(request), ZoneInfo(house.settings.zone), house.clock.now())


def page(request: Request, unit: Unit, template: str, *, here: str = "", **values: Any) -> Response:
    """A whole page for someone who is signed in, with the shell around it. `here` marks their place in the menu."""
    visit = deps.visit(request)
    around: dict[str, Any] = {
        "here": here,
        "shell": shell(unit, visit.actor),
        "csrf": visit.csrf or "",
        "staff": visit.actor.has(*STAFF),
        "operator": visit.actor.has(*OPERATORS),
        "designer": visit.actor.has(*DESIGNERS),
    }
    return fragment(request, template, **around, **values)


def shell(unit: Unit, actor: Actor) -> Shell:
    """Who is reading, and how much waits for them."""
    person = people.named(unit, actor.id) or Person(login=actor.id, name=actor.name or actor.id)
    return Shell(
        person=person,
        groups=actor.groups,
        inbox=inbox.waiting(unit, actor),
        unread=notices.unread(unit, actor),
        leads=team.leads(unit, actor.id),
    )


def fragment(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A template on its own: a part of a page, or a page without the shell."""
    theme = request.cookies.get("theme", "auto")
    given: Mapping[str, Any] = {
        "path": request.url.path,
        "theme": theme if theme in THEMES else "auto",
        "organisation": deps.house(request).settings.organisation,
        "uploads": uploads(deps.house(request).settings),
        **tongue(request).globals(),
        **values,
    }
    return HTMLResponse(environment().get_template(template).render(given), status)


def uploads(settings: Settings) -> dict[str, Any]:
    """Which files are taken in, for the form that checks them before they are sent: bytes, and endings."""
    return {"most": settings.upload_max_bytes, "kinds": list(MEDIA_TYPES)}


def by_htmx(request: Request) -> bool:
    """Whether a script of the page asks for a part of it. Going back in history asks for the whole."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def go(request: Request, url: str, sentence: Text | None = None) -> Response:
    """Send the reader elsewhere, from an ordinary request or from a script's; there `sentence` is shown."""
    if by_htmx(request):
        said = {"X-Said": quote(tongue(request).show(sentence))} if sentence else {}
        return Response(status_code=204, headers={"HX-Redirect": url, **said})
    return Response(status_code=303, headers={"Location": url})


def refuse(sentence: str, status: int) -> Response:
    """A refusal that the page shows as a sentence, without losing what is on it."""
    return Response(status_code=status, headers={"X-Refusal": quote(sentence)})
