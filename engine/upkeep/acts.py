"""What a batch can do to each of its items, and which items there are for it.

The kinds are Camunda 8's. An act raises what its command raises; then the item has failed with that sentence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands import job, operate, suspend
from engine.commands.migrate import Mapping as Mapped
from engine.commands.migrate import migrate
from engine.commands.modify import Activate, Modification, Move, Terminate, modify
from engine.queries import nouns
from engine.queries.search import Noun
from engine.turn import Engine
from engine.upkeep import retention
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say

Act = Callable[[Engine, Unit, int, Actor], None]
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An act on many. `make` reads a payload and raises Invalid for one that makes no sense.

    Items are chosen by conditions on `noun`; `only` is what the act makes sense for. `chosen` gives item, instance and
    root of those, over `found(key, root_key)`; `named` the same for keys that are listed one by one.
    """

    make: Callable[[Payload, str], Act]
    noun: Noun[Any] = nouns.INSTANCE
    only: str = ""
    chosen: str = "select key, key, root_key from found"
    named: str = "select k, i.key, i.root_key from unnest(%s::bigint[]) k left join instance i on i.key = k"


def _cancel(payload: Payload, reason: str) -> Act:
    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        operate.cancel(engine, unit, key, actor=actor, reason=reason)

    return act


def _delete(payload: Payload, reason: str) -> Act:
    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        retention.remove(engine, unit, key, actor=actor, why=reason)

    return act


def _suspend(payload: Payload, reason: str) -> Act:
    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        suspend.suspend(engine, unit, key, actor=actor, reason=reason)

    return act


def _resume(payload: Payload, reason: str) -> Act:
    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        suspend.resume(engine, unit, key, actor=actor, reason=reason)

    return act


def _retry(payload: Payload, reason: str) -> Act:
    retries = _number(payload, "retries", 1)

    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        operate.retry_incident(engine, unit, key, actor=actor, retries=retries)

    return act


def _update_job(payload: Payload, reason: str) -> Act:
    retries, timeout_s = _optional(payload, "retries"), _optional(payload, "timeout_s")
    if retries is None and timeout_s is None:
        raise Invalid(say("Nothing is to be changed. Give retries, a timeout, or both."))

    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        job.update(engine, unit, key, actor=actor, retries=retries, timeout_s=timeout_s)

    return act


def _migrate(payload: Payload, reason: str) -> Act:
    target = _number(payload, "target_key", 0)
    mappings = tuple(Mapped(**one) for one in payload.get("mappings", ()))

    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        migrate(engine, unit, key, target, mappings, actor=actor)

    return act


def _modify(payload: Payload, reason: str) -> Act:
    modification = Modification(
        activate=tuple(Activate(**one) for one in payload.get("activate", ())),
        move=tuple(Move(**one) for one in payload.get("move", ())),
        terminate=tuple(Terminate(**one) for one in payload.get("terminate", ())),
    )
    if modification == Modification():
        raise Invalid(say("Nothing is to be changed. Say what to activate, move or terminate."))

    def act(engine: Engine, unit: Unit, key: int, actor: Actor) -> None:
        modify(engine, unit, key, modification, actor=actor, reason=reason)

    return act


def _optional(payload: Payload, name: str) -> int | None:
    return None if payload.get(name) is None else _number(payload, name, 0)


def _number(payload: Payload, name: str, otherwise: int) -> int:
    found = payload.get(name, otherwise)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise Invalid(say("{name} is {value}. Give a whole number above zero.", name=name, value=found))
    return found


_ROOT = "i.parent_key is null and i.ended_at is null"
_INCIDENTS = """select n.key, found.key, found.root_key from found
  join incident n on n.instance_key = found.key and n.state = 'ACTIVE'"""
_NAMED_INCIDENTS = """select k, i.key, i.root_key from unnest(%s::bigint[]) k left join incident n on n.key = k
  left join instance i on i.key = n.instance_key"""
_NAMED_JOBS = """select k, i.key, i.root_key from unnest(%s::bigint[]) k left join job j on j.key = k
  left join instance i on i.key = j.instance_key"""

KINDS: dict[str, Kind] = {
    "CANCEL_PROCESS_INSTANCE": Kind(make=_cancel, only=_ROOT),
    "DELETE_PROCESS_INSTANCE": Kind(make=_delete, only="i.parent_key is null and i.ended_at is not null"),
    "MIGRATE_PROCESS_INSTANCE": Kind(make=_migrate, only="i.ended_at is null"),
    "MODIFY_PROCESS_INSTANCE": Kind(make=_modify, only="i.ended_at is null"),
    "RESOLVE_INCIDENT": Kind(make=_retry, chosen=_INCIDENTS, named=_NAMED_INCIDENTS),
    "RESUME_PROCESS_INSTANCE": Kind(make=_resume, only=f"{_ROOT} and i.state = 'SUSPENDED'"),
    "SUSPEND_PROCESS_INSTANCE": Kind(make=_suspend, only=f"{_ROOT} and i.state = 'ACTIVE'"),
    "UPDATE_JOB": Kind(
        make=_update_job,
        noun=nouns.JOB,
        only="j.state in ('CREATED', 'FAILED')",
        chosen="select key, instance_key, root_key from found",
        named=_NAMED_JOBS,
    ),
}


def kind_of(name: str) -> Kind:
    """Raises Invalid for a kind that there is not."""
    found = KINDS.get(name)
    if found is None:
        raise Invalid(
            say("There is no batch of the kind {kind}. There are: {known}.", kind=name, known=", ".join(KINDS))
        )
    return found
