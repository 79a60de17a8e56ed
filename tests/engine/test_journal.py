"""The journal only grows, and a row that was changed, removed or cut off shows."""

from contextlib import suppress

import psycopg
import pytest

from engine import journal, queries
from engine.commands import operate
from engine.journal import Break
from kernel.errors import Conflict
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, process, user


class Undone(Exception):
    """Takes back what the test did."""


@pytest.fixture
def case(house: House) -> int:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    key = house.start(name="王小明", pay=1.5).instance_key
    house.done(key, "a", note='"quoted"\n')
    return key


@pytest.mark.requirement("F53")
@pytest.mark.parametrize("statement", ["update journal set actor = 'x'", "delete from journal", "truncate journal"])
def test_the_database_refuses_to_change_it(house: House, case: int, statement: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
        house.unit.run(statement)
    assert journal.verify(house.unit, case) is None


@pytest.mark.requirement("F53")
@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("update journal set actor = 'x' where seq = 3", Break(seq=3, reason="changed")),
        ("update journal set ip = '1.1.1.1' where seq = 3", Break(seq=3, reason="changed")),
        ("update journal set at = at + interval '1 s' where seq = 5", Break(seq=5, reason="changed")),
        ("update journal set data = replace(data, '王', '李') where seq = 2", Break(seq=2, reason="changed")),
        ("delete from journal where seq = 4", Break(seq=4, reason="missing")),
        ("delete from journal where seq = (select max(seq) from journal)", None),
    ],
)
def test_whoever_gets_around_that_is_found_out(house: House, case: int, tamper: str, found: Break | None) -> None:
    last = queries.history(house.unit, case)[-1].seq
    with suppress(Undone), house.database.transaction() as unit:
        unit.run("set local session_replication_role = replica")
        unit.run(tamper)
        assert journal.verify(unit, case) == (found or Break(seq=last, reason="cut"))
        raise Undone


@pytest.mark.requirement("F21")
def test_variables_tell_what_they_were_before(house: House, case: int) -> None:
    operate.set_variables(house.engine, house.unit, case, {"pay": 2}, actor=ZHANG)
    changes = [e.data for e in queries.history(house.unit, case) if e.kind == "VARIABLE_UPDATED"]
    assert changes == [{"name": "pay", "before": 1.5, "after": 2}]
    assert queries.variables(house.unit, case)["pay"] == 2
    house.done(case, "b")
    with pytest.raises(Conflict, match="is over: COMPLETED"):
        operate.set_variables(house.engine, house.unit, case, {"pay": 3}, actor=ZHANG)
