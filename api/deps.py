"""What a route asks for: the house, who asks, in which language."""

from fastapi import Request

from api.auth import Gate, Visit
from kernel.actor import Actor
from kernel.text import LANGUAGES
from processes.sandbox.stages import Stages
from tasks.house import House

LANGUAGE_COOKIE = "language"


def house(request: Request) -> House:
    """The parts of this organisation."""
    found: House = request.app.state.house
    return found


def gate(request: Request) -> Gate:
    """Where people and programs sign in."""
    found: Gate = request.app.state.gate
    return found


def sandboxes(request: Request) -> Stages:
    """The stages on which drafts are tried."""
    found: Stages = request.app.state.sandboxes
    return found


def visit(request: Request) -> Visit:
    """The visit that the door let in. Only for routes that need a login."""
    found: Visit = request.state.visit
    return found


def actor(request: Request) -> Actor:
    """Who asks."""
    return visit(request).actor


def language(request: Request) -> str:
    """The reader's language: their choice, else what the browser prefers, else the organisation's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        wanted = part.split(";")[0].strip().lower()
        if wanted.startswith("zh"):
            return "zh-CN"
        if wanted.startswith("en"):
            return "en"
    return house(request).settings.language
