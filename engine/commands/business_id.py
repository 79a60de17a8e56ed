"""Give an instance the number that people know the case by, where it began without one."""

from engine import rows
from engine.model import Event
from engine.store import names as sql
from engine.turn import LIVE, Change, Engine, Held, ended, take_turn
from engine.work import named
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say

_READ = "select business_id from instance where key = %s"


def assign(engine: Engine, unit: Unit, instance_key: int, business_id: str, *, actor: Actor) -> None:
    """Raises Conflict if the instance has another one already, was called by another instance, or is over."""
    if not business_id:
        raise Invalid(say("A business id is a text that is not empty. Give the one that people know the case by."))
    named(say("The business id"), business_id)

    def change(held: Held[None]) -> Change:
        row = held.instance
        if row.state not in LIVE:
            raise Conflict(ended(row))
        if row.parent_key is not None:
            raise Conflict(
                say(
                    "Instance {key} was called by another: it is part of {root}. Assign the business id there.",
                    key=row.key,
                    root=row.root_key,
                )
            )
        (known,) = held.unit.one(_READ, (row.key,))
        if known is not None:
            raise Conflict(
                say("Instance {key} has the business id {known} already. It keeps it.", key=row.key, known=known)
            )
        event = Event(kind="BUSINESS_ID_ASSIGNED", data={"business_id": business_id})
        return Change(statement=sql.ASSIGN_BUSINESS_ID, events=(event,), noted={"business_id": business_id})

    take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
