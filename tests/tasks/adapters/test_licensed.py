"""Event certificates of a licensed provider, played by the counterparts: signed requests, a root of its own."""

import io
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from api.bootstrap import real_names
from demo.counterparts.licensed import APP
from hr.documents.signing import pades
from hr.documents.signing.keys import Subject
from hr.documents.verify.pdf import examine
from hr.people import staff
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.errors import NotFound, Unavailable
from tasks.adapters import keys
from tasks.seals import Seals, TrialAuthority
from tests.hr.conftest import found
from tests.hr.documents.conftest import ORGANISATION, PLACES, paper
from tests.peers import SECRET

CIPHER = Cipher(["a secret of the test"])
BOUND = {"agreement": "XY-2026-000001", "document": "ab" * 32}
ZHANG = Subject(name="张晓雯", no="QM3", organisation=ORGANISATION, role="员工")


@pytest.fixture
def house(database, counterparts, tmp_path) -> Iterator:
    """The seals of a house that has the provider; `trusting` puts its root among the trusted ones."""
    opened: list[Seals] = []
    with database.transaction() as unit:
        found(unit, CIPHER)
    trial = Seals(trial=TrialAuthority(database, CIPHER, ORGANISATION, SystemClock()))
    root = tmp_path / "root.pem"
    root.write_text(httpx.get(f"{counterparts.url}/licensed/root.pem", trust_env=False).text)

    def connect(trusting: bool = True, **given: str) -> Seals:
        told = {"licensed_url": f"{counterparts.url}/licensed", "licensed_app": APP, "licensed_secret": SECRET, **given}
        roots = str(root) if trusting else ""
        settings = Settings(home=tmp_path, trust_roots=roots, outbound_timeout_seconds=5.0, **told)
        opened.append(keys.seals(settings, trial, real_names(database, CIPHER)))
        return opened[-1]

    yield connect
    for seals in opened:
        seals.close()


def signed(seals: Seals) -> bytes:
    at = SystemClock().now()
    return pades.sign(
        pades.prepare(paper(), PLACES, seam=False),
        field="Employee",
        key=seals.event_keys.issue(ZHANG, at=at, bound=BOUND),
        time=seals.time,
        trust=seals.trust,
        mark=None,
        name=ZHANG.name,
        reason="签署",
        location="上海",
        at=at,
    )


@pytest.mark.requirement("F63")
def test_a_person_signs_with_a_certificate_of_the_provider_and_it_is_no_trial(house):
    seals = house()
    done = signed(seals)
    (signature,) = PdfFileReader(io.BytesIO(done)).embedded_regular_signatures
    assert signature.signer_cert.subject.native["common_name"] == "张晓雯"
    assert signature.signer_cert.issuer.native["common_name"] == "演示认证机构根证书"
    (said,) = examine(done, seals.trust, at=SystemClock().now()).signatures
    assert (said.signed, said.trusted) == (True, True)
    assert not said.trial
    assert not seals.event_keys.trial


def test_the_identity_number_is_proved_to_the_provider_and_stands_in_no_certificate(house, database):
    with database.transaction() as unit:
        number = real_names(database, CIPHER)("QM3").id_number
        assert unit.one("select id_number_masked from employee where no = 'QM3'")[0] != number
    assert number.encode() not in signed(house())


def test_without_its_root_among_the_trusted_ones_everything_counts_as_a_trial_and_nothing_is_signed(house):
    seals = house(trusting=False)
    assert seals.event_keys.trial
    assert seals.event_keys.issue(ZHANG, at=SystemClock().now(), bound=BOUND).trial
    with pytest.raises(Unavailable, match="Nothing was signed"):
        signed(seals)


def test_a_person_without_an_identity_number_is_told_what_to_do(house, database):
    with database.transaction() as unit:
        staff.change(unit, CIPHER, "zhang", id_number="")
    with pytest.raises(Unavailable, match="none of 张晓雯 is on file. Ask HR"):
        signed(house())
    with pytest.raises(NotFound, match="number QM99"):
        house().event_keys.issue(replace(ZHANG, no="QM99"), at=SystemClock().now(), bound=BOUND)


def test_a_wrong_secret_is_for_an_administrator(house):
    with pytest.raises(Unavailable, match=r"does not accept our credentials \(status 401\).*JIAOJIE_LICENSED_URL"):
        signed(house(licensed_secret="wrong"))


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 503, "after": True}, {"delay": 6.0}])
def test_the_provider_down_slow_or_its_answer_lost_signs_nothing_and_the_next_try_does(fault, house, counterparts):
    seals = house()
    counterparts.fault("licensed", **fault)
    with pytest.raises(Unavailable, match="the certification provider cannot be used .*Nothing was signed"):
        signed(seals)
    assert len(PdfFileReader(io.BytesIO(signed(seals))).embedded_regular_signatures) == 1


def test_an_application_without_its_secret_stops_the_start(house):
    with pytest.raises(ValueError, match="JIAOJIE_LICENSED_APP or JIAOJIE_LICENSED_SECRET is empty"):
        house(licensed_secret="")
