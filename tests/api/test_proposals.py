"""Proposals: kept, proved in the background, published byte for byte; what a dead process left is taken up again."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import background, proposals
from engine.commands.deploy import deploy
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Database
from kernel.errors import Conflict, Invalid, NotFound
from tasks.house import House
from tests.processes.proving import SIGNER, form, model, opened, stories, table

ADMIN = Actor(id="admin", groups=frozenset({"admin"}))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    with opened(database, tmp_path) as found:
        yield found


def proved(house: House, *files: Resource, sample: int = 20) -> int:
    key = proposals.create(house, files, actor=ADMIN, sample=sample, comment="a new limit")
    proposals.begin(house, key).join()
    return key


def test_a_proposal_is_proved_and_published_byte_for_byte(house: House) -> None:
    spaced = Resource("leave.bpmn", model().content + b"\n<!-- kept -->\n")
    key = proved(house, spaced, table(6), form(), stories())
    unit = house.database.once()
    found = proposals.read(unit, key)
    assert (found.state, found.created_by, found.comment) == ("DONE", "admin", "a new limit")
    assert found.files == ("leave.bpmn", "leave.dmn", "leave.form", "scenarios.yaml")
    assert found.proof is not None
    assert found.proof.passed
    ((who, told),) = unit.all("select actor, data from audit where operation = 'EVALUATE'")
    assert (who, told["proposal"], told["files"], told["comment"]) == (
        "admin",
        str(key),
        list(found.files),
        "a new limit",
    )
    published = proposals.publish(house, key, actor=ADMIN)
    assert {(d.kind, d.version) for d in published.deployment.definitions if d.new} == {("process", 2), ("decision", 2)}
    kept = unit.all("select name, content from resource where deployment_key = %s", (published.deployment.key,))
    assert {(name, bytes(content)) for name, content in kept} >= {("leave.bpmn", spaced.content)}
    assert unit.one("select comment from deployment where key = %s", (published.deployment.key,)) == ("a new limit",)
    again = proposals.read(unit, key)
    assert (again.state, again.deployment_key) == ("PUBLISHED", published.deployment.key)
    with pytest.raises(Conflict, match="PUBLISHED"):
        proposals.publish(house, key, actor=ADMIN)


def test_what_fails_its_scenarios_is_published_with_a_reason_alone(house: House) -> None:
    key = proved(house, table(8), stories())
    with pytest.raises(Conflict, match="1 scenarios fail"):
        proposals.publish(house, key, actor=ADMIN)
    proposals.publish(house, key, actor=ADMIN, reason="the story is out of date")
    told = house.database.once().all(
        "select data from audit where data ? 'reason' and data ->> 'proposal' = %s", (str(key),)
    )
    assert told == [
        ({"failed": ["A long leave goes to the boss"], "proposal": str(key), "reason": "the story is out of date"},)
    ]


def test_what_was_deployed_meanwhile_makes_a_proof_void(house: House) -> None:
    key = proved(house, table(6))
    deploy(house.engine, house.database.once(), [table(7)], SIGNER)
    with pytest.raises(Conflict, match="decision level was deployed by someone else"):
        proposals.publish(house, key, actor=ADMIN)
    proposals.begin(house, key).join()
    assert proposals.publish(house, key, actor=ADMIN).changed


def test_an_unproved_proposal_is_not_published(house: House) -> None:
    key = proposals.create(house, [table(6)], actor=ADMIN)
    with pytest.raises(Conflict, match="Prove it first"):
        proposals.publish(house, key, actor=ADMIN)
    with pytest.raises(NotFound):
        proposals.publish(house, 1, actor=ADMIN)
    with pytest.raises(NotFound):
        proposals.begin(house, 1)


def test_files_that_cannot_be_proved_are_no_proposal(house: House) -> None:
    with pytest.raises(Invalid, match="Two files are called leave.dmn"):
        proposals.create(house, [table(1), table(2)], actor=ADMIN)
    with pytest.raises(Invalid, match="cannot be published"):
        proposals.create(house, [Resource("a.exe", b"")], actor=ADMIN)
    assert proposals.listed(house.database.once()) == []


def test_a_proof_that_a_dead_process_left_is_taken_up_again(house: House) -> None:
    key = proposals.create(house, [table(6)], actor=ADMIN)
    house.database.once().run("update proposal set state = 'RUNNING' where key = %s", (key,))
    (thread,) = proposals.take_up(house)
    thread.join()
    assert proposals.read(house.database.once(), key).state == "DONE"
    assert proposals.take_up(house) == []


def test_a_proof_that_runs_elsewhere_is_not_done_twice(house: House) -> None:
    key = proposals.create(house, [table(6)], actor=ADMIN)
    unit = house.database.once()
    unit.run("update proposal set state = 'RUNNING' where key = %s", (key,))
    unit.one("select pg_advisory_lock(hashtextextended('jiaojie.proposal', %s))", (key,))
    (waiting,) = proposals.take_up(house)
    unit.run("""update proposal set state = 'FAILED', result = '{"failure": "over there"}' where key = %s""", (key,))
    unit.one("select pg_advisory_unlock(hashtextextended('jiaojie.proposal', %s))", (key,))
    waiting.join()
    assert proposals.read(unit, key).state == "FAILED"


def test_however_often_a_proof_is_asked_for_one_thread_waits(house: House) -> None:
    key = proposals.create(house, [model(), table(6), form(), stories()], actor=ADMIN)
    with house.database.transaction() as elsewhere:
        elsewhere.one("select pg_advisory_xact_lock(hashtextextended('jiaojie.proposal', %s))", (key,))
        asked = {proposals.begin(house, key) for _ in range(30)}
        assert len(asked) == 1
    asked.pop().join()
    assert proposals.read(house.database.once(), key).state == "DONE"
    proposals.begin(house, key).join()  # and another time where one has come to its end
    assert proposals.read(house.database.once(), key).state == "DONE"


def test_of_many_proofs_two_are_at_work_and_the_others_wait_without_a_connection(house: House) -> None:
    keys = [proposals.create(house, [model(), table(6), form(), stories()], actor=ADMIN) for _ in range(4)]
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with house.database.transaction() as elsewhere:
        for key in keys:
            elsewhere.one("select pg_advisory_xact_lock(hashtextextended('jiaojie.proposal', %s))", (key,))
        threads = [proposals.begin(house, key) for key in keys]
        seen = {elsewhere.one(waiting)[0] for _ in range(500)}
        assert max(seen) == background.AT_ONCE
    for thread in threads:
        thread.join()
    once = house.database.once()
    assert [proposals.read(once, key).state for key in keys] == ["DONE"] * 4


def test_a_proof_can_be_stopped_and_begun_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "TELL_EVERY_S", 0.0)
    key = proposals.create(house, [table(6), stories()], actor=ADMIN)
    thread = proposals.begin(house, key)
    proposals.cancel(house, key)
    thread.join()
    assert proposals.read(house.database.once(), key).state == "CREATED"
    with pytest.raises(Conflict, match="no proof runs"):
        proposals.cancel(house, key)
    proposals.begin(house, key).join()
    assert proposals.read(house.database.once(), key).state == "DONE"
    assert not [t for t in threading.enumerate() if t.name.startswith("proposal-")]


def test_a_refusal_of_the_proof_is_told(house: House) -> None:
    key = proposals.create(house, [table(6)], actor=ADMIN)
    house.database.once().run(
        "insert into proposal_file (proposal_key, name, content) values (%s, 'scenarios.yaml', 'stories: [')", (key,)
    )
    proposals.begin(house, key).join()
    found = proposals.read(house.database.once(), key)
    assert found.state == "FAILED"
    assert "is no YAML" in str(found.failure)
