"""The room of an exam: what it is like, and then the exam in one window. JSON in and out, the paper as a part of the
page. Nothing that is sent before it is graded holds what is right.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import render
from tasks.human.training import exam

router = APIRouter(route_class=Door)

LONGEST = 40  # characters of a token or a place


class Seat(BaseModel):
    """The window's token, empty where it has none; `take`: whoever has the exam open elsewhere is out."""

    token: str = Field(default="", max_length=LONGEST)
    take: bool = False


class Answers(BaseModel):
    """All answers so far: places of options by place of question."""

    token: str = Field(default="", max_length=LONGEST)
    answers: dict[str, list[int]] = Field(default_factory=dict)


@router.get("/learn/{number}/exam", name=may("pages.exam", ANYONE))
def show(request: Request, number: str) -> Response:
    """What the exam is like, or that one is under way. Whoever has passed is led to what they have passed with."""
    house, actor = deps.house(request), deps.actor(request)
    found = exam.start(house, actor, number)
    if found.status == "passed" and found.attempts:
        return RedirectResponse(_result(number, found.attempts[-1].attempt), 303)
    given = {"url": f"/learn/{number}", "csrf": deps.visit(request).csrf or "", "number": number, "open": found.open}
    return render.fragment(request, "exam-start.html", start=found, given=given)


@router.post("/learn/{number}/exam/sit", name=may("pages.exam.sit", ANYONE))
def sit(request: Request, number: str, told: Seat) -> dict[str, Any]:
    """Begin the exam, or go on with it in this window; the answer holds the paper."""
    found = exam.sit(deps.house(request), deps.actor(request), number, told.token, take=told.take)
    page = render.fragment(request, "exam-paper.html", sitting=found)
    return {
        "attempt": found.attempt,
        "token": found.token,
        "remaining": found.remaining,
        "answers": found.answers,
        "paper": bytes(page.body).decode(),
    }


@router.post("/learn/{number}/exams/{attempt}/answers", name=may("pages.exam.answers", ANYONE))
def save(request: Request, number: str, attempt: int, told: Answers) -> dict[str, Any]:
    """Keep the answers so far; the answer tells how many seconds are left."""
    house, actor = deps.house(request), deps.actor(request)
    return {"remaining": exam.save(house, actor, number, attempt, told.token, told.answers)}


@router.post("/learn/{number}/exams/{attempt}/submit", name=may("pages.exam.submit", ANYONE))
def submit(request: Request, number: str, attempt: int, told: Answers) -> dict[str, Any]:
    """Hand the exam in."""
    done = exam.submit(deps.house(request), deps.actor(request), number, attempt, told.token, told.answers)
    return {"location": _result(number, done.attempt)}


def _result(number: str, attempt: int) -> str:
    return f"/learn/{number}/exams/{attempt}"
