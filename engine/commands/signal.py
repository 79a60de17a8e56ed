"""Broadcast a signal."""

from engine.commands import follow_up
from engine.model import Values
from engine.store import messages as sql
from engine.turn import Engine, Turned, new_lease
from engine.work import checked, named, text
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say


def broadcast(engine: Engine, unit: Unit, name: str, variables: Values | None = None, *, actor: Actor) -> None:
    """Tell a signal to every instance that listens now, and start the processes that it starts.

    In a transaction that happens after its commit.
    """
    if not name:
        raise Invalid(say("A signal has a name. Give the one that the processes listen for."))
    named(say("The signal's name"), name)
    holder = new_lease() if unit.autocommit else 0
    payload = text({"name": name, "variables": checked(variables), "from": actor.id})
    (owed,) = unit.one(sql.BROADCAST, {"payload": payload, "holder": holder})
    if not holder:
        engine.ring(unit)
        return
    follow_up.settle(engine, unit, Turned(instance_key=0, outcome=None, owed=owed, holder=holder))
