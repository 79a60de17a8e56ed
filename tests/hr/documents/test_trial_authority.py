"""The trial authority in the database, and its time stamps as OpenSSL and rfc3161-client judge them."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256, sha512
from pathlib import Path

import pytest
from asn1crypto import cms, pem, tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from hr.documents.signing import certificates, stamps
from hr.documents.signing.authority import Authority, EventKey, made, note_issued
from hr.documents.signing.keys import Trust
from hr.documents.signing.stamps import Response, Unstamped
from hr.documents.signing.tables import PARTS
from hr.privacy import Cipher, Unreadable
from kernel.clock import Clock, ManualClock
from kernel.db import Database
from kernel.errors import Unavailable
from tests.hr.documents.conftest import OPENSSL, ORGANISATION, START, event_key

CIPHER = Cipher(["a secret of the tests"])


def load(database: Database, clock: Clock, cipher: Cipher = CIPHER) -> Authority:
    with database.transaction() as unit:
        return Authority.load(unit, cipher, organisation=ORGANISATION, clock=clock)


def test_an_authority_is_made_once_however_many_ask_for_it(database: Database, clock: ManualClock) -> None:
    with ThreadPoolExecutor(3) as crew:
        found = list(crew.map(lambda _: load(database, clock), range(3)))
    clock.advance(timedelta(days=400))
    found.append(load(database, clock))
    assert len({authority.root.sha256 for authority in found}) == 1
    assert len({authority.time.certificate.sha256 for authority in found}) == 1
    assert database.once().one("select count(*) from authority_key") == (len(PARTS),)


def test_its_keys_lie_sealed(database: Database, clock: ManualClock) -> None:
    authority = load(database, clock)
    for part, stored in database.once().all("select part, key_sealed from authority_key"):
        plain = authority.parts[part][1]
        assert plain not in bytes(stored)
        assert CIPHER.open(bytes(stored), about=f"authority_key/{part}") == plain
    with pytest.raises(Unreadable):
        load(database, clock, Cipher(["another secret"]))


def test_what_was_issued_is_noted_and_what_was_revoked_is_told(database: Database, clock: ManualClock) -> None:
    authority = load(database, clock)
    key = event_key(authority, "张三", clock)
    assert isinstance(key, EventKey)
    with database.transaction() as unit:
        for _ in range(2):
            note_issued(unit, key, bound_to="AG-2026-0001", at=clock.now())
        serial = str(key.certificate.serial_number)
        assert unit.all("select serial, subject, bound_to from issued_certificate") == [
            (serial, "张三", "AG-2026-0001")
        ]
        unit.run("update issued_certificate set revoked_at = %s where serial = %s", (clock.now(), serial))
    key.authority = load(database, clock)
    everybody, own = (x509.load_der_x509_crl(each) for each in key.revocation().crls)
    found = own.get_revoked_certificate_by_serial_number(int(serial))
    assert found is not None
    assert found.revocation_date_utc == clock.now()
    assert len(everybody) == 0, "the root has not issued it"


def test_the_list_of_one_signature_speaks_of_that_alone(authority: Authority, clock: ManualClock) -> None:
    one, other = (event_key(authority, name, clock) for name in ("张三", "李四"))
    own, others = (x509.load_der_x509_crl(key.revocation().crls[1]) for key in (one, other))
    scopes = [each.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value for each in (own, others)]
    assert scopes[0] != scopes[1]
    assert own.next_update_utc is not None
    assert own.next_update_utc < one.certificate.not_valid_after


@OPENSSL
@pytest.mark.requirement("F64")
def test_openssl_accepts_a_stamp_and_finds_another_digest(
    tmp_path: Path, authority: Authority, clock: ManualClock
) -> None:
    digest = sha256(b"evidence").digest()
    (tmp_path / "token").write_bytes(stamps.token(authority.time, digest))
    (tmp_path / "root.pem").write_bytes(pem.armor("CERTIFICATE", authority.root.dump()))
    assert verified(tmp_path, digest)
    assert not verified(tmp_path, sha256(b"another").digest())


def verified(folder: Path, digest: bytes) -> bool:
    command = ["openssl", "ts", "-verify", "-digest", digest.hex(), "-token_in", "-in", str(folder / "token")]
    done = subprocess.run([*command, "-CAfile", str(folder / "root.pem")], capture_output=True, text=True, check=False)
    return "Verification: OK" in done.stdout + done.stderr


def test_rfc3161_client_accepts_an_answer_and_finds_another_message(authority: Authority, clock: ManualClock) -> None:
    request = TimestampRequestBuilder().data(b"evidence").hash_algorithm(HashAlgorithm.SHA512).build()
    answer = decode_timestamp_response(authority.time.stamp(request.as_bytes()))
    root = x509.load_der_x509_certificate(authority.root.dump())
    verifier = VerifierBuilder().add_root_certificate(root).build()
    assert verifier.verify_message(answer, b"evidence")
    assert answer.tst_info.gen_time == clock.now()
    with pytest.raises(VerificationError):
        verifier.verify_message(answer, b"another")


def test_a_stamp_tells_its_instant_and_whether_its_authority_is_trusted(
    authority: Authority, clock: ManualClock
) -> None:
    digest = sha256(b"evidence").digest()
    token = stamps.token(authority.time, digest)
    at, stamped = clock.now(), stamps.told(token, digest, authority.trust, clock.now())
    assert (stamped.at, stamped.authority, stamped.trusted) == (at, "交接试用时间戳（测试）", True)
    stranger = Authority.of(made(ORGANISATION, START), clock)
    assert not stamps.told(token, digest, stranger.trust, clock.now()).trusted
    assert not stamps.told(token, digest, Trust(roots=()), clock.now()).trusted

    for wrong, other in ((token, sha256(b"another").digest()), (token[:-1], digest), (b"", digest), (b"0\0", digest)):
        with pytest.raises(Unstamped):
            stamps.told(wrong, other, authority.trust, clock.now())
    found = 0
    for place in range(0, len(token), 29):
        altered = bytearray(token)
        altered[place] ^= 4
        try:
            again = stamps.told(bytes(altered), digest, authority.trust, clock.now())
        except Unstamped:
            found += 1
        else:
            assert again.at == stamped.at, f"byte {place} moved the time unnoticed"
            found += not again.trusted
    assert found > 0


@pytest.mark.parametrize(
    ("changed", "failure"),
    [
        ({"message_imprint": {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": bytes(20)}}, "bad_alg"),
        ({"message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(20)}}, "bad_alg"),
        ({"req_policy": "1.2.3"}, "unaccepted_policy"),
        (None, "bad_data_format"),
    ],
)
def test_a_request_that_is_not_granted_is_told_why(
    changed: dict[str, object] | None, failure: str, authority: Authority
) -> None:
    asked = {
        "version": 1,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha512"}, "hashed_message": sha512().digest()},
    }
    request = b"nothing" if changed is None else tsp.TimeStampReq(asked | changed).dump()
    status = Response.load(authority.time.stamp(request))["status"]
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}


def test_what_a_time_authority_refuses_is_told_in_its_words(authority: Authority) -> None:
    with pytest.raises(Unavailable, match="Ask for a stamp over a digest by SHA-256"):
        stamps.ask(authority.time, bytes(20), "sha1")


def test_a_certificate_without_a_request_for_it_is_left_out(authority: Authority) -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    for wanted in (True, False):
        request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": wanted})
        answer = Response.load(authority.time.stamp(request.dump()))
        token = cms.ContentInfo.load(answer["time_stamp_token"].dump())
        assert bool(token["content"]["certificates"].native) is wanted
        assert token["content"]["encap_content_info"]["content"].parsed["policy"].native == certificates.TIME_POLICY
