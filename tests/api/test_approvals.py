"""Who may publish, and a second person's approval: never the proposer's or an editor's, void when files change."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api import approvals, proposals, publishers
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Database
from kernel.errors import Conflict, Forbidden
from processes.studio import drafts, projects
from tasks.house import House
from tests.processes.proving import form, model, opened, table


def person(login: str, *groups: str) -> Actor:
    return Actor(id=login, groups=frozenset(groups))


ADMIN, DESIGNER = person("admin", "admin"), person("designer", "designer")
OTHER, HR = person("other", "designer"), person("hr", "hr")


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    """A house where nothing is published without an approval."""
    with opened(database, tmp_path) as found:
        yield replace(found, settings=replace(found.settings, publish_approval=True))


def project(house: House) -> int:
    """A project of deployed files, in which the designer has changed the table."""
    files = [model(), table(), form()]
    bases = {file.name: drafts.rules.digest(file.content) for file in files}
    with house.database.transaction() as unit:
        key = projects.create(house.engine, unit, "请假", files, actor=ADMIN, bases=bases)
    change(house, key, table(6), DESIGNER)
    return key


def change(house: House, key: int, file: Resource, actor: Actor) -> None:
    with house.database.transaction() as unit:
        expected = drafts.read(unit, key, file.name).digest
        drafts.save(house.engine, unit, key, file.name, file.content, expected=expected, actor=actor)


def proposed(house: House, key: int, actor: Actor) -> int:
    with house.database.transaction() as unit:
        files = projects.resources(unit, key)
    made = proposals.create(house, files, actor=actor, sample=0, project=key)
    proposals.begin(house, made).join()
    return made


def test_a_second_person_approves_and_the_project_knows_what_was_published(house: House) -> None:
    key = project(house)
    proposal = proposed(house, key, OTHER)
    with pytest.raises(Conflict, match="waits for the approval of a second person"):
        proposals.publish(house, proposal, actor=ADMIN)
    for actor, why in (
        (OTHER, "You proposed this yourself"),
        (DESIGNER, "You changed these files"),
        (HR, "Only those"),
    ):
        with pytest.raises(Forbidden, match=why):
            approvals.approve(house, proposal, actor=actor)
    approvals.approve(house, proposal, actor=ADMIN)
    unit = house.database.once()
    found = proposals.read(unit, proposal)
    assert (found.approved_by, found.approved_at, found.edited_by) == ("admin", house.clock.now(), ("designer",))
    told = unit.all("select actor, data ->> 'proposed_by' from audit where data ->> 'what' = 'APPROVED'")
    assert told == [("admin", "other")]
    published = proposals.publish(house, proposal, actor=OTHER)
    assert [d.id for d in published.deployment.definitions if d.new] == ["level"]
    files = {file.name: file for file in projects.read(unit, key).files}
    assert files["leave.dmn"].base == files["leave.dmn"].digest
    assert [one.state for one in proposals.of_project(unit, key)] == ["PUBLISHED"]
    change(house, key, table(9), OTHER)
    assert proposals.read(unit, proposed(house, key, ADMIN)).edited_by == ("other",)


def test_an_approval_is_void_when_files_change_and_when_the_proof_is_done_again(house: House) -> None:
    key = project(house)
    proposal = proposed(house, key, DESIGNER)
    approvals.approve(house, proposal, actor=ADMIN)
    proposals.begin(house, proposal).join()
    with pytest.raises(Conflict, match="waits for the approval"):
        proposals.publish(house, proposal, actor=DESIGNER)
    approvals.approve(house, proposal, actor=ADMIN)
    change(house, key, table(7), DESIGNER)
    with pytest.raises(Conflict, match="files have changed since"):
        proposals.publish(house, proposal, actor=DESIGNER)
    with pytest.raises(Conflict, match="files have changed since"):
        approvals.approve(house, proposal, actor=ADMIN)
    unproved = proposals.create(house, [table(8)], actor=DESIGNER)
    with pytest.raises(Conflict, match="Prove it first"):
        approvals.approve(house, unproved, actor=ADMIN)


def test_the_setting_says_who_publishes(house: House) -> None:
    alone = replace(house, settings=replace(house.settings, publish_approval=False, publishers=" admin ,"))
    proposal = proposals.create(alone, [table(6)], actor=DESIGNER)
    proposals.begin(alone, proposal).join()
    with pytest.raises(Forbidden, match="Publishing is for admin"):
        proposals.publish(alone, proposal, actor=DESIGNER)
    publishers.check_straight(alone, ADMIN)
    with pytest.raises(Forbidden, match="approval of a second person"):
        publishers.check_straight(house, ADMIN)
    assert proposals.publish(alone, proposal, actor=ADMIN).changed
