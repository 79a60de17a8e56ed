"""The certificate of a passed course (domain F83): once an enrolment, with what it states encrypted.

In three steps, because a seal and a time stamp are asked outside of any transaction: what it states is read
(`content`), the document is made of it and sealed (`document`, `tasks.handlers.training_certificate`), and it is put
on record (`issue`).
"""

import calendar
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from hr.documents import typeset
from hr.documents.files import Files
from hr.documents.signing import pades
from hr.evidence.canonical import canonical
from hr.numbers import series
from hr.people import org
from hr.training import enrolments, printed, statements, texts
from hr.training.printed import Letterhead
from hr.training.tables import Enrolment, TrainingCertificate
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from kernel.text import say

SERIES = "PXZS"
PURPOSE = "training-certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a certificate states, as of its making. `seconds` is the time of learning that the server counted.

    Days are of the organisation's zone; `valid_until` is the last day on which it holds, None for ever.
    """

    number: str
    verify_code: str
    enrolment: str
    no: str
    login: str
    name: str
    course: str
    version: int
    score: int
    seconds: int
    passed_at: datetime
    passed_on: date
    valid_until: date | None
    dated_on: date

    def facts(self) -> dict[str, Any]:
        """As JSON values: what is kept encrypted."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), date) else value
            for name in self.__dataclass_fields__
        }


def valid_until(passed_on: date, months: int) -> date | None:
    """The last day of so many months that begin with the day of passing; None for 0 months: it holds for ever."""
    if not months:
        return None
    years, month = divmod(passed_on.month - 1 + months, 12)
    year = passed_on.year + years
    last = calendar.monthrange(year, month + 1)[1]
    # The 31st, passed for one month: the day before the end of a month that is shorter, and never one more.
    return date(year, month + 1, min(passed_on.day, last)) - timedelta(days=1 if passed_on.day <= last else 0)


def content(unit: Unit, number: str, *, clock: Clock, zone: str) -> Content:
    """What the certificate of an enrolment states. Its number is that of the enrolment under PXZS; the code is new.

    Raises NotFound, and Conflict where the course is not passed or the certificate is issued already.
    """
    enrolment = enrolments.find(unit, number)
    if enrolment.status != "passed" or enrolment.score is None or enrolment.ended_at is None:
        raise Conflict(say("The training {number} is not passed: there is nothing to certify.", number=number))
    present = of_enrolment(unit, number)
    if present is not None:
        raise _issued(present)
    person, local = org.required(unit, enrolment.employee), ZoneInfo(zone)
    passed_on = enrolment.ended_at.astimezone(local).date()
    course = texts.version(unit, enrolment.slug, enrolment.version)
    return Content(
        number=f"{SERIES}-{number.partition('-')[2]}",
        verify_code=series.verify_code(),
        enrolment=number,
        no=person.no,
        login=person.login,
        name=person.name,
        course=enrolment.title,
        version=enrolment.version,
        score=enrolment.score,
        seconds=spent(unit, enrolment),
        passed_at=enrolment.ended_at,
        passed_on=passed_on,
        valid_until=valid_until(passed_on, course.valid_months),
        dated_on=clock.now().astimezone(local).date(),
    )


_SPENT = """
select coalesce(sum(seconds), 0) from (
  select max(seconds) as seconds from lesson_progress where enrolment = %s group by lesson, started_at) learned
"""


def spent(unit: Unit, enrolment: Enrolment) -> int:
    """Seconds of learning in all rounds. What counts on in a later round is there twice and is counted once."""
    (seconds,) = unit.one(_SPENT, (enrolment.number,))
    return round(float(seconds))


def document(stated: Content, letterhead: Letterhead, *, at: datetime) -> bytes:
    """The certificate as PDF, with an empty field for the company's seal."""
    made = typeset.training_certificate(printed.certificate(stated.facts(), letterhead), at=at)
    return pades.prepare(made.pdf, made.places, seam=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A certificate that is made and not yet on record. `authority` vouches for its seal, empty if it bears none."""

    content: Content
    pdf: bytes
    authority: str = ""
    trial: bool = False


def issue(unit: Unit, files: Files, made: Made, *, clock: Clock, actor: Actor) -> TrainingCertificate:
    """Put the certificate on record. Raises Conflict if there is one already, which another try has made."""
    stated, at = made.content, clock.now()
    enrolment = enrolments.find(unit, stated.enrolment, locked=True)
    present = of_enrolment(unit, stated.enrolment)
    if present is not None:
        raise _issued(present)
    stored = files.keep(
        unit,
        made.pdf,
        "application/pdf",
        name=f"{stated.number}.pdf",
        subject=statements.subject(stated.enrolment),
        purpose=PURPOSE,
        actor=actor,
        at=at,
    )
    row = TrainingCertificate(
        number=stated.number,
        enrolment=stated.enrolment,
        employee=stated.login,
        name=stated.name,
        course=stated.course,
        score=stated.score,
        passed_at=stated.passed_at,
        issued_at=at,
        valid_until=stated.valid_until,
        content_sealed=files.cipher.seal(canonical(stated.facts()), about=_about(stated.number)),
        file_hash=stored.hash,
        sealed=bool(made.authority),
        verify_code=stated.verify_code,
    )
    unit.session.add(row)
    unit.flush()
    statements.note(
        unit,
        enrolment,
        "earned",
        actor,
        at,
        content_hash=stored.hash,
        certificate=row.number,
        valid_until=row.valid_until,
        sealed=row.sealed,
        authority=made.authority or None,
        trial=made.trial or None,
    )
    return row


def of_enrolment(unit: Unit, number: str) -> TrainingCertificate | None:
    """The certificate of an enrolment."""
    chosen = select(TrainingCertificate).where(col(TrainingCertificate.enrolment) == number)
    return unit.session.exec(chosen.execution_options(populate_existing=True)).first()


def find(unit: Unit, number: str) -> TrainingCertificate:
    """The certificate with this number. Raises NotFound."""
    row = unit.session.get(TrainingCertificate, number)
    if row is None:
        raise NotFound(say("There is no certificate {number}.", number=number))
    return row


def of_code(unit: Unit, code: str) -> TrainingCertificate | None:
    """The certificate with this verification code, for the public page."""
    chosen = select(TrainingCertificate).where(col(TrainingCertificate.verify_code) == code.strip().upper())
    return unit.session.exec(chosen).first()


def of_file(unit: Unit, hash: str) -> TrainingCertificate | None:
    """The certificate whose file has this SHA-256."""
    return unit.session.exec(select(TrainingCertificate).where(col(TrainingCertificate.file_hash) == hash)).first()


def stated(files: Files, row: TrainingCertificate) -> dict[str, Any]:
    """What a certificate states, opened: see `Content`."""
    kept: dict[str, Any] = json.loads(files.cipher.open(row.content_sealed, about=_about(row.number)))
    return kept


def _about(number: str) -> str:
    return f"{PURPOSE}/{number}"


def _issued(row: TrainingCertificate) -> Conflict:
    return Conflict(
        say(
            "The certificate {number} of this training is issued already. Download it; there is no second one.",
            number=row.number,
        )
    )
