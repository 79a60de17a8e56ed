"""Company things come back or do not; what is still open is put on record."""

import io
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from pypdf import PdfReader

from hr.documents.files import Files
from hr.offboarding import assets, dossier, record
from hr.offboarding.record import OpenNode, Reminder
from hr.offboarding.tables import Case
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Forbidden, Invalid, NotFound
from tests.hr.conftest import actor
from tests.hr.pictures import png

THINGS = [
    {"tag": "ZC-1", "kind": "laptop", "name": "笔记本电脑", "serial": "5CD1234", "value": "8999.00"},
    {"tag": "ZC-2", "kind": "key", "name": "档案柜钥匙"},
]
ZHANG, ADMINISTRATION, WU, HR = actor("zhang"), actor("sun", "administration"), actor("wu"), actor("hr", "hr")
PNG = png()


@pytest.fixture
def number(case: Case, company: Unit, clock: ManualClock) -> str:
    assets.register(company, case.number, THINGS, clock=clock, actor=actor("assets"))
    return case.number


@pytest.mark.requirement("F45")
def test_administration_records_what_came_back(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    photo = files.put(company, PNG, name="laptop.png", actor=ADMINISTRATION, at=clock.now())
    line = assets.check(company, number, "ZC-1", "returned", photo_hash=photo.hash, clock=clock, actor=ADMINISTRATION)
    assert (line.status, line.checked_by, line.checked_at) == ("returned", "sun", clock.now())
    assert [line.tag for line in assets.outstanding(company, number)] == ["ZC-2"]
    lost = assets.check(company, number, "ZC-2", "cost", cost_cents=2000, clock=clock, actor=ADMINISTRATION)
    assert lost.cost_cents == 2000
    assert assets.outstanding(company, number) == []


@pytest.mark.requirement("F45")
def test_only_administration_checks_and_a_cost_has_an_amount(number: str, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Forbidden):
        assets.check(company, number, "ZC-1", "returned", clock=clock, actor=ZHANG)
    with pytest.raises(Invalid, match="amount"):
        assets.check(company, number, "ZC-1", "cost", clock=clock, actor=ADMINISTRATION)
    with pytest.raises(Invalid, match="not held"):
        assets.check(company, number, "ZC-1", "held", clock=clock, actor=ADMINISTRATION)
    with pytest.raises(NotFound, match="ZC-9"):
        assets.check(company, number, "ZC-9", "returned", clock=clock, actor=ADMINISTRATION)


@pytest.mark.requirement("F35")
def test_the_leaver_answers_with_a_photo(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    assets.write_note(company, number, "ZC-1", "请归还笔记本电脑", clock=clock, actor=ADMINISTRATION)
    photo = files.put(company, PNG, name="back.png", actor=ZHANG, at=clock.now())
    assets.write_note(company, number, "ZC-1", "已归还", photo_hash=photo.hash, clock=clock, actor=ZHANG)
    assert [(note.author, note.text) for note in assets.notes(company, number)] == [
        ("sun", "请归还笔记本电脑"),
        ("zhang", "已归还"),
    ]
    with pytest.raises(Forbidden):
        assets.write_note(company, number, "ZC-1", "看看", clock=clock, actor=WU)
    with pytest.raises(NotFound, match="not among yours"):
        assets.write_note(company, number, "ZC-1", "x", photo_hash="0" * 64, clock=clock, actor=ZHANG)


def test_listing_again_keeps_what_was_found(number: str, company: Unit, clock: ManualClock) -> None:
    assets.check(company, number, "ZC-1", "returned", clock=clock, actor=ADMINISTRATION)
    again = assets.register(company, number, THINGS, clock=clock, actor=actor("assets"))
    assert [line.status for line in again] == ["returned", "held"]


def nodes(clock: ManualClock) -> list[OpenNode]:
    opened = clock.now() - timedelta(days=4)
    sent = Reminder(at=clock.now() - timedelta(days=1), channel="sms", to="zhang", delivered=False)
    return [
        OpenNode(
            element="handover_list",
            name="填写交接清单",
            stage="交接",
            responsible="张晓雯",
            opened_at=opened,
            due_at=clock.now() - timedelta(hours=1),
            reminders=(sent,),
        ),
        OpenNode(element="asset_return", name="归还资产", stage="手续", responsible="行政", opened_at=opened),
    ]


@pytest.mark.requirement("F9")
def test_open_nodes_are_recorded_as_json_and_pdf(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    made = record.open_items(
        company, files, number, nodes(clock), process="active", organisation="启明", clock=clock, actor=HR
    )
    facts = json.loads(made.json)
    assert [node["element"] for node in facts["nodes"]] == ["handover_list", "asset_return"]
    assert facts["nodes"][0]["reminders"][0]["delivered"] is False
    assert made.row.json_hash == sha256(made.json).hexdigest()
    text = PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text().replace(" ", "")
    assert all(words in text for words in ("未完成节点记录", "张晓雯", "填写交接清单", "逾期", "未送达", "归还资产"))
    assert files.read(company, made.row.pdf_hash).content == made.pdf


@pytest.mark.requirement("F50")
def test_one_archive_holds_everything_of_a_case(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    record.open_items(company, files, number, [], process="active", organisation="启明", clock=clock, actor=HR)
    assets.write_note(company, number, "ZC-1", "已归还", clock=clock, actor=ZHANG)
    archive = dossier.archive(company, number)
    assert archive.case.number == number
    assert [line.tag for line in archive.assets] == ["ZC-1", "ZC-2"]
    assert [note.text for note in archive.asset_notes] == ["已归还"]
    assert {stored.purpose for stored in archive.files} == {"open-record"}
    assert archive.certificate is None
    assert archive.records[0].nodes == 0
    assert archive.chain.broken_at is None
    assert archive.chain.length == len(archive.evidence) == 4
    with pytest.raises(NotFound, match="OFF-1999-0001"):
        dossier.archive(company, "OFF-1999-0001")
