"""A sealed document of two signers and the evidence package of it, made once; and the roots that they lead to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from hr.documents.signing import pades, stamps
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.keys import Subject, Trust
from hr.evidence import log, package
from hr.evidence.package import Package
from hr.evidence.tables import Anchor, Evidence
from kernel.clock import ManualClock
from tests.hr.documents.conftest import ORGANISATION, PLACES, paper

SUBJECT = "AG-2026-0001"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a test tampers with, and what it is judged by."""

    authority: Authority
    clock: ManualClock
    prepared: bytes
    sealed: bytes
    content: Package
    package: bytes

    @property
    def trust(self) -> Trust:
        return self.authority.trust

    @property
    def at(self) -> datetime:
        return self.clock.now()


class Told:
    """A chain of events as `hr.evidence.log` writes it, in memory, with the stamps over its heads."""

    def __init__(self, authority: Authority, clock: ManualClock) -> None:
        self.authority = authority
        self.clock = clock
        self.events: list[Evidence] = []
        self.anchors: list[Anchor] = []

    def note(self, event: str, document: bytes) -> None:
        row = Evidence(
            subject=SUBJECT,
            sequence=len(self.events) + 1,
            event=event,
            actor="zhang",
            actor_name="张龘㛃",
            at=self.clock.now(),
            ip="10.1.2.3",
            agent="Mobile Safari",
            content_hash=sha256(document).hexdigest(),
            detail={"note": "龘㛃𬎆"},
            previous=self.events[-1].hash if self.events else log.FIRST,
            hash="",
        )
        row.hash = log.digest(row)
        self.events.append(row)

    def anchor(self) -> None:
        last = self.events[-1]
        token = stamps.token(self.authority.time, bytes.fromhex(last.hash))
        stamped = {"token": token, "authority": "", "stamped_at": self.clock.now()}
        self.anchors.append(Anchor(subject=SUBJECT, sequence=last.sequence, head=last.hash, **stamped))


@pytest.fixture(scope="module")
def kept() -> Kept:
    """Two pages, signed by an employee and a manager, sealed by the company; seven events, anchored twice."""
    clock = ManualClock("2026-11-02T01:00:00+00:00")
    authority = Authority.of(made(ORGANISATION, clock.now()), clock)
    told = Told(authority, clock)
    versions = [pades.prepare(paper(2), PLACES, seam=True)]
    told.note("agreement.prepared", versions[-1])
    for field, who in (("Employee", "张龘㛃"), ("Manager", "赵𬎆")):
        clock.advance(timedelta(minutes=7))
        told.note("document.opened", versions[-1])
        versions.append(signed(versions[-1], field, who, authority))
        told.note("signed", versions[-1])
    told.anchor()
    clock.advance(timedelta(hours=1))
    versions.append(sealed(versions[-1], authority))
    told.note("sealed", versions[-1])
    told.note("delivered", versions[-1])
    told.anchor()
    content = _package(told, versions)
    return Kept(authority, clock, versions[0], versions[-1], content, packed(content, authority))


def signed(pdf: bytes, field: str, who: str, authority: Authority) -> bytes:
    """The document with one more signature, by a key that is made for it."""
    at = authority.clock.now()
    subject = Subject(who, "E-0042", ORGANISATION, "employee")
    key = authority.event_keys.issue(subject, at=at, bound={"agreement": SUBJECT})
    said = {"name": who, "reason": "本人已阅读并同意", "location": "上海"}
    return pades.sign(pdf, field=field, key=key, time=authority.time, trust=authority.trust, mark=None, at=at, **said)


def sealed(pdf: bytes, authority: Authority) -> bytes:
    """The document under the company's seal."""
    said = {"organisation": ORGANISATION, "note": "测试专用章", "reason": "用印", "field": "Company"}
    key, time = authority.company, authority.time
    return pades.seal(pdf, key=key, time=time, trust=authority.trust, at=authority.clock.now(), **said)


def packed(content: Package, authority: Authority) -> bytes:
    return package.build(content, time=authority.time, sm2=authority.sm2_key)


def _package(told: Told, versions: list[bytes]) -> Package:
    authority = told.authority
    return Package(
        subject=SUBJECT,
        title="竞业限制协议",
        made_at=told.clock.now(),
        report=paper(1),
        documents={"prepared.pdf": versions[0], "sealed.pdf": versions[-1]},
        events=told.events,
        anchors=told.anchors,
        roots=(authority.root,),
        certificates=(authority.company.certificate, authority.parts["time"][0]),
        crls=(authority.crl(told.clock.now()),),
        sm2_certificate=authority.sm2_certificate,
        sealed="sealed.pdf",
        prepared="prepared.pdf",
        signatures=3,
    )
