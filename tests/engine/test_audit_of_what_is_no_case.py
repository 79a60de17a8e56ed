"""What is done to no single case is written down with it: who, what, when."""

import pytest

from engine import audit
from engine.commands import deploy
from engine.model import Resource
from kernel.db import Unit
from kernel.errors import Invalid
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, process, user

ONE = process(ENDS + user("a"), "s a e")


def note_twice(house: House, unit: Unit) -> None:
    """An entry, and one that cannot be kept."""
    for reason in ("no", "\0"):
        audit.note(unit, house.engine, ZHANG, entity="RESOURCE", operation="DELETE", reason=reason)


def test_a_deployment_names_its_author_and_comment(house: House) -> None:
    made = deploy.deploy(house.engine, house.unit, [Resource("p.bpmn", ONE.encode())], ZHANG, comment="五日内交接")
    assert house.unit.one("select actor, comment from deployment") == ("zhang", "五日内交接")
    entry = house.unit.one("select actor, actor_kind, ip, entity, operation, entity_key, data from audit")
    assert entry[:6] == ("zhang", "person", "10.0.0.7", "RESOURCE", "CREATE", made.key)
    told = {"kind": "process", "id": "p", "version": 1, "new": True}
    assert entry[6] == {"comment": "五日内交接", "definitions": [told]}


def test_an_act_that_is_taken_back_leaves_no_entry(house: House) -> None:
    with pytest.raises(Invalid, match=r"U\+0000"), house.database.transaction() as unit:
        note_twice(house, unit)
    assert house.unit.one("select count(*) from audit") == (0,)
