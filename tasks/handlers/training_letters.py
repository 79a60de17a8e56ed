"""What is sent about a training: the learner is told and reminded, the manager and HR hear of what is overdue."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hr.people import org
from hr.training import enrolments
from hr.training.tables import Enrolment
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks import wire
from tasks.handlers import letters, notify, outbox
from tasks.handlers.messages import CHANNEL_CHOICES
from tasks.handlers.operation import Choice, Job, Label, Setting, World, handles
from tasks.handlers.recipients import GROUP, resolve
from tasks.handlers.training import Answer, Numbered, document
from tasks.wire import Wire

LEARNER, MANAGER, HR = "learner", "manager", f"{GROUP}hr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is said by which template, to whom, and whether it is said of a training that is still going on alone."""

    template: str
    label: Label
    to: tuple[str, ...] = (LEARNER,)
    while_open: bool = True


KINDS = {
    "assigned": Kind(template="training-assigned", label=Label("请学习课程", "Please learn a course")),
    "remind": Kind(template="training-remind", label=Label("催学", "Reminder")),
    "overdue-manager": Kind(
        template="training-overdue", label=Label("逾期，告知上级", "Overdue, to the manager"), to=(MANAGER,)
    ),
    "overdue-hr": Kind(template="training-overdue", label=Label("逾期，告知人事", "Overdue, to HR"), to=(HR,)),
    "renew": Kind(template="training-renew", label=Label("证书将到期", "A certificate lapses soon"), while_open=False),
    "expired": Kind(
        template="training-expired",
        label=Label("证书已过期", "A certificate has lapsed"),
        to=(LEARNER, MANAGER, HR),
        while_open=False,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """Which training. With `already_told` the first message is left out: whoever assigned the course has sent one."""

    training: Numbered
    already_told: bool | None = None


@dataclass(frozen=True, slots=True)
class Told(Wire):
    """What became of each message is in the delivery log."""


_SETTINGS = (
    Setting(
        name="kind",
        label=Label("消息", "Message"),
        help=Label("通知、催学、逾期升级、证书到期。", "The first message, a reminder, what is overdue, what lapses."),
        group="message",
        choices=tuple(Choice(value=name, label=kind.label) for name, kind in KINDS.items()),
        value="remind",
    ),
    Setting(
        name="channels",
        label=Label("渠道", "Channels"),
        help=Label("发送失败会重试并记入日志。", "What fails is tried again and logged."),
        group="message",
        choices=CHANNEL_CHOICES,
        value="message,mail",
    ),
)


@handles(
    "training.remind",
    title=("培训通知与提醒", "Tell about a training"),
    help=(
        "通知或提醒学员，逾期告知直属上级、人事；已办结的不再发送。同时更新变量 training，员工已离职的培训就此终止。"
        "发送失败记入日志，不阻断流程。",
        "Tells or reminds the learner, the manager or HR; nothing is sent of what is over. Brings the variable "
        "training up to date, and ends the training of who has left. A failure is logged and never stops the process.",
    ),
    settings=_SETTINGS,
)
def remind(order: Order, job: Job, world: World) -> Told:
    with world.database.transaction() as unit:
        _queue(unit, order, job, world)
    outbox.send(job, world)
    return Told()


@remind.then
def reminded(order: Order, result: Told, job: Job, unit: Unit, world: World) -> Answer:
    found = enrolments.find(unit, order.training.number, locked=True)
    if found.status in enrolments.OPEN and _has_left(unit, found, world):
        said = say("The person has left.")
        enrolments.end(unit, found, said.within(world.settings.language), actor=system(job.type), clock=world.clock)
    kind = _kind(job)
    return Answer(training=document(unit, found, job.instance_key if kind.while_open else found.instance_key))


def _kind(job: Job) -> Kind:
    name = job.headers.get("kind", "remind")
    if name not in KINDS:
        raise Invalid(
            say(
                "Element {element} names the kind {kind} of message. Kinds are: {known}.",
                element=job.element,
                kind=name,
                known=", ".join(KINDS),
            )
        )
    return KINDS[name]


def _has_left(unit: Unit, enrolment: Enrolment, world: World) -> bool:
    left_on = org.required(unit, enrolment.employee).left_on
    return left_on is not None and left_on < world.clock.now().astimezone(ZoneInfo(world.settings.zone)).date()


def _queue(unit: Unit, order: Order, job: Job, world: World) -> None:
    kind = _kind(job)
    found = enrolments.find(unit, order.training.number)
    if not _is_due(unit, order, found, kind, job, world):
        return
    stands = document(unit, found, job.instance_key)
    topic = outbox.Topic(job=job, case_number=found.case_number or "", template=kind.template, at=world.clock.now())
    named = {LEARNER: found.employee, MANAGER: stands.manager or HR}
    people, nobody = resolve(unit, [named.get(entry, entry) for entry in kind.to])
    text = letters.source(unit, kind.template, world.settings.language)
    more = {
        "training": wire.write(Answer(training=stands))["training"],
        "page": f"{world.settings.public_url}/learn/{found.number}",
    }
    for person in people:
        context = {**notify.context(job, world, person), **more}
        letter = letters.write(text, context, language=world.settings.language, zone=world.settings.zone)
        for channel in notify.channels_of(job, "message"):
            outbox.queue(unit, topic, person, channel, letter)
    for entry in nobody:
        outbox.lost(unit, topic, entry)


def _is_due(unit: Unit, order: Order, enrolment: Enrolment, kind: Kind, job: Job, world: World) -> bool:
    """Of one training one process writes: the one that looks after it."""
    if kind.while_open and (enrolment.status not in enrolments.OPEN or enrolment.instance_key != job.instance_key):
        return False
    if _has_left(unit, enrolment, world):
        return False
    return not (order.already_told and kind.template == "training-assigned")
