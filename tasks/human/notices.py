"""Messages to me: what the product told this person inside the product."""

from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from tasks.human.views import Notice

PER_PAGE = 50

_MINE = """
select id, queued_at, subject, body, read_at is not null, case_number from delivery
 where recipient = %s and channel = 'message' order by id desc limit %s offset %s
"""


def notices(unit: Unit, actor: Actor, page: int = 1) -> tuple[Notice, ...]:
    """A page of messages, the newest first."""
    rows = unit.all(_MINE, (actor.id, PER_PAGE, (page - 1) * PER_PAGE))
    return tuple(
        Notice(key=key, at=at, subject=subject, text=text, read=read, href=f"/cases/{number}" if number else "")
        for key, at, subject, text, read, number in rows
    )


def unread(unit: Unit, actor: Actor) -> int:
    """How many messages this person has not opened yet."""
    row = unit.one(
        "select count(*) from delivery where recipient = %s and channel = 'message' and read_at is null", (actor.id,)
    )
    return int(row[0])


def mark_read(unit: Unit, actor: Actor, clock: Clock) -> None:
    """The person has opened the messages."""
    unit.run(
        "update delivery set read_at = %s where recipient = %s and channel = 'message' and read_at is null",
        (clock.now(), actor.id),
    )
