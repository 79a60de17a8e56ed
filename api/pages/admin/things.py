"""What is done to one piece of work: an incident, a job, a timer. Each act asks, then does."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import REASON, Field, Question, ask, reason_of
from api.pages.told import told
from engine import queries
from engine.commands import job, operate, timer
from engine.queries import Condition, overview
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import Text, say

router = APIRouter(route_class=Door)

Reason = Annotated[str, Form()]


# ---- incidents, jobs -------------------------------------------------------------------------------------------------


@router.get("/admin/incidents/{key}/retry", name=may("pages.admin.incident", OPERATORS))
def ask_to_retry(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = queries.incident(unit, key)
        effects = [say("The step is tried again at once. What fails again is a new incident.")]
        if found.job_key:
            effects = [say("Its job gets one new attempt, under the same number towards the outside system.")]
        question = Question(
            title=say("Try again"), action=f"/admin/incidents/{key}/retry", confirm=say("Try again"), effects=effects
        )
        return ask(request, unit, question)


@router.post("/admin/incidents/{key}/retry", name=may("pages.admin.retry", OPERATORS))
def retry(request: Request, key: int) -> Response:
    """Try again what stopped; what fails again comes back as a new incident."""
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        found = queries.incident(unit, key)
        operate.retry_incident(house.engine, unit, key, actor=deps.actor(request))
        again = queries.incidents(
            unit, [Condition("instance_key", found.instance_key), Condition("state", "ACTIVE")], limit=1
        )
        stopped = any(one.element == found.element for one in again.items)
    sentence = say("It was tried and has stopped again.") if stopped else say("It is being tried again.")
    return back(request, sentence)


@router.get("/admin/jobs/{key}/retries", name=may("pages.admin.job", OPERATORS))
def ask_for_retries(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = queries.job(unit, key)
        question = Question(
            title=say("Attempts that are left to a job"),
            action=f"/admin/jobs/{key}/retries",
            confirm=say("Set"),
            effects=[
                say("It has {n} now. With at least one it is handed out when it is due.", n=found.retries),
                say("An incident on it stays open until it is tried again."),
            ],
            fields=[Field(name="retries", label=say("Attempts"), kind="number", value="3", required=True)],
        )
        return ask(request, unit, question)


@router.post("/admin/jobs/{key}/retries", name=may("pages.admin.job.retries", OPERATORS))
def set_retries(request: Request, key: int, retries: Annotated[int, Form()]) -> Response:
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        job.update(house.engine, unit, key, retries=retries, actor=deps.actor(request))
    return back(request, say("The attempts are set."))


# ---- timers ----------------------------------------------------------------------------------------------------------


@router.get("/admin/timers/{key}/move", name=may("pages.admin.timer", OPERATORS))
def ask_to_move(request: Request, key: int) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        due = _due(unit, key)
        local = due.astimezone(ZoneInfo(house.settings.zone))
        question = Question(
            title=say("Change a timer's date"),
            action=f"/admin/timers/{key}/move",
            confirm=say("Change date"),
            effects=[
                say("It is due {at} now.", at=render.tongue(request).show(due, True)),
                say("It fires at the new time instead; a time that has passed means at once."),
            ],
            fields=[
                Field(
                    name="due",
                    label=say("New date and time ({zone})", zone=house.settings.zone),
                    kind="instant",
                    value=f"{local:%Y-%m-%dT%H:%M}",
                    required=True,
                ),
                REASON,
            ],
        )
        return ask(request, unit, question)


@router.post("/admin/timers/{key}/move", name=may("pages.admin.timer.move", OPERATORS))
def move_timer(request: Request, key: int, due: Annotated[str, Form()] = "", reason: Reason = "") -> Response:
    house = deps.house(request)
    at = instant(due, ZoneInfo(house.settings.zone))
    with told(house), house.database.transaction() as unit:
        timer.move(house.engine, unit, key, at, actor=deps.actor(request), reason=reason_of(reason))
    return back(request, say("The timer is due {at} now.", at=render.tongue(request).show(at)))


@router.get("/admin/timers/{key}/fire", name=may("pages.admin.timer.ask", OPERATORS))
def ask_to_fire(request: Request, key: int) -> Response:
    with deps.house(request).database.transaction() as unit:
        at = render.tongue(request).show(_due(unit, key), True)
        question = Question(
            title=say("Fire a timer now"),
            action=f"/admin/timers/{key}/fire",
            confirm=say("Fire now"),
            effects=[
                say("It does not wait for {at}: what follows it happens at once and cannot be taken back.", at=at)
            ],
            fields=[REASON],
        )
        return ask(request, unit, question)


@router.post("/admin/timers/{key}/fire", name=may("pages.admin.timer.fire", OPERATORS))
def fire(request: Request, key: int, reason: Reason = "") -> Response:
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        timer.fire_now(house.engine, unit, key, actor=deps.actor(request), reason=reason_of(reason))
    return back(request, say("The timer has fired."))


# ---- what is sent ----------------------------------------------------------------------------------------------------


def back(request: Request, sentence: Text) -> Response:
    """To the page that asked, which then shows how things are."""
    wanted = request.headers.get("hx-current-url", "") or request.headers.get("referer", "")
    path = "/" + wanted.split("/", 3)[3] if wanted.count("/") >= 3 else "/admin"
    return render.go(request, path if path.startswith("/admin") else "/admin", sentence)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant as a browser sends it, in the organisation's zone. Raises Invalid."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        raise Invalid(say("{text} is no date with a time. Write it as 2026-11-30T18:00.", text=text)) from None


def _due(unit: Unit, key: int) -> datetime:
    """When a timer is due: one that an instance waits for, or one that starts a process. Raises Conflict."""
    found = queries.timers(unit, [Condition("key", key)], limit=1).items
    due = found[0].due_at if found else next((row.due_at for row in overview.start_timers(unit, key=key)), None)
    if due is None:
        raise Conflict(say("This timer has fired or fell away. Reload and look again."))
    return due
