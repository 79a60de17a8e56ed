"""Whether a file, a package or a code is genuine, for anyone who asks, with no login.

A file is held against our records by its hash, and examined by itself: genuine is only what passes both. Nothing that
is handed in is kept. A stranger's file is examined apart (`hr.evidence.apart`); one that is in our store, here.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from asn1crypto import x509

from hr.agreements import acts, signers
from hr.agreements.tables import Agreement
from hr.documents.signing.certificates import is_trial
from hr.documents.verify import pdf
from hr.documents.verify.found import Examined
from hr.evidence import apart
from hr.evidence.opened import Opened, Said
from hr.offboarding import cases, certificate
from hr.offboarding.tables import Certificate
from hr.training import certificate as training_certificate
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import verdicts
from tasks.human.training import certify
from tasks.human.verdicts import Digests, SignerTold, Verdict, masked

MOST = 20 * 1024 * 1024
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_PDF_WITHIN = 1024  # bytes in which a PDF begins (ISO 32000-2, annex I)


def of_file(house: House, content: bytes) -> Verdict:
    """What a PDF or an evidence package is. Raises Invalid for anything else, and for more than 20 MB."""
    if len(content) > MOST:
        raise Invalid(too_large())
    if content.startswith(_ZIP) and b"manifest.json" in content:
        return _package(house, content)
    if _PDF in content[:_PDF_WITHIN]:
        return _document(house, content)
    raise Invalid(say("This is neither a PDF nor an evidence package. Choose the file as you received it."))


def too_large() -> Text:
    return say("The file has more than {most} MB. Nothing of ours is that large.", most=MOST // 1024 // 1024)


def of_code(house: House, code: str) -> Verdict:
    """What a code on a document stands for. Raises NotFound."""
    wanted = code.strip().upper()
    with house.database.transaction() as unit:
        agreement = unit.one("select number from agreement where verify_code = %s", (wanted,))
        if agreement is not None:
            return _agreement(house, unit, acts.find(unit, agreement[0]))
        found = certificate.of_code(unit, wanted)
        if found is not None:
            return _certificate(house, unit, found)
        learned = training_certificate.of_code(unit, wanted)
        if learned is not None:
            return certify.by_code(house, learned)
    raise NotFound(
        say(
            "There is no document with the code {code}. Check every character of it: letters A to F and digits.",
            code=code,
        )
    )


def _agreement(house: House, unit: Unit, row: Agreement) -> Verdict:
    """By the code alone: what the genuine file has; of an agreement that is not sealed no more than that."""
    if row.status != "sealed":
        return Verdict(outcome="unfinished", kind="agreement", explanation=_unfinished(row))
    told = tuple(
        SignerTold(
            role=signers.role(one),
            name=one.name if one.role == signers.COMPANY else masked(one.name),
            at=one.ended_at,
            issuer=_issuer(one.certificate),
            trial=_trial(one.certificate),
            holds=True,
        )
        for one in signers.of(unit, row.number)
    )
    return Verdict(
        outcome="recorded",
        kind="agreement",
        explanation=say(
            "An agreement with this code was signed by everyone. Your file is it only if its hash is this one."
        ),
        facts=_facts(house, row),
        signers=told,
        compare=Digests(sha256=row.current_hash, sm3=row.sealed_sm3),
        trial=any(one.trial for one in told),
    )


def _facts(house: House, row: Agreement) -> tuple[tuple[Text, object], ...]:
    return (
        (say("Name of the document"), row.title),
        (say("Number"), row.number),
        (say("Company"), house.settings.organisation),
        (say("Concluded with"), masked(row.name)),
        (say("Concluded on"), row.ended_at),
    )


def _unfinished(row: Agreement) -> Text:
    if row.status == "signing":
        return say("Not everybody has signed the agreement with this code. There is nothing to rely on yet.")
    return say("The agreement with this code was {status} and has no effect.", status=acts.STATUS[row.status])


def _issuer(der: bytes | None) -> str:
    """Who issued a certificate."""
    names = x509.Certificate.load(der).issuer.native if der else {}
    return str(names.get("common_name", "—"))


def _trial(der: bytes | None) -> bool:
    return der is not None and is_trial(x509.Certificate.load(der))


def _certificate(house: House, unit: Unit, row: Certificate) -> Verdict:
    name = cases.find(unit, row.case_number).name
    return Verdict(
        outcome="recorded",
        kind="certificate",
        explanation=say("A certificate with this code was issued. Your file is it only if its hash is this one."),
        facts=(
            (say("Name of the document"), say("Leaving certificate")),
            (say("Number"), row.number),
            (say("Issued by"), house.settings.organisation),
            (say("Issued to"), masked(name)),
            (say("Issued on"), row.issued_at),
        ),
        compare=Digests(sha256=row.pdf_hash, sm3=None),
    )


def _document(house: House, content: bytes) -> Verdict:
    trust, at = house.world.trust, house.clock.now()
    hashed = sha256(content).hexdigest()
    with house.database.transaction() as unit:
        known = _known(house, unit, hashed)
    examine = apart.document if known is None else pdf.examine
    found = examine(content, trust, at=at)
    with house.database.transaction() as unit:
        verdict = known or _unknown(unit, found, marked=verdicts.is_marked(content, trust))
        roles = _roles(unit, found)
    return _completed(verdict, content, found, roles)


def _known(house: House, unit: Unit, hashed: str) -> Verdict | None:
    """By the hash of the file alone: what it is in our records; None if it is in none."""
    row = unit.one("select number from certificate where pdf_hash = %s and issued_at is not null", (hashed,))
    if row is not None:
        found = unit.session.get_one(Certificate, row[0])
        said = say("It is the certificate that was issued, byte for byte.")
        return replace(_certificate(house, unit, found), outcome="genuine", explanation=said)
    learned = training_certificate.of_file(unit, hashed)
    if learned is not None:
        return certify.genuine(house, learned)
    used = "select subject from file_use where hash = %s and purpose = %s limit 1"
    subject = unit.one(used, (hashed, acts.PURPOSE))
    return _known_agreement(house, acts.find(unit, subject[0]), hashed) if subject else None


def _known_agreement(house: House, row: Agreement, hashed: str) -> Verdict:
    if row.status == "sealed" and row.current_hash == hashed:
        said = say("It is the agreement as everyone signed it, byte for byte.")
        return Verdict(outcome="genuine", kind="agreement", explanation=said, facts=_facts(house, row))
    if row.status == "sealed":
        said = say("It is the agreement as it was before everyone had signed. The concluded file is another one.")
        return Verdict(outcome="unfinished", kind="agreement", explanation=said)
    return Verdict(outcome="unfinished", kind="agreement", explanation=_unfinished(row))


def _unknown(unit: Unit, found: Examined, *, marked: bool) -> Verdict:
    """By what the file says of itself: no record of ours has its hash. `marked`: it names authorities of ours."""
    if not found.revisions:
        return _unread(marked=marked)
    named = next((one.bound["agreement"] for one in found.signatures if "agreement" in one.bound), None)
    ours = unit.one("select 1 from agreement where number = %s", (named,)) is not None
    trusted = any(one.trusted for one in found.signatures) or any(one.trusted for one in found.stamps)
    if ours:
        said = say("It bears the marks of an agreement of ours, and is not the file that was signed.")
        return Verdict(outcome="changed", kind="file", explanation=said)
    if not trusted:
        said = say("It bears no signature of ours, and its hash is in none of our records.")
        return Verdict(outcome="foreign", kind="file", explanation=said)
    if not found.intact:
        return Verdict(outcome="changed", kind="file", explanation=say("It was signed here, and changed since."))
    said = say(
        "Its signatures are by authorities that we trust. Whether it was ours we cannot say: no record has its hash."
    )
    return Verdict(outcome="intact", kind="file", explanation=said)


def _unread(*, marked: bool) -> Verdict:
    """Of a file that was not read to its end nobody can say that it bears no signature."""
    if marked:
        said = say(
            "It bears signatures like ours, and cannot be read to its end:"
            " it was altered or damaged after it was sealed."
        )
        return Verdict(outcome="changed", kind="file", explanation=said)
    said = say(
        "It cannot be read to its end, so nothing can be said of its signatures. Ask for the file anew, and send it as"
        " it came."
    )
    return Verdict(outcome="unreadable", kind="file", explanation=said)


def _roles(unit: Unit, found: Examined) -> dict[str, Text]:
    """The roles of the fields, where the file is one of our agreements."""
    named = next((one.bound["agreement"] for one in found.signatures if "agreement" in one.bound), "")
    return {one.field: signers.role(one) for one in signers.of(unit, named)} if named else {}


def _completed(verdict: Verdict, content: bytes, found: Examined, roles: dict[str, Text]) -> Verdict:
    """The verdict with all that the examination found. A file of ours without any signature is told by its hash."""
    bare = verdict.kind == "certificate" and not found.signatures
    genuine = verdict.outcome == "genuine"
    held = (say("Its SHA-256 is the one in our records."),) if genuine else ()
    verdict = replace(
        verdict,
        digests=verdicts.digests(content),
        compare=None,
        signers=verdicts.signers_of(found, roles),
        stamps=verdicts.stamps_of(found.stamps),
        held=held + (() if bare else verdicts.checks_of(found)),
        problems=() if bare or verdict.outcome == "unfinished" and not found.signatures else found.problems,
        trial=found.trial,
    )
    if genuine and not bare and not found.intact:
        said = say("Its hash is in our records, but its signatures do not hold. Have the administrator look at it.")
        return replace(verdict, outcome="changed", explanation=said)
    return verdict


def _package(house: House, content: bytes) -> Verdict:
    trust, at = house.world.trust, house.clock.now()
    found = apart.package(content, trust, at=at)
    with house.database.transaction() as unit:
        recorded = {one: _recorded(unit, one) for one in found.chains}
        roles = _roles(unit, found.document) if found.document else {}
    verdict = _judged(found, recorded, alike=verdicts.is_like_a_package(content))
    document = found.document
    return replace(
        verdict,
        facts=((say("Evidence of"), found.subject), (say("Events"), found.length)) if found.subject else (),
        digests=verdicts.digests(content),
        signers=verdicts.signers_of(document, roles) if document else (),
        stamps=verdicts.stamps_of(document.stamps) if document else (),
        held=found.held,
        problems=found.problems,
        trial=document.trial if document else False,
    )


def _recorded(unit: Unit, chain: Said) -> str | None:
    """The hash that the last event of a chain has in our records; None if there is no such event."""
    asked = "select hash from evidence where subject = %s and sequence = %s"
    row = unit.one(asked, (chain.subject, chain.length)) if 0 < chain.length < 2**31 else None
    return row[0] if row else None


def _judged(found: Opened, recorded: Mapping[Said, str | None], *, alike: bool) -> Verdict:
    """A package held against the chains that we keep: `recorded` are the hashes that its last events have with us.

    One that cannot be opened is ours only if it is `alike`.
    """
    known = any(recorded.values())
    if not found.intact and not known and (found.subject or not alike):
        said = say("It is a package, but not one of ours, or what it says of itself was changed.")
        return Verdict(outcome="foreign", kind="package", explanation=said)
    if not found.intact:
        said = say("The package is not as it was issued. What does not hold stands below.")
        return Verdict(outcome="changed", kind="package", explanation=said)
    if any(held not in (None, chain.head) for chain, held in recorded.items()):
        said = say("The package holds in itself, but its events are not those in our records.")
        return Verdict(outcome="changed", kind="package", explanation=said)
    if not all(recorded.values()):
        said = say("Everything in the package holds. Our records hold nothing of this matter any more.")
        return Verdict(outcome="intact", kind="package", explanation=said)
    said = say("Everything in the package holds, and its events are those in our records.")
    return Verdict(outcome="genuine", kind="package", explanation=said)
