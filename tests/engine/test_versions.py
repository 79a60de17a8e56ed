"""Which version new cases start with: the highest that is not withdrawn, whoever starts them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from engine import queries
from engine.commands import deploy, message, migrate, operate, signal, start, versions
from engine.queries import Condition
from engine.turn import Engine
from kernel.errors import Conflict, NotFound, Refusal
from tests.engine.house import LI, ZHANG, House
from tests.engine.spiff.drawing import DEFINITIONS, ENDS, ON_MESSAGE, ON_SIGNAL, extend, process, tag, user
from tests.engine.spiff.drawing import timer as clock_event
from tests.engine.test_deployment import asks, decides, form, notice

HOUR = timedelta(hours=1)


def plain(*names: str) -> str:
    return process(ENDS + user(" ".join(names)), f"s {' '.join(names)} e")


def deployed(house: House, *files: Any) -> list[int]:
    """The keys of the definitions."""
    return [found.key for found in house.deploy(*files).definitions]


def roll_back(house: House, version: int, process_id: str = "p") -> list[int]:
    return versions.roll_back(house.engine, house.unit, process_id, version, actor=LI, reason="it was wrong")


def remove(house: House, key: int) -> list[int]:
    return versions.delete(house.engine, house.unit, key, actor=LI, reason="a trial")


def acts(house: House) -> list[tuple[str, Any]]:
    rows = house.unit.all("select operation, data from audit where actor = 'li' order by key")
    return [(operation, data) for operation, data in rows]


def test_new_cases_start_with_the_version_rolled_back_to(house: House) -> None:
    for names in ("a", "ab", "abc"):
        house.deploy(plain(*names))
    old = house.start()
    assert old.version == 3
    assert roll_back(house, 1) == [2, 3]
    assert house.start().version == 1
    assert house.open(old.instance_key) == ["a"], "what runs goes on"
    assert Engine(house.database, house.clock).definitions.latest(house.unit, "p").version == 1
    found = queries.definitions(house.unit, [Condition("id", "p")], [("version", False)]).items
    assert [(one.version, one.latest) for one in found] == [(1, True), (2, False), (3, False)]
    ((operation, told),) = acts(house)
    assert (operation, told["what"], told["withdrawn"], told["reason"]) == (
        "UPDATE",
        "ROLLED_BACK",
        [2, 3],
        "it was wrong",
    )


def test_a_version_that_was_withdrawn_is_not_started_by_name(house: House) -> None:
    house.deploy(plain("a"))
    (key,) = deployed(house, plain("a", "b"))
    roll_back(house, 1)
    for named in ({"definition_key": key}, {"process_id": "p", "version": 2}):
        with pytest.raises(Conflict, match=r"Version 2 of p was withdrawn by li at 2026-11-02 01:00Z"):
            start.start(house.engine, house.unit, actor=ZHANG, **named)
    versions.restore(house.engine, house.unit, key, actor=LI)
    assert house.start().version == 2
    with pytest.raises(Conflict, match="Version 2 of p is not withdrawn"):
        versions.restore(house.engine, house.unit, key, actor=LI)


def test_nothing_is_rolled_back_to_itself_or_to_nothing(house: House) -> None:
    house.deploy(plain("a"))
    with pytest.raises(Conflict, match="Version 1 of p is the one that new cases start with already"):
        roll_back(house, 1)
    with pytest.raises(NotFound, match="no version 7"):
        roll_back(house, 7)
    assert acts(house) == []


def test_numbers_grow_and_the_duplicate_filter_looks_at_the_version_that_counts(house: House) -> None:
    house.deploy(plain("a"))
    house.deploy(plain("a", "b"))
    roll_back(house, 1)
    (same,) = house.deploy(plain("a")).definitions
    assert (same.version, same.new) == (1, False)
    (anew,) = house.deploy(plain("a", "b")).definitions
    assert (anew.version, anew.new) == (3, True)
    assert house.start().version == 3
    roll_back(house, 2)
    assert house.start().version == 2, "also to one that was withdrawn"


EVENTS = (
    '<startEvent id="m1">' + ON_MESSAGE + '</startEvent><startEvent id="s1">' + ON_SIGNAL + "</startEvent>"
    f'<startEvent id="t1">{clock_event("Cycle", "R/PT1H")}</startEvent><endEvent id="e"/>'
)


def started_by_events(*names: str) -> str:
    last = " ".join(names)
    return process(EVENTS + user(last), f"m1 {last} e", f"s1 {names[0]}", f"t1 {names[0]}", definitions=DEFINITIONS)


def test_messages_signals_and_timers_start_the_version_that_counts(house: House) -> None:
    house.deploy(started_by_events("a"))
    house.deploy(started_by_events("a", "b"))
    ((due_at,),) = house.unit.all("select due_at from start_timer")
    roll_back(house, 1)
    assert house.unit.all("select due_at from start_timer") == [(due_at,)], "an unchanged timer keeps its time"
    message.publish(house.engine, house.unit, "msg", actor=LI)
    signal.broadcast(house.engine, house.unit, "sig", actor=LI)
    house.clock.advance(HOUR)
    house.run_due()
    assert house.unit.all("select process_version from instance") == [(1,)] * 3


def test_a_called_process_is_the_version_that_counts(house: House) -> None:
    called = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
    inner = process(ENDS + user("a"), "s a e", id="q")
    house.deploy(process(ENDS + called, "s c e"), inner)
    house.deploy(process(ENDS + user("a b"), "s a b e", id="q"))
    roll_back(house, 1, "q")
    ((child, _),) = house.children(house.start().instance_key)
    assert queries.instance(house.unit, child).process_version == 1


def test_a_version_that_nobody_used_is_deleted(house: House) -> None:
    house.deploy(plain("a"))
    made = house.deploy(plain("a", "b"))
    assert remove(house, made.definitions[0].key) == [made.definitions[0].key]
    assert house.start().version == 1
    for table in ("definition", "resource", "deployment", "deployment_entry"):
        assert house.unit.one(f"select count(*) from {table}") == (1,), table
    assert [operation for operation, _ in acts(house)] == ["DELETE"]
    with pytest.raises(NotFound, match="There is no definition and no file"):
        remove(house, made.definitions[0].key)
    assert house.deploy(plain("a", "c")).definitions[0].version == 2


def test_the_last_version_takes_its_starts_with_it(house: House) -> None:
    (key,) = deployed(house, started_by_events("a"))
    remove(house, key)
    for table in ("definition", "resource", "deployment", "deployment_entry", "start_timer", "start_subscription"):
        assert house.unit.one(f"select count(*) from {table}") == (0,), table
    with pytest.raises(NotFound, match="There is no process p"):
        house.start()


def test_what_is_used_is_not_deleted(house: House) -> None:
    (key,) = deployed(house, plain("a"))
    one, two = house.start().instance_key, house.start().instance_key
    operate.cancel(house.engine, house.unit, one, actor=LI)
    with pytest.raises(Conflict, match="Version 1 of p is used by 1 running and 1 finished instances"):
        remove(house, key)
    assert house.state(two) == "ACTIVE"


def test_a_version_stays_while_the_history_of_moved_cases_is_read_by_it(house: House) -> None:
    (old,) = deployed(house, plain("a"))
    case = house.start().instance_key
    (new,) = deployed(house, plain("a", "b"))
    migrate.migrate(house.engine, house.unit, case, new, [migrate.Mapping(source="a", target="a")], actor=LI)
    with pytest.raises(Conflict, match="1 instances ran on version 1 of p and have moved on"):
        remove(house, old)


def test_a_file_goes_with_all_that_it_defines(house: House) -> None:
    found = deployed(house, decides(), notice(), form())
    (resource,) = house.unit.one("select resource_key from definition where kind = 'form'")
    assert remove(house, resource) == [found[2]]
    assert house.unit.all("select kind from definition order by kind") == [("decision",), ("process",)]


def test_what_a_process_binds_by_deployment_stays_with_it(house: House) -> None:
    process_key, form_key = deployed(house, asks("deployment"), form())
    with pytest.raises(Conflict, match="Version 1 of p binds talk by its deployment"):
        remove(house, form_key)
    remove(house, process_key)
    assert remove(house, form_key) == [form_key]


def test_the_last_version_that_a_process_looks_for_stays(house: House) -> None:
    called = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
    inner, outer = process(ENDS + user("a"), "s a e", id="q"), process(ENDS + called, "s c e", id="outer")
    process_key, decision, _, _, callee = deployed(house, decides(), notice(), form(), outer, inner)
    for key, name in ((decision, "Version 1 of p refers to notice"), (callee, "Version 1 of outer refers to q")):
        with pytest.raises(Conflict, match=f"{name}, and no other version of it is left"):
            remove(house, key)
    newer = deployed(house, notice("60"))
    assert remove(house, decision) == [decision], "the newer one answers"
    with pytest.raises(Conflict, match="refers to notice"):
        remove(house, newer[0])
    remove(house, process_key)
    assert remove(house, newer[0]) == newer


def test_the_last_version_of_a_tag_stays_while_a_case_can_come_to_it(house: House) -> None:
    bound = tag("calledElement", processId="q", bindingType="versionTag", versionTag="winter")
    house.deploy(process(ENDS + user("a") + f'<callActivity id="c">{extend(bound)}</callActivity>', "s a c e"))
    tagged = process(ENDS + extend(tag("versionTag", value="winter")) + user("a"), "s a e", id="q")
    (key,) = deployed(house, tagged)
    deployed(house, process(ENDS + user("b"), "s b e", id="q"))
    with pytest.raises(Conflict, match="Version 1 of p refers to q"):
        remove(house, key)


def test_a_form_that_was_shown_stays(house: House) -> None:
    _, form_key = deployed(house, asks(), form())
    house.start()
    with pytest.raises(Conflict, match="Version 1 of form talk was shown for 1 tasks"):
        remove(house, form_key)


def together(house: House, *tasks: Callable[[Engine], object]) -> list[object]:
    gate = Barrier(len(tasks))

    def run(task: Callable[[Engine], object]) -> object:
        engine = Engine(house.database, house.clock)
        engine.definitions.latest(house.unit, "p")
        gate.wait()
        try:
            return task(engine)
        except Refusal as refused:
            return refused

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_deleting_races_with_a_start(house: House) -> None:
    """Either the version is gone and the case runs on the one before, or the case has it and it stays."""
    house.deploy(plain("a"))
    for round_ in range(8):
        (key,) = deployed(house, plain("a", f"b{round_}"))
        number = queries.definition(house.unit, key).version
        begun, gone = together(
            house,
            lambda engine: start.start(engine, house.unit, process_id="p", actor=ZHANG),
            lambda engine, key=key: versions.delete(engine, house.unit, key, actor=LI),
        )
        assert isinstance(begun, start.Started)
        if isinstance(gone, Conflict):
            assert begun.version == number
            roll_back(house, 1)
        else:
            assert begun.version < number


def test_rolling_back_races_with_deploying(house: House) -> None:
    """One after the other: the version that was deployed last counts, or it was withdrawn."""
    house.deploy(plain("a"))
    for round_ in range(6):
        house.deploy(plain("a", f"b{round_}"))
        together(
            house,
            lambda engine, n=round_: deploy.deploy(
                engine, house.unit, [deploy.Resource("p.bpmn", plain("a", f"c{n}").encode())], ZHANG
            ),
            lambda engine: versions.roll_back(engine, house.unit, "p", 1, actor=LI),
        )
        numbers = [n for (n,) in house.unit.all("select version from definition order by version")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert house.start().version in (1, numbers[-1])
