"""Which version new cases start with: roll back to an earlier one, restore a later one, delete one that nobody used.

A version that was withdrawn starts nothing new; what runs on it goes on. Every act is one transaction, one at a time
with the deployments, and stands in the audit.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.errors import ForeignKeyViolation

from engine import audit
from engine.commands.deploy import listen
from engine.model import Binding, Reference
from engine.store import definitions as sql
from engine.turn import Engine, Host
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import Text, say


class _Version(NamedTuple):
    key: int
    kind: str
    id: str
    version: int
    version_tag: str | None
    deployment_key: int
    resource_key: int
    withdrawn_at: Any


def roll_back(
    engine: Engine, unit: Unit, process_id: str, version: int, *, actor: Actor, reason: str = ""
) -> list[int]:
    """Make an earlier version the one that new cases start with. Tells the versions that were withdrawn for it.

    Messages, signals and timers start it too. Raises NotFound for an unknown version, Conflict for the latest.
    """
    if unit.autocommit:
        with engine.database.transaction() as inside:
            return roll_back(engine, inside, process_id, version, actor=actor, reason=reason)
    unit.run(sql.LOCK)
    key = engine.definitions.version(unit, process_id, version).key
    if unit.one(sql.KEY_OF_LATEST, ("process", process_id)) == (key,):
        raise Conflict(
            say(
                "Version {version} of {id} is the one that new cases start with already.",
                version=version,
                id=process_id,
            )
        )
    unit.run(sql.RESTORE, (key,))
    now = engine.clock.now()
    withdrawn = sorted(number for (number,) in unit.all(sql.WITHDRAW_NEWER, (now, actor.id, process_id, version)))
    _start_with(engine, unit, process_id, key)
    told = {"version": version, "withdrawn": withdrawn, "reason": reason}
    _note(engine, unit, actor, "UPDATE", process_id, key, what="ROLLED_BACK", **told)
    return withdrawn


def restore(engine: Engine, unit: Unit, definition_key: int, *, actor: Actor, reason: str = "") -> None:
    """Take the withdrawal of a version back. If it is the highest again, new cases start with it.

    Raises NotFound for an unknown key, Conflict for a version that is not withdrawn.
    """
    if unit.autocommit:
        with engine.database.transaction() as inside:
            restore(engine, inside, definition_key, actor=actor, reason=reason)
        return
    unit.run(sql.LOCK)
    found = engine.definitions.process(unit, definition_key)
    if unit.one(sql.WITHDRAWN, (definition_key,))[0] is None:
        raise Conflict(
            say("Version {version} of {id} is not withdrawn; nothing changes.", version=found.version, id=found.id)
        )
    unit.run(sql.RESTORE, (definition_key,))
    (latest,) = unit.one(sql.KEY_OF_LATEST, ("process", found.id))
    _start_with(engine, unit, found.id, latest)
    told = {"version": found.version, "reason": reason}
    _note(engine, unit, actor, "UPDATE", found.id, definition_key, what="RESTORED", **told)


def delete(engine: Engine, unit: Unit, key: int, *, actor: Actor, reason: str = "") -> list[int]:
    """Delete a version, or a file with all that it defines: what no instance has ever used. Tells the keys that went.

    If it was the latest, the one before it counts again. Raises NotFound for an unknown key, and Conflict, with the
    counts, for what is used: by instances, by tasks that show a form, by a process that would look for it in vain.
    """
    if unit.autocommit:
        with engine.database.transaction() as inside:
            return delete(engine, inside, key, actor=actor, reason=reason)
    unit.run(sql.LOCK)
    found = [_Version._make(row) for row in unit.all(sql.BY_ANY_KEY, {"key": key})]
    if not found:
        raise NotFound(say("There is no definition and no file {key}. Check the key.", key=key))
    keys = [version.key for version in found]
    for version in found:
        _refuse_used(engine, unit, version, keys)
    _step_back(engine, unit, found)
    try:
        deployments = [one for (one,) in unit.all(sql.DROP_ENTRIES, (keys,))]
        unit.run(sql.DROP_DEFINITIONS, (keys,))
    except ForeignKeyViolation:  # a case was started on it in this moment
        raise Conflict(_used(found[0], 1, 0)) from None
    unit.run(sql.DROP_RESOURCES, ([version.resource_key for version in found],))
    unit.run(sql.DROP_DEPLOYMENTS, (deployments + [version.deployment_key for version in found],))
    for version in found:
        engine.definitions.forget(version.key)
        told = {"kind": version.kind, "id": version.id, "version": version.version, "reason": reason}
        _note(engine, unit, actor, "DELETE", version.id, version.key, **told)
    return keys


def _refuse_used(engine: Engine, unit: Unit, version: _Version, going: Sequence[int]) -> None:
    if version.kind == "process":
        running, over = unit.one(sql.USED, (version.key,))
        if running or over:
            raise Conflict(_used(version, running, over))
        (moved,) = unit.one(sql.MOVED_ON, (version.key,))
        if moved:
            raise Conflict(
                say(
                    "{count} instances ran on version {version} of {id} and have moved on; it reads their history. "
                    "Delete it when their time of retention is over.",
                    count=moved,
                    version=version.version,
                    id=version.id,
                )
            )
    if version.kind == "form":
        (shown,) = unit.one(sql.SHOWN, (version.key,))
        if shown:
            raise Conflict(
                say(
                    "Version {version} of form {id} was shown for {count} tasks. It is kept as long as they are.",
                    version=version.version,
                    id=version.id,
                    count=shown,
                )
            )
    for (beside,) in unit.all(sql.BESIDE, (version.key,)):
        if beside not in going and _refers(engine, unit, beside, version, "deployment"):
            raise Conflict(
                say(
                    "{process} binds {id} by its deployment. Delete that version of the process first.",
                    process=_titled(engine, unit, beside),
                    id=version.id,
                )
            )
    _refuse_missed(engine, unit, version, going)


def _refuse_missed(engine: Engine, unit: Unit, version: _Version, going: Sequence[int]) -> None:
    """What is the last of its id, or the last of its tag, is not taken from a process that will ask for it."""
    wanted = {"kind": version.kind, "id": version.id, "tag": version.version_tag, "going": list(going)}
    another, same_tag = unit.one(sql.STAYS, wanted)
    if another and (same_tag or version.version_tag is None):
        return
    for (key,) in unit.all(sql.IN_USE, (list(going),)):
        missed = not another and _refers(engine, unit, key, version, "latest")
        if missed or (not same_tag and _refers(engine, unit, key, version, "versionTag")):
            raise Conflict(
                say(
                    "{process} refers to {id}, and no other version of it is left to answer. Deploy another one, or "
                    "delete that process first.",
                    process=_titled(engine, unit, key),
                    id=version.id,
                )
            )


def _used(version: _Version, running: int, over: int) -> Text:
    return say(
        "Version {version} of {id} is used by {running} running and {over} finished instances. Migrate or cancel the "
        "running ones, and delete the finished ones or let their time of retention run out; then delete it.",
        version=version.version,
        id=version.id,
        running=running,
        over=over,
    )


def _refers(engine: Engine, unit: Unit, process_key: int, version: _Version, binding: Binding) -> bool:
    """Whether a process names this form, decision or process in this way; by a tag, in the version's own."""
    model = engine.definitions.process(unit, process_key).model
    bound = {"form": model.forms, "decision": model.decisions, "process": model.calls}[version.kind]
    references: list[Reference] = [reference for _, reference in bound]
    tag = version.version_tag if binding == "versionTag" else None
    return any(
        found.binding == binding and found.id == version.id and tag in (None, found.version_tag) for found in references
    )


def _titled(engine: Engine, unit: Unit, key: int) -> Text:
    found = engine.definitions.get(unit, key)
    return say("Version {version} of {id}", version=found.version, id=found.id)


def _step_back(engine: Engine, unit: Unit, going: Sequence[_Version]) -> None:
    """New cases start with the highest version that stays, if the one that goes was the latest."""
    keys = [version.key for version in going]
    for version in going:
        if version.kind != "process":
            continue
        staying = unit.one(sql.LATEST_BUT, (version.id, keys))
        if staying is not None:
            _start_with(engine, unit, version.id, staying[0])
        else:
            unit.run(sql.DROP_START_SUBSCRIPTIONS, (version.id,))
            unit.run(sql.DROP_START_TIMERS_OF, (version.id,))
            engine.definitions.forget_latest(version.id)


def _start_with(engine: Engine, unit: Unit, process_id: str, key: int) -> None:
    loaded = engine.definitions.process(unit, key)
    listen(engine, unit, loaded.model, key, Host(engine, unit, loaded.deployment_key, engine.clock.now()))
    engine.definitions.forget_latest(process_id)


def _note(engine: Engine, unit: Unit, actor: Actor, operation: str, process_id: str, key: int, **told: Any) -> None:
    audit.note(
        unit,
        engine,
        actor,
        entity="RESOURCE",
        operation=operation,
        entity_key=key,
        process_id=process_id,
        definition_key=key,
        **told,
    )
