"""The leaving certificate (LCL 50; Implementing Regulations 24): prepared from the file, reviewed, issued once.

It is made and reviewed early and issued on the day that it certifies: when the contract ends, not before and not later.
It states the four statutory items, the name, the identity number and the day of leaving, and nothing else: there is
no field for a remark. A datum that is missing blocks the preparation and is named. Nothing that is open in the case
blocks it.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from hr.documents import typeset
from hr.documents.files import Files, Stored
from hr.documents.signing import pades
from hr.evidence import log
from hr.evidence.canonical import canonical, content_hash
from hr.numbers import series
from hr.offboarding import cases
from hr.offboarding.clocks import DEFAULT, Policy
from hr.offboarding.notice import GROUNDS
from hr.offboarding.statement import Letterhead, Statement, printed
from hr.offboarding.tables import Case, Certificate
from hr.people import identity, org
from hr.people.org import Person
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, listed, say

SERIES = "LZ"


class MissingDatum(Invalid):
    """The employee file lacks what the certificate must state. `missing` lists each datum as a sentence part."""


def state(unit: Unit, cipher: Cipher, case: Case, *, number: str, dated_on: date) -> Statement:
    """The statement from the master data as they are now. Raises MissingDatum naming everything that is missing."""
    person = org.required(unit, case.employee)
    id_number = org.identity_number(unit, case.employee, cipher) or ""
    missing = _missing(person, id_number)
    if missing:
        raise MissingDatum(
            say(
                "The certificate of {name} cannot be prepared: {missing} missing in the employee file. Add it there, "
                "then prepare the certificate again.",
                name=person.name,
                missing=listed(missing),
            ),
            missing=missing,
        )
    assert person.contract_starts_on is not None
    return Statement(
        number=number,
        name=person.name,
        id_number=id_number,
        hired_on=person.hired_on,
        contract_starts_on=person.contract_starts_on,
        contract_ends_on=person.contract_ends_on,
        left_on=case.leaving_on,
        position=person.position,
        department=person.department_name,
        verb=GROUNDS[case.leaving_type].verb,
        dated_on=dated_on,
    )


def _missing(person: Person, id_number: str) -> list[Text]:
    wanted = [
        (bool(person.name.strip()), say("the name")),
        (bool(id_number) and identity.fault(id_number) is None, say("a valid identity number")),
        (person.contracted, say("the contract term")),
        (bool(person.position.strip()), say("the position")),
    ]
    return [words for there, words in wanted if not there]


def prepare(
    unit: Unit,
    files: Files,
    number: str,
    *,
    letterhead: Letterhead,
    clock: Clock,
    actor: Actor,
    policy: Policy = DEFAULT,
) -> Certificate:
    """Make the certificate of a case for HR to review; again, from fresh data, for as long as it is not issued.

    It bears the day on which it will be issued: the last day, or today where that is over. Number and verification code
    stay from one preparation to the next. Raises MissingDatum, and Conflict once issued.
    """
    case = cases.locked(unit, number)
    if case.status == "withdrawn":
        raise Conflict(say("The resignation of {number} was taken back; there is nothing to certify.", number=number))
    present = of_case(unit, number)
    if present is not None and present.issued_at is not None:
        raise _issued(present)
    dated_on = max(policy.day_of(clock.now()), case.leaving_on)
    own_number = present.number if present else series.next_number(unit, f"{SERIES}-{dated_on.year}", digits=6)
    code = present.verify_code if present else series.verify_code()
    statement = state(unit, files.cipher, case, number=own_number, dated_on=dated_on)
    facts = statement.facts()
    made = typeset.certificate(printed(statement, code, letterhead), at=clock.now())
    fields = pades.prepare(made.pdf, made.places, seam=True)
    stored = _keep(unit, files, number, own_number, fields, clock=clock, actor=actor)
    row = unit.session.merge(
        Certificate(
            number=own_number,
            case_number=number,
            verify_code=code,
            content_sealed=files.cipher.seal(canonical(facts), about=_about(own_number)),
            content_hash=content_hash(facts),
            pdf_hash=stored.hash,
            prepared_at=clock.now(),
            prepared_by=actor.id,
        )
    )
    unit.session.flush()
    log.append(
        unit, number, "certificate.prepared", actor, clock.now(), content_hash=row.content_hash, number=row.number
    )
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A prepared certificate under the company's seal: which file was sealed, and what came of it.

    `authority` and `trial` tell who vouches for the seal, for the evidence.
    """

    of: str
    pdf: bytes
    authority: str
    trial: bool


def issue(
    unit: Unit,
    files: Files,
    number: str,
    *,
    clock: Clock,
    actor: Actor,
    policy: Policy = DEFAULT,
    sealed: Sealed | None = None,
) -> Certificate:
    """Issue the prepared certificate on the day that it certifies (LCL 50: when the contract ends). Once a case.

    It goes out as `sealed`; without that as it was prepared, which the evidence tells. Raises Conflict before that day,
    if none is prepared, if it is issued, if the employee file or the day has changed since, or if something else was
    sealed: then prepare it again.
    """
    case = cases.locked(unit, number)
    row, today = of_case(unit, number), policy.day_of(clock.now())
    if row is None:
        raise Conflict(say("The certificate of {number} is not prepared yet. Prepare it first.", number=number))
    if row.issued_at is not None:
        raise _issued(row)
    if today < case.leaving_on:
        raise Conflict(
            say(
                "The certificate {number} says that the contract ended on {day}; it is issued on that day and not "
                "before (LCL 50).",
                number=row.number,
                day=case.leaving_on.isoformat(),
            )
        )
    if not is_current(unit, files, row, clock=clock, policy=policy):
        raise Conflict(
            say(
                "The employee file or the day has changed since the certificate {number} was prepared. Prepare it "
                "again, then review it.",
                number=row.number,
            )
        )
    told = _seal(unit, files, row, sealed, clock=clock, actor=actor)
    row.issued_at, row.issued_by = clock.now(), actor.id
    unit.flush()
    log.append(
        unit, number, "certificate.issued", actor, clock.now(), content_hash=row.pdf_hash, number=row.number, **told
    )
    return row


def is_current(unit: Unit, files: Files, row: Certificate, *, clock: Clock, policy: Policy = DEFAULT) -> bool:
    """True if the certificate states what the employee file holds now, under today's date. Raises MissingDatum."""
    case = cases.find(unit, row.case_number)
    fresh = state(unit, files.cipher, case, number=row.number, dated_on=policy.day_of(clock.now()))
    return content_hash(fresh.facts()) == row.content_hash


def _seal(
    unit: Unit, files: Files, row: Certificate, sealed: Sealed | None, *, clock: Clock, actor: Actor
) -> dict[str, Any]:
    """Put the sealed file in the place of the prepared one; what the evidence tells of the seal."""
    if sealed is None:
        return {"sealed": False}
    if sealed.of != row.pdf_hash:
        raise Conflict(say("The certificate {number} was prepared again while it was being sealed.", number=row.number))
    stored = _keep(unit, files, row.case_number, row.number, sealed.pdf, clock=clock, actor=actor)
    row.pdf_hash = stored.hash
    return {"sealed": True, "authority": sealed.authority, "trial": sealed.trial, "prepared": sealed.of}


def _keep(unit: Unit, files: Files, case: str, number: str, content: bytes, *, clock: Clock, actor: Actor) -> Stored:
    return files.keep(
        unit,
        content,
        "application/pdf",
        name=f"{number}.pdf",
        subject=case,
        purpose="certificate",
        actor=actor,
        at=clock.now(),
    )


def of_case(unit: Unit, number: str) -> Certificate | None:
    """The certificate of a case, prepared or issued."""
    chosen = select(Certificate).where(col(Certificate.case_number) == number)
    return unit.session.exec(chosen.execution_options(populate_existing=True)).first()


def of_code(unit: Unit, code: str) -> Certificate | None:
    """The issued certificate with this verification code, for the public page: compare the hash, show no more."""
    chosen = select(Certificate).where(col(Certificate.verify_code) == code.strip().upper())
    return unit.session.exec(chosen.where(col(Certificate.issued_at).is_not(None))).first()


def pdf(unit: Unit, files: Files, number: str) -> bytes:
    """The certificate of a case as PDF. Raises NotFound while there is none."""
    row = of_case(unit, number)
    if row is None:
        raise NotFound(say("The case {number} has no certificate yet.", number=number))
    return files.read(unit, row.pdf_hash).content


def content(unit: Unit, files: Files, number: str) -> dict[str, Any]:
    """What the certificate of a case states, for review. Raises NotFound while there is none."""
    row = of_case(unit, number)
    if row is None:
        raise NotFound(say("The case {number} has no certificate yet.", number=number))
    return _content(files.cipher, row)


def _content(cipher: Cipher, row: Certificate) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(cipher.open(row.content_sealed, about=_about(row.number)))
    return kept


def _about(number: str) -> str:
    return f"certificate/{number}"


def _issued(row: Certificate) -> Conflict:
    return Conflict(
        say(
            "The certificate {number} was issued on {at} by {by}. Download it; a second one is not issued.",
            number=row.number,
            at=row.issued_at and row.issued_at.date().isoformat(),
            by=row.issued_by,
        )
    )
