"""Reading the messages: a person's inbox in the app, and the log of every delivery and failure (F38)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hr.agreements import links
from kernel.clock import Clock
from kernel.db import Unit
from kernel.text import say

HIDDEN = say("[a link that only its signer sees]")


def shown(body: str, language: str) -> str:
    """The words of a message for a reader: the link of a signer stays its signer's."""
    return links.hidden(body, HIDDEN.within(language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in the app. Instants are UTC."""

    id: int
    subject: str
    body: str
    case_number: str
    template: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the delivery log. `error` is the last failure's sentence, empty after success."""

    id: int
    recipient: str
    channel: str
    address: str
    template: str
    subject: str
    state: str
    attempts: int
    error: str
    queued_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


def messages(unit: Unit, login: str, *, limit: int = 50, offset: int = 0) -> list[Message]:
    """A person's messages in the app, newest first."""
    rows = unit.all(
        "select id, subject, body, case_number, template, sent_at, read_at from delivery"
        " where recipient = %s and channel = 'message' order by id desc limit %s offset %s",
        (login, limit, offset),
    )
    return [
        Message(id=r[0], subject=r[1], body=r[2], case_number=r[3], template=r[4], sent_at=r[5], read_at=r[6])
        for r in rows
    ]


def unread(unit: Unit, login: str) -> int:
    """How many messages in the app the person has not read."""
    count: int = unit.one(
        "select count(*) from delivery where recipient = %s and channel = 'message' and read_at is null", (login,)
    )[0]
    return count


def mark_read(unit: Unit, login: str, ids: list[int], clock: Clock) -> int:
    """Mark messages of this person as read and tell how many were not. Ids of others' messages are passed over."""
    return unit.run(
        "update delivery set read_at = %s"
        " where recipient = %s and channel = 'message' and read_at is null and id = any(%s)",
        (clock.now(), login, ids),
    )


def log(unit: Unit, *, case_number: str | None = None, state: str | None = None, limit: int = 200) -> list[Entry]:
    """The delivery log, newest first, of one case or in one state where asked."""
    rows = unit.all(
        "select id, recipient, channel, address, template, subject, state, attempts, error, queued_at, sent_at, read_at"
        " from delivery where (%s::text is null or case_number = %s) and (%s::text is null or state = %s)"
        " order by id desc limit %s",
        (case_number, case_number, state, state, limit),
    )
    return [
        Entry(
            id=r[0],
            recipient=r[1],
            channel=r[2],
            address=r[3],
            template=r[4],
            subject=r[5],
            state=r[6],
            attempts=r[7],
            error=r[8],
            queued_at=r[9],
            sent_at=r[10],
            read_at=r[11],
        )
        for r in rows
    ]


def tell(
    unit: Unit,
    login: str,
    *,
    subject: str,
    body: str,
    template: str,
    instance_key: int,
    case_number: str,
    job: UUID,
    at: datetime,
) -> None:
    """A message in the app to one person about one instance, outside of any service task. The same `job` tells once."""
    unit.run(
        "insert into delivery(job, instance_key, case_number, recipient, channel, address, template, subject, body,"
        " state, attempts, error, receipt, queued_at, sent_at)"
        " values(%s, %s, %s, %s, 'message', '', %s, %s, %s, 'sent', 0, '', '', %s, %s)"
        " on conflict (job, recipient, channel) do nothing",
        (job, instance_key, case_number, login, template, subject, body, at, at),
    )
