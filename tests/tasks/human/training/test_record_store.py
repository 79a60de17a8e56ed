"""Statements on their way to a learning record store that is killed and comes back: each arrives, none is lost."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hr.evidence import log
from hr.training.tables import LearningStatement
from tasks.adapters import outside
from tasks.house import House
from tasks.human.training.forwarding import AGAIN, AT_ONCE, Forwarding
from tests.peers import free_port, listening
from tests.tasks.human.training.certified import passed
from tests.tasks.human.training.exam_hall import Hall, hall

__all__ = ["hall"]
LOGGER = "tasks.human.training.forwarding"


@dataclass
class Store:
    """The store's process, which can be killed and started again over the same file."""

    port: int
    file: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = (sys.executable, "-m", "tests.record_store", str(self.port), str(self.file), "jiaojie", "a-password")
        self.process = subprocess.Popen(command)
        listening(self.process, self.port)

    def kill(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def kept(self) -> list[str]:
        """The ids in the file, each as often as it stands there."""
        lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line)["id"] for line in lines]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(free_port(), tmp_path / "statements.jsonl")
    made.start()
    yield made
    made.kill()


def connected(hall: Hall, store: Store, password: str = "a-password") -> House:
    url = f"http://127.0.0.1:{store.port}/xAPI/"
    settings = replace(
        hall.house.settings, lrs_url=url, lrs_user="jiaojie", lrs_password=password, outbound_timeout_seconds=2.0
    )
    return replace(hall.house, world=replace(hall.house.world, lrs=outside.connect(settings, hall.clock).lrs))


def go_on(chore: Forwarding, house: House) -> int:
    """Rounds until one has nothing to do."""
    done = 0
    while sent := chore(house, lambda: False):
        done += sent
    return done


def ids(hall: Hall) -> list[str]:
    return [id for (id,) in hall.rows("select id from learning_statement order by at, subject, sequence")]


@pytest.mark.requirement("F85")
def test_every_statement_arrives_in_its_order_and_once(hall: Hall, store: Store) -> None:
    for login in ("zhao", "wu", "zhang"):
        passed(hall, login)
    house, expected = connected(hall, store), ids(hall)
    assert len(expected) > AT_ONCE - 10
    assert go_on(Forwarding(), house) == len(expected)
    assert store.kept() == expected
    assert hall.rows("select count(*) from learning_statement where sent_at is null") == [(0,)]
    assert Forwarding()(house, lambda: False) == 0


@pytest.mark.requirement("F85")
def test_a_store_that_is_killed_and_comes_back_misses_nothing(
    hall: Hall, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    house, chore = connected(hall, store), Forwarding()
    passed(hall, "zhao")
    before = go_on(chore, house)
    store.kill()
    passed(hall, "wu")
    with caplog.at_level(logging.INFO, LOGGER):
        for _ in range(4):
            assert chore(house, lambda: False) == 0
            hall.clock.advance(10 * AGAIN)
        assert caplog.text.count("statements of learning wait") == 1
        store.start()
        after = go_on(chore, house)
        assert "is back" in caplog.text
    assert before + after == len(ids(hall))
    assert store.kept() == ids(hall)


def test_one_that_was_killed_after_it_had_taken_them_has_them_once(hall: Hall, store: Store) -> None:
    """The store has them, and we do not know: they are sent again, and are there once."""
    passed(hall, "zhao")
    house = connected(hall, store)
    go_on(Forwarding(), house)
    hall.database.once().run("update learning_statement set sent_at = null")
    store.kill()
    store.start()
    go_on(Forwarding(), house)
    assert store.kept() == ids(hall)
    assert hall.rows("select count(*) from learning_statement where sent_at is null") == [(0,)]


def test_while_it_is_away_it_is_asked_later_each_time(hall: Hall, store: Store) -> None:
    store.kill()
    house, chore, asked = connected(hall, store), Forwarding(), list[datetime]()
    hall.enrol()
    for _ in range(60):
        before = chore._next
        chore(house, lambda: False)
        asked += [hall.clock.now()] if chore._next != before else []
        hall.clock.advance(timedelta(seconds=30))
    pauses = [(later - sooner).total_seconds() for sooner, later in pairwise(asked)]
    assert pauses[:5] == [30, 60, 120, 240, 480]


def note(hall: Hall, number: str, statement: dict[str, Any]) -> None:
    """A statement that our own hand would never write."""
    with hall.database.transaction() as unit:
        subject = f"training/{number}"
        row = log.append(unit, subject, "training.x", hall.actor("zhao"), hall.clock.now(), statement=statement)
        unit.session.add(LearningStatement(id=statement["id"], subject=subject, sequence=row.sequence, at=row.at))


def test_one_that_is_refused_holds_up_no_other(hall: Hall, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    number = hall.enrol()
    bad = "00000000-0000-4000-8000-000000000001"
    note(hall, number, {"id": bad})
    hall.clock.advance(timedelta(seconds=1))
    passed(hall, "wu")
    house, chore = connected(hall, store), Forwarding()
    go_on(chore, house)
    assert set(store.kept()) == set(ids(hall)) - {bad}
    assert hall.rows("select id from learning_statement where sent_at is null") == [(bad,)]
    assert f"the statement {bad} is not taken" in caplog.text


def test_one_that_the_store_knows_with_other_words_counts_as_sent(hall: Hall, store: Store) -> None:
    hall.enrol()
    (first,) = ids(hall)
    store.kill()
    store.file.write_text(json.dumps({"id": first, "actor": {}, "verb": {}, "object": {}}) + "\n")
    store.start()
    passed(hall, "wu")
    go_on(Forwarding(), connected(hall, store))
    assert sorted(store.kept()) == sorted(ids(hall))
    assert hall.rows("select count(*) from learning_statement where sent_at is null") == [(0,)]


def test_a_wrong_password_is_an_outage_for_an_administrator(
    hall: Hall, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    hall.enrol()
    assert Forwarding()(connected(hall, store, "another"), lambda: False) == 0
    assert "does not accept our credentials" in caplog.text
    assert "JIAOJIE_LRS_URL" in caplog.text
    assert store.kept() == []


def test_without_a_store_nothing_is_sent(hall: Hall) -> None:
    hall.enrol()
    assert hall.house.world.lrs is None
    assert Forwarding()(hall.house, lambda: False) == 0
