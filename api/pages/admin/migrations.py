"""The migration wizard: from where to where, which cases, what becomes what, whether it can be, then done."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.datastructures import FormData

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import received, render
from api.pages.admin import kinds
from api.pages.admin.asking import page, reason_of
from api.pages.admin.search import Asked, Filters
from api.pages.told import told
from engine import queries
from engine.commands import migrate
from engine.commands.migrate import Mapping
from engine.queries import Condition, find, overview
from engine.spiff.compile import Model
from engine.upkeep import batches
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say

router = APIRouter(route_class=Door)

CHECKED = 1000  # cases that a check looks at
WHYS = {"id": say("same id"), "name": say("same name"), "position": say("same place")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An element of the old version: where it may go, where it goes by the suggestion, how many tokens wait there."""

    element: str
    name: Text
    kind: Text
    live: int
    target: str
    why: Text | None
    options: Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Which cases are to move: `what` tells it in words, `query` and `keys` find them again."""

    keys: Sequence[int]
    what: Text
    query: str = ""
    chosen: Sequence[int] = ()


@router.get("/admin/migrations/new", name=may("pages.admin.migration", OPERATORS))
def show(
    request: Request,
    filters: Filters,
    key: Annotated[list[int], Query(default_factory=list)],
    source: int = 0,
    target: int = 0,
    instance: int = 0,
) -> Response:
    """The wizard, filled in as far as the address says."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        chosen = [instance] if instance else key
        source = source or _source(request, unit, filters, chosen)
        found = queries.definition(unit, source)
        versions = overview.versions(unit, found.id)
        others = [row for row in versions if row.key != source]
        latest = next((row.key for row in others if row.latest), others[0].key if others else 0)
        target = target if any(row.key == target for row in others) else latest
        cases = _cases(request, unit, source, filters.query, chosen)
        return page(
            request,
            unit,
            "admin-migration.html",
            tab="processes",
            process=found,
            versions=versions,
            source=source,
            target=target,
            cases=cases,
            lines=_lines(request, unit, source, target) if target else [],
        )


@router.post("/admin/migrations/check", name=may("pages.admin.migration.check", OPERATORS))
def check(request: Request, sent: Annotated[FormData, Depends(received.form)]) -> Response:
    """Try it on the cases without moving any: how many can, and what stands against the others."""
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        source, target, mappings = _plan(sent)
        cases = _cases(request, unit, source, str(sent.get("query", "")), _numbers(sent, "key"))
        model = house.engine.definitions.process(unit, source).model
        reasons: Counter[tuple[str, str]] = Counter()
        sentences: dict[tuple[str, str], Text] = {}
        able = 0
        for one in cases.keys[:CHECKED]:
            refused = migrate.check(house.engine, unit, one, target, mappings)
            able += not refused
            for what in {(r.element, str(r.sentence)): r for r in refused}.values():
                reasons[what.element, str(what.sentence)] += 1
                sentences[what.element, str(what.sentence)] = what.sentence
        return page(
            request,
            unit,
            "parts/admin-checked.html",
            tab="processes",
            cases=cases,
            checked=min(len(cases.keys), CHECKED),
            able=able,
            refusals=[(_named(model, where[0]), sentences[where], times) for where, times in reasons.most_common(30)],
            version=queries.definition(unit, target).version,
        )


@router.post("/admin/migrations", name=may("pages.admin.migration.begin", OPERATORS))
def begin(request: Request, sent: Annotated[FormData, Depends(received.form)]) -> Response:
    """Move them: one case at once, several as a batch."""
    house, actor = deps.house(request), deps.actor(request)
    why = reason_of(str(sent.get("reason", "")))
    with told(house), house.database.transaction() as unit:
        source, target, mappings = _plan(sent)
        chosen = _numbers(sent, "key")
        cases = _cases(request, unit, source, str(sent.get("query", "")), chosen)
        if not cases.keys:
            raise Invalid(say("There is no case to move. Choose others."))
        plan = {"target_key": target, "mappings": [{"source": m.source, "target": m.target} for m in mappings]}
        words = {"keys": [str(one) for one in chosen]} if chosen else {"definition": str(source)}
        batch = batches.create(
            house.engine,
            unit,
            "MIGRATE_PROCESS_INSTANCE",
            [Condition("key", list(cases.keys), "in")],
            plan,
            actor=actor,
            reason=why,
            told=words,
        )
    return render.go(request, f"/admin/batches/{batch}")


def _source(request: Request, unit: Unit, filters: Asked, chosen: Sequence[int]) -> int:
    """The version that most of the cases run on. Raises Invalid where there is none."""
    keys = list(chosen) or find.keys(unit, filters.wanted(_zone(request)), 1000)
    conditions = [Condition("key", keys, "in"), Condition("ended_at", False, "exists")]
    found = Counter(i.definition_key for i in queries.search_instances(unit, conditions, limit=1000).items)
    if not found:
        raise Invalid(say("None of these cases runs. Only running cases can be migrated."))
    return found.most_common(1)[0][0]


def _cases(request: Request, unit: Unit, source: int, query: str, chosen: Sequence[int]) -> Cases:
    """The running cases of the version: those that are chosen, or found by the filters, or all."""
    wanted = set(overview.running(unit, source, find.MOST))
    if chosen or query:
        wanted &= set(chosen or find.keys(unit, Asked.parse(query).wanted(_zone(request))))
    what = (
        say("{n} chosen cases", n=len(wanted))
        if chosen
        else say("{n} cases that the search found", n=len(wanted))
        if query
        else say("all {n} running cases", n=len(wanted))
    )
    return Cases(keys=sorted(wanted), what=what, query=query, chosen=chosen)


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(deps.house(request).settings.zone)


def _lines(request: Request, unit: Unit, source: int, target: int) -> list[Line]:
    """Every element that a token can be at, those where tokens are first."""
    engine = deps.house(request).engine
    language = deps.language(request)
    old, new = engine.definitions.process(unit, source).model, engine.definitions.process(unit, target).model
    suggested = {m.source: m for m in migrate.suggest(engine, unit, source, target).mappings}
    live, _ = overview.standing(unit, source)
    lines = []
    for id_ in old.nodes:
        element = old.elements.get(id_)
        if element is None:
            continue
        options = [
            (other, Text(f"{Text(e.name).within(language) if e.name else other} · {other}"))
            for other in new.nodes
            if (e := new.elements.get(other)) is not None and e.type == element.type
        ]
        found = suggested.get(id_)
        lines.append(
            Line(
                element=id_,
                name=Text(element.name or id_),
                kind=kinds.element_kind(element.type),
                live=live.get(id_, 0),
                target=found.target if found else "",
                why=WHYS[found.why] if found else None,
                options=options,
            )
        )
    return sorted(lines, key=lambda line: (not line.live, bool(line.target)))


def _plan(sent: FormData) -> tuple[int, int, list[Mapping]]:
    """Source, target and mappings as they were sent. Raises Invalid for what is no plan."""
    source, target = _numbers(sent, "source"), _numbers(sent, "target")
    if not source or not target:
        raise Invalid(say("Choose the version that the cases are to run on."))
    mappings = [
        Mapping(source=name.removeprefix("map."), target=str(value))
        for name, value in sent.multi_items()
        if name.startswith("map.") and value
    ]
    return source[0], target[0], mappings


def _numbers(sent: FormData, name: str) -> list[int]:
    found: list[Any] = sent.getlist(name)
    return [int(value) for value in found if str(value).isdecimal() and len(str(value)) < 19]


def _named(model: Model, element: str) -> Text:
    found = model.elements.get(element)
    return Text(found.name or element) if found is not None else Text(element)
