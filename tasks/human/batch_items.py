"""The items of batches of agreements, carried out by the upkeep of any worker.

An item is carried out in the name of whoever made the batch, as they are at that moment: whoever holds the seal no more
seals nothing more. Sending is one transaction an item. Sealing is what a click does: checks, the signature outside any
transaction, and all rows in one commit, the item's among them. So whatever crashes, each is done once.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg.errors import DeadlockDetected, SerializationFailure

from engine.commands import start
from hr.agreements import batches
from hr.agreements.tables import AgreementBatch, AgreementBatchItem
from hr.people import accounts
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, Refusal, Unavailable
from kernel.text import say
from tasks.house import House
from tasks.human.batches import refuse_others
from tasks.human.signing import signing

PROCESS = "agreement"
AT_ONCE = 4  # items a round of upkeep: other batches and retention have their turn between
SPREAD = 10  # items that are looked at for each that is done: several workers seldom meet at one
LEFT_ALONE_S = 30.0  # a key or a time authority that is away is asked again after so long

logger = logging.getLogger(__name__)

_LOOK = """
select i.batch_key, i.place from agreement_batch_item i join agreement_batch b on b.key = i.batch_key
 where b.state = 'RUNNING' and i.state = 'WAITING' and i.batch_key <> all(%s)
 order by i.batch_key, i.place limit %s
"""
_DONE = """
update agreement_batch b set state = 'DONE', ended_at = %s
 where b.state = 'RUNNING'
   and not exists (select from agreement_batch_item i where i.batch_key = b.key and i.state = 'WAITING')
"""


@dataclass(slots=True)
class Batches:
    """The chore of upkeep that carries batches out. One a process; what it remembers is only whom to leave alone."""

    now: Callable[[], float] = time.monotonic
    _away: dict[int, float] = field(default_factory=dict)

    def __call__(self, house: House, stopped: Callable[[], bool]) -> int:
        """Carry out up to AT_ONCE items of running batches, the oldest batch first; how many there were."""
        once, done = house.database.once(), 0
        left_alone = [key for key in self._away if self._waits(key)]
        found = once.all(_LOOK, (left_alone, AT_ONCE * SPREAD))
        for key, place in random.sample(found, min(AT_ONCE, len(found))):
            if stopped():
                break
            done += 0 if self._waits(key) else self._item(house, key, place)
        if found:
            once.run(_DONE, (house.clock.now(),))
        return done

    def _waits(self, key: int) -> bool:
        """What this batch needs was away a moment ago."""
        return self.now() - self._away.get(key, -LEFT_ALONE_S) < LEFT_ALONE_S

    def _item(self, house: House, key: int, place: int) -> int:
        try:
            with _alone(house, key, place) as ours:
                return carry_out(house, key, place) if ours else 0
        except (DeadlockDetected, SerializationFailure) as fault:
            logger.info("an item of a batch is tried again: %s", fault)
            return 1
        except Unavailable as trouble:
            self._away[key] = self.now()
            logger.warning("a batch waits: %s", trouble, extra={"batch": key})
            _note(house, key, place, trouble)
            return 0


def carry_out(house: House, key: int, place: int) -> int:
    """Do one item, unless somebody has done it. Raises Unavailable where it has to wait."""
    with house.database.transaction() as unit:
        row = unit.session.get(AgreementBatchItem, (key, place))
        batch = batches.find(unit, key)
        if row is None or row.state != "WAITING" or batch.state != "RUNNING":
            return 0
        actor = _maker(unit, batch)
    try:
        (_seal if batch.kind == "seal" else _send)(house, actor, batch, row)
    except Unavailable:
        raise
    except Refusal as refusal:
        with house.database.transaction() as unit:
            _mark(house, unit, key, place, "REFUSED", str(refusal.message))
    return 1


def _maker(unit: Unit, batch: AgreementBatch) -> Actor:
    """Who made the batch, with the groups that they are in now."""
    account = accounts.find(unit, batch.created_by)
    groups = account.groups if account is not None and account.active else ()
    name = account.name if account is not None else batch.created_by
    return Actor(
        id=batch.created_by,
        name=name,
        groups=frozenset(groups),
        ip=batch.ip,
        agent=batch.agent,
        batch=batch.key,
    )


def _send(house: House, actor: Actor, batch: AgreementBatch, item: AgreementBatchItem) -> None:
    """Start the process of one agreement. What it could not be made for is the item's refusal."""
    refuse_others(actor)
    told = {"organisation": house.settings.organisation, "today": house.today(), "clock": house.clock}
    order = batch.order
    with house.database.transaction() as unit:
        if not _mark(house, unit, batch.key, item.place, "DONE", ""):
            return
        against = batches.unlawful(unit, house.world.files.cipher, item, order, **told)
        if against is not None:
            raise Invalid(against)
        given = {
            "employee": {"login": item.login},
            "text": order["slug"],
            "values": {**order["values"], **item.values},
            "batchKey": batch.key,
            **({"witness": order["witness"]} if order.get("witness") else {}),
            **({"expiresInDays": order["days"]} if order.get("days") else {}),
        }
        start.start(house.engine, unit, process_id=PROCESS, variables=given, actor=actor)


def _seal(house: House, actor: Actor, batch: AgreementBatch, item: AgreementBatchItem) -> None:
    """Set the seal on the very document that was listed; the item is done in the same commit."""

    def also(unit: Unit) -> None:
        if not _mark(house, unit, batch.key, item.place, "DONE", ""):
            raise Conflict(say("This batch is over; nothing changes."))

    signing.seal_one(house, actor, item.agreement_number or "", batch.key, document_hash=item.document_hash, also=also)


def _mark(house: House, unit: Unit, key: int, place: int, state: str, sentence: str) -> bool:
    """Note how it went, if the batch still runs and the item still waits. The batch is held until the commit."""
    running = unit.one("select state from agreement_batch where key = %s for share", (key,))
    if running is None or running[0] != "RUNNING":
        return False
    return bool(
        unit.run(
            "update agreement_batch_item set state = %s, sentence = %s, done_at = %s"
            " where batch_key = %s and place = %s and state = 'WAITING'",
            (state, sentence, house.clock.now(), key, place),
        )
    )


def _note(house: House, key: int, place: int, trouble: Unavailable) -> None:
    """Let whoever watches see what the batch waits for."""
    house.database.once().run(
        "update agreement_batch_item set sentence = %s where batch_key = %s and place = %s and state = 'WAITING'",
        (str(trouble.message), key, place),
    )


@contextmanager
def _alone(house: House, key: int, place: int) -> Iterator[bool]:
    """Whether this worker has the item to itself. The lock ends with the session, so with a process that dies.

    It only saves work: what makes an item happen once is its row, changed in the commit of the act itself.
    """
    once, name = house.database.once(), f"agreement-batch/{key}/{place}"
    (ours,) = once.one("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,))
    try:
        yield ours
    finally:
        if ours:
            once.one("select pg_advisory_unlock(hashtextextended(%s, 0))", (name,))
