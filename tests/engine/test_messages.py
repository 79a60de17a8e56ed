"""A message reaches each process once: an instance that waits, one that will wait, or a new one."""

from datetime import timedelta
from typing import Any

import pytest

from engine import due, queries
from engine.commands import follow_up, message, signal
from engine.commands.message import AlreadyPublished, Published
from kernel.errors import Invalid
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    process,
    throw,
    user,
)

WAITS = process(ENDS + user("a") + catch("c", ON_MESSAGE), "s a c e", definitions=DEFINITIONS)
STARTS = process(
    f'<startEvent id="s">{ON_MESSAGE}</startEvent><endEvent id="e"/>' + user("a"),
    "s a e",
    definitions='<message id="m" name="oa-resignation"/>',
    id="q",
)


def publish(house: House, key: str = "OFF-1", name: str = "msg", **more: object) -> Published:
    return message.publish(house.engine, house.unit, name, key, actor=ZHANG, **more)  # type: ignore[arg-type]  # as given


def test_it_finds_the_instance_that_waits_for_its_key(house: House) -> None:
    house.deploy(WAITS)
    one, other = (house.start(key=key).instance_key for key in ("OFF-1", "OFF-2"))
    house.done(one, "a")
    house.done(other, "a")
    assert publish(house, variables={"settled": True}).instances == [one]
    assert (house.state(one), house.state(other)) == ("COMPLETED", "ACTIVE")
    assert queries.variables(house.unit, one)["settled"] is True


def test_it_waits_for_its_time_to_live(house: House) -> None:
    house.deploy(WAITS)
    early, late = house.start(key="OFF-1").instance_key, house.start(key="OFF-2").instance_key
    assert publish(house, "OFF-1", ttl_s=3600).instances == []
    assert publish(house, "OFF-2", ttl_s=60).instances == []
    house.clock.advance(timedelta(minutes=5))
    house.done(early, "a")
    house.done(late, "a")
    assert (house.state(early), house.state(late)) == ("COMPLETED", "ACTIVE")
    house.clock.advance(timedelta(hours=2))
    assert due.sweep(house.engine, house.unit) >= 0
    assert house.unit.one("select count(*) from message") == (0,)


def test_without_time_to_live_it_is_gone(house: House) -> None:
    house.deploy(WAITS)
    case = house.start(key="OFF-1").instance_key
    publish(house)
    house.done(case, "a")
    assert house.state(case) == "ACTIVE"


def test_of_several_that_wait_one_of_each_process_gets_it(house: House) -> None:
    house.deploy(WAITS, WAITS.replace('process id="p"', 'process id="r"'))
    cases = [house.start(process, key="OFF-1").instance_key for process in ("p", "p", "r")]
    for case in cases:
        house.done(case, "a")
    assert publish(house, ttl_s=60).instances == [cases[0], cases[2]]
    assert publish(house, ttl_s=60).instances == [cases[1]]


@pytest.mark.requirement("F17")
def test_the_same_id_is_taken_in_once(house: House) -> None:
    house.deploy(STARTS)
    assert len(publish(house, "", "oa-resignation", message_id="oa-77", variables={"no": 1}).instances) == 1
    with pytest.raises(AlreadyPublished, match="oa-resignation .* with the id oa-77 was taken in before"):
        publish(house, "", "oa-resignation", message_id="oa-77", variables={"no": 1})
    assert house.unit.one("select count(*) from instance") == (1,)

    house.clock.advance(timedelta(days=2))
    assert len(publish(house, "", "oa-resignation", message_id="oa-77").instances) == 1


def test_with_a_key_it_starts_one_instance_at_a_time(house: House) -> None:
    house.deploy(STARTS)
    (first,) = publish(house, "E-7", "oa-resignation").instances
    assert publish(house, "E-7", "oa-resignation", ttl_s=3600, variables={"second": 1}).instances == []
    house.done(first, "a")
    (second,) = [key for (key,) in house.unit.all("select key from instance where state = 'ACTIVE'")]
    assert queries.variables(house.unit, second) == {"second": 1}


def test_a_delivery_that_died_is_done_by_a_worker_once(house: House) -> None:
    house.deploy(WAITS, STARTS)
    case = house.start(key="OFF-1").instance_key
    house.done(case, "a")
    with house.database.transaction() as unit:
        message.publish(house.engine, unit, "msg", "OFF-1", actor=ZHANG, variables={"x": 1})
        message.publish(house.engine, unit, "oa-resignation", actor=ZHANG)
    assert house.state(case) == "ACTIVE"
    assert follow_up.drain(house.engine, house.unit) == 2
    assert house.state(case) == "COMPLETED"
    assert follow_up.drain(house.engine, house.unit) == 0
    assert house.unit.one("select count(*) from instance") == (2,)


def test_a_signal_reaches_everyone_who_listens(house: House) -> None:
    house.deploy(
        process(ENDS + user("a b") + boundary("o", "a", ON_SIGNAL, False), "s a e", "o b e", definitions=DEFINITIONS),
        process(
            f'<startEvent id="s">{ON_SIGNAL}</startEvent><endEvent id="e"/>' + user("a"),
            "s a e",
            definitions=DEFINITIONS,
            id="q",
        ),
        process(ENDS + throw("t", ON_SIGNAL), "s t e", definitions=DEFINITIONS, id="r"),
    )
    listeners = [house.start().instance_key for _ in range(3)]
    signal.broadcast(house.engine, house.unit, "sig", {"why": "fire"}, actor=ZHANG)
    assert [house.open(case) for case in listeners] == [["a", "b"]] * 3
    assert house.unit.one("select count(*) from instance where process_id = 'q'") == (1,)

    assert house.start("r").ended == "COMPLETED"
    assert [house.open(case) for case in listeners] == [["a", "b", "b"]] * 3
    assert house.unit.one("select count(*) from instance where process_id = 'q'") == (2,)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "n" * 3000}, "The message's name takes more than 1000 bytes"),
        ({"name": "paid", "correlation_key": "键" * 400}, "The correlation key takes more than 1000 bytes"),
        ({"name": "paid", "message_id": "i" * 3000}, "The message's id takes more than 1000 bytes"),
        ({"name": "paid", "variables": {"note": "a\0b"}}, "The variable note cannot be kept"),
    ],
)
def test_whoever_sends_what_cannot_be_kept_is_told(house: House, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        message.publish(house.engine, house.unit, actor=ZHANG, **given)
    assert house.unit.one("select count(*) from message") == (0,)
