"""Let an instance stand still, and go on.

While an instance is suspended nothing new begins in it: no timer fires, no job is handed out, no task is taken or
completed, no message or signal is heard. What somebody holds already may end: a job under a lease, a called process.
What that leads to is opened suspended. The whole tree of called processes stands still together; each follows its
caller by an errand (`calls.follow_caller`), so that it does whatever crashes, in whatever order the errands are done.
"""

from typing import Any

from engine import rows
from engine.commands import follow_up
from engine.commands.calls import STANDING
from engine.model import Event
from engine.rows import InstanceRow
from engine.store import upkeep as sql
from engine.turn import LIVE, Change, Engine, Held, Skipped, ended, take_turn
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say


def suspend(engine: Engine, unit: Unit, instance_key: int, *, actor: Actor, reason: str = "") -> None:
    """Let an instance and every process that it called stand still. Nothing happens where it does already.

    Raises Conflict if it is over, was called by another, or must not stand still (`ports.SuspendCheck`).
    """
    _set(engine, unit, instance_key, "SUSPENDED", actor, reason)


def resume(engine: Engine, unit: Unit, instance_key: int, *, actor: Actor, reason: str = "") -> None:
    """Let it go on. What has come due meanwhile fires now, and messages that are still kept are heard.

    Raises Conflict if it is over or was called by another.
    """
    _set(engine, unit, instance_key, "ACTIVE", actor, reason)
    engine.ring(unit)


def _set(engine: Engine, unit: Unit, instance_key: int, state: str, actor: Actor, reason: str) -> None:
    def change(held: Held[None]) -> Change:
        row = held.instance
        if row.state not in LIVE:
            raise Conflict(ended(row))
        if row.parent_key is not None:
            raise Conflict(_called(row, state))
        if row.state == state:
            raise Skipped
        if state == "SUSPENDED" and engine.suspend_check is not None:
            engine.suspend_check(held.unit, row.key)
        event = Event(kind=STANDING[state], data={"reason": reason} if reason else None)
        return Change(statement=sql.SUSPEND, events=(event,), noted={"state": state, "parent": 0})

    try:
        turned = take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
    except Skipped:
        return
    follow_up.settle(engine, unit, turned)


def _called(row: InstanceRow, state: str) -> Any:
    called = {"key": row.key, "parent": row.parent_key, "root": row.root_key}
    if state == "SUSPENDED":
        return say(
            "Instance {key} was called by instance {parent}. Suspend {root}, which began it all.",
            **called,
        )
    return say("Instance {key} was called by instance {parent}. Resume {root}, which began it all.", **called)
