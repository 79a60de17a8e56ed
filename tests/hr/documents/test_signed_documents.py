"""Agreements as PDF: two persons sign one after the other, the company seals, and validators of others agree."""

import asyncio
import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from shutil import which

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from hr.documents.pages import picture
from hr.documents.signing import certificates, pades, paths
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.keys import Trust
from hr.documents.signing.marks import SEAL
from hr.documents.verify.pdf import examine
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid
from tests.hr.documents.conftest import (
    ORGANISATION,
    PLACES,
    START,
    event_key,
    lta,
    paper,
    sealed,
    signatures,
    signed,
)


def story(
    authority: Authority, clock: ManualClock, pages: int = 1, between: timedelta = timedelta(minutes=7)
) -> list[bytes]:
    """The document as prepared, after the employee, after the manager, and sealed."""
    versions = [pades.prepare(paper(pages), PLACES, seam=True)]
    for field, name in (("Employee", "张龘㛃𬎆"), ("Manager", "李建国")):
        clock.advance(between)
        key = event_key(authority, name, clock)
        versions.append(signed(versions[-1], field, key, authority.time, authority.trust, clock))
    clock.advance(between)
    versions.append(sealed(versions[-1], authority.company, authority.time, authority.trust, clock))
    clock.advance(timedelta(minutes=1))
    return versions


def judged(signature: EmbeddedPdfSignature) -> tuple[ModificationLevel, bool | None, SignatureCoverageLevel]:
    """What happened after a signature, whether it permits that, and what it covers."""
    signature.compute_integrity_info()
    facts = signature.summarise_integrity_info()
    change = facts["diff_result"]
    level = change.modification_level if isinstance(change, DiffResult) else ModificationLevel.OTHER
    return level, facts["docmdp_ok"], facts["coverage"]


@pytest.mark.requirement("F63")
@pytest.mark.parametrize(("pages", "between"), [(1, timedelta(minutes=7)), (3, timedelta(hours=26))])
def test_two_signers_in_order_and_the_seal_hold_in_the_long_term(
    pages: int, between: timedelta, authority: Authority, clock: ManualClock
) -> None:
    """Within minutes, and with days between them: by then the certificates of the first signatures have ended."""
    *_, done = story(authority, clock, pages, between)
    found = signatures(done)
    assert [each.field_name for each in found] == ["Employee", "Manager", "Company"]
    for each in found:
        result = lta(each, authority.trust, clock.now())
        assert result.ades_subindic == AdESPassed.OK, result.failure_msg
        assert result.oldest_evidence_record_timestamp is not None
    assert found[0].signer_cert.subject.native["common_name"] == "张龘㛃𬎆"


@pytest.mark.requirement("F63")
def test_the_seal_and_its_slices_are_changes_that_the_signers_permit(authority: Authority, clock: ManualClock) -> None:
    *_, done = story(authority, clock, pages=3)
    employee, manager, company = map(judged, signatures(done))
    whole = SignatureCoverageLevel.ENTIRE_REVISION
    assert employee == manager == (ModificationLevel.FORM_FILLING, True, whole)
    assert company == (ModificationLevel.LTA_UPDATES, True, whole)
    stamp = PdfFileReader(io.BytesIO(done)).embedded_timestamp_signatures[-1]
    assert judged(stamp)[2] == SignatureCoverageLevel.ENTIRE_FILE


def test_many_pages_share_several_seals_evenly(authority: Authority, clock: ManualClock) -> None:
    """With more than eight pages nothing would be seen on a slice: nine pages carry five and four of two seals."""
    prepared = pades.prepare(paper(9), PLACES[2:], seam=True)
    form = PdfFileReader(io.BytesIO(prepared)).root["/AcroForm"]["/Fields"]
    boxes = [field["/Rect"] for field in map(generic.IndirectObject.get_object, form) if "Seam" in str(field["/T"])]
    widths = [round(float(right - left), 1) for left, _, right, _ in boxes]
    assert widths == [round(SEAL / 5, 1)] * 5 + [round(SEAL / 4, 1)] * 4
    done = sealed(prepared, authority.company, authority.time, authority.trust, clock)
    (company,) = signatures(done)
    assert judged(company) == (ModificationLevel.LTA_UPDATES, True, SignatureCoverageLevel.ENTIRE_REVISION)


def test_several_sign_at_once_in_one_process(authority: Authority, clock: ManualClock) -> None:
    prepared = pades.prepare(paper(2), PLACES[:1], seam=True)

    def sign(number: int) -> bytes:
        key = event_key(authority, f"张{number}", clock)
        return signed(prepared, "Employee", key, authority.time, authority.trust, clock)

    with ThreadPoolExecutor(4) as crew:
        done = list(crew.map(sign, range(6)))
        pictures = list(crew.map(lambda pdf: picture(pdf, 1, 200), done))
    assert len({signatures(pdf)[0].signer_cert.serial_number for pdf in done}) == 6
    assert all(each.startswith(b"\x89PNG") for each in pictures)


def test_a_caller_inside_a_loop_of_its_own_signs_and_examines_too(authority: Authority, clock: ManualClock) -> None:
    async def inside() -> bool:
        last = story(authority, clock)[-1]
        return examine(last, authority.trust, at=clock.now()).intact

    assert asyncio.run(inside())


def test_poppler_finds_every_signature_valid(tmp_path: Path, authority: Authority, clock: ManualClock) -> None:
    if not which("pdfsig"):
        pytest.skip("pdfsig is absent: install Debian's poppler-utils to have a second validator")
    path = tmp_path / "sealed.pdf"
    path.write_bytes(story(authority, clock, pages=2)[-1])
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert told.count("Signature is Valid") == 3
    assert told.count("Signing Hash Algorithm: SHA-256") == 4
    assert "Total document signed" in told.split("Signature #4:")[1]

    path.write_bytes(path.read_bytes().replace(b"/Reason", b"/Raeson", 1))
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    assert told.count("Signature is Valid") < 3


def test_nobody_signs_or_seals_once_more_after_the_seal(authority: Authority, clock: ManualClock) -> None:
    prepared, first, second, done = story(authority, clock)
    key = event_key(authority, "王五", clock)
    for pdf, field, words in (
        (done, "Employee", "is sealed"),
        (done, "Nowhere", "is sealed"),
        (first, "Employee", "signed already"),
        (second, "Nowhere", "not there"),
    ):
        with pytest.raises(Conflict, match=words):
            signed(pdf, field, key, authority.time, authority.trust, clock)
    for pdf, words in ((prepared, "Employee, Manager"), (first, "Manager"), (done, "is sealed")):
        with pytest.raises(Conflict, match=words):
            sealed(pdf, authority.company, authority.time, authority.trust, clock)
    assert signed(first, "Manager", key, authority.time, authority.trust, clock), "the key has not been spent"


def _overlay(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 60 700 400 60 re f Q"))
    writer.add_stream_to_page(0, stream)


def _new_slice(writer: IncrementalPdfFileWriter) -> None:
    field = next(f.get_object() for f in writer.root["/AcroForm"]["/Fields"] if "Seam" in str(f.get_object()["/T"]))
    form = generic.StreamObject(stream_data=b"1 0 0 rg 0 0 99 99 re f")
    form |= {generic.pdf_name("/Subtype"): generic.pdf_name("/Form")}
    form[generic.pdf_name("/BBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 99, 99)))
    field[generic.pdf_name("/AP")] = generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(form)})
    writer.update_container(field)


def _taken_out(writer: IncrementalPdfFileWriter) -> None:
    listed = writer.root["/AcroForm"]["/Fields"]
    del listed[0]
    writer.update_container(listed)


@pytest.mark.parametrize("tampering", [_overlay, _new_slice, _taken_out])
def test_what_is_added_after_the_seal_breaks_it(
    tampering: Callable[[IncrementalPdfFileWriter], None], authority: Authority, clock: ManualClock
) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(story(authority, clock, pages=2)[-1]))
    tampering(writer)
    out = io.BytesIO()
    writer.write(out)
    company = next(each for each in signatures(out.getvalue()) if each.field_name == "Company")
    assert judged(company)[:2] == (ModificationLevel.OTHER, False)


def test_a_time_authority_that_changes_its_key_meanwhile_leaves_nothing_unproved(
    authority: Authority, clock: ManualClock
) -> None:
    other = Authority.of(made(ORGANISATION, START), clock)

    class Alternating:
        """Stamps by one key, then by the other: several machines behind one address."""

        name, trial, calls = "time.example.org", False, 0

        def stamp(self, request: bytes) -> bytes:
            self.calls += 1
            return (authority, other)[self.calls % 2].time.stamp(request)

    both = Trust(roots=(authority.root, other.root), crls=(*authority.trust.crls, *other.trust.crls))
    prepared = pades.prepare(paper(), PLACES[:1], seam=True)
    once = signed(prepared, "Employee", event_key(authority, "张三", clock), Alternating(), both, clock)
    renewed = pades.renew(once, time=authority.time, trust=both, at=clock.now())
    (signature,) = signatures(renewed)
    assert lta(signature, both, clock.now()).ades_subindic == AdESPassed.OK


@pytest.mark.requirement("F63")
def test_a_document_that_nobody_seals_is_stamped_and_stamped_again(authority: Authority, clock: ManualClock) -> None:
    pdf = pades.prepare(paper(), PLACES[:1], seam=True)
    pdf = signed(pdf, "Employee", event_key(authority, "张三", clock), authority.time, authority.trust, clock)
    for _ in range(2):
        clock.advance(timedelta(hours=20))
        pdf = pades.renew(pdf, time=authority.time, trust=authority.trust, at=clock.now())
    (signature,) = signatures(pdf)
    result = lta(signature, authority.trust, clock.now())
    assert result.ades_subindic == AdESPassed.OK
    assert result.oldest_evidence_record_timestamp == START + timedelta(hours=20)


@pytest.mark.requirement("F63")
def test_the_certificate_of_one_signature_says_what_it_is_for(authority: Authority, clock: ManualClock) -> None:
    key = event_key(authority, "张𬎆", clock, document="ab12")
    certificate = key.certificate
    assert certificate.subject.native == {
        "country_name": "CN", "organization_name": f"{ORGANISATION}（测试）", "title": "employee",
        "common_name": "张𬎆", "serial_number": "E-0042",
    }  # fmt: skip
    assert certificates.bound_facts(certificate) == {"agreement": "AG-2026-0001", "document": "ab12"}
    assert certificates.is_trial(certificate)
    assert certificate.key_usage_value.native == {"non_repudiation"}
    lives = certificate.not_valid_after - certificate.not_valid_before
    assert certificate.not_valid_before < clock.now() < certificate.not_valid_after
    assert lives < timedelta(days=1)
    assert certificates.bound_facts(authority.root) is None
    assert paths.leads_to(certificate, key.chain, (authority.root,))
    assert not paths.leads_to(certificate, (), (authority.root,))
    assert not paths.leads_to(certificate, key.chain, ())


def test_every_certificate_of_the_trial_authority_says_that_it_is_one(authority: Authority, clock: ManualClock) -> None:
    certificates_: list[x509.Certificate] = [certificate for certificate, _ in authority.parts.values()]
    for certificate in certificates_:
        assert "测试" in certificate.subject.native["organization_name"]
        assert "测试" in certificate.subject.native["common_name"]
        assert certificates.is_trial(certificate)
    assert authority.company.trial
    assert authority.time.trial
    assert authority.event_keys.trial


def test_what_cannot_be_prepared_is_said(authority: Authority) -> None:
    twice = (*PLACES, PLACES[0])
    with pytest.raises(Invalid, match="Employee is there twice"):
        pades.prepare(paper(), twice, seam=True)
    with pytest.raises(Invalid, match="page 1 of 0|cannot be read"):
        pades.prepare(b"%PDF-1.7 nothing", PLACES, seam=True)
    elsewhere = [type(PLACES[0])(field="A", page=4, box=PLACES[0].box, kind="hand")]
    with pytest.raises(Invalid, match="page 5 of 2"):
        pades.prepare(paper(2), elsewhere, seam=True)
