"""`notify`: tell people something in the app, by mail and by SMS (F30–F38).

Every delivery is a row before it is tried (`outbox`). A channel that fails holds up no process: while retries are left
the job comes back for the rest; then the failure stays in the log, with its reason, and the case goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks.handlers import letters, outbox
from tasks.handlers.messages import SETTINGS
from tasks.handlers.operation import Job, World, handles
from tasks.handlers.recipients import Recipient, resolve
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


@handles(
    "notify",
    title=("发送通知", "Notify people"),
    help=(
        "按模板通知人员：系统消息、邮件、短信。收件人为登录名或 group:组名。发送失败会重试并记入日志，不阻断流程。",
        "Tells people by template: in the app, by mail, by SMS. Recipients are logins or group:name. A failure is "
        "retried and logged, and never stops the process.",
    ),
    settings=SETTINGS,
    edition=2,
)
def notify(order: Order, job: Job, world: World) -> Told:
    channels = channels_of(job, "message")
    with world.database.transaction() as unit:
        _queue(unit, order, job, world, channels)
    outbox.send(job, world)
    return Told()


def channels_of(job: Job, default: str) -> list[str]:
    """The channels that the element names. Raises Invalid for one that there is not."""
    channels = job.headers.get("channels", default).replace(",", " ").split()
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
    return channels


def _queue(unit: Unit, order: Order, job: Job, world: World, channels: list[str]) -> None:
    topic = outbox.Topic(
        job=job, case_number=order.case_number, template=job.headers.get("template", ""), at=world.clock.now()
    )
    people, nobody = resolve(unit, order.everyone)
    text = letters.source(unit, topic.template, world.settings.language)
    for person in people:
        letter = letters.write(
            text, context(job, world, person), language=world.settings.language, zone=world.settings.zone
        )
        for channel in channels:
            outbox.queue(unit, topic, person, channel, letter)
    for entry in nobody:
        outbox.lost(unit, topic, entry)


def context(job: Job, world: World, person: Recipient) -> Mapping[str, Any]:
    """What the words of a message may use."""
    return {
        **job.variables,
        "person": {"login": person.login, "name": person.name},
        "organisation": world.settings.organisation,
        "link": world.settings.public_url,
    }
