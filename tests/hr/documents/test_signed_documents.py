"""Agreements as PDF: two persons sign one after the other, the company seals, and validators of others agree."""

from datetime import timedelta

import pytest
from pyhanko.sign.ades.report import AdESPassed

from hr.documents.signing import pades
from hr.documents.signing.authority import Authority
from kernel.clock import ManualClock
from tests.hr.documents.conftest import PLACES, event_key, lta, paper, sealed, signatures, signed


def story(authority: Authority, clock: ManualClock, pages: int = 1) -> list[bytes]:
    """The document as prepared, after the employee, after the manager, and sealed."""
    versions = [pades.prepare(paper(pages), PLACES, seam=True)]
    for field, name in (("Employee", "张龘㛃"), ("Manager", "李建国")):
        clock.advance(timedelta(minutes=7))
        key = event_key(authority, name, clock.now())
        versions.append(signed(versions[-1], field, key, authority.time, authority.trust, clock))
    clock.advance(timedelta(hours=1))
    versions.append(sealed(versions[-1], authority.company, authority.time, authority.trust, clock))
    return versions


@pytest.mark.requirement("F69")
def test_two_signers_in_order_and_the_seal_reach_long_term_validation(authority: Authority, clock: ManualClock) -> None:
    versions = story(authority, clock)
    found = signatures(versions[-1])
    clock.advance(timedelta(minutes=1))
    assert [each.field_name for each in found] == ["Employee", "Manager", "Company"]
    for each in found:
        result = lta(each, authority.trust, clock.now())
        assert result.ades_subindic == AdESPassed.OK, result.failure_msg
        assert result.oldest_evidence_record_timestamp is not None
