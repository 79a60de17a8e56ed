"""An agreement that an employee has signed and the company has sealed, as it lies in the database of a house."""

from dataclasses import dataclass
from datetime import timedelta

from hr.agreements import acts, signers
from hr.agreements.acts import Signature
from hr.agreements.tables import Agreement, AgreementSigner, AgreementText, AgreementTextVersion
from hr.documents import drawn
from hr.documents.files import Files, Stored
from hr.documents.signing import pades
from hr.documents.signing.authority import Authority
from hr.documents.signing.keys import Subject
from hr.evidence import log
from kernel.actor import Actor
from kernel.clock import Clock, ManualClock
from kernel.db import Database, Unit
from tests.hr.documents.conftest import ORGANISATION, PLACES, STROKES, paper

NUMBER = "XY-2026-000001"
CODE = "1A2B-3C4D-5E6F-7081"
FIELDS = (("employee", PLACES[0]), ("company", PLACES[2]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an agreement is made: a database, its files and keys, and the time there."""

    database: Database
    files: Files
    authority: Authority
    clock: Clock

    def later(self, minutes: int) -> None:
        if isinstance(self.clock, ManualClock):
            self.clock.advance(timedelta(minutes=minutes))


def actor(login: str, name: str) -> Actor:
    return Actor(id=login, name=name, ip="10.1.2.3", agent="Mobile Safari")


def prepared(place: Place, login: str, name: str) -> bytes:
    """The agreement as it is first shown. `login` is an employee."""
    pdf = pades.prepare(paper(2), [one for _, one in FIELDS], seam=True)
    who, at = actor("hr", "HR"), place.clock.now()
    with place.database.transaction() as unit:
        text = AgreementText(slug="non-compete", title="竞业限制协议", kind="non-compete")
        unit.session.merge(text)
        unit.flush()
        found = AgreementTextVersion(
            slug=text.slug, version=1, source="", source_hash="", findings=[], saved_at=at, saved_by="hr"
        )
        if unit.session.get(AgreementTextVersion, (text.slug, 1)) is None:
            unit.session.add(found)
        agreement = _agreement(login, name, place)
        stored = acts.keep(unit, place.files, agreement, pdf, who, at)
        agreement.prepared_hash = agreement.current_hash = stored.hash
        unit.session.add(agreement)
        unit.flush()
        for order, (role, one) in enumerate(FIELDS, start=1):
            person = (login, name) if role == "employee" else (None, ORGANISATION)
            _signer(unit, order, role, one.field, *person)
        log.append(unit, NUMBER, "agreement.prepared", who, at, content_hash=stored.hash, pages=2)
    return pdf


def _agreement(login: str, name: str, place: Place) -> Agreement:
    at = place.clock.now()
    return Agreement(
        number=NUMBER,
        slug="non-compete",
        version=1,
        kind="non-compete",
        title="竞业限制协议",
        employee=login,
        name=name,
        department="销售一部",
        content_sealed=b"",
        content_hash="0" * 64,
        pages=2,
        prepared_hash="",
        current_hash="",
        verify_code=CODE,
        prepared_at=at,
        prepared_by="hr",
        expires_at=at + timedelta(days=15),
    )


def _signer(unit: Unit, order: int, role: str, field: str, login: str | None, name: str) -> None:
    unit.session.add(
        AgreementSigner(
            agreement_number=NUMBER, place=order, role=role, field=field, login=login, name=name, nonce=field
        )
    )


def concluded(place: Place, login: str, name: str) -> bytes:
    """The agreement signed by the employee and sealed by the company."""
    pdf = prepared(place, login, name)
    place.later(7)
    who = actor(login, name)
    with place.database.transaction() as unit:
        for event in ("document.opened", "page.read", "code.sent", "code.checked", "understood"):
            log.append(unit, NUMBER, event, who, place.clock.now(), field=FIELDS[0][1].field, role="employee")
    pdf = _sign(place, pdf, who)
    place.later(60)
    return _seal(place, pdf)


def _sign(place: Place, pdf: bytes, who: Actor) -> bytes:
    at, authority = place.clock.now(), place.authority
    subject = Subject(who.name, "E-0042", ORGANISATION, "employee")
    key = authority.event_keys.issue(subject, at=at, bound={"agreement": NUMBER})
    said = {"name": who.name, "reason": "本人已阅读并同意", "location": "上海", "field": FIELDS[0][1].field}
    made = pades.sign(pdf, key=key, time=authority.time, trust=authority.trust, mark=None, at=at, **said)
    with place.database.transaction() as unit:
        image = place.files.keep(
            unit,
            drawn.checked(STROKES.encode()),
            drawn.MEDIA_TYPE,
            name="signature.svg",
            subject=NUMBER,
            purpose="signature",
            actor=who,
            at=at,
        )
        _kept(unit, place, pdf, made, key, image, who)
    return made


def _seal(place: Place, pdf: bytes) -> bytes:
    at, authority = place.clock.now(), place.authority
    said = {"organisation": ORGANISATION, "note": "测试专用章", "reason": "用印", "field": FIELDS[1][1].field}
    made = pades.seal(pdf, key=authority.company, time=authority.time, trust=authority.trust, at=at, **said)
    with place.database.transaction() as unit:
        _kept(unit, place, pdf, made, authority.company, None, actor("hr-head", "何敏"))
    return made


def _kept(unit: Unit, place: Place, before: bytes, made: bytes, key: object, image: Stored | None, who: Actor) -> None:
    agreement = acts.find(unit, NUMBER, locked=True)
    wanted = FIELDS[0][1].field if image else FIELDS[1][1].field
    signer = signers.required(signers.of(unit, NUMBER), NUMBER, wanted)
    found = acts.standing(unit, NUMBER, signer.id or 0)
    signature = Signature(before=agreement.current_hash, pdf=made, key=key, image=image)  # type: ignore[arg-type]  # a key
    acts.signed(unit, place.files, found, signature, actor=who, at=place.clock.now())
