"""Change by hand where an instance stands."""

from typing import Any

from engine import rows
from engine.commands import follow_up
from engine.model import Event
from engine.rows import InstanceRow
from engine.spiff.moves import modify as moves
from engine.spiff.moves.orders import Activate, Modification, Move, Terminate
from engine.turn import Change, Engine, Held, take_turn
from engine.work import checked
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid
from kernel.text import say

__all__ = ["Activate", "Modification", "Move", "Terminate", "modify"]


def modify(
    engine: Engine, unit: Unit, instance_key: int, modification: Modification, *, actor: Actor, reason: str = ""
) -> None:
    """Activate elements, move and terminate tokens, in one turn. A suspended instance stays so.

    Raises NotFound for an unknown key, Invalid for what the model does not have or cannot begin with, Conflict for what
    the instance does not allow as it stands, and where it would end while another one waits for it.
    """
    if modification == Modification():
        raise Invalid(say("Nothing is to be changed. Say what to activate, move or terminate."))
    given = [order.variables for order in modification.activate] + [order.variables for order in modification.move]
    for values in [values for scopes in given for values in scopes.values()]:
        checked(values)

    def change(held: Held[None]) -> Change:
        run = held.run(suspended=True)
        moves.modify(run, modification)
        outcome = run.outcome()
        if outcome.ended == "TERMINATED":
            _check_end(engine, unit, held.instance)
        event = Event(kind="INSTANCE_MODIFIED", data=_told(modification, reason))
        return Change(outcome=outcome, events=(event,))

    turned = take_turn(engine, unit, rows.INSTANCE, instance_key, change, actor)
    follow_up.settle(engine, unit, turned)


def _check_end(engine: Engine, unit: Unit, row: InstanceRow) -> None:
    """Nothing is left of it: that is a cancellation, and refused where that would be."""
    if row.parent_key is not None:
        raise Conflict(
            say(
                "Nothing would be left of instance {key}, and instance {parent}, which called it, waits for it. "
                "Terminate the calling step there.",
                key=row.key,
                parent=row.parent_key,
            )
        )
    if engine.cancel_check is not None:
        engine.cancel_check(unit, row.key)


def _told(modification: Modification, reason: str) -> dict[str, Any]:
    """What the journal keeps. Variables have lines of their own."""
    told = {
        "activated": [order.element for order in modification.activate],
        "moved": [{"from": order.source, "to": order.target} for order in modification.move],
        "terminated": [order.what for order in modification.terminate],
        "reason": reason,
    }
    return {name: value for name, value in told.items() if value}
