"""Messages on their way: a row for each before it is tried, then one by one to mail and SMS.

The message in the app *is* its row and cannot be lost. Mail and SMS are each counted before they are tried and recorded
in a transaction of their own right after, so a repeat sends only what is not yet recorded as sent. One window remains,
between the last word to the peer and our record of its yes: an SMS gateway is asked there by key what became of the
message. SMTP cannot be asked; a letter whose worker died in that moment is not sent again, the log says that its fate
is unknown, and the same message stands in the app.

The link of a signer is no part of what is kept: a mark stands in its place until the message is handed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from hr.agreements import links
from kernel.db import Unit
from kernel.errors import Invalid, Refusal, Unavailable
from kernel.text import Text, say
from tasks.handlers import letters
from tasks.handlers.operation import Job, World
from tasks.handlers.recipients import Recipient
from tasks.ports import Mail

UNKNOWN = say(
    "It is not known whether the mail server took this letter: the sender died in that moment. It is not sent again; "
    "the message stands in the app."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a message belongs to: the job that sends it, its case, and the template that its words come from.

    `instance_key` is the instance that it is about, where that is another one than the job's own.
    """

    job: Job
    case_number: str
    template: str
    at: datetime
    instance_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A delivery still to make."""

    id: int
    recipient: str
    channel: str
    address: str
    subject: str
    body: str
    attempts: int
    last_word: bool


@dataclass(slots=True)
class _Round:
    """One go through the open deliveries. `last` means that no retry is left.

    `down` holds the channels that could not be used: the rest of their messages waits for the next go, so that a system
    that does not answer costs one timeout and not one a person.
    """

    world: World
    job: UUID
    last: bool
    down: dict[str, Unavailable] = field(default_factory=dict)


_INSERT = """
insert into delivery (job, instance_key, case_number, recipient, channel, address, template, subject, body, state,
                      attempts, error, receipt, queued_at, sent_at)
values (%(job)s, %(instance)s, %(case)s, %(recipient)s, %(channel)s, %(address)s, %(template)s, %(subject)s, %(body)s,
        %(state)s, 0, %(error)s, '', %(now)s, %(sent_at)s)
on conflict (job, recipient, channel) do nothing
"""


def queue(unit: Unit, topic: Topic, person: Recipient, channel: str, letter: letters.Letter) -> None:
    """Write the row of one message where it is not there yet: the same job queues each delivery once."""
    in_app = channel == "message"
    row = _row(topic, person.login, channel)
    row["address"] = {"mail": person.mail, "sms": person.phone}.get(channel, "")
    row["subject"] = letter.subject
    row["body"] = letter.sms if channel == "sms" else letter.body
    row["state"] = "sent" if in_app else "queued"
    row["sent_at"] = topic.at if in_app else None
    unit.run(_INSERT, row)


def lost(unit: Unit, topic: Topic, entry: str) -> None:
    """A row for an entry that reaches nobody: a message that went to no one must show in the log."""
    row = _row(topic, entry, "message")
    row["state"] = "failed"
    row["error"] = str(say("Nobody is behind {entry}: no such login, or no active account in the group.", entry=entry))
    unit.run(_INSERT, row)


def _row(topic: Topic, recipient: str, channel: str) -> dict[str, Any]:
    return {
        "job": topic.job.uuid,
        "instance": topic.instance_key or topic.job.instance_key,
        "case": topic.case_number,
        "recipient": recipient,
        "channel": channel,
        "address": "",
        "template": topic.template,
        "subject": "",
        "body": "",
        "error": "",
        "now": topic.at,
        "sent_at": None,
    }


def send(job: Job, world: World) -> None:
    """Try what the job has queued. Raises Unavailable while a channel is down and the job comes back for the rest."""
    current = _Round(world=world, job=job.uuid, last=job.retries <= 1)
    with world.database.transaction() as unit:
        waiting = _open(unit, job.uuid)
    for delivery in waiting:
        _deliver(delivery, current)
    if current.down and not current.last:
        raise next(iter(current.down.values()))


def _open(unit: Unit, job: UUID) -> Iterable[_Open]:
    rows = unit.all(
        "select id, recipient, channel, address, subject, body, attempts, last_word_at is not null from delivery"
        " where job = %s and state = 'queued' order by id",
        (job,),
    )
    names = _Open.__dataclass_fields__
    return [_Open(**dict(zip(names, row, strict=True))) for row in rows]


def _deliver(delivery: _Open, current: _Round) -> None:
    """Make one delivery and record at once what became of it."""
    try:
        _begin(delivery, current)
        if delivery.last_word:
            raise Invalid(UNKNOWN)
        receipt = _hand_over(delivery, current)
    except Unavailable as trouble:
        current.down[delivery.channel] = trouble
        _record(delivery, current, "failed" if current.last else "queued", error=trouble.message)
    except Refusal as refusal:
        _record(delivery, current, "failed", error=refusal.message)
    else:
        _record(delivery, current, "sent", receipt=receipt)


def _begin(delivery: _Open, current: _Round) -> None:
    """Count the attempt. Raises Unavailable where the channel is down, or where another worker has begun one since."""
    if delivery.channel in current.down:
        raise current.down[delivery.channel]
    begun = current.world.database.once().run(
        "update delivery set attempts = attempts + 1 where id = %s and state = 'queued' and attempts = %s",
        (delivery.id, delivery.attempts),
    )
    if not begun:
        raise Unavailable(say("Another worker is sending the message to {who}.", who=delivery.recipient))


def _last_word(delivery: _Open, current: _Round) -> None:
    """Note that the letter itself comes now."""
    current.world.database.once().run(
        "update delivery set last_word_at = %s where id = %s", (current.world.clock.now(), delivery.id)
    )


def _hand_over(delivery: _Open, current: _Round) -> str:
    """Give the message to its channel and return the receipt."""
    key = str(uuid5(current.job, f"{delivery.channel}/{delivery.recipient}"))
    mailer, sms = current.world.mailer, current.world.sms
    text = _written(delivery, current.world)
    if delivery.channel == "mail" and mailer is not None:
        letter = Mail(to=_address(delivery), subject=delivery.subject, text=text)
        return mailer.send(letter, key=key, last_word=lambda: _last_word(delivery, current))
    if delivery.channel == "sms" and sms is not None:
        earlier = sms.sent(key) if delivery.attempts else None
        return (earlier or sms.send(_address(delivery), text, key=key)).id
    raise Invalid(say("No system for the channel {channel} is set up.", channel=delivery.channel))


def _written(delivery: _Open, world: World) -> str:
    """The words as they go out, with the signer's own link where its mark stands."""
    if not links.MARK.search(delivery.body):
        return delivery.body
    with world.database.transaction() as unit:
        return links.written(
            unit, world.settings.secret, world.settings.public_url, delivery.body, recipient=delivery.recipient
        )


def _address(delivery: _Open) -> str:
    if not delivery.address:
        raise Invalid(
            say(
                "No address for the channel {channel} is on file for {who}.",
                channel=delivery.channel,
                who=delivery.recipient,
            )
        )
    return delivery.address


def _record(delivery: _Open, current: _Round, state: str, *, error: Text | str = "", receipt: str = "") -> None:
    now = current.world.clock.now()
    current.world.database.once().run(
        "update delivery set state = %s, error = %s, receipt = %s, sent_at = %s, last_word_at = null"
        " where id = %s and state = 'queued'",
        (state, str(error), receipt, now if state == "sent" else None, delivery.id),
    )
