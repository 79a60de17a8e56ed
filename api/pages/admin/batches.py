"""Batches: the same act on many instances, with progress, pause and a report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import REASON, Question, ask, page, reason_of
from api.pages.admin.search import Asked, Filters
from api.pages.admin.tables import PER_PAGE
from api.pages.told import told
from api.pages.views import Act
from engine import queries
from engine.queries import Condition, find
from engine.queries import batches as asked
from engine.queries.batches import Batch
from engine.upkeep import batches
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, recognised, say

router = APIRouter(route_class=Door)

Keys = Annotated[list[int], Query(default_factory=list)]

NAMES: Mapping[str, Text] = {
    "CANCEL_PROCESS_INSTANCE": say("Cancel"),
    "DELETE_PROCESS_INSTANCE": say("Delete"),
    "MIGRATE_PROCESS_INSTANCE": say("Migrate"),
    "MODIFY_PROCESS_INSTANCE": say("Move tokens"),
    "RESOLVE_INCIDENT": say("Retry incidents"),
    "SUSPEND_PROCESS_INSTANCE": say("Suspend"),
    "RESUME_PROCESS_INSTANCE": say("Resume"),
    "UPDATE_JOB": say("Change jobs"),
}
STATES = {
    "CREATED": (say("Waiting to begin"), "info"),
    "ACTIVE": (say("Under way"), "info"),
    "SUSPENDED": (say("Paused"), "warn"),
    "COMPLETED": (say("Completed"), "ok"),
    "PARTIALLY_COMPLETED": (say("Done, some refused"), "warn"),
    "FAILED": (say("All refused"), "bad"),
    "CANCELED": (say("Canceled"), ""),
}
OPEN = ("CREATED", "ACTIVE")

# What can be asked of many: the kind of batch, which of the instances it makes sense for, and what it does.
ACTS: Mapping[str, tuple[str, Text]] = {
    "cancel": (
        "CANCEL_PROCESS_INSTANCE",
        say("Those that run end, for good. Open tasks and jobs fall away; the records are kept."),
    ),
    "retry": ("RESOLVE_INCIDENT", say("Every open incident in them is tried again once.")),
    "suspend": (
        "SUSPEND_PROCESS_INSTANCE",
        say("Those that run stand still: no timer fires, no task or job is handed out."),
    ),
    "resume": ("RESUME_PROCESS_INSTANCE", say("Those that are suspended go on at once.")),
    "delete": (
        "DELETE_PROCESS_INSTANCE",
        say("Those that are over are removed with their history, for good. What is under a legal hold stays."),
    ),
}
ENDED = ("COMPLETED", "TERMINATED")


@router.get("/admin/batches", name=may("pages.admin.batches", OPERATORS))
def show_all(request: Request, number: Annotated[int, Query(alias="page")] = 1) -> Response:
    """Every batch, the newest first."""
    number = max(number, 1)
    with deps.house(request).database.transaction() as unit:
        offset = (number - 1) * PER_PAGE
        found = asked.batches(unit, (), [("created_at", True)], PER_PAGE, offset)
        return page(
            request,
            unit,
            "admin-batches.html",
            tab="batches",
            found=found,
            names=NAMES,
            states=STATES,
            number=number,
            more=offset + len(found.items) < found.total,
        )


@router.get("/admin/batches/new/{act}", name=may("pages.admin.batch.new", OPERATORS))
def ask_for_many(request: Request, act: str, filters: Filters, key: Keys) -> Response:
    """How many it would be, and what it does. Migrating is asked on a page of its own."""
    if act == "migrate":
        chosen = "".join(f"&key={one}" for one in key)
        return render.go(request, f"/admin/migrations/new?{filters.query}{chosen}")
    kind, effect = _act(act)
    with deps.house(request).database.transaction() as unit:
        keys = _keys(request, unit, filters, key)
        fit = _fit(unit, act, keys)
        if not fit:
            raise Conflict(say("None of the {n} instances is in a state for this. Nothing would be done.", n=len(keys)))
        effects = [
            say("{n} of the {all} instances that you chose are in a state for it.", n=fit, all=len(keys)),
            effect,
        ]
        if act in ("cancel", "suspend", "delete"):
            effects.append(say("Called processes go along with those that called them."))
        effects.append(say("It runs as a batch, one by one: you can pause it, and see what was refused and why."))
        question = Question(
            title=say("{act}: {n} instances", act=NAMES[kind], n=fit),
            action=f"/admin/batches/{act}",
            confirm=NAMES[kind],
            effects=effects,
            fields=[REASON],
            hidden=(*_hidden(filters), *(("key", str(one)) for one in key)),
            danger=act in ("cancel", "delete"),
        )
        return ask(request, unit, question)


@router.post("/admin/batches/{act}", name=may("pages.admin.batch.create", OPERATORS))
def create(
    request: Request,
    act: str,
    key: Annotated[list[int], Form(default_factory=list)],
    reason: Annotated[str, Form()] = "",
    query: Annotated[str, Form()] = "",
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    kind, _ = _act(act)
    why = reason_of(reason)
    with told(house), house.database.transaction() as unit:
        filters = Asked.parse(query)
        keys = _keys(request, unit, filters, key)
        conditions = [Condition("key", keys, "in")]
        words = _words(filters, key)
        made = batches.create(house.engine, unit, kind, conditions, actor=actor, reason=why, told=words)
    return render.go(request, f"/admin/batches/{made}")


@router.get("/admin/batches/{key}", name=may("pages.admin.batch", OPERATORS))
def show(request: Request, key: int) -> Response:
    """One batch: how far it is, and what was refused. For a script, which asks again and again, the progress alone."""
    with deps.house(request).database.transaction() as unit:
        found = asked.batch(unit, key)
        failed = asked.items(unit, [Condition("batch_key", key), Condition("state", "FAILED")], limit=1000).items
        template = "parts/admin-progress.html" if render.by_htmx(request) else "admin-batch.html"
        return page(
            request,
            unit,
            template,
            tab="batches",
            batch=found,
            name=NAMES.get(found.kind, Text(found.kind)),
            state=STATES[found.state],
            open=found.state in OPEN,
            acts=_acts(found),
            share=_share(found),
            reasons=_reasons([recognised(item.message or "") for item in failed]),
            failed=[(item, recognised(item.message or "")) for item in failed[:200]],
        )


@router.get("/admin/batches/{key}/{act}", name=may("pages.admin.batch.ask", OPERATORS))
def ask_batch(request: Request, key: int, act: str) -> Response:
    with deps.house(request).database.transaction() as unit:
        found = asked.batch(unit, key)
        title, effect = _asked(act, found)
        danger = act == "cancel"
        question = Question(
            title=title, action=f"/admin/batches/{key}/{act}", confirm=title, effects=[effect], danger=danger
        )
        return ask(request, unit, question)


@router.post("/admin/batches/{key}/{act}", name=may("pages.admin.batch.act", OPERATORS))
def act_on_batch(request: Request, key: int, act: str) -> Response:
    """Pause, go on, cancel; or try the refused ones again, as a batch of its own."""
    house, actor = deps.house(request), deps.actor(request)
    with told(house), house.database.transaction() as unit:
        found = asked.batch(unit, key)
        _asked(act, found)
        if act == "again":
            refused = asked.items(unit, [Condition("batch_key", key), Condition("state", "FAILED")], limit=10_000).items
            key = batches.create(
                house.engine,
                unit,
                found.kind,
                payload=found.payload,
                actor=actor,
                reason=found.reason,
                keys=[item.item_key for item in refused],
                told={"again": str(key)},
            )
        else:
            does = {"pause": batches.suspend, "resume": batches.resume, "cancel": batches.cancel}[act]
            does(house.engine, unit, key, actor=actor)
    return render.go(request, f"/admin/batches/{key}")


def _reasons(told: Sequence[Text]) -> list[tuple[Text, int]]:
    """The sentences that say the same, each with how often; what differs between them, such as a key, is left out."""
    groups: dict[str, list[Text]] = {}
    for text in told:
        groups.setdefault(text.template, []).append(text)
    found = [(_common(texts), len(texts)) for texts in groups.values()]
    return sorted(found, key=lambda pair: -pair[1])[:20]


def _common(texts: Sequence[Text]) -> Text:
    first = texts[0]
    same = {name: all(text.values.get(name) == value for text in texts) for name, value in first.values.items()}
    return Text(first.template, {name: value if same[name] else "…" for name, value in first.values.items()})


def _act(act: str) -> tuple[str, Text]:
    if act not in ACTS:
        raise NotFound(say("There is no such act. Reload the page."))
    return ACTS[act]


def _keys(request: Request, unit: Unit, filters: Asked, chosen: list[int]) -> list[int]:
    """The chosen ones, else all that the filters find."""
    if chosen:
        return chosen
    return find.keys(unit, filters.wanted(ZoneInfo(deps.house(request).settings.zone)))


def _fit(unit: Unit, act: str, keys: list[int]) -> int:
    """How many of them the act makes sense for; of what was called its caller decides."""
    wanted: dict[str, Condition] = {
        "cancel": Condition("ended_at", False, "exists"),
        "suspend": Condition("state", "ACTIVE"),
        "resume": Condition("state", "SUSPENDED"),
        "delete": Condition("state", ENDED, "in"),
        "retry": Condition("incidents", 0, "gt"),
    }
    conditions = [Condition("key", keys, "in"), wanted[act]]
    if act != "retry":
        conditions.append(Condition("parent_key", False, "exists"))
    return queries.search_instances(unit, conditions, limit=1).total


def _hidden(filters: Asked) -> tuple[tuple[str, str], ...]:
    return (("query", filters.query),)


def _words(filters: Asked, chosen: list[int]) -> dict[str, Any]:
    if chosen:
        return {"keys": [str(key) for key in chosen]}
    return {name: value for name, value in asdict(filters).items() if value}


def _share(batch: Batch) -> int:
    """How much of it is done, in hundredths."""
    return 100 if not batch.total else 100 * (batch.completed + batch.failed) // batch.total


def _acts(batch: Batch) -> list[Act]:
    base = f"/admin/batches/{batch.key}"
    acts = []
    if batch.state in OPEN:
        acts.append(Act(label=say("Pause"), href=f"{base}/pause", icon="pause"))
    if batch.state == "SUSPENDED":
        acts.append(Act(label=say("Go on"), href=f"{base}/resume", icon="play"))
    if batch.state in (*OPEN, "SUSPENDED"):
        acts.append(Act(label=say("Cancel"), href=f"{base}/cancel", icon="x", danger=True))
    elif batch.failed:
        acts.append(Act(label=say("Try the refused ones again"), href=f"{base}/again", icon="rotate-cw"))
    return acts


def _asked(act: str, batch: Batch) -> tuple[Text, Text]:
    left = batch.total - batch.completed - batch.failed
    told = {
        "pause": (say("Pause"), say("The {n} that are left wait until somebody goes on.", n=left)),
        "resume": (say("Go on"), say("The {n} that are left are done now.", n=left)),
        "cancel": (
            say("Cancel"),
            say("The {n} that are left are dropped. What is done stays done.", n=left),
        ),
        "again": (
            say("Try the refused ones again"),
            say("The same act is done once more to the {n} that were refused, as a new batch.", n=batch.failed),
        ),
    }
    if act not in told:
        raise NotFound(say("There is no such act. Reload the page."))
    return told[act]
