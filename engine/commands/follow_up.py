"""Do what turns owe: start called processes, answer callers, deliver messages and signals.

A turn writes its errands with itself, already held by whoever took it. In autocommit they are done right after; if that
process dies, their lease runs out and any worker does them. Inside a transaction they are free from its commit on. Each
is a turn of its own, one instance locked at a time, and goes with that turn's commit: done once, whatever crashes.
"""

import logging
from collections import deque
from collections.abc import Iterable

from engine.commands import calls, delivery
from engine.commands.errand import Errand, Handler, read
from engine.store import leases as sql
from engine.turn import Engine, Turned, new_lease
from kernel.db import Unit
from kernel.errors import Refusal

log = logging.getLogger(__name__)

AT_ONCE = 200
ATTEMPTS = 5
FOR_CALLERS = frozenset({"call", "return"})  # errands that an element of the target waits for

HANDLERS: dict[str, Handler] = {
    "call": calls.start_called,
    "return": calls.answer_caller,
    "thrown": calls.throw_to_caller,
    "cancel": calls.cancel_called,
    "follow": calls.follow_caller,
    "message": delivery.deliver_message,
    "buffered": delivery.look_for_messages,
    "held-back": delivery.start_held_back,
    "signal": delivery.spread_signal,
    "trigger": delivery.trigger,
    "start": delivery.start_by_signal,
}


def settle(engine: Engine, unit: Unit, *turns: Turned) -> int:
    """Do what these turns owe, and what that leads to. Tells how many errands were done.

    In a transaction nothing is done: what it wrote is not there yet for others. Beyond AT_ONCE the rest is left to the
    workers, so that processes which call each other without end do not hold up whoever started them.
    """
    waiting = deque((key, turned.holder) for turned in turns for key in turned.owed if turned.holder)
    done = 0
    while waiting and done < AT_ONCE:
        key, holder = waiting.popleft()
        done += 1
        waiting.extend((owed, turned.holder) for turned in _do(engine, unit, key, holder) for owed in turned.owed)
    for key, holder in waiting:
        unit.run(sql.FREE_FOLLOW_UPS, ([key], holder))
    if waiting:
        engine.ring(unit)
    return done


def answer_callers(engine: Engine, unit: Unit, turned: Turned) -> int:
    """Within a transaction: let the callers of an instance that this turn ended go on in the same commit, up to the
    first that still has work. Tells how many went on.

    Locks go from the called instance to its caller, never back, so two such transactions cannot wait for each other. A
    caller whose turn fails keeps nothing of it and is answered by a worker after the commit, as everywhere else.
    """
    waiting, answered = deque([turned]), 0
    while waiting and answered < AT_ONCE:
        ended, lease = waiting.popleft(), new_lease()
        for (key,) in unit.all(sql.HOLD_ANSWERS, (lease, ended.owed)):
            turns = _answer(engine, unit, key, lease)
            answered += len(turns)
            waiting.extend(turns)
    return answered


def _answer(engine: Engine, unit: Unit, key: int, lease: int) -> list[Turned]:
    """One answer, behind a savepoint."""
    errand = read(unit, key, lease)
    if errand is None:
        return []
    unit.run("savepoint answer")
    try:
        turns = HANDLERS[errand.kind](engine, unit, errand)
        unit.run("release savepoint answer")
        return turns
    except Exception:  # what the callee has done stands: its caller must not take it back
        log.exception("errand %s (%s) is left to a worker", errand.key, errand.kind)
        unit.run("rollback to savepoint answer")
        unit.run(sql.FREE_FOLLOW_UPS, ([key], lease))
        return []


def drain(engine: Engine, unit: Unit, limit: int = 20) -> int:
    """Do errands that nobody holds: left by transactions, or by processes that died. Tells how many were done.

    For a worker's loop, and for whoever has just committed a transaction and does not want to wait for a worker.
    """
    lease = new_lease()
    keys = [key for (key,) in unit.all(sql.limited(sql.DUE_FOLLOW_UPS, limit), (lease,))]
    return settle(engine, unit, Turned(instance_key=0, outcome=None, owed=sorted(keys), holder=lease))


def _do(engine: Engine, unit: Unit, key: int, lease: int) -> Iterable[Turned]:
    errand = read(unit, key, lease)
    if errand is None:
        return ()
    try:
        return HANDLERS[errand.kind](engine, unit, errand)
    except Refusal as refusal:
        return _failed(engine, unit, errand, str(refusal))
    except Exception as error:  # the turn that owes this is kept already: its caller must not fail for what comes after
        log.exception("errand %s (%s) failed and will be tried again", errand.key, errand.kind)
        return _failed(engine, unit, errand, f"{type(error).__name__}: {error}")


def _failed(engine: Engine, unit: Unit, errand: Errand, reason: str) -> Iterable[Turned]:
    """Try again later; after some attempts whoever waits for it is stopped with an incident, for people to see."""
    if errand.attempts + 1 >= ATTEMPTS and errand.kind in FOR_CALLERS:
        try:
            return calls.stop_caller(engine, unit, errand, reason)
        except Refusal as refusal:
            reason = f"{reason} {refusal}"
    _postpone(unit, errand, reason)
    return ()


def _postpone(unit: Unit, errand: Errand, reason: str) -> None:
    unit.run(sql.POSTPONE_FOLLOW_UP, (reason[:2000], errand.key, errand.lease))
