"""The evidence package of one agreement in one click, and the hourly round that stamps what moved."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from hr.evidence import anchors, log, opened
from hr.evidence.offline import verify
from hr.people import staff
from hr.people.staff import Hire
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import NotFound, Unavailable
from tasks.house import House
from tasks.human import evidence
from tasks.human.evidence import Anchoring
from tests.hr.evidence import agreed
from tests.hr.evidence.agreed import NUMBER, Place
from tests.tasks import shop

NAME = "赵𬎆龘㛃"
HR = Actor(id="hr", name="陈静", groups=frozenset({"hr"}), ip="10.9.9.9", agent="Firefox")


@pytest.fixture
def house(database: Database, clock: ManualClock, tmp_path: Path) -> House:
    made = shop.house(database, clock, tmp_path)
    with database.transaction() as unit:
        staff.add_department(unit, "sales", "销售一部")
        hired = clock.now().date()
        joining = Hire(no="QM5", login="zhao", name=NAME, department="sales", position="销售代表", hired_on=hired)
        staff.hire(unit, made.world.files.cipher, joining)
    agreed.concluded(Place(database, made.world.files, made.world.seals.authority, clock), "zhao", NAME)
    return made


@pytest.mark.requirement("F69")
def test_hr_and_the_signer_get_everything_in_one_click(house: House, tmp_path: Path) -> None:
    content = evidence.package(house, HR, NUMBER)
    path = tmp_path / "evidence.zip"
    path.write_bytes(content)
    found, _ = verify.verify(path)
    assert [one.en for one in found if not one.holds] == []
    assert opened.examine(content, house.world.trust, at=house.clock.now()).intact
    names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert {"documents/prepared.pdf", "documents/current.pdf", "attachments/signature-Employee.svg"} <= names
    zhao = Actor(id="zhao", name=NAME, groups=frozenset({"employee"}))
    assert evidence.package(house, zhao, NUMBER)
    with house.database.transaction() as unit:
        assert [row.event for row in log.rows(unit, NUMBER)][-2:] == ["downloaded", "downloaded"]


def test_nobody_else_gets_it(house: House) -> None:
    with pytest.raises(NotFound):
        evidence.package(house, Actor(id="wu", groups=frozenset({"employee"})), NUMBER)


def test_the_report_tells_who_did_what_in_names_that_few_fonts_have(house: House) -> None:
    with zipfile.ZipFile(io.BytesIO(evidence.package(house, HR, NUMBER))) as archive:
        report = archive.read("report.pdf")
    flat = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(report))
    flat = "".join(flat.split())
    for words in (NAME, "电子签署证据报告", NUMBER, "确认已阅读并理解", "10.1.2.3", "MobileSafari", "RFC3161", "测试"):
        assert words in flat


def test_the_same_facts_give_the_same_report_and_events(house: House) -> None:
    one = verify.unpack(evidence.package(house, HR, NUMBER))
    with house.database.transaction() as unit:
        assert anchors.head(unit, NUMBER) is not None  # the download itself is evidence
    other = verify.unpack(evidence.package(house, HR, NUMBER))
    assert one["documents/current.pdf"] == other["documents/current.pdf"]
    first = one["events.json"].partition(b'],"format"')[0].partition(b'"events":')[2]
    assert other["events.json"].partition(b'"events":')[2].startswith(first.rstrip(b"]"))


def test_once_an_hour_every_chain_that_moved_is_stamped(house: House, clock: ManualClock) -> None:
    anchoring = Anchoring()
    assert anchoring(house, lambda: False) == 1
    with house.database.transaction() as unit:
        log.append(unit, NUMBER, "delivered", HR, clock.now())
    assert anchoring(house, lambda: False) == 0
    clock.advance(timedelta(hours=1))
    assert anchoring(house, lambda: False) == 1
    clock.advance(timedelta(hours=1))
    assert anchoring(house, lambda: False) == 0


def test_a_time_authority_that_is_down_is_asked_again_later(
    house: House, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> bytes:
        raise Unavailable("The time authority does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(evidence.stamps, "token", down)
        anchoring = Anchoring()
        assert anchoring(house, lambda: False) == 0
        with pytest.raises(Unavailable):
            evidence.package(house, HR, NUMBER)
    clock.advance(timedelta(hours=1))
    assert anchoring(house, lambda: False) == 1
