"""Nothing is signed without a good time stamp, a key that is proved good, and a certificate that lives."""

from datetime import timedelta

import pytest

from hr.documents.signing import pades
from hr.documents.signing.authority import Authority, made
from hr.documents.signing.stamps import TimeAuthority
from kernel.clock import ManualClock
from kernel.errors import Conflict, Unavailable
from tests.hr.documents.conftest import ORGANISATION, PLACES, START, event_key, paper, parts, sealed, signed


class Silent:
    """A time authority that is down."""

    name, trial = "time.example.org", False

    def stamp(self, request: bytes) -> bytes:
        raise Unavailable("time.example.org does not answer.")


class Forgetful:
    """A time authority that answers every request with its answer to the first."""

    name, trial = "time.example.org", False

    def __init__(self, real: TimeAuthority) -> None:
        self._real = real
        self._first = b""

    def stamp(self, request: bytes) -> bytes:
        self._first = self._first or self._real.stamp(request)
        return self._first


def test_without_a_good_stamp_nothing_is_signed(authority: Authority, clock: ManualClock) -> None:
    prepared = pades.prepare(paper(), PLACES, seam=True)
    for time, words in (
        (Silent(), "does not answer"),
        (Forgetful(authority.time), "another request"),
        (Answering(b""), "gave no time stamp"),
        (Answering(authority.time.stamp(b"no request")), "cannot be read.*Nothing was signed"),
    ):
        with pytest.raises(Unavailable, match=words):
            signed(prepared, "Employee", event_key(authority, "张三", clock), time, authority.trust, clock)


class Answering:
    """A time authority that gives one answer."""

    name, trial = "time.example.org", False

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def stamp(self, request: bytes) -> bytes:
        return self._answer


def test_a_key_that_cannot_be_proved_good_signs_nothing(authority: Authority, clock: ManualClock) -> None:
    prepared = pades.prepare(paper(), PLACES, seam=True)
    stranger = Authority.of(made(ORGANISATION, START), clock)
    with pytest.raises(Unavailable, match="cannot be proved good"):
        signed(prepared, "Employee", event_key(stranger, "张三", clock), authority.time, authority.trust, clock)

    revoked = {authority.company.certificate.serial_number: clock.now() - timedelta(minutes=1)}
    revoking = Authority.of(parts(), clock, revoked)
    with pytest.raises(Unavailable, match="revoked"):
        sealed(pades.prepare(paper(), PLACES[2:], seam=True), revoking.company, authority.time, revoking.trust, clock)

    late = event_key(authority, "张三", clock)
    clock.advance(timedelta(hours=24))
    with pytest.raises(Unavailable, match="expired"):
        signed(prepared, "Employee", late, authority.time, authority.trust, clock)


def test_a_key_for_one_signature_signs_once(authority: Authority, clock: ManualClock) -> None:
    key = event_key(authority, "张三", clock, document="ab12")
    prepared = pades.prepare(paper(), PLACES, seam=True)
    signed(prepared, "Employee", key, authority.time, authority.trust, clock)
    with pytest.raises(Conflict, match="张三 has signed and is gone"):
        signed(prepared, "Employee", key, authority.time, authority.trust, clock)
