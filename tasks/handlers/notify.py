"""`notify`: tell people something in the app, by mail and by SMS (F30–F38).

Every delivery is a row before it is tried. The message in the app *is* its row and cannot be lost. Mail and SMS are
sent one by one, each counted before it is tried and recorded in a transaction of its own right after, so a repeat sends
only what is not yet recorded as sent. One window remains, between the last word to the peer and our record of its yes:
an SMS gateway is asked there by key what became of the message. SMTP cannot be asked; a letter whose worker died in
that moment is not sent again, the log says that its fate is unknown, and the same message stands in the app.

A channel that fails holds up no process: while retries are left the job comes back for the rest; then the failure stays
in the log, with its reason, and the case goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from kernel.db import Unit
from kernel.errors import Invalid, Refusal, Unavailable
from kernel.text import Text, say
from tasks.handlers import letters
from tasks.handlers.messages import SETTINGS
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.recipients import Recipient, resolve
from tasks.ports import Mail
from tasks.tables import CHANNELS
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """`to` lists logins and groups (`group:hr`); a single one may stand alone. Headers: `template`, `channels`."""

    to: tuple[str | None, ...] | str
    case_number: str = ""

    @property
    def everyone(self) -> tuple[str, ...]:
        named = (self.to,) if isinstance(self.to, str) else self.to
        return tuple(entry for entry in named if entry)


@dataclass(frozen=True, slots=True)
class Told(Wire):
    """The job leaves no variable behind: what became of each message is in the delivery log."""


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


UNKNOWN = say(
    "It is not known whether the mail server took this letter: the sender died in that moment. It is not sent again; "
    "the message stands in the app."
)


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


@handles(
    "notify",
    title=("发送通知", "Notify people"),
    help=(
        "按模板通知人员：系统消息、邮件、短信。收件人为登录名或 group:组名。发送失败会重试并记入日志，不阻断流程。",
        "Tells people by template: in the app, by mail, by SMS. Recipients are logins or group:name. A failure is "
        "retried and logged, and never stops the process.",
    ),
    settings=SETTINGS,
)
def notify(order: Order, job: Job, world: World) -> Told:
    template, channels = _headers(job)
    with world.database.transaction() as unit:
        _queue(unit, order, job, world, template, channels)
        waiting = _open(unit, job.uuid)
    current = _Round(world=world, job=job.uuid, last=job.retries <= 1)
    for delivery in waiting:
        _deliver(delivery, current)
    if current.down and not current.last:
        raise next(iter(current.down.values()))
    return Told()


def _headers(job: Job) -> tuple[str, list[str]]:
    template = job.headers.get("template", "")
    channels = job.headers.get("channels", "message").replace(",", " ").split()
    strange = sorted(set(channels) - set(CHANNELS))
    if strange:
        raise Invalid(
            say(
                "Element {element} names the channel {channel}. Channels are: {known}.",
                element=job.element,
                channel=strange[0],
                known=", ".join(CHANNELS),
            )
        )
    return template, channels


def _queue(unit: Unit, order: Order, job: Job, world: World, template: str, channels: list[str]) -> None:
    """Write the rows that are not there yet: the same job queues each delivery once."""
    people, nobody = resolve(unit, order.everyone)
    text = letters.source(unit, template, world.settings.language)
    for person in people:
        letter = letters.write(
            text, _context(job, world, person), language=world.settings.language, zone=world.settings.zone
        )
        for channel in channels:
            _insert(unit, order, job, world.clock.now(), template, person, channel, letter)
    for entry in nobody:
        _insert_lost(unit, order, job, world.clock.now(), template, entry)


def _context(job: Job, world: World, person: Recipient) -> Mapping[str, Any]:
    return {
        **job.variables,
        "person": {"login": person.login, "name": person.name},
        "organisation": world.settings.organisation,
        "link": world.settings.public_url,
    }


_INSERT = """
insert into delivery (job, instance_key, case_number, recipient, channel, address, template, subject, body, state,
                      attempts, error, receipt, queued_at, sent_at)
values (%(job)s, %(instance)s, %(case)s, %(recipient)s, %(channel)s, %(address)s, %(template)s, %(subject)s, %(body)s,
        %(state)s, 0, %(error)s, '', %(now)s, %(sent_at)s)
on conflict (job, recipient, channel) do nothing
"""


def _insert(
    unit: Unit,
    order: Order,
    job: Job,
    now: datetime,
    template: str,
    person: Recipient,
    channel: str,
    letter: letters.Letter,
) -> None:
    in_app = channel == "message"
    row = _row(order, job, now, template, person.login, channel)
    row["address"] = {"mail": person.mail, "sms": person.phone}.get(channel, "")
    row["subject"] = letter.subject
    row["body"] = letter.sms if channel == "sms" else letter.body
    row["state"] = "sent" if in_app else "queued"
    row["sent_at"] = now if in_app else None
    unit.run(_INSERT, row)


def _insert_lost(unit: Unit, order: Order, job: Job, now: datetime, template: str, entry: str) -> None:
    """A row for an entry that reaches nobody: a message that went to no one must show in the log."""
    row = _row(order, job, now, template, entry, "message")
    row["state"] = "failed"
    row["error"] = str(say("Nobody is behind {entry}: no such login, or no active account in the group.", entry=entry))
    unit.run(_INSERT, row)


def _row(order: Order, job: Job, now: datetime, template: str, recipient: str, channel: str) -> dict[str, Any]:
    return {
        "job": job.uuid,
        "instance": job.instance_key,
        "case": order.case_number,
        "recipient": recipient,
        "channel": channel,
        "address": "",
        "template": template,
        "subject": "",
        "body": "",
        "error": "",
        "now": now,
        "sent_at": None,
    }


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
    if delivery.channel == "mail" and mailer is not None:
        letter = Mail(to=_address(delivery), subject=delivery.subject, text=delivery.body)
        return mailer.send(letter, key=key, last_word=lambda: _last_word(delivery, current))
    if delivery.channel == "sms" and sms is not None:
        earlier = sms.sent(key) if delivery.attempts else None
        return (earlier or sms.send(_address(delivery), delivery.body, key=key)).id
    raise Invalid(say("No system for the channel {channel} is set up.", channel=delivery.channel))


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
