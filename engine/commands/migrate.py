"""Move a running instance to another version of its process, or to another process, by a mapping of elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine import rows
from engine.commands import follow_up
from engine.definitions import Loaded
from engine.model import Event
from engine.rows import InstanceRow
from engine.spiff.moves.migrate import Migration
from engine.spiff.moves.plan import Plan as Images
from engine.spiff.moves.rows import Refused
from engine.spiff.moves.suggest import Suggested, suggested
from engine.store import moves as sql
from engine.store.turns import READ_INSTANCE
from engine.turn import LIVE, Change, Engine, Held, Host, ended, take_turn
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say

__all__ = ["Mapping", "Plan", "Refused", "Suggested", "Suggestion", "check", "migrate", "suggest"]

_BESIDE = (
    """select key from instance where process_id = %s and correlation_key = %s and ended_at is null and key <> %s"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What is at `source` in the old version goes on at `target` in the new one.

    Both are ids of elements. The flow by which a token came to a join can be mapped too, to another one that leads
    there: that is needed only where neither its id nor the element it comes from tells.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A way from one definition to another."""

    source_key: int
    target_key: int
    mappings: tuple[Mapping, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a plan could say. `unmapped` are elements of the old version that it leaves out, `new` those that the new
    version has beside; both in the order of the file.
    """

    source_key: int
    target_key: int
    mappings: tuple[Suggested, ...]
    unmapped: tuple[str, ...]
    new: tuple[str, ...]


def suggest(engine: Engine, unit: Unit, source_key: int, target_key: int) -> Suggestion:
    """A plan from one definition to another: by id, then by name, then by position. Raises NotFound."""
    old = engine.definitions.process(unit, source_key).model
    new = engine.definitions.process(unit, target_key).model
    found = suggested(old, new)
    sources, targets = {mapping.source for mapping in found}, {mapping.target for mapping in found}
    return Suggestion(
        source_key=source_key,
        target_key=target_key,
        mappings=tuple(found),
        unmapped=tuple(id for id in old.nodes if id not in sources),
        new=tuple(id for id in new.nodes if id not in targets),
    )


def check(engine: Engine, unit: Unit, instance_key: int, target_key: int, mappings: Sequence[Mapping]) -> list[Refused]:
    """Why an instance cannot move, element by element; empty where it can. Nothing is changed.

    Raises NotFound for an unknown key, Invalid for a plan that names what neither version has, or a source twice.
    """
    row = unit.one(READ_INSTANCE, (instance_key,))
    if row is None:
        raise NotFound(rows.INSTANCE.missing(instance_key))
    instance, _ = rows.INSTANCE.split(row)
    held = Held(engine, unit, engine.clock.now(), instance, None)
    target = engine.definitions.process(unit, target_key)
    try:
        return _prepare(held, target, mappings).refusals
    except Conflict as conflict:
        return [Refused(instance.process_id, 0, conflict.message)]


def migrate(
    engine: Engine, unit: Unit, instance_key: int, target_key: int, mappings: Sequence[Mapping], *, actor: Actor
) -> None:
    """Move an instance, or change nothing. What is open keeps its keys, due dates, assignees and leases.

    Every active element has to be named in the plan. A suspended instance stays so. Raises Conflict with all that
    stands against it (`problems`: a list of Refused), NotFound for an unknown key, Invalid for a plan that names what
    neither version has, or a source twice.
    """
    target = engine.definitions.process(unit, target_key)

    def change(held: Held[None]) -> Change:
        migration = _prepare(held, target, mappings)
        if migration.refusals:
            raise _refusal(held.instance, target, migration.refusals)
        outcome, standing = migration.finish()
        noted = {"definition": target.key, "process_id": target.id, "process_version": target.version, **standing}
        event = Event(kind="INSTANCE_MIGRATED", data=_told(held.instance, target, migration))
        return Change(outcome=outcome, events=(event,), statement=sql.MIGRATE, noted=noted)

    turned = take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
    follow_up.settle(engine, unit, turned)


def _prepare(held: Held[None], target: Loaded, mappings: Sequence[Mapping]) -> Migration:
    row = held.instance
    if row.state not in LIVE:
        raise Conflict(ended(row))
    if row.definition_key == target.key:
        raise Conflict(
            say(
                "Instance {key} runs on version {version} of {process} already. Nothing is left to do.",
                key=row.key,
                version=target.version,
                process=target.id,
            )
        )
    _check_correlation(held, target)
    old = held.engine.definitions.get(held.unit, row.definition_key).model
    images = Images(old, target.model, _named(old, target.model, mappings))
    return Migration(images, row.blob, Host(held.engine, held.unit, target.deployment_key, held.now))


def _named(old: Any, new: Any, mappings: Sequence[Mapping]) -> dict[str, str]:
    """The mappings by their source. Raises Invalid for what neither version has, and for a source that comes twice."""
    sources = old.nodes.keys() | {flow for flow, _, _ in old.flows}
    targets = new.nodes.keys() | {flow for flow, _, _ in new.flows}
    named: dict[str, str] = {}
    for mapping in mappings:
        if mapping.source not in sources:
            raise Invalid(
                say(
                    "The plan maps {element}, which the old version does not have. Take it out.", element=mapping.source
                )
            )
        if mapping.target not in targets or (mapping.source in old.nodes) != (mapping.target in new.nodes):
            raise Invalid(
                say(
                    "The plan maps {element} to {target}, which the new version does not have. Choose another target.",
                    element=mapping.source,
                    target=mapping.target,
                )
            )
        if mapping.source in named:
            raise Invalid(say("The plan maps {element} twice. Keep one of the mappings.", element=mapping.source))
        named[mapping.source] = mapping.target
    return named


def _check_correlation(held: Held[None], target: Loaded) -> None:
    """Of the instances of a process that a message with a key has started, one runs at a time."""
    row = held.instance
    if row.correlation_key is None or row.process_id == target.id:
        return
    beside = held.unit.one(_BESIDE, (target.id, row.correlation_key, row.key))
    if beside is not None:
        raise Conflict(
            say(
                "Instance {other} of {process} was started by a message with the key {correlation}, as this one was, "
                "and only one may run. Wait until it is over, or cancel it.",
                other=beside[0],
                process=target.id,
                correlation=row.correlation_key,
            )
        )


def _refusal(row: InstanceRow, target: Loaded, refusals: list[Refused]) -> Conflict:
    first = refusals[0].sentence
    sentence: Text = first
    if len(refusals) > 1:
        sentence = say("{first} ({more} more reasons.)", first=first, more=len(refusals) - 1)
    return Conflict(
        say(
            "Instance {key} cannot move to version {version} of {process}: {reason}",
            key=row.key,
            version=target.version,
            process=target.id,
            reason=sentence,
        ),
        problems=refusals,
    )


def _told(row: InstanceRow, target: Loaded, migration: Migration) -> dict[str, Any]:
    """What the journal keeps: from where, to where, by which mappings, and what listens from now on or no longer."""
    named = migration.plan.named
    told: dict[str, Any] = {
        "from": {"key": row.definition_key, "process": row.process_id, "version": row.process_version},
        "to": {"key": target.key, "process": target.id, "version": target.version},
        "mappings": {**{old: new for old, new in named.items() if old != new}, **migration.used},
        "flows": migration.plan.ways(),
        "armed": migration.armed,
        "disarmed": migration.disarmed,
    }
    return {name: value for name, value in told.items() if value}
