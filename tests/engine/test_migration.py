"""A running case moves to another version, with all that is open in it."""

from engine.commands import migrate
from engine.commands.migrate import Mapping
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, process, user


def mapped(**names: str) -> list[Mapping]:
    return [Mapping(source=source, target=target) for source, target in names.items()]


def test_a_case_goes_on_in_the_new_version(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    key = house.task(case, "a")
    new = house.deploy(process(ENDS + user("b c"), "s b c e")).definitions[0].key
    assert migrate.check(house.engine, house.unit, case, new, mapped(a="b")) == []
    migrate.migrate(house.engine, house.unit, case, new, mapped(a="b"), actor=ZHANG)
    assert house.task(case, "b") == key
    house.done(case, "b")
    house.done(case, "c")
    assert house.state(case) == "COMPLETED"
