"""Who works, who did what, and how long things are kept."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin import kinds
from api.pages.admin.asking import REASON, Field, Question, ask, chosen, page, reason_of
from api.pages.admin.search import days
from api.pages.admin.tables import PER_PAGE
from api.pages.told import told
from engine import queries
from engine.queries import Condition, overview
from engine.queries import audit as acts
from engine.upkeep import retention
from kernel.text import Text, say

router = APIRouter(route_class=Door)

ENTITIES: Mapping[str, Text] = {
    "PROCESS_INSTANCE": say("Instances"),
    "USER_TASK": say("User tasks"),
    "VARIABLE": say("Variables"),
    "INCIDENT": say("Incidents"),
    "JOB": say("Jobs"),
    "RESOURCE": say("Versions and files"),
    "BATCH": say("Batches"),
    "RETENTION": say("Retention"),
    "LEGAL_HOLD": say("Legal holds"),
    "TIMER": say("Start timers"),
    "SAVED_FILTER": say("Saved searches"),
}


@router.get("/admin/workers", name=may("pages.admin.workers", OPERATORS))
def workers(request: Request) -> Response:
    """Who asks for jobs, and which jobs nobody asks for."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        seen, types = overview.workers(unit), overview.job_types(unit)
        asked = {row.type for row in seen}
        return page(
            request,
            unit,
            "admin-workers.html",
            tab="workers",
            seen=seen,
            types=types,
            unasked={row.type for row in types if row.waiting and row.type not in asked} if seen else set(),
            late=house.clock.now() - timedelta(minutes=5),
        )


# ---- who did what ----------------------------------------------------------------------------------------------------


@router.get("/admin/audit", name=may("pages.admin.audit", OPERATORS))
def audit(
    request: Request,
    who: Annotated[str, Query(max_length=100)] = "",
    what: Annotated[str, Query(max_length=100)] = "",
    process: Annotated[str, Query(max_length=200)] = "",
    key: Annotated[str, Query(max_length=19)] = "",
    since: str = "",
    until: str = "",
    number: Annotated[int, Query(alias="page")] = 1,
) -> Response:
    """What people and programs did, the newest first; by whom, to what, in which process, when."""
    house, number = deps.house(request), max(number, 1)
    first, last = days(since, until, ZoneInfo(house.settings.zone))
    conditions = [
        *([Condition("actor", who.strip())] if who.strip() else []),
        *([Condition("entity", what)] if what else []),
        *([Condition("process_id", process.strip())] if process.strip() else []),
        *([Condition("instance_key", int(key))] if key.isdecimal() else []),
        *([Condition("at", first, "gte")] if first else []),
        *([Condition("at", last, "lt")] if last else []),
    ]
    given = {"who": who, "what": what, "process": process, "key": key, "since": since, "until": until}
    with house.database.transaction() as unit:
        offset = (number - 1) * PER_PAGE
        found = acts.acts(unit, conditions, [("at", True)], PER_PAGE, offset)
        template = "parts/admin-audit.html" if render.by_htmx(request) else "admin-audit.html"
        return page(
            request,
            unit,
            template,
            tab="audit",
            rows=[(act, _told(act), _reason(act)) for act in found.items],
            entities=ENTITIES,
            given=given,
            query=chosen(given),
            number=number,
            more=offset + len(found.items) < found.total,
        )


def _told(act: acts.Act) -> Text:
    if act.kind:
        return kinds.happened(act.kind)
    what = str((act.data or {}).get("what") or act.operation)
    return kinds.DONE.get(f"{act.entity} {what}", Text(f"{act.entity} {act.operation}"))


def _reason(act: acts.Act) -> str:
    data: dict[str, Any] = act.data or {}
    return str(data.get("reason") or data.get("comment") or data.get("why") or "")


# ---- how long things are kept ----------------------------------------------------------------------------------------


@router.get("/admin/retention", name=may("pages.admin.retention", OPERATORS))
def show_retention(request: Request) -> Response:
    """For each process how long its finished instances stay, how many are due to leave, and what is held."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        kept = {row.process_id: row for row in retention.kept(unit)}
        due, rows = retention.due(house.engine, unit), []
        for row in overview.processes(unit):
            time = kept.get(row.process_id)
            floor = house.engine.retention_floor(row.process_id) if house.engine.retention_floor else None
            rows.append((row, time, due.get(row.process_id, 0), floor))
        return page(
            request,
            unit,
            "admin-retention.html",
            tab="retention",
            rows=rows,
            most=retention.MOST_TOLD,
            holds=retention.holds(unit, lifted=True),
        )


@router.get("/admin/retention/{process_id}", name=may("pages.admin.retention.ask", OPERATORS))
def ask_for_days(request: Request, process_id: str) -> Response:
    house = deps.house(request)
    with house.database.transaction() as unit:
        time = next((row for row in retention.kept(unit) if row.process_id == process_id), None)
        question = Question(
            title=say("How long {process} is kept", process=process_id),
            action=f"/admin/retention/{process_id}",
            confirm=say("Set"),
            effects=[
                say("Finished instances leave with all their history so many days after their end, for good."),
                say("What is under a legal hold stays. Left empty, everything is kept."),
            ],
            fields=[Field(name="days", label=say("Days"), kind="number", value=str(time.days) if time else "")],
        )
        return ask(request, unit, question)


@router.post("/admin/retention/{process_id}", name=may("pages.admin.retention.set", OPERATORS))
def set_retention(request: Request, process_id: str, days: Annotated[str, Form()] = "") -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with told(house), house.database.transaction() as unit:
        if not days.strip():
            retention.forget(house.engine, unit, process_id, actor=actor)
            sentence = say("Everything is kept.")
        else:
            number = int(days) if days.strip().isdecimal() and len(days) < 9 else 0
            retention.set_days(house.engine, unit, process_id, number, actor=actor)
            sentence = say("Finished instances are kept for {n} days.", n=number)
    return render.go(request, "/admin/retention", sentence)


@router.get("/admin/holds/{key}/{act}", name=may("pages.admin.hold", OPERATORS))
def ask_for_hold(request: Request, key: int, act: str) -> Response:
    """Place a hold on an instance with all that it called, or lift it."""
    with deps.house(request).database.transaction() as unit:
        found = queries.instance(unit, key)
        place = act == "place"
        question = Question(
            title=say("Place a legal hold") if place else say("Lift the legal hold"),
            action=f"/admin/holds/{key}/{act}",
            confirm=say("Place") if place else say("Lift"),
            effects=[
                say(
                    "Nothing of instance {key} is removed, whatever its age, until the hold is lifted.",
                    key=found.root_key,
                )
                if place
                else say("Its time of retention counts again; the record of the hold stays.")
            ],
            fields=[REASON],
        )
        return ask(request, unit, question)


@router.post("/admin/holds/{key}/{act}", name=may("pages.admin.hold.act", OPERATORS))
def act_on_hold(request: Request, key: int, act: str, reason: Annotated[str, Form()] = "") -> Response:
    house, actor = deps.house(request), deps.actor(request)
    why = reason_of(reason)
    with told(house), house.database.transaction() as unit:
        if act == "place":
            retention.place(house.engine, unit, key, why, actor=actor)
            sentence = say("The instance is under a legal hold.")
        else:
            retention.lift(house.engine, unit, queries.instance(unit, key).root_key, why, actor=actor)
            sentence = say("The hold is lifted.")
    return render.go(request, f"/admin/instances/{key}", sentence)
