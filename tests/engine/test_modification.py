"""An admin changes by hand where a case stands."""

import pytest

from engine import queries
from engine.commands import modify
from engine.commands.modify import Activate, Modification, Move, Terminate
from kernel.errors import Conflict, Invalid
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, process, user


def change(house: House, case: int, **orders: tuple[object, ...]) -> None:
    modify.modify(house.engine, house.unit, case, Modification(**orders), actor=ZHANG, reason="as agreed")  # type: ignore[arg-type]


def test_a_token_is_moved(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    change(house, case, move=(Move(source="a", target="b", variables={"": {"n": 1}}),))
    assert house.open(case) == ["b"]
    first = next(entry for entry in queries.history(house.unit, case) if entry.kind == "INSTANCE_MODIFIED")
    assert first.data == {"moved": [{"from": "a", "to": "b"}], "reason": "as agreed"}
    assert queries.diagram(house.unit, case).active == {"b": 1}
    house.done(case, "b")
    assert house.state(case) == "COMPLETED"


def test_what_has_nothing_left_is_terminated(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    change(house, case, terminate=(Terminate(what="a"),))
    assert house.state(case) == "TERMINATED"
    with pytest.raises(Conflict, match="is over"):
        change(house, case, activate=(Activate(element="b"),))


def test_nothing_to_change_is_refused(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    with pytest.raises(Invalid, match="Nothing is to be changed"):
        change(house, case)
    assert house.open(case) == ["a"]
