"""Documents that are signed: a trial authority in the database, typeset pages, and what judges the outcome."""

import asyncio
import io
from datetime import datetime, timedelta
from functools import cache
from shutil import which

import pytest
import typst
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from hr.documents import glyphs
from hr.documents.places import Place
from hr.documents.signing import pades
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.keys import SigningKey, Subject, Trust
from hr.documents.signing.stamps import TimeAuthority
from kernel.clock import Clock, ManualClock, SystemClock

OPENSSL = pytest.mark.skipif(
    which("openssl") is None, reason="openssl is absent: install it to have it judge signatures"
)
ORGANISATION = "上海启明智能科技有限公司"
STROKES = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path d="M20 150 C 100 20 150 20 200 120 S 300 150'
    ' 400 60 S 500 40 560 120" fill="none" stroke="black" stroke-width="5" stroke-linecap="round"/></svg>'
)
PLACES = (
    Place(field="Employee", page=0, box=(70, 60, 223, 122), kind="hand"),
    Place(field="Manager", page=0, box=(240, 60, 393, 122), kind="hand"),
    Place(field="Company", page=0, box=(420, 60, 539, 179), kind="seal"),
)


@cache
def paper(pages: int = 1) -> bytes:
    """A document of so many pages, with characters that few fonts have, as a PDF without fields."""
    text = "\n#pagebreak()\n".join(
        f"= 竞业限制协议 {n + 1}\n甲方：{ORGANISATION}，乙方：张龘㛃𬎆" for n in range(pages)
    )
    source = f'#set page(paper: "a4")\n#set text(font: "Noto Sans CJK SC", lang: "zh")\n{text}'
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.CJK.parent)])
    made = typst.Compiler(source.encode(), font_paths=fonts).compile(format="pdf", pdf_standards="a-2b", timestamp=0)
    assert isinstance(made, bytes)
    return made


START = SystemClock().now().replace(microsecond=0) - timedelta(days=5)


@pytest.fixture
def clock() -> ManualClock:
    """Five days ago: long-term validation (ETSI EN 319 102-1) as pyHanko does it looks back from the machine's clock,
    at which the certificates for one signature have ended.
    """
    return ManualClock(START)


@cache
def parts() -> dict[str, tuple[bytes, bytes]]:
    """One trial authority for all tests that do not ask how it came to be."""
    return made(ORGANISATION, START)


@pytest.fixture
def authority(clock: ManualClock) -> Authority:
    return Authority.of(parts(), clock)


def event_key(authority: Authority, name: str, clock: Clock, **bound: str) -> SigningKey:
    subject = Subject(name, "E-0042", ORGANISATION, "employee")
    return authority.event_keys.issue(subject, at=clock.now(), bound={"agreement": "AG-2026-0001", **bound})


def signed(pdf: bytes, field: str, key: SigningKey, time: TimeAuthority, trust: Trust, clock: Clock) -> bytes:
    said = {"name": key.name, "reason": "本人已阅读并同意", "location": "上海"}
    return pades.sign(pdf, field=field, key=key, time=time, trust=trust, mark=None, at=clock.now(), **said)


def sealed(pdf: bytes, key: SigningKey, time: TimeAuthority, trust: Trust, clock: Clock) -> bytes:
    said = {"organisation": ORGANISATION, "note": "测试专用章", "reason": "用印"}
    return pades.seal(pdf, field="Company", key=key, time=time, trust=trust, at=clock.now(), **said)


def signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)


def lta(signature: EmbeddedPdfSignature, trust: Trust, at: datetime) -> AdESLTAValidationResult:
    """Long-term validation by ETSI EN 319 102-1, 5.6.3, as of an instant."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(list(trust.roots)), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy))
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    return asyncio.run(ades_lta_validation(signature, spec, timing))
