"""Messages to me: what the product told this person inside the product."""

import re

from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from tasks import deliveries
from tasks.human.views import Notice

PER_PAGE = 50
_AGREEMENT = re.compile(r"/(?:sign|agreements)/[A-Z]+-\d{4}-\d+")


def notices(unit: Unit, actor: Actor, page: int = 1) -> tuple[Notice, ...]:
    """A page of messages, the newest first."""
    found = deliveries.messages(unit, actor.id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return tuple(
        Notice(
            key=message.id,
            at=message.sent_at,
            subject=message.subject,
            text=message.body,
            read=message.read_at is not None,
            href=_href(message),
        )
        for message in found
    )


def _href(message: deliveries.Message) -> str:
    """Where the message leads: the agreement that it names, else its case."""
    named = _AGREEMENT.search(message.body) if message.template.startswith("agreement-") else None
    return named[0] if named else f"/cases/{message.case_number}" if message.case_number else ""


def unread(unit: Unit, actor: Actor) -> int:
    """How many messages this person has not opened yet."""
    return deliveries.unread(unit, actor.id)


def mark_read(unit: Unit, actor: Actor, clock: Clock) -> None:
    """The person has opened the messages."""
    unit.run(
        "update delivery set read_at = %s where recipient = %s and channel = 'message' and read_at is null",
        (clock.now(), actor.id),
    )
