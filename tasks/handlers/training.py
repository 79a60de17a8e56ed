"""Training (F75–F88): a course assigned to one person, its state for the process, and its end without a pass."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.turn import LIVE
from hr.confidentiality import check
from hr.people import org
from hr.training import certificate, due, enrolments, texts
from hr.training.certificate import Made
from hr.training.tables import Enrolment
from kernel.actor import Actor, system
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tasks import wire
from tasks.handlers import training_certificate
from tasks.handlers.operation import Job, World, handles, records
from tasks.wire import Moment, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """The variable `employee`, as far as a training needs it."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The variable `training`, as far as handlers read it."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfOne(Wire):
    """Which training."""

    training: Numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose(Wire):
    """Whom a process is about."""

    employee: Learner


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The variable `training`. `name` is the learner's, `manager` a login.

    `joined` says that the course was being learned already, for another process. `certificate` and `valid_until` are
    null until the certificate is issued; `valid_until` stays so where it holds for good.
    """

    number: str
    course: str
    title: str
    name: str
    manager: str | None
    reason: str
    status: str
    round: int
    score: int | None
    due_at: datetime
    joined: bool
    certificate: str | None
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Wire):
    """Sets the variable `training`."""

    training: Training


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigning(Wire):
    """Who is to learn what: a course by its short name, or by its title. `reason` is one of those of an enrolment.

    `due_at` goes before `due_in_days`; without both it is the organisation's usual time. Nothing is due later than
    `expires_at`.
    """

    employee: Learner
    course: str | None = None
    course_title: str | None = None
    reason: str = "manual"
    case_number: str | None = None
    due_in_days: int | None = None
    due_at: Moment | None = None
    expires_at: Moment | None = None


def document(unit: Unit, enrolment: Enrolment, instance_key: int | None) -> Training:
    """How a training stands, for the process of this key."""
    issued = certificate.of_enrolment(unit, enrolment.number)
    manager = org.manager_of(unit, enrolment.employee)
    return Training(
        number=enrolment.number,
        course=enrolment.slug,
        title=enrolment.title,
        name=enrolment.name,
        manager=manager.login if manager else None,
        reason=enrolment.reason,
        status=enrolment.status,
        round=enrolment.round,
        score=enrolment.score,
        due_at=enrolment.due_at,
        joined=enrolment.instance_key != instance_key,
        certificate=issued.number if issued else None,
        valid_until=issued.valid_until if issued else None,
    )


@records(
    "training.assign",
    title=("登记培训", "Assign a course"),
    help=(
        "为员工登记课程的已发布版本，写入变量 training；同一课程已有一份在学的，返回那一份。",
        "Assigns the published version of a course and sets the variable training. Where the person is learning it "
        "already, that is the one.",
    ),
)
def assign(order: Assigning, job: Job, unit: Unit, world: World) -> Answer:
    made = enrolments.assign(
        unit,
        employee=order.employee.login,
        slug=_course(unit, order),
        reason=order.reason,
        case_number=order.case_number,
        instance_key=job.instance_key,
        due_at=_due(order, world),
        clock=world.clock,
        actor=_ordered_by(unit, job),
        zone=ZoneInfo(world.settings.zone),
    )
    _look_after(unit, made, job)
    return Answer(training=document(unit, made, job.instance_key))


def _course(unit: Unit, order: Assigning) -> str:
    if order.course:
        return order.course
    if not order.course_title:
        raise Invalid(say("Say which course is to be learned: course is its short name, courseTitle its title."))
    slug = texts.titled(unit, order.course_title)
    if slug is None:
        raise NotFound(
            say(
                "There is no course with the title {title}. Publish one, or correct the decision that names it.",
                title=order.course_title,
            )
        )
    return slug


def _due(order: Assigning, world: World) -> datetime:
    usual = world.clock.now() + timedelta(days=order.due_in_days or world.settings.course_days)
    wanted = order.due_at or usual
    return min(wanted, order.expires_at) if order.expires_at else wanted


def _look_after(unit: Unit, enrolment: Enrolment, job: Job) -> None:
    """Take over what a process left behind that is over: nobody else would ever move it on."""
    row = unit.one("select state from instance where key = %s", (enrolment.instance_key,))
    if enrolment.instance_key != job.instance_key and (row is None or row[0] not in LIVE):
        enrolment.instance_key = job.instance_key
        unit.session.add(enrolment)
        unit.flush()


def _ordered_by(unit: Unit, job: Job) -> Actor:
    """Who started the case that this belongs to; the product itself, where a round or a signal did."""
    row = unit.one(
        "select r.started_by from instance i join instance r on r.key = i.root_key join account a on a.login ="
        " r.started_by where i.key = %s",
        (job.instance_key,),
    )
    return Actor(id=row[0]) if row else system(job.type)


# By whichever process: this one, another that it joined, or one that is gone.
_TOLD = """
select count(*) from delivery d
 where d.recipient = %(login)s and d.channel = 'message' and d.template = any(%(letters)s)
   and exists (select from variable v where v.instance_key = d.instance_key and v.name = 'training'
                and v.value ->> 'number' = %(number)s)
"""
REMINDERS = ("training-assigned", "training-remind")


@records(
    "training.close",
    title=("结束未完成的培训", "End a training that is not done"),
    help=(
        "到期仍未合格的，记为“到期未完成，已提醒若干次”，写入证据；不影响离职、工资与证明。",
        "Records that the course was not done by its last day, and how often the person was reminded. It holds up "
        "neither leaving nor pay nor certificate.",
    ),
)
def close(order: OfOne, job: Job, unit: Unit, world: World) -> Answer:
    found = enrolments.find(unit, order.training.number, locked=True)
    _refuse_others(found, job)
    if found.status in enrolments.OPEN:
        told = {"login": found.employee, "letters": list(REMINDERS), "number": found.number}
        (times,) = unit.one(_TOLD, told)
        said = say("Not done by the last day; reminded {times} times.", times=times)
        enrolments.end(unit, found, said.within(world.settings.language), actor=system(job.type), clock=world.clock)
    return Answer(training=document(unit, found, job.instance_key))


def _refuse_others(found: Enrolment, job: Job) -> None:
    """Variables can be set from outside: they never end what somebody else learns, with a reason that is not true.

    A process that joined a training of the person that it is about ends it with its own time.
    """
    if found.instance_key != job.instance_key and wire.read(Whose, job.variables).employee.login != found.employee:
        raise Invalid(
            say(
                "The training {number} is not of this process, so it is not ended here. Look who changed the variable "
                "{variable}.",
                number=found.number,
                variable="training",
            )
        )


@handles(
    "training.certify",
    title=("签发培训证书", "Issue a training certificate"),
    help=(
        "考试合格后签发证书：排版、加盖电子印章与时间戳；印章或时间戳暂时不可用时稍后重试，仍不可用则不加盖印章先行签发。",
        "Seals and issues the certificate of a passed course, once. While the seal or the time stamp cannot be had it "
        "is tried again; in the end it goes out without one.",
    ),
)
def certify(order: OfOne, job: Job, world: World) -> Made | None:
    return training_certificate.make(world, order.training.number, last=job.retries <= 1)


@certify.then
def certified(order: OfOne, made: Made | None, job: Job, unit: Unit, world: World) -> Answer:
    row = training_certificate.record(unit, world, order.training.number, made, system(job.type))
    check.holds_until(unit, row.enrolment, row.valid_until)
    found = enrolments.find(unit, row.enrolment)
    return Answer(training=document(unit, found, found.instance_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal(Wire):
    """Sets the variables `training`, and `renewalNeeded`: whether the course is to be learned again."""

    training: Training
    renewal_needed: bool


@records(
    "training.facts",
    title=("核对是否仍需复训", "Look up whether a course is still due"),
    help=(
        "证书将到期时核对：已有更晚到期的记录、已豁免或者已离职的，不再复训。结果写入变量 renewalNeeded。",
        "Before a certificate lapses: whoever has a record that holds longer, was let off or has left need not learn "
        "again. Sets the variable renewalNeeded.",
    ),
)
def look_up(order: OfOne, job: Job, unit: Unit, world: World) -> Renewal:
    found = enrolments.find(unit, order.training.number)
    stands = document(unit, found, found.instance_key)
    needed = stands.valid_until is not None and due.lapses(
        unit, found.employee, found.title, stands.valid_until, on=_today(world)
    )
    return Renewal(training=stands, renewal_needed=needed)


def _today(world: World) -> date:
    return world.clock.now().astimezone(ZoneInfo(world.settings.zone)).date()
