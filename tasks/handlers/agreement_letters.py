"""What is sent about an agreement: each signer is asked in turn and reminded, and gets the sealed document.

A signer's link is no part of any variable, list or log: `hr.agreements.links` puts it in when the message goes out.
"""

from dataclasses import dataclass

from hr.agreements import acts, links, requests, signers
from hr.agreements.signers import COMPANY, SEAL
from hr.agreements.tables import Agreement, AgreementSigner
from hr.evidence import log
from hr.privacy import mask_mail, mask_phone
from kernel.actor import system
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import say
from tasks.handlers import letters, notify, outbox
from tasks.handlers.messages import CHANNEL_CHOICES
from tasks.handlers.operation import Choice, Job, Label, Setting, World, handles
from tasks.handlers.recipients import GROUP, Recipient, resolve
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The variable `agreement`, as far as handlers read it."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The variable `signer`: an entry of `agreement.stages`, of which the field tells who it is."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOne(Wire):
    """Which agreement."""

    agreement: Numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Wire):
    """Which agreement, and which of its signers is asked."""

    agreement: Numbered
    signer: Asked
    case_number: str | None = None


@dataclass(frozen=True, slots=True)
class Told(Wire):
    """The job leaves no variable behind: what became of each message is in the delivery log."""


_KINDS = (
    Choice(value="ask", label=Label("请签署", "Please sign")),
    Choice(value="remind", label=Label("催签", "Reminder")),
)
_ASK = (
    Setting(
        name="kind",
        label=Label("消息", "Message"),
        help=Label("首次通知或催签。", "The first message, or a reminder."),
        group="message",
        choices=_KINDS,
        value="ask",
    ),
    Setting(
        name="channels",
        label=Label("渠道", "Channels"),
        help=Label(
            "邮件和短信中的链接只发给签署人本人；发送失败会重试并记入日志。",
            "Mail and SMS carry a link that only the signer gets. What fails is tried again and logged.",
        ),
        group="message",
        choices=CHANNEL_CHOICES,
        value="sms,message,mail",
    ),
)


@handles(
    "agreement.ask",
    title=("请签署人签署", "Ask a signer"),
    help=(
        "通知一位签署人：站内消息、邮件、短信；公司用印则通知印章管理员。发送失败记入日志，不阻断流程。",
        "Tells one signer in the app, by mail and by SMS; for the company's seal, those who hold it. A failure is "
        "logged and never stops the process.",
    ),
    settings=_ASK,
)
def ask(order: Asking, job: Job, world: World) -> Told:
    with world.database.transaction() as unit:
        _queue_asking(unit, order, job, world)
    outbox.send(job, world)
    return Told()


@ask.then
def asked(order: Asking, result: Told, job: Job, unit: Unit, world: World) -> Told:
    signer = signers.required(signers.of(unit, order.agreement.number), order.agreement.number, order.signer.field)
    if signer.status not in signers.OPEN:
        return result
    found = acts.standing(unit, order.agreement.number, signer.id or 0)
    acts.asked(unit, signer, world.clock.now())
    event = "reminded" if job.headers.get("kind") == "remind" else "signer.asked"
    acts.note(
        unit,
        found,
        event,
        system(job.type),
        world.clock.now(),
        content_hash=found.agreement.current_hash,
        messages=_deliveries(unit, job),
    )
    return result


def _queue_asking(unit: Unit, order: Asking, job: Job, world: World) -> None:
    number = order.agreement.number
    agreement = acts.find(unit, number)
    signer = signers.required(signers.of(unit, number), number, order.signer.field)
    if agreement.status != "signing" or signer.status not in signers.OPEN:
        return
    name = "agreement-remind" if job.headers.get("kind") == "remind" else "agreement-ask"
    topic = outbox.Topic(
        job=job, case_number=order.case_number or agreement.case_number or "", template=name, at=world.clock.now()
    )
    people, nobody = resolve(unit, [f"{GROUP}{SEAL}"] if signer.role == COMPANY else [signer.login or ""])
    for person in people:
        for channel in notify.channels_of(job, "message"):
            outbox.queue(unit, topic, person, channel, _letter(unit, job, world, name, person, channel, signer))
    for entry in nobody:
        outbox.lost(unit, topic, entry)


def _letter(
    unit: Unit, job: Job, world: World, template: str, person: Recipient, channel: str, signer: AgreementSigner
) -> letters.Letter:
    """In the app the page itself, which asks for the login; outside the signer's own link, of which a mark is kept."""
    page = f"{world.settings.public_url}/sign/{signer.agreement_number}"
    own = channel != "message" and signer.login == person.login
    text = letters.source(unit, template, world.settings.language)
    context = {**notify.context(job, world, person), "page": links.mark(signer) if own else page}
    context["agreement"] = requests.variables(unit, signer.agreement_number)
    return letters.write(text, context, language=world.settings.language, zone=world.settings.zone)


def _deliveries(unit: Unit, job: Job) -> list[dict[str, str]]:
    """What became of each message of the job, with its address masked: sent is only what was sent."""
    rows = unit.all(
        "select recipient, channel, address, state, error from delivery where job = %s order by id", (job.uuid,)
    )
    masks = {"sms": mask_phone, "mail": mask_mail}
    return [
        {
            "to": recipient,
            "channel": channel,
            "address": masks[channel](address) if channel in masks else "",
            "state": state,
            "error": error,
        }
        for recipient, channel, address, state, error in rows
    ]


@handles(
    "agreement.deliver",
    title=("送达已签协议", "Deliver a sealed agreement"),
    help=(
        "把签章完成的协议送达各方：站内消息和邮件，附查看地址；送达情况写入证据链。",
        "Tells every party that the sealed agreement is there and where, in the app and by mail. It becomes evidence.",
    ),
)
def deliver(order: OfOne, job: Job, world: World) -> Told:
    with world.database.transaction() as unit:
        agreement = _sealed(unit, order.agreement.number)
        topic = outbox.Topic(
            job=job,
            case_number=agreement.case_number or "",
            template="agreement-sealed",
            at=world.clock.now(),
            instance_key=agreement.instance_key,
        )
        logins = [signer.login for signer in signers.of(unit, agreement.number) if signer.login]
        text = letters.source(unit, topic.template, world.settings.language)
        for person in resolve(unit, logins)[0]:
            context = {
                **notify.context(job, world, person),
                "page": f"{world.settings.public_url}/agreements/{agreement.number}",
                "agreement": requests.variables(unit, agreement.number),
            }
            letter = letters.write(text, context, language=world.settings.language, zone=world.settings.zone)
            for channel in ("message", "mail"):
                outbox.queue(unit, topic, person, channel, letter)
    outbox.send(job, world)
    return Told()


@deliver.then
def delivered(order: OfOne, result: Told, job: Job, unit: Unit, world: World) -> Told:
    agreement = _sealed(unit, order.agreement.number)
    log.append(
        unit,
        agreement.number,
        "delivered",
        system(job.type),
        world.clock.now(),
        content_hash=agreement.current_hash,
        messages=_deliveries(unit, job),
    )
    return result


def _sealed(unit: Unit, number: str) -> Agreement:
    """The agreement, of which only the record says whether all have signed. Raises Invalid while they have not."""
    agreement = acts.find(unit, number)
    if agreement.status != "sealed":
        raise Invalid(
            say(
                "{number} is {status}; only what all have signed is delivered. Look who moved its process on.",
                number=number,
                status=acts.STATUS[agreement.status],
            )
        )
    return agreement
