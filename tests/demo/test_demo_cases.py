"""The demo's cases: every tale is told to its end, and together they show every stage."""

from datetime import date
from pathlib import Path

import pytest

from api import bootstrap
from demo import organisation, signings, stories, trainings
from demo.stand import FREE
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes import catalog, publish
from tasks.house import House
from tasks.human import cases

TODAY = date(2026, 11, 20)
HR = Actor(id="hr", groups=frozenset({"employee", "hr"}))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    clock = ManualClock("2026-11-20T03:00:00+00:00")
    built = bootstrap.build(Settings(home=tmp_path, secret="a secret for this test"), database, clock)
    with database.transaction() as unit:
        publish.publish(built.engine, unit, [catalog.home()], HR)
        organisation.seed(unit, 100, today=TODAY, password="a password", cipher=built.world.files.cipher, clock=clock)
        organisation.teach(unit, TODAY, clock)
    return built


@pytest.mark.requirement("F22")
@pytest.mark.requirement("F50")
@pytest.mark.requirement("F51")
@pytest.mark.requirement("F62")
def test_every_tale_is_told_and_every_stage_is_shown(house: House) -> None:
    assert sorted(stories.play(house, TODAY)) == sorted(stories.TALES)
    assert sorted(signings.play(house, TODAY)) == sorted(signings.TALES)
    assert sorted(trainings.play(house, TODAY)) == sorted(trainings.TALES)
    with house.database.transaction() as unit:
        found = cases.cases(house, unit, HR, scope="all")
        assert found.total == len(stories.TALES)
        assert {row.stage for row in found.rows} >= {"apply", "check", "handover", "formalities", None}
        assert any(row.late for row in found.rows)
        assert any(row.ended for row in found.rows)
        assert not unit.all("select element, message from incident where state = 'ACTIVE'")
        lines = set(
            unit.all("select c.employee, l.tag from asset_line l join offboarding_case c on c.number = l.case_number")
        )
        held = set(
            unit.all("select a.holder, a.tag from asset a where a.holder in (select employee from offboarding_case)")
        )
        assert lines == held, "a case and the person's page name the same things"
        assert not unit.all("select 1 from delivery where body like '%%名下无登记物品%%'")
        one = cases.cases(house, unit, HR, scope="all", text=found.rows[0].subject.name)
        assert found.rows[0].number in {row.number for row in one.rows}
        states = {status for (status,) in unit.all("select status from agreement")}
        assert states == {"signing", "sealed", "declined", "expired"}
        (me,) = unit.one(FREE)
        mine = [status for (status,) in unit.all("select status from agreement where employee = %s", (me,))]
        assert mine == ["signing"], "whoever tries the demo as an employee has something to sign"
        learned = {status for (status,) in unit.all("select status from enrolment where reason = 'role'")}
        assert learned == {"learning", "examining", "passed", "waived"}
        (number,) = unit.one("select count(*) from training_certificate where sealed")
        assert number == 2
        mine = [status for (status,) in unit.all("select status from enrolment where employee = %s", (me,))]
        assert mine == ["learning"], "and something to learn"
