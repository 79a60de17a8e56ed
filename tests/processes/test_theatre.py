"""Databases of stories: what a process leaves that died is dropped by the next one, and nobody else's."""

from pathlib import Path

import psycopg
import pytest

from engine.turn import Engine
from kernel.clock import ManualClock
from kernel.db import Database
from kernel.errors import Unavailable
from processes.sandbox.stages import Stages
from processes.sandbox.store import Files
from processes.story.script import Story
from processes.story.stage import FAMILY, Theatre


def databases(server: str) -> set[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}


def made_by(server: str, known: set[str]) -> set[str]:
    return {name for name in databases(server) - known if name.startswith(FAMILY)}


def test_what_a_dead_process_left_is_dropped(database_url: str, server: str) -> None:
    known = databases(server)
    left, alive = Theatre(database_url), Theatre(database_url)
    left.open()
    with left.database():
        stage = made_by(server, known)
        assert len(stage) == 2
        assert left._keeper is not None
        left._keeper.close()  # as the end of a process does; its databases stay
        alive.open()
        assert stage & databases(server) == set()
    theirs = made_by(server, known)
    assert len(theirs) == 1
    with Theatre(database_url).opened():
        assert theirs <= databases(server)
    alive.close()
    assert made_by(server, known) == set()


def test_a_web_process_clears_away_when_it_starts(database_url: str, server: str) -> None:
    known, left = databases(server), Theatre(database_url)
    left.open()
    assert left._keeper is not None
    left._keeper.close()
    stages = Stages(Engine(Database(database_url), ManualClock("2026-11-02T01:00:00+00:00")))
    stages.room.take_up().join()
    assert made_by(server, known) == set()
    stages.close()


def test_another_products_databases_are_left_alone(database_url: str, server: str) -> None:
    """Each product's database has theatres of its own: their locks are seen from within it alone."""
    elsewhere = Theatre(server)
    with elsewhere.opened():
        theirs = databases(server)
        with Theatre(database_url).opened():
            assert theirs <= databases(server)


def test_a_theatre_whose_server_was_started_again_is_opened_anew(database_url: str) -> None:
    theatre = Theatre(database_url)
    theatre.open()
    assert theatre.is_open
    assert theatre._keeper is not None
    theatre._keeper.close()
    assert not theatre.is_open
    theatre.close()
    theatre.open()
    with theatre.database() as found:
        assert found.once().one("select count(*) from instance") == (0,)
    theatre.close()


def test_a_database_that_somebody_is_connected_to_is_left_alone(database_url: str, server: str) -> None:
    left = Theatre(database_url)
    left.open()
    with left.database() as used:
        used.once().one("select 1")
        assert left._keeper is not None
        left._keeper.close()
        with Theatre(database_url).opened():
            assert used.once().one("select 1") == (1,)
    left.close()


def test_a_server_that_gives_no_database_is_told(database_url: str, server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop role if exists jiaojie_poorer")
        connection.execute("create role jiaojie_poorer")
    poor = Database(f"{database_url} options='-c role=jiaojie_poorer'")
    stages = Stages(Engine(poor, ManualClock("2026-11-02T01:00:00+00:00")))
    story = Story(file=Path(), name="", process="p", at="2026-11-02T09:00+08:00", steps=())
    for _ in range(2):
        with pytest.raises(Unavailable) as told, stages.room.stage(story, Files([])):
            pass
        assert "CREATEDB" in str(told.value)
    stages.close()
