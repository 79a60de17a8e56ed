"""The evidence of training in a package: of one person or one course, checked with nothing of ours, chain by chain."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from hr.evidence import anchors, bundle, opened
from hr.evidence.bundle import Bundle, Chain
from hr.evidence.offline import verify
from hr.training import dossier, report, statements
from hr.training.report import Learned
from kernel.errors import Conflict, Forbidden, NotFound
from tasks.human import evidence as anchored
from tasks.human import verification
from tasks.human.evidence import Anchoring
from tasks.human.training import evidence
from tests.tasks.human.training.certified import certified, certify, handed_in, passed
from tests.tasks.human.training.exam_hall import SLUG, Hall, hall

__all__ = ["hall"]
NOTHING = ["env", "-i", sys.executable, "-I"]


def by_the_packaged_verifier(folder: Path, package: bytes) -> subprocess.CompletedProcess[str]:
    """Run as a court would: unpacked, no environment, none of our files."""
    for name, content in verify.unpack(package).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    command = [*NOTHING, str(folder / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def failed_and_passed(hall: Hall) -> str:
    """zhao fails, learns again, passes, is certified."""
    number = hall.enrol()
    assert not handed_in(hall, number, wrong=3).passed
    hall.learned(number)
    assert handed_in(hall, number).passed
    certify(hall, number)
    return number


def problems(hall: Hall, package: bytes) -> list[str]:
    return [str(one) for one in opened.examine(package, hall.house.world.trust, at=hall.clock.now()).problems]


@pytest.mark.requirement("F86")
def test_a_person_takes_their_own_evidence_along_and_it_proves_itself(hall: Hall, tmp_path: Path) -> None:
    number = failed_and_passed(hall)
    package = evidence.of_person(hall.house, hall.actor("zhao"), "zhao")
    told = by_the_packaged_verifier(tmp_path / "unpacked", package)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "结论：全部通过" in told.stdout
    assert "Signature holds" in told.stdout  # of the certificate within
    files = verify.unpack(package)
    assert f"documents/{number.replace('PX', 'PXZS')}.pdf" in files
    assert not any(name.endswith(".yaml") for name in files)  # the keys of the bank are not theirs
    assert hall.events(number)[-1] == "downloaded"


def test_the_evidence_of_earlier_exams_is_closed_to_who_sits_another(hall: Hall) -> None:
    number = hall.enrol()
    assert not handed_in(hall, number, wrong=3).passed
    hall.learned(number)
    hall.sit(number)
    with pytest.raises(Conflict, match="an exam under way"):
        evidence.of_person(hall.house, hall.actor("zhao"), "zhao")
    assert evidence.of_person(hall.house, hall.actor("chen"), "zhao")
    hall.clock.advance(timedelta(hours=1))
    assert evidence.of_person(hall.house, hall.actor("zhao"), "zhao")


@pytest.mark.requirement("F85")
def test_the_statements_of_a_whole_course_are_valid_and_those_of_the_chain(hall: Hall) -> None:
    number = failed_and_passed(hall)
    files = verify.unpack(evidence.of_person(hall.house, hall.actor("zhao"), "zhao"))
    lines = [json.loads(line) for line in files["statements.jsonl"].splitlines()]
    for line in lines:
        BaseXapiStatement.model_validate(line)
    verbs = [line["verb"]["id"].rpartition("/")[2] for line in lines]
    assert verbs[0] == "registered"
    assert (verbs.count("attempted"), verbs.count("failed"), verbs.count("passed"), verbs[-1]) == (2, 1, 1, "earned")
    assert verbs.count("answered") >= 20
    assert {line["context"]["registration"] for line in lines} == {str(statements.registration(number))}


@pytest.mark.requirement("F86")
def test_the_evidence_of_a_course_holds_a_chain_of_everybody_and_the_text_that_was_taught(
    hall: Hall, tmp_path: Path
) -> None:
    numbers = [passed(hall, login) for login in ("zhao", "wu")]
    package = evidence.of_course(hall.house, hall.actor("chen"), SLUG)
    told = by_the_packaged_verifier(tmp_path / "unpacked", package)
    assert told.returncode == 0, told.stdout + told.stderr
    for number in numbers:
        assert f"training/{number}" in told.stdout
    files = verify.unpack(package)
    assert f"documents/course-{SLUG}-v1.yaml" in files
    assert not any(name.endswith(".pdf") and name.startswith("documents/") for name in files)
    verdict = verification.of_file(hall.house, package)
    assert verdict.outcome == "genuine", list(map(str, verdict.problems))
    (row,) = hall.rows(
        "select event, actor from evidence where subject = %s order by sequence desc limit 1", (f"course/{SLUG}",)
    )
    assert row == ("downloaded", "chen")


def chain_of(one: Learned) -> Chain:
    number = one.enrolment.number
    return Chain(subject=f"training/{number}", name=number, events=one.events, anchors=one.anchors)


def chains(hall: Hall) -> list[Chain]:
    """Those of two learners, stamped."""
    for login in ("zhao", "wu"):
        passed(hall, login)
    Anchoring()(hall.house, lambda: False)
    with hall.database.transaction() as unit:
        return [chain_of(one) for one in dossier.of_course(unit, SLUG).learned]


def packed(hall: Hall, *put: Chain) -> bytes:
    """The package as somebody makes it who has our keys."""
    made = Bundle(subject=f"course/{SLUG}", title="x", made_at=hall.clock.now(), report=b"%PDF-", chains=put)
    return bundle.build(made, anchored.seal(hall.house))


def test_whatever_is_wrong_in_one_chain_is_told_by_its_name(hall: Hall) -> None:
    one, other = chains(hall)
    assert problems(hall, packed(hall, one, other)) == []
    for broken, words in (
        (replace(one, events=one.events[:-1]), "no event that fits"),
        (replace(one, events=[*one.events[:2], *one.events[3:]]), "one was deleted or moved"),
        (replace(one, anchors=()), "bears no time stamp"),
        (replace(one, events=other.events, anchors=other.anchors), "those of another matter"),
    ):
        found = problems(hall, packed(hall, broken, other))
        assert any(words in problem for problem in found), (words, found)
        assert all(problem.startswith(f"{one.subject}: ") for problem in found), found


def test_a_statement_that_is_not_in_the_chain_is_found(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    written = bundle._statements

    def prettier(chains: Any) -> bytes:
        return written(chains).replace(b'"raw":100', b'"raw":101')

    monkeypatch.setattr(bundle, "_statements", prettier)
    assert problems(hall, packed(hall, *chains(hall))) == ["The statements (xAPI) are not those of the events."]


def test_an_altered_package_is_told_on_the_page_of_verification(hall: Hall) -> None:
    package = evidence.of_person(hall.house, hall.actor("zhao"), "zhao") if certified(hall) else b""
    at = package.index(b'"raw":100')
    told = verification.of_file(hall.house, package[:at] + b'"raw":999' + package[at + 9 :])
    assert told.outcome in ("changed", "foreign")
    assert told.problems


def test_hr_gets_the_courses_along_and_others_get_nothing(hall: Hall) -> None:
    certified(hall)
    files = verify.unpack(evidence.of_person(hall.house, hall.actor("chen"), "zhao"))
    assert f"documents/course-{SLUG}-v1.yaml" in files
    with pytest.raises(NotFound):
        evidence.of_person(hall.house, hall.actor("wu"), "zhao")
    with pytest.raises(Forbidden, match="for HR"):
        evidence.of_course(hall.house, hall.actor("zhao"), SLUG)


def test_who_has_no_training_has_no_evidence(hall: Hall) -> None:
    with pytest.raises(NotFound, match="nothing to export"):
        evidence.of_person(hall.house, hall.actor("wu"), "wu")
    with pytest.raises(NotFound, match="nothing to export"):
        evidence.of_course(hall.house, hall.actor("chen"), SLUG)
    with pytest.raises(NotFound, match="no course"):
        evidence.of_course(hall.house, hall.actor("chen"), "no-such-course")


@pytest.mark.requirement("F86")
def test_chains_of_training_are_stamped_every_hour(hall: Hall) -> None:
    number = hall.enrol()
    assert Anchoring()(hall.house, lambda: False) >= 1
    with hall.database.transaction() as unit:
        assert (
            anchors.check(unit, statements.subject(number), hall.house.world.trust, at=hall.clock.now()).anchored == 1
        )


def test_the_report_tells_what_the_rows_hold(hall: Hall) -> None:
    failed_and_passed(hall)
    with hall.database.transaction() as unit:
        rows = dossier.of_person(unit, hall.house.world.files, "zhao", source=False)
    told = report.facts(rows, organisation="启明智能", zone="Asia/Shanghai", verify_url="", at=hall.clock.now())
    (one,) = told["learned"]
    assert [(exam["score"], exam["result"]) for exam in one["exams"]] == [(70, "未通过"), (100, "通过")]
    assert (one["status"], one["rounds"], one["score"]) == ("已通过", 2, "100")
    events = [row["event"].partition("　")[0] for row in told["events"][0]["rows"]]
    assert (events[0], events[-1]) == ("被指派", "获得")
