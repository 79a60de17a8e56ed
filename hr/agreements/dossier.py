"""The evidence package of one agreement, in one go (F69): report, originals, events, stamps, certificates, verifier.

In three steps, because a time stamp is asked outside of any transaction: the head of the chain is anchored
(`hr.evidence.anchors`), the rows and files are read (`gathered`), and the package is made of them (`compose`).
"""

from datetime import datetime
from typing import Any

from asn1crypto import x509
from sqlmodel import col, select

from hr.agreements import acts, report, signers
from hr.agreements.report import Rows
from hr.agreements.tables import Agreement, Consent, PageRead, SigningCode
from hr.documents import typeset
from hr.documents.files import Files
from hr.evidence import anchors, log, package
from hr.evidence.package import Package, Seal
from kernel.db import Unit

PREPARED, CURRENT = "prepared.pdf", "current.pdf"


def gathered(unit: Unit, files: Files, number: str) -> Rows:
    """Everything of an agreement; the session lets its rows go, so that they outlive the unit. Raises NotFound."""
    agreement, found = acts.find(unit, number), signers.of(unit, number)
    ids = [one.id for one in found]
    logins = [one.login for one in found if one.login]
    rows = Rows(
        agreement=agreement,
        signers=found,
        codes=_rows(unit, SigningCode, col(SigningCode.signer_id).in_(ids), SigningCode.sent_at),
        reading=_rows(unit, PageRead, col(PageRead.signer_id).in_(ids), PageRead.page),
        consents=_rows(unit, Consent, col(Consent.person).in_(logins), Consent.given_at),
        events=log.rows(unit, number),
        anchors=anchors.of(unit, number),
        documents=_documents(unit, files, agreement),
        images={one.field: files.read(unit, one.image_hash).content for one in found if one.image_hash},
    )
    unit.session.expunge_all()
    return rows


def _rows(unit: Unit, table: type[Any], condition: Any, order: Any) -> list[Any]:
    return list(unit.session.exec(select(table).where(condition).order_by(order)))


def _documents(unit: Unit, files: Files, agreement: Agreement) -> dict[str, bytes]:
    """What was shown first, and what the signatures have made of it."""
    made = {PREPARED: files.read(unit, agreement.prepared_hash).content}
    if agreement.current_hash != agreement.prepared_hash:
        made[CURRENT] = files.read(unit, agreement.current_hash).content
    return made


def compose(rows: Rows, seal: Seal, *, organisation: str, zone: str, verify_url: str, at: datetime) -> bytes:
    """The package as bytes (ZIP). The last event must bear an anchor. Raises Unavailable without a time stamp."""
    agreement = rows.agreement
    facts = report.facts(rows, organisation=organisation, zone=zone, verify_url=verify_url, at=at)
    signed = [one for one in rows.signers if one.status == "signed"]
    made = Package(
        subject=agreement.number,
        title=agreement.title,
        made_at=at,
        report=typeset.evidence_report(facts, at=at),
        documents=rows.documents,
        events=rows.events,
        anchors=rows.anchors,
        roots=seal.roots,
        certificates=(
            *seal.certificates,
            *(x509.Certificate.load(one.certificate) for one in signed if one.certificate),
        ),
        crls=seal.crls,
        sm2_certificate=seal.sm2_certificate,
        sealed=CURRENT if CURRENT in rows.documents else "",
        prepared=PREPARED,
        signatures=len(signed),
        attachments={f"signature-{field}.svg": image for field, image in rows.images.items()},
    )
    return package.build(made, time=seal.time, sm2=seal.sm2)
