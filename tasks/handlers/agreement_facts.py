"""What a decision on agreements rests on: the text, the person's work, and whether contact with secrets is on record.

The law allows a non-compete with three kinds of people only, and none with whoever knows no secret (LCL 24; SPC
Interpretation 2025-12, 13): so the record, not an opinion, goes into the decision.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hr.agreements import contacts
from hr.agreements.tables import AgreementText
from hr.people import org
from hr.people.org import Person
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say
from tasks import wire
from tasks.handlers.operation import Job, World, records

_SIGNED = """
select distinct kind from agreement_record
 where employee = %s and signed_at <= %s and (ends_on is null or ends_on >= %s) order by kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The variable `employee`, as far as it says who is to sign."""

    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(wire.Wire):
    """Whose facts; `text` names the agreement's text by its short name, if one is meant already."""

    employee: Party
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The variable `signing`. `kind` and `title` are those of the text, null without one; `basis` and `since` tell of
    the contact with secrets that is on record; `signed` lists the titles of agreements that hold today.
    """

    text: str | None
    kind: str | None
    title: str | None
    name: str
    position: str
    department: str
    family: str
    level: str
    secret_contact: bool
    basis: str | None
    since: date | None
    signed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(wire.Wire):
    """Sets the variable `signing`."""

    signing: Signing


@records(
    "agreement.facts",
    title=("查询签署依据", "Look up what signing rests on"),
    help=(
        "协议文本的类别、员工的岗位类别与级别、涉密接触记录、已签且有效的协议，写入变量 signing，供决策表判断。",
        "The kind of the text, the person's family of work and level, the recorded contact with secrets and the "
        "agreements that hold, as the variable signing, for decision tables.",
    ),
)
def look_up(order: Order, job: Job, unit: Unit, world: World) -> Answer:
    now = world.clock.now()
    person = org.required(unit, order.employee.login)
    text = _text(unit, order.text) if order.text else None
    return Answer(signing=_signing(unit, person, text, now, now.astimezone(ZoneInfo(world.settings.zone)).date()))


def _signing(unit: Unit, person: Person, text: AgreementText | None, now: datetime, today: date) -> Signing:
    contact = contacts.of(unit, person.login, today)
    return Signing(
        text=text.slug if text else None,
        kind=text.kind if text else None,
        title=text.title if text else None,
        name=person.name,
        position=person.position,
        department=person.department_name,
        family=person.family,
        level=person.level,
        secret_contact=contact is not None,
        basis=contact.basis if contact else None,
        since=contact.since if contact else None,
        signed=tuple(kind for (kind,) in unit.all(_SIGNED, (person.login, now, today))),
    )


def _text(unit: Unit, slug: str) -> AgreementText:
    found = unit.session.get(AgreementText, slug)
    if found is None or found.published is None:
        raise NotFound(
            say(
                "There is no published text {text} to make agreements from. Publish it, or correct the variable text.",
                text=slug,
            )
        )
    return found
