"""What the process does with an agreement: prepare it from the file, ask and remind, end it, deliver and archive it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hr.agreements import texts
from hr.confidentiality import check
from hr.documents.signing import stamps
from hr.evidence import log
from hr.evidence.tables import Anchor
from hr.people import accounts, staff
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound, Unavailable
from tests.tasks.handlers.conftest import Desk

HR = Actor(id="hr", name="HR", groups=frozenset({"hr"}))
SOURCE = """---
title: 客户信息保密协议
kind: confidentiality
summary: [您应当保守客户信息。, 公司不因此少付工资。, 造成损失的应当赔偿。]
fields:
  - {key: months, label: 期限（月）, type: number, default: 12}
signers:
  - {role: employee, label: 乙方（员工）}
  - {role: witness, place: 2, label: 见证人}
  - {role: company, place: 3, label: 甲方（用人单位）}
validity: '=agreement.date + duration("P" + string(months) + "M")'
---
## 保密

乙方 **{{ employee.name }}** 离职（{{ case.leavingOn }}）后 {{ months }} 个月内，应当保守甲方的客户信息。
"""


@pytest.fixture
def slug(desk: Desk, clock) -> str:
    with desk.database.transaction() as unit:
        saved = texts.save(unit, "customers", SOURCE, actor=HR, clock=clock)
        texts.publish(unit, "customers", saved.version, actor=HR, clock=clock, reason="test")
        accounts.create(unit, "sealer", password_hash="x", groups=("seal",), name="印章管理人", clock=clock)
    return "customers"


def prepared(desk: Desk, number: str, slug: str, **more: object) -> dict:
    return desk.do("agreement.prepare", number, text=slug, witness="wu", **more)["agreement"]


def test_an_agreement_is_prepared_from_the_file_and_the_case(desk, number, slug, clock):
    made = prepared(desk, number, slug, values={"months": 6}, expiresInDays=3)
    assert (made["title"], made["status"], made["name"]) == ("客户信息保密协议", "signing", "张晓雯")
    assert datetime.fromisoformat(made["expiresAt"]) == clock.now().replace(day=5)
    assert [[signer["login"] for signer in stage] for stage in made["stages"]] == [["zhang"], ["wu"], [None]]
    ((case, instance, keeps),) = desk.rows("select case_number, instance_key, ends_on from agreement")
    assert (case, instance, keeps.isoformat()) == (number, 100, "2027-05-02")
    with desk.database.transaction() as unit:
        assert log.rows(unit, made["number"])[0].actor == "agreement.prepare"


def test_the_time_to_sign_may_be_an_instant(desk, number, slug):
    made = prepared(desk, number, slug, expiresAt="2026-11-20T18:00:00@Asia/Shanghai", expiresInDays=3)
    assert datetime.fromisoformat(made["expiresAt"]).isoformat() == "2026-11-20T10:00:00+00:00"


def test_what_is_missing_or_unknown_is_told_and_nothing_is_kept(desk, number, slug):
    with pytest.raises(Invalid, match="wants a witness"):
        desk.do("agreement.prepare", number, text=slug)
    with pytest.raises(Invalid, match="wants a witness"):
        desk.do("agreement.prepare", number, text=slug, witness="zhang")
    with pytest.raises(NotFound):
        desk.do("agreement.prepare", number, text="nothing", witness="wu")
    with pytest.raises(Invalid, match="no such field"):
        prepared(desk, number, slug, values={"years": 2})
    assert desk.rows("select count(*) from agreement") == [(0,)]


def test_who_has_left_witnesses_nothing(desk, number, slug, clock):
    with desk.database.transaction() as unit:
        staff.leave(unit, "wu", clock.now().date())
    prepared(desk, number, slug)  # on the last day
    clock.advance(timedelta(days=1))
    with pytest.raises(Invalid, match="Name another one"):
        prepared(desk, number, slug)
    assert desk.rows("select count(*) from agreement") == [(1,)]


def test_asking_and_reminding_are_evidence(desk, number, slug):
    made = prepared(desk, number, slug)
    signer = made["stages"][0][0]
    channels = {"kind": "ask", "channels": "message,mail,sms"}
    desk.do("agreement.ask", number, agreement=made, signer=signer, headers=channels)
    desk.do("agreement.ask", number, agreement=made, signer=signer, headers={**channels, "kind": "remind"})
    subjects = [subject for (subject,) in desk.rows("select subject from delivery where channel = 'mail' order by id")]
    assert subjects == ["请签署：客户信息保密协议（张晓雯）", "提醒签署：客户信息保密协议（张晓雯）"]
    with desk.database.transaction() as unit:
        events = [(row.event, row.detail.get("field")) for row in log.rows(unit, made["number"])]
    assert events[1:] == [("signer.asked", "employee"), ("reminded", "employee")]
    assert desk.rows("select status, asked_at is null from agreement_signer where place = 1") == [("asked", False)]
    with pytest.raises(NotFound, match="has no signer"):
        desk.do("agreement.ask", number, agreement=made, signer={"field": "nobody"}, headers=channels)


def test_while_a_channel_is_down_the_job_comes_back(desk, number, slug):
    made = prepared(desk, number, slug)
    desk.outside.mailer.down = True
    with pytest.raises(Unavailable):
        desk.do(
            "agreement.ask",
            number,
            agreement=made,
            signer=made["stages"][0][0],
            headers={"kind": "ask", "channels": "message,mail"},
        )
    assert desk.rows("select status from agreement_signer where place = 1") == [("waiting",)]


def test_nobody_is_asked_once_it_is_over_and_ending_twice_is_ending_once(desk, number, slug, clock):
    made = prepared(desk, number, slug)
    ended = desk.do("agreement.close", number, agreement=made, headers={"status": "expired"})["agreement"]
    assert (ended["status"], ended["reason"]) == ("expired", "")
    again = desk.do("agreement.close", number, agreement=made, endReason="x", headers={"status": "withdrawn"})
    assert again["agreement"] == ended
    channels = {"kind": "ask", "channels": "message,mail,sms"}
    desk.do("agreement.ask", number, agreement=made, signer=made["stages"][0][0], headers=channels)
    assert desk.rows("select count(*) from delivery") == [(0,)]
    with desk.database.transaction() as unit:
        assert [row.event for row in log.rows(unit, made["number"])] == ["agreement.prepared", "expired"]
    with pytest.raises(Invalid, match="ends as declined, expired, withdrawn"):
        desk.do("agreement.close", number, agreement=made, headers={"status": "sealed"})


def test_a_process_ends_no_agreement_of_another(desk, number, slug):
    made = prepared(desk, number, slug)
    job = desk.ticket("agreement.close", number, agreement=made, headers={"status": "expired"})
    with pytest.raises(Invalid, match="not of this process"):
        desk.work(replace(job, instance_key=200))
    assert desk.rows("select status from agreement") == [("signing",)]


def test_a_sealed_agreement_is_delivered_stamped_and_on_record(desk, number, slug, clock):
    made = prepared(desk, number, slug)
    with pytest.raises(Invalid, match="is not sealed"):
        desk.do("agreement.archive", number, agreement=made)
    with pytest.raises(Invalid, match="only what all have signed is delivered"):
        desk.do("agreement.deliver", number, agreement=made)
    assert desk.rows("select count(*) from delivery") == [(0,)]
    desk.rows(
        "update agreement set status = 'sealed', ended_at = %s, ended_by = 'sealer' where number = %s returning number",
        (clock.now(), made["number"]),
    )
    filing = replace(desk.ticket("agreement.deliver", number, agreement=made), instance_key=200)
    desk.work(filing)
    assert desk.rows("select distinct instance_key from delivery") == [(100,)]  # beside what asked for the signatures
    told = desk.rows("select recipient, channel, state, body from delivery order by id")
    assert [row[:3] for row in told] == [
        ("zhang", "message", "sent"),
        ("zhang", "mail", "sent"),
        ("wu", "message", "sent"),
        ("wu", "mail", "sent"),
    ]
    assert f"https://hr.example/agreements/{made['number']}" in told[0][3]

    first = desk.do("agreement.archive", number, agreement=made)["agreement"]
    again = desk.do("agreement.archive", number, agreement=made)["agreement"]
    assert first["archived"] is again["archived"] is True
    with desk.database.transaction() as unit:
        chain = log.rows(unit, made["number"])
        anchors = [row for row in chain if unit.session.get(Anchor, (made["number"], row.sequence))]
        held = unit.session.get(Anchor, (made["number"], anchors[0].sequence))
        finding = check.check(unit, "zhang", [], on=clock.now().date())
    assert [row.event for row in chain] == ["agreement.prepared", "delivered", "archived"]
    assert [row.event for row in anchors] == ["delivered", "archived"]
    stamped = stamps.told(held.token, bytes.fromhex(anchors[0].hash), desk.world.trust, clock.now())
    assert stamped.trusted
    assert "客户信息保密协议" not in finding.unsigned
    assert desk.rows("select count(*) from agreement_record") == [(1,)]
    assert desk.rows("select keep_until from agreement")[0][0].isoformat() == "2032-11-02"
