"""What publishing files would change, file by file; and the shipped families stay as somebody has changed them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.commands.deploy import deploy
from engine.model import Resource
from kernel.actor import Actor
from kernel.db import Database
from processes import catalog, publish
from tasks.house import House
from tests.processes.proving import form, model, opened, table

ADMIN = Actor(id="admin", groups=frozenset({"admin"}))


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    with opened(database, tmp_path) as found:
        yield found


def test_each_file_tells_whether_it_makes_a_new_version_and_of_what(house: House) -> None:
    with house.database.transaction() as unit:
        found = publish.differences(house.engine, unit, [model(), table(6), Resource("more.form", b'{"id": "more"}')])
        before = unit.one("select count(*) from definition")
    told = {one.name: (one.new, one.before is not None, [d.version for d in one.definitions]) for one in found}
    assert told == {"leave.bpmn": (False, True, [1]), "leave.dmn": (True, True, [2]), "more.form": (True, False, [1])}
    assert house.database.once().one("select count(*) from definition") == before


def test_a_process_bound_to_its_files_is_new_although_it_says_the_same(house: House) -> None:
    bound = Resource(
        "leave.bpmn", model().content.replace(b'formId="leave"', b'formId="leave" bindingType="deployment"')
    )
    with house.database.transaction() as unit:
        deploy(house.engine, unit, [bound, table(), form()], ADMIN)
        again = publish.differences(house.engine, unit, [bound, table(), form()])
        found = publish.differences(house.engine, unit, [bound, table(), form('{"type": "textfield", "key": "why"}')])
    assert [one.new for one in again] == [False, False, False]
    assert [(one.name, one.new, one.changes == ()) for one in found] == [
        ("leave.bpmn", True, True),
        ("leave.dmn", False, True),
        ("leave.form", True, False),
    ]


def test_a_family_that_somebody_changed_stays_through_every_start(house: House) -> None:
    family = catalog.families()[0]
    with house.database.transaction() as unit:
        first = publish.ship(house.engine, unit, family)
        assert first is not None
        assert first.changed
        again = publish.ship(house.engine, unit, family)
        assert again is not None
        assert not again.changed
        file = next(s.resource for s in catalog.gather([catalog.home() / family]) if s.ending == ".dmn")
        deploy(house.engine, unit, [Resource(file.name, file.content + b"\n<!-- changed here -->")], ADMIN)
        assert publish.ship(house.engine, unit, family) is None
