"""What the page of a lesson tells: opened, a heartbeat, an answer, done. JSON in and out; the server counts."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from api.pages.learning.lesson import onward
from hr.training.counting import Told
from kernel.text import Text
from tasks.human.training import learning

router = APIRouter(route_class=Door)

LONGEST = 80  # characters of a word, a visit or a key
MOST = 40  # options of a question, stretches of a heartbeat


class Again(BaseModel):
    """`after` is the visit with which a page goes on by itself, empty where the learner opens the lesson."""

    after: str = Field(default="", max_length=LONGEST)


class Heartbeat(BaseModel):
    """See `hr.training.counting.Told`."""

    visit: str = Field(max_length=LONGEST)
    word: str = Field(max_length=LONGEST)
    seconds: float = 0.0
    played: list[tuple[float, float]] = Field(default_factory=list, max_length=MOST)
    reached: float = 0.0
    position: float = 0.0
    here: bool = False
    leaving: bool = False


class Try(BaseModel):
    """Places of the options chosen; of an order all of them as they were put."""

    visit: str = Field(max_length=LONGEST)
    question: str = Field(max_length=LONGEST)
    chosen: list[int] = Field(default_factory=list, max_length=MOST)


@router.post("/learn/{number}/lessons/{key}/open", name=may("pages.learn.open", ANYONE))
def begin(request: Request, number: str, key: str, told: Again) -> dict[str, Any]:
    """Begin to count here, and nowhere else from now on."""
    found = learning.open_lesson(deps.house(request), deps.actor(request), number, key, told.after)
    return {
        "visit": found.visit,
        "word": found.next_word,
        "position": found.position,
        "farthest": found.farthest,
        "share": _share(found.seconds, found.needed),
        "missing": _said(request, found.missing),
    }


@router.post("/learn/{number}/beat", name=may("pages.learn.beat", ANYONE))
def beat(request: Request, number: str, told: Heartbeat) -> dict[str, Any]:
    """Count the time since the last heartbeat."""
    words = Told(**told.model_dump(exclude={"visit", "played"}), played=tuple(told.played))
    found = learning.beat(deps.house(request), deps.actor(request), number, told.visit, words)
    return {
        "word": found.next_word,
        "position": found.position,
        "farthest": found.farthest,
        "share": _share(found.seconds, found.needed),
        "completed": found.completed,
        "ask": found.ask,
        "missing": _said(request, found.missing),
        "why": _said(request, found.why),
    }


@router.post("/learn/{number}/answer", name=may("pages.learn.answer", ANYONE))
def answer(request: Request, number: str, told: Try) -> dict[str, Any]:
    """One try at a question; what is right is not told before it was answered so."""
    house, actor = deps.house(request), deps.actor(request)
    found = learning.answer(house, actor, number, told.visit, told.question, told.chosen)
    return {
        "right": found.marked.right,
        "tries": found.marked.tries,
        "explanation": found.marked.explanation,
        "completed": found.completed,
        "missing": _said(request, found.missing),
    }


@router.post("/learn/{number}/lessons/{key}/finish", name=may("pages.learn.finish", ANYONE))
def finish(request: Request, number: str, key: str) -> dict[str, str]:
    """The lesson is done, if the server has counted enough; where to go on."""
    standing = learning.finish(deps.house(request), deps.actor(request), number, key)
    return {"location": onward(number, "examining" if standing.done else "learning", standing.after(key))}


def _share(seconds: float, needed: float) -> float:
    return round(min(1.0, seconds / needed), 4) if needed else 1.0


def _said(request: Request, sentence: Text | None) -> str:
    return render.tongue(request).show(sentence) if sentence is not None else ""
