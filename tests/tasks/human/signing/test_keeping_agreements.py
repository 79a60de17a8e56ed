"""What is left of an agreement when its process is over, when its time is over, and what no table holds."""

import logging
from datetime import date, timedelta

import pytest

from engine.commands import operate, user_task
from engine.upkeep import retention
from hr.agreements import filing
from kernel.actor import Actor, system
from kernel.errors import Conflict, Invalid, NotFound
from tasks.human import keeping
from tasks.human.signing.abandoned import abandoned
from tasks.human.signing.visitors import by_login
from tests.tasks.human.signing.conftest import Room
from tests.tasks.human.signing.test_in_the_process import Case, case

__all__ = ["case"]
ADMIN = Actor(id="root", groups=frozenset({"admin"}))


def test_an_agreement_whose_process_is_over_ends_with_it(case: Case) -> None:
    room, chore = case.room, abandoned()
    alone = room.prepare()
    assert chore(room.house, lambda: False) == 0
    operate.cancel(room.house.engine, room.database.once(), case.caller, actor=ADMIN)
    room.clock.advance(timedelta(minutes=10))
    assert chore(room.house, lambda: True) == 0
    assert chore(room.house, lambda: False) == 1
    row = room.agreement(case.number)
    assert (row.status, row.ended_reason) == ("withdrawn", "全部签署完成前，流程已结束。")
    assert room.agreement(alone).status == "signing"
    room.clock.set(room.agreement(alone).expires_at)
    assert chore(room.house, lambda: False) == 1
    assert room.agreement(alone).status == "expired"


def test_what_is_signed_outlives_its_process(case: Case) -> None:
    """The instance leaves when its time is over; the agreement, its file and its evidence stay for as long as they
    must.
    """
    room, engine = case.room, case.room.house.engine
    engine.retention_floor, engine.removal = keeping.retention_floor, keeping.remove
    for login in ("zhao", "li"):
        room.signed(login, case.number)
    room.sealed(case.number)
    with room.database.transaction() as unit:
        kept = filing.archive(unit, case.number, actor=system("x"), at=room.clock.now(), zone="Asia/Shanghai")
        assert kept.keep_until is not None
        assert kept.keep_until.isoformat() == "2031-11-02"
    ((after,),) = room.rows("select key from user_task where element = 'after'")
    user_task.complete(engine, room.database.once(), after, actor=ADMIN)
    before, pdf = room.events(case.number), room.document(case.number)
    with pytest.raises(Conflict, match="LCL 50"):
        retention.remove(engine, room.database.once(), case.caller, actor=ADMIN)
    with pytest.raises(Invalid, match="less than the law asks"):
        retention.set_days(engine, room.database.once(), "agreement", 30, actor=ADMIN)
    room.clock.advance(timedelta(days=keeping.TWO_YEARS + 1))
    retention.remove(engine, room.database.once(), case.caller, actor=ADMIN)
    assert room.rows("select count(*) from instance") == [(0,)]
    assert room.rows("select count(*) from delivery") == [(0,)]
    assert (room.events(case.number), room.document(case.number)) == (before, pdf)
    assert room.agreement(case.number).status == "sealed"
    assert abandoned()(room.house, lambda: False) == 0


def test_a_code_stands_in_no_table_and_no_log(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    number = room.prepare()
    with caplog.at_level(logging.DEBUG):
        room.agree("zhao", number)
        room.read("zhao", number)
        code = room.code("zhao", number)
        room.sign("zhao", number, code)
    assert code not in caplog.text
    tables = room.rows("select tablename from pg_tables where schemaname = 'public'")
    assert len(tables) > 40
    for (table,) in tables:
        for (row,) in room.rows(f'select to_jsonb(t)::text from "{table}" t'):
            assert f'"{code}"' not in row
            assert f" {code} " not in row


def test_a_program_with_the_name_of_a_signer_is_nobody_here(room: Room) -> None:
    number = room.prepare()
    program = by_login(Actor(id="zhao", kind="client", groups=frozenset({"client", "seal"})))
    with pytest.raises(NotFound):
        room.sign("zhao", number, "123456", visitor=program)


def test_a_day_five_years_on() -> None:
    assert filing.later(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert filing.later(date(2026, 11, 2), 5) == date(2031, 11, 2)
