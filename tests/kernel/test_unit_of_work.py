"""What belongs together is written together or not at all, by cursor and by objects on one connection."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from psycopg.errors import OperationalError, UndefinedTable, UniqueViolation
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Field, Session, SQLModel, select

from kernel.db import Database, Instant, Statement, Unit

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)


class Parcel(SQLModel, table=True):
    """A row of these tests alone."""

    __tablename__ = "parcel_of_these_tests"

    id: int = Field(primary_key=True)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


SQLModel.metadata.remove(Parcel.__table__)  # no table of the product

TABLE = "create table parcel_of_these_tests (id bigint primary key, sent_at timestamptz)"
PUT = "insert into parcel_of_these_tests (id) values (%s)"
IDS = "select id from parcel_of_these_tests order by id"


@pytest.fixture
def shop(database: Database) -> Database:
    database.once().run(TABLE)
    return database


def ids(database: Database) -> list[int]:
    return [row[0] for row in database.once().all(IDS)]


def test_a_transaction_that_ends_well_is_kept(shop: Database) -> None:
    with shop.transaction() as unit:
        unit.session.add(Parcel(id=1))
        assert unit.run(PUT, (2,)) == 1
        assert ids(shop) == []
    assert ids(shop) == [1, 2]


def test_a_transaction_that_raises_leaves_no_trace(shop: Database) -> None:
    def half() -> None:
        with shop.transaction() as unit:
            unit.session.add(Parcel(id=1))
            unit.run(PUT, (2,))
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert ids(shop) == []


def test_a_broken_statement_takes_back_what_came_before_it(shop: Database) -> None:
    def twice() -> None:
        with shop.transaction() as unit:
            unit.run(PUT, (1,))
            unit.run(PUT, (1,))

    with pytest.raises(UniqueViolation):
        twice()
    assert ids(shop) == []


def test_an_object_that_cannot_be_written_fails_before_the_end_is_reached(shop: Database) -> None:
    shop.once().run(PUT, (1,))

    def again() -> None:
        with shop.transaction() as unit:
            unit.run(PUT, (2,))
            unit.session.add(Parcel(id=1))

    with pytest.raises(IntegrityError):
        again()
    assert ids(shop) == [1]


def test_statements_see_objects_and_objects_see_statements(shop: Database) -> None:
    with shop.transaction() as unit:
        unit.session.add(Parcel(id=1))
        assert unit.all(IDS) == [(1,)]
        unit.run(PUT, (2,))
        assert [parcel.id for parcel in unit.session.exec(select(Parcel).order_by(Parcel.id))] == [1, 2]
        assert unit.one("select count(*) from parcel_of_these_tests where id > %(least)s", {"least": 1}) == (1,)
        assert unit.one("select 1 from parcel_of_these_tests where id = 9") is None


def test_both_cursors_of_a_unit_are_one_connection(shop: Database) -> None:
    with shop.transaction() as unit:
        by_cursor = unit.one("select pg_backend_pid()")[0]
        by_objects = unit.session.connection().exec_driver_sql("select pg_backend_pid()").scalar_one()
        by_numbers = Statement("select pg_backend_pid()").one(unit, {})[0]
    assert by_cursor == by_objects == by_numbers


def test_in_autocommit_each_statement_is_kept_at_once(shop: Database) -> None:
    unit = shop.once()
    assert unit.autocommit
    unit.run(PUT, (1,))
    with shop.transaction() as other:
        assert other.all(IDS) == [(1,)]
    with pytest.raises(UniqueViolation):
        unit.run(PUT, (1,))
    unit.run(PUT, (2,))
    assert ids(shop) == [1, 2]


def test_in_autocommit_there_are_no_objects(shop: Database) -> None:
    with pytest.raises(RuntimeError, match=r"in autocommit\. Rows as objects need Database\.transaction"):
        _ = shop.once().session


def test_a_thread_keeps_its_own_connection_for_single_statements(shop: Database) -> None:
    found: list[int] = []
    met = Barrier(2)

    def ask() -> None:
        met.wait()
        found.extend(shop.once().one("select pg_backend_pid()")[0] for _ in range(2))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 2


def test_a_lost_connection_is_replaced(shop: Database) -> None:
    first = shop.once()
    first.cursor.connection.close()
    second = shop.once()
    assert second is not first
    assert ids(shop) == []


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used(shop: Database) -> None:
    pid = shop.once().one("select pg_backend_pid()")[0]
    with shop.transaction() as unit:
        unit.run("select pg_terminate_backend(%s::int, 5000)", (pid,))
    assert shop.once().one("select pg_backend_pid()")[0] != pid
    assert ids(shop) == []


def test_a_connection_of_the_pool_that_died_is_not_handed_out(shop: Database) -> None:
    with shop.transaction() as unit:
        pid = unit.one("select pg_backend_pid()")[0]
    shop.once().run("select pg_terminate_backend(%s::int)", (pid,))
    with shop.transaction() as unit:
        assert unit.one("select pg_backend_pid()")[0] != pid


def test_what_one_hears_is_what_another_rings(shop: Database) -> None:
    ear = shop.listen("of_these_tests")
    shop.once().run("select pg_notify('of_these_tests', 'a')")
    assert [heard.payload for heard in ear.notifies(timeout=5, stop_after=1)] == ["a"]
    ear.close()


def test_values_are_never_read_as_statements(shop: Database) -> None:
    text = "'; drop table parcel_of_these_tests; --"
    assert shop.once().one("select %s::text", (text,)) == (text,)
    assert ids(shop) == []
    with pytest.raises(UndefinedTable):
        shop.once().one("select 1 from no_such_table")


def test_a_long_statement_takes_its_places_by_name(unit: Unit) -> None:
    statement = Statement("select %(b)s::int - %(a)s::int, %(a)s::int")
    assert statement.one(unit, {"a": 2, "b": 7, "unused": 0}) == (5, 2)


def test_instants_come_back_in_utc_whatever_zone_they_came_in(shop: Database) -> None:
    with shop.transaction() as unit:
        unit.session.add(Parcel(id=1, sent_at=AT.astimezone(timezone(timedelta(hours=8)))))
    with shop.transaction() as unit:
        assert unit.session.get_one(Parcel, 1).sent_at == AT
        assert unit.session.get_one(Parcel, 1).sent_at.tzinfo is UTC


def test_an_instant_without_a_zone_is_not_stored(shop: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"), shop.transaction() as unit:
        unit.session.add(Parcel(id=1, sent_at=AT.replace(tzinfo=None)))
    assert ids(shop) == []


def test_a_session_is_made_once_a_unit(shop: Database) -> None:
    with shop.transaction() as unit:
        assert isinstance(unit.session, Session)
        assert unit.session is unit.session


def test_a_thread_that_comes_late_opens_nothing_that_nobody_would_close(database_url: str) -> None:
    database = Database(database_url)
    database.once()
    database.close()
    with pytest.raises(OperationalError, match="closed"):
        database.once()
