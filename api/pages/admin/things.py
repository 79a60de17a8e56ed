"""What is done to one thing: an incident, a job, a timer, an instance. Each act asks, then does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import REASON, Field, Question, ask, reason_of
from api.pages.admin.instance import written
from api.pages.told import told
from engine import queries
from engine.commands import job, modify, operate, suspend, timer
from engine.queries import Condition, overview
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
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


# ---- instances -------------------------------------------------------------------------------------------------------


@router.get("/admin/instances/{key}/variable", name=may("pages.admin.variable", OPERATORS))
def ask_for_variable(
    request: Request, key: int, scope: int = 0, name: str = "", value: str | None = None, reason: str = ""
) -> Response:
    """First the new value, then old and new side by side."""
    with deps.house(request).database.transaction() as unit:
        queries.instance(unit, key)
        held = queries.variables(unit, key, scope)
        old = written(held[name]) if name in held else ""
        action = f"/admin/instances/{key}/variable"
        if value is None:
            question = Question(
                title=say("Set a variable"),
                action=action,
                confirm=say("Look at the change"),
                fields=_new_value(name, old),
                hidden=(("scope", str(scope)), *((("name", name),) if name else ())),
                first=True,
            )
            return ask(request, unit, question)
        new = written(_json(value))
        before = old or render.tongue(request).say("nothing")
        question = Question(
            title=say("Set the variable {name}", name=_named(name)),
            action=action,
            confirm=say("Set"),
            effects=[
                say("Before: {value}", value=before),
                say("Afterwards: {value}", value=new),
                say("What waits for it looks at it again at once; what was decided before stays."),
            ],
            fields=[REASON],
            hidden=(("scope", str(scope)), ("name", _named(name)), ("value", new)),
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/variable", name=may("pages.admin.variable.set", OPERATORS))
def set_variable(
    request: Request,
    key: int,
    name: Annotated[str, Form()],
    value: Annotated[str, Form()],
    scope: Annotated[int, Form()] = 0,
    reason: Reason = "",
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    why = reason_of(reason)
    with told(house), house.database.transaction() as unit:
        values = {_named(name): _json(value)}
        operate.set_variables(house.engine, unit, key, values, actor=actor, scope=scope, local=True, reason=why)
    return render.go(request, f"/admin/instances/{key}", say("The variable is set."))


@router.get("/admin/instances/{key}/move", name=may("pages.admin.token", OPERATORS))
def ask_to_move_token(request: Request, key: int) -> Response:
    """From where to where, by the names of the steps."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = queries.instance(unit, key)
        model = house.engine.definitions.get(unit, found.definition_key).model
        live = queries.diagram(unit, key).active
        tongue = render.tongue(request)

        def options(ids: Sequence[str]) -> list[tuple[str, Text]]:
            return [(i, Text(f"{tongue.say(model.elements[i].name) or i} · {i}")) for i in ids if i in model.elements]

        targets = [id_ for id_ in model.nodes if model.elements[id_].type not in ("startEvent", "boundaryEvent")]
        question = Question(
            title=say("Move a token"),
            action=f"/admin/instances/{key}/move",
            confirm=say("Move"),
            effects=[
                say("What is open at the first step ends: its task, job or timers. The second step begins anew."),
                say("Nothing in between is done."),
            ],
            fields=[
                Field(name="source", label=say("From"), kind="select", options=options(list(live)), required=True),
                Field(name="target", label=say("To"), kind="select", options=options(targets), required=True),
                REASON,
            ],
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/move", name=may("pages.admin.token.move", OPERATORS))
def move_token(
    request: Request,
    key: int,
    source: Annotated[str, Form()] = "",
    target: Annotated[str, Form()] = "",
    reason: Reason = "",
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    order = modify.Modification(move=(modify.Move(source=source, target=target),))
    with told(house), house.database.transaction() as unit:
        modify.modify(house.engine, unit, key, order, actor=actor, reason=reason_of(reason))
    return render.go(request, f"/admin/instances/{key}", say("The token is moved."))


@router.get("/admin/instances/{key}/{act}", name=may("pages.admin.instance.ask", OPERATORS))
def ask_instance(request: Request, key: int, act: str) -> Response:
    """Suspend, resume, cancel: with how many called instances go along."""
    with deps.house(request).database.transaction() as unit:
        found = queries.instance(unit, key)
        title, effect, danger = _effect(act)
        called = queries.search_instances(
            unit, [Condition("root_key", found.root_key), Condition("ended_at", False, "exists")], limit=1000
        )
        effects = [effect]
        if len(called.items) > 1:
            effects.append(say("{n} called instances go along.", n=len(called.items) - 1))
        question = Question(
            title=title,
            action=f"/admin/instances/{key}/{act}",
            confirm=title,
            effects=effects,
            fields=[REASON],
            danger=danger,
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/{act}", name=may("pages.admin.instance.act", OPERATORS))
def act_on_instance(request: Request, key: int, act: str, reason: Reason = "") -> Response:
    house = deps.house(request)
    _effect(act)
    does, sentence = ACTS[act]
    with told(house), house.database.transaction() as unit:
        does(house.engine, unit, key, actor=deps.actor(request), reason=reason_of(reason))
    return render.go(request, f"/admin/instances/{key}", sentence)


EFFECTS = {
    "suspend": (
        say("Suspend"),
        say("Nothing new begins in it: no timer fires, no task or job is handed out. What somebody holds may end."),
        False,
    ),
    "resume": (say("Resume"), say("It goes on at once. Timers that came due meanwhile fire now."), False),
    "cancel": (
        say("Cancel"),
        say("It ends here, for good. Open tasks and jobs fall away; its record is kept."),
        True,
    ),
}
ACTS: dict[str, tuple[Any, Text]] = {
    "suspend": (suspend.suspend, say("The instance stands still.")),
    "resume": (suspend.resume, say("The instance goes on.")),
    "cancel": (operate.cancel, say("The instance is canceled.")),
}


def _effect(act: str) -> tuple[Text, Text, bool]:
    if act not in EFFECTS:
        raise NotFound(say("There is no such act. Reload the page."))
    return EFFECTS[act]


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


def _new_value(name: str, old: str) -> list[Field]:
    field = Field(
        name="value",
        label=say("New value, as JSON"),
        kind="code",
        value=old,
        hint=say('Texts stand in quotation marks: "text".'),
        required=True,
    )
    return [field] if name else [Field(name="name", label=say("Name"), required=True), field]


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as fault:
        raise Invalid(say("The value is no JSON: {fault}.", fault=str(fault))) from None


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid(say("Give the variable a name."))
    return name.strip()[:200]
