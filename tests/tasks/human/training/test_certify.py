"""The certificate of a course on its way: sealed, handed to whoever it is about, found genuine by a stranger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hr.documents.verify import pdf as examined
from hr.training import certificate
from hr.training.tables import TrainingCertificate
from kernel.errors import Conflict, NotFound, Unavailable
from kernel.text import say
from tasks.human import verification
from tasks.human.training import certify
from tasks.human.verdicts import Verdict
from tests.hr.evidence import overlays
from tests.tasks.human.training.certified import certified, passed
from tests.tasks.human.training.certified import certify as carried_out
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall"]


class Away:
    """A time authority that nobody reaches."""

    trial, name = True, "away"

    def stamp(self, request: bytes) -> bytes:
        raise Unavailable(say("The time authority does not answer."))


def row_of(hall: Hall, number: str) -> TrainingCertificate:
    with hall.database.transaction() as unit:
        found = certificate.find(unit, number)
        unit.session.expunge_all()
        return found


def pdf_of(hall: Hall, number: str, login: str = "zhao") -> bytes:
    with hall.database.transaction() as unit:
        return certify.pdf(hall.house, unit, hall.actor(login), number)


def facts(verdict: Verdict) -> dict[str, str]:
    return {str(label): str(value) for label, value in verdict.facts}


@pytest.mark.requirement("F83")
def test_who_passed_gets_a_sealed_certificate_that_a_stranger_finds_genuine(hall: Hall) -> None:
    number = certified(hall)
    content, world = pdf_of(hall, number), hall.house.world
    found = examined.examine(content, world.trust, at=hall.clock.now())
    assert found.intact, list(map(str, found.problems))
    assert [one.field for one in found.signatures] == ["seal"]
    assert found.trial
    told = verification.of_file(hall.house, content)
    assert (told.outcome, told.kind, told.trial, told.warning) == ("genuine", "certificate", True, None)
    assert facts(told)["Course"] == "客户信息保密"
    assert facts(told)["Issued to"] == "赵＊"
    assert facts(told)["Validity"] == "in force"
    assert not any("100" in value for value in facts(told).values())  # nobody else's business: the score


def test_the_code_under_the_qr_tells_what_to_compare_with(hall: Hall) -> None:
    row = row_of(hall, certified(hall))
    told = verification.of_code(hall.house, f" {row.verify_code.lower()} ")
    assert (told.outcome, told.kind) == ("recorded", "certificate")
    assert told.compare is not None
    assert told.compare.sha256 == row.file_hash
    assert facts(told)["Number"] == row.number


def test_an_expired_certificate_is_genuine_and_says_that_its_time_is_over(hall: Hall) -> None:
    number = certified(hall)
    row, content = row_of(hall, number), pdf_of(hall, number)
    hall.clock.set("2027-11-01T15:59:00+00:00")  # the last minute of the last day in Shanghai
    assert facts(verification.of_code(hall.house, row.verify_code))["Validity"] == "in force"
    hall.clock.advance(timedelta(minutes=1))
    for told in (verification.of_code(hall.house, row.verify_code), verification.of_file(hall.house, content)):
        assert facts(told)["Validity"] == "expired"
        assert "2027-11-01" in str(told.warning)
    assert told.outcome == "genuine"


def test_an_edited_certificate_is_told_as_changed(hall: Hall) -> None:
    content = pdf_of(hall, certified(hall))
    assert verification.of_file(hall.house, overlays.white_box(content)).outcome == "changed"
    at = content.index(b"/Reason") + 12
    flipped = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    assert verification.of_file(hall.house, flipped).outcome in ("changed", "foreign")
    assert verification.of_file(hall.house, content[:-300]).outcome == "changed"


def test_it_is_made_once_however_often_the_job_is_tried(hall: Hall) -> None:
    number = passed(hall)
    first = carried_out(hall, number)
    files = hall.rows("select count(*) from stored_file")
    assert carried_out(hall, number) == first
    assert hall.rows("select count(*) from stored_file") == files
    assert hall.events(number).count("earned") == 1


def test_what_is_not_passed_is_not_certified(hall: Hall) -> None:
    with pytest.raises(Conflict, match="not passed"):
        carried_out(hall, hall.enrol())


def test_without_a_time_authority_it_waits_and_in_the_end_goes_out_without_a_seal(hall: Hall) -> None:
    number, world = passed(hall), hall.house.world
    hall.house = replace(hall.house, world=replace(world, keys=replace(world.seals, stamps=Away())))
    with pytest.raises(Unavailable, match="does not answer"):
        carried_out(hall, number)
    assert hall.rows("select count(*) from training_certificate") == [(0,)]
    paper = carried_out(hall, number, last=True)
    assert not row_of(hall, paper).sealed
    told = verification.of_file(hall.house, pdf_of(hall, paper))
    assert (told.outcome, told.signers, told.problems) == ("genuine", (), ())


def test_it_bears_a_score_and_is_for_the_person_and_hr_alone(hall: Hall) -> None:
    number = certified(hall)
    assert pdf_of(hall, number, "chen") == pdf_of(hall, number, "zhao")
    with pytest.raises(NotFound):
        pdf_of(hall, number, "wu")
