"""A system that is away delays its step: the case says so, nothing is lost, and the step goes on when it is back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api import bootstrap
from demo import organisation
from hr.agreements import texts
from hr.offboarding.cases import Filing
from hr.training import texts as courses
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes import catalog, publish
from tasks import worker
from tasks.adapters import outside
from tasks.house import House
from tasks.human import cases, start

HR = Actor(id="hr", groups=frozenset({"employee", "hr"}))


@pytest.fixture
def systems(clock: ManualClock) -> Any:
    return outside.in_memory(clock)


@pytest.fixture
def house(database: Database, clock: ManualClock, systems: Any, tmp_path: Path) -> House:
    settings = Settings(home=tmp_path, secret="a secret for this test")
    built = bootstrap.build(settings, database, clock, systems)
    with database.transaction() as unit:
        texts.ship(unit, clock=clock)
        courses.ship(unit, clock=clock)
        publish.publish(built.engine, unit, [catalog.home()], HR)
        today = date(2026, 11, 2)
        organisation.seed(unit, 100, today=today, password="a password", cipher=built.world.files.cipher, clock=clock)
    return built


@pytest.mark.requirement("F95")
@pytest.mark.requirement("F99")
def test_finance_is_away_for_half_an_hour(house: House, systems: Any, clock: ManualClock) -> None:
    systems.finance.down = True
    with house.database.transaction() as unit:
        leaver = organisation.people_for_cases(unit, date(2026, 11, 2))[0].employee.login
        filing = Filing(employee=leaver, reason="growth", leaving_on=date(2026, 12, 4))
        case = start.file(house, unit, filing, Actor(id=leaver))
        number = case.number
    for _ in range(30):
        worker.drain(house)
        clock.advance(timedelta(minutes=1))
    with house.database.transaction() as unit:
        view = cases.case_view(house, unit, HR, number)
        assert [delay.name for delay in view.delays] == ["查询未结款项"]
        assert "finance" in str(view.delays[0].sentence)
        assert view.delays[0].next_at is not None
        assert unit.one("select count(*) from incident")[0] == 0
    systems.finance.down = False
    clock.advance(timedelta(minutes=31))
    worker.drain(house)
    with house.database.transaction() as unit:
        assert cases.case_view(house, unit, HR, number).delays == ()
        assert unit.one("select value -> 'settled' from variable where name = 'finance'")[0] is True
