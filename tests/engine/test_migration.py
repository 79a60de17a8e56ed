"""A running case moves to another version, with all that is open in it."""

from datetime import timedelta
from typing import Any

import pytest

from engine import queries
from engine.commands import job, message, migrate, operate, suspend, user_task
from engine.commands.migrate import Mapping
from kernel.errors import Conflict, Invalid, NotFound
from tests.engine.house import LI, WORKER, ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    extend,
    many,
    process,
    tag,
    timer,
    user,
)
from tests.engine.spiff.drawing import job as task

HOUR = timer("Duration", "PT1H")
FORM = '{"id": "%s", "type": "default", "schemaVersion": 16, "components": []}'


def mapped(**names: str) -> list[Mapping]:
    return [Mapping(source=source, target=target) for source, target in names.items()]


def deployed(house: House, *files: str | tuple[str, str]) -> int:
    """The key of the process of the first file, which is new."""
    return house.deploy(*files).definitions[0].key


def move(house: House, case: int, target: int, **names: str) -> None:
    assert migrate.check(house.engine, house.unit, case, target, mapped(**names)) == []
    migrate.migrate(house.engine, house.unit, case, target, mapped(**names), actor=ZHANG)


def row(house: House, table: str, case: int) -> dict[str, Any]:
    (found,) = house.unit.all(f"select to_jsonb(t) from {table} t where instance_key = %s", (case,))
    return dict(found[0])


def test_a_case_goes_on_in_the_new_version(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    key = house.task(case, "a")
    new = deployed(house, process(ENDS + user("b c"), "s b c e"))
    move(house, case, new, a="b")
    assert house.task(case, "b") == key
    found = queries.instance(house.unit, case)
    assert (found.definition_key, found.process_version, found.state) == (new, 2, "ACTIVE")
    house.done(case, "b")
    house.done(case, "c")
    assert house.state(case) == "COMPLETED"


def test_a_task_stays_whose_it_is_and_shows_the_new_form(house: House) -> None:
    def drawn(form: str) -> str:
        return process(ENDS + user("a", extend(tag("formDefinition", formId=form, bindingType="deployment"))), "s a e")

    house.deploy(drawn("first"), ("first.form", FORM % "first"))
    case = house.start().instance_key
    key = house.task(case, "a")
    user_task.claim(house.engine, house.unit, key, actor=LI)
    house.unit.run(
        "update user_task set due_at = now(), candidate_groups = '{it}', priority = 7 where key = %s", (key,)
    )
    before = row(house, "user_task", case)
    deployment = house.deploy(drawn("second").replace('"a"', '"b"'), ("second.form", FORM % "second"))
    new = {definition.kind: definition.key for definition in deployment.definitions}
    move(house, case, new["process"], a="b")
    after = row(house, "user_task", case)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"element", "name", "definition_key", "form_key", "form_id"}
    assert after["form_key"] == new["form"]
    user_task.complete(house.engine, house.unit, key, actor=LI)
    assert house.state(case) == "COMPLETED"


def test_a_worker_that_holds_a_job_completes_it_afterwards(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    lease = house.lease()
    before = row(house, "job", case)
    new = deployed(house, process(ENDS + task("b", type="other") + user("c"), "s b c e"))
    move(house, case, new, a="b")
    after = row(house, "job", case)
    assert {name for name in after if after[name] != before[name]} == {"element", "definition_key"}
    job.complete(house.engine, house.unit, lease, {"n": 1}, actor=WORKER)
    assert house.open(case) == ["c"]
    house.done(case, "c")


def test_a_timer_keeps_its_row_and_fires_when_it_was_due(house: House) -> None:
    house.deploy(process(ENDS + user("a u") + boundary("b", "a", HOUR), "s a e", "b u e"))
    case = house.start().instance_key
    key = house.timer(case, "b")
    house.clock.advance(timedelta(minutes=50))
    days = boundary("late", "a", timer("Duration", "P1D"))
    move(house, case, deployed(house, process(ENDS + user("a v") + days, "s a e", "late v e")), a="a", b="late")
    assert house.timer(case, "late") == key
    house.clock.advance(timedelta(minutes=11))
    assert house.run_due() == 1
    assert house.open(case) == ["v"]
    house.done(case, "v")


def test_listeners_come_and_go_with_the_version(house: House) -> None:
    two = boundary("b", "a", HOUR) + boundary("d", "a", ON_MESSAGE, interrupting=False)
    house.deploy(process(ENDS + user("a u") + two, "s a e", "b u e", "d u e", definitions=DEFINITIONS))
    case = house.start(key="k").instance_key
    after = boundary("c", "a", timer("Duration", "PT2H"), interrupting=False)
    move(house, case, deployed(house, process(ENDS + user("a u") + after, "s a e", "c u e")), a="a")
    assert house.unit.all("select element from timer where instance_key = %s", (case,)) == [("c",)]
    assert house.unit.all("select element from subscription where instance_key = %s", (case,)) == []
    (told,) = [entry for entry in queries.history(house.unit, case) if entry.kind == "INSTANCE_MIGRATED"]
    assert (told.data["armed"], told.data["disarmed"]) == (["c"], ["b", "d"])
    house.clock.advance(timedelta(hours=3))
    house.run_due()
    assert house.open(case) == ["a", "u"]
    operate.cancel(house.engine, house.unit, case, actor=ZHANG)


def test_a_message_finds_the_element_that_took_the_place(house: House) -> None:
    def drawn(id: str, *, late_first: bool = False) -> str:
        gate = f'<eventBasedGateway id="g"/><intermediateCatchEvent id="{id}">{ON_MESSAGE}</intermediateCatchEvent>'
        late = f'<intermediateCatchEvent id="late">{HOUR}</intermediateCatchEvent>'
        ways = [f"g {id} u e", "g late e"]
        return process(
            ENDS + gate + late + user("u"), "s g", *(ways[::-1] if late_first else ways), definitions=DEFINITIONS
        )

    house.deploy(drawn("m1"))
    case = house.start(key="k").instance_key
    key = row(house, "subscription", case)["key"]
    move(house, case, deployed(house, drawn("m2", late_first=True)), g="g", m1="m2")
    after = row(house, "subscription", case)
    assert (after["key"], after["element"], after["index"]) == (key, "m2", 1)
    message.publish(house.engine, house.unit, "msg", "k", actor=ZHANG)
    assert house.open(case) == ["u"]
    assert house.unit.all("select from timer where instance_key = %s", (case,)) == []
    house.done(case, "u")


def test_a_called_process_comes_back_to_the_new_version(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))

    def drawn(id: str) -> str:
        return process(ENDS + f'<callActivity id="{id}">{called}</callActivity>' + user("u"), f"s {id} u e")

    house.deploy(drawn("c"), process(ENDS + user("a"), "s a e", id="child"))
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    move(house, case, deployed(house, drawn("d")), c="d")
    house.done(child, "a")
    assert house.open(case) == ["u"]
    house.done(case, "u")
    assert house.state(case) == "COMPLETED"


def test_a_called_process_moves_by_itself(house: House) -> None:
    called = extend(tag("calledElement", processId="child"))
    house.deploy(
        process(ENDS + f'<callActivity id="c">{called}</callActivity>', "s c e"),
        process(ENDS + user("a"), "s a e", id="child"),
    )
    case = house.start().instance_key
    ((child, _),) = house.children(case)
    move(house, child, deployed(house, process(ENDS + user("b"), "s b e", id="child")), a="b")
    house.done(child, "b")
    assert house.state(case) == "COMPLETED"


def test_an_incident_is_mended_by_the_new_version(house: House) -> None:
    failing = extend(tag("assignmentDefinition", assignee="=1"))
    house.deploy(process(ENDS + user("a", failing), "s a e"))
    case = house.start().instance_key
    key = house.incident(case, "a")
    move(house, case, deployed(house, process(ENDS + user("b"), "s b e")), a="b")
    assert house.incident(case, "b") == key
    operate.retry_incident(house.engine, house.unit, key, actor=ZHANG)
    house.done(case, "b")
    assert house.state(case) == "COMPLETED"


def test_a_job_without_retries_is_given_new_ones_after_the_move(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    job.fail(house.engine, house.unit, house.lease(), "no", retries_left=0, actor=WORKER)
    move(house, case, deployed(house, process(ENDS + task("b"), "s b e")), a="b")
    operate.retry_incident(house.engine, house.unit, house.incident(case, "b"), actor=ZHANG)
    job.complete(house.engine, house.unit, house.lease(), actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_an_activity_done_several_times_moves_with_its_runs(house: House) -> None:
    house.deploy(process(ENDS + user("a", many()), "s a e"))
    case = house.start(list=[1, 2, 3], r=2).instance_key
    house.done(case, "a")
    move(house, case, deployed(house, process(ENDS + user("b", many()) + user("u"), "s b u e")), a="b")
    house.done(case, "b")
    house.done(case, "b")
    assert house.open(case) == ["u"]
    assert queries.variables(house.unit, case)["out"] == [2, 4, 6]
    house.done(case, "u")


def test_a_suspended_case_moves_and_stays_suspended(house: House) -> None:
    house.deploy(process(ENDS + task("a"), "s a e"))
    case = house.start().instance_key
    suspend.suspend(house.engine, house.unit, case, actor=ZHANG)
    after = process(ENDS + task("b") + boundary("t", "b", HOUR), "s b e", "t e")
    move(house, case, deployed(house, after), a="b")
    assert house.state(case) == "SUSPENDED"
    house.clock.advance(timedelta(hours=2))
    house.run_due()
    assert house.unit.all("select element, suspended from timer") == [("t", True)]
    suspend.resume(house.engine, house.unit, case, actor=ZHANG)
    job.complete(house.engine, house.unit, house.lease(), actor=WORKER)
    assert house.state(case) == "COMPLETED"


def test_a_case_moves_to_another_process(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"), process(ENDS + user("b c"), "s b c e", id="q"))
    case = house.start().instance_key
    target = house.engine.definitions.latest(house.unit, "q").key
    move(house, case, target, a="b")
    found = queries.instance(house.unit, case)
    assert (found.process_id, found.process_version) == ("q", 1)
    house.done(case, "b")
    house.done(case, "c")
    assert [(step.element, step.state) for step in queries.steps(house.unit, case) if step.token == 0] == [
        ("q", "COMPLETED")
    ]


def test_the_diagram_of_the_new_version_shows_where_it_stands_and_was(house: House) -> None:
    house.deploy(process(ENDS + user("a b"), "s a b e"))
    case = house.start().instance_key
    house.done(case, "a")
    second = process(ENDS + user("x y"), "s x y e").replace('id="f', 'id="w')
    migrate.migrate(house.engine, house.unit, case, deployed(house, second), mapped(a="x", b="y"), actor=ZHANG)
    shown = queries.diagram(house.unit, case)
    assert (shown.active, shown.completed, shown.flows) == ({"y": 1}, ["s", "x"], ["w1", "w2"])
    third = process(ENDS + user("x z"), "s x z e").replace('id="f', 'id="w')
    migrate.migrate(house.engine, house.unit, case, deployed(house, third), mapped(y="z"), actor=ZHANG)
    shown = queries.diagram(house.unit, case)
    assert (shown.active, shown.completed) == ({"z": 1}, ["s", "x"])
    assert b'"z"' in shown.xml
    house.done(case, "z")
    found = [(step.element, step.state) for step in queries.steps(house.unit, case)]
    assert found == [("p", "COMPLETED"), ("s", "COMPLETED"), ("a", "COMPLETED"), ("z", "COMPLETED"), ("e", "COMPLETED")]
    assert queries.diagram(house.unit, case).active == {}


def test_the_journal_tells_from_where_to_where_and_by_which_plan(house: House) -> None:
    old = deployed(house, process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    new = deployed(house, process(ENDS + user("b"), "s b e"))
    move(house, case, new, a="b")
    entries = [entry for entry in queries.history(house.unit, case) if "MIGRATED" in entry.kind]
    assert [(entry.kind, entry.element, entry.token, entry.actor) for entry in entries] == [
        ("INSTANCE_MIGRATED", "", 0, "zhang"),
        ("ELEMENT_MIGRATED", "p", 0, "zhang"),
        ("ELEMENT_MIGRATED", "b", 2, "zhang"),
    ]
    assert entries[0].data == {
        "from": {"key": old, "process": "p", "version": 1},
        "to": {"key": new, "process": "p", "version": 2},
        "mappings": {"a": "b"},
    }
    house.done(case, "b")


def test_what_stands_against_a_move_changes_nothing(house: House) -> None:
    house.deploy(process(ENDS + '<parallelGateway id="g"/>' + user("a b"), "s g a e", "g b e"))
    case = house.start().instance_key
    before = house.unit.one("select version, blob, journal_seq from instance where key = %s", (case,))
    new = deployed(house, process(ENDS + user("c"), "s c e"))
    with pytest.raises(Conflict, match=r"cannot move to version 2 of p: .* \(1 more reasons\.\)") as refused:
        migrate.migrate(house.engine, house.unit, case, new, [], actor=ZHANG)
    problems = refused.value.details["problems"]
    assert problems == migrate.check(house.engine, house.unit, case, new, [])
    assert [(problem.element, problem.token) for problem in problems] == [("a", 3), ("b", 4)]
    assert house.unit.one("select version, blob, journal_seq from instance where key = %s", (case,)) == before


def test_the_same_move_twice_is_refused(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    new = deployed(house, process(ENDS + user("b"), "s b e"))
    move(house, case, new, a="b")
    with pytest.raises(Conflict, match="runs on version 2 of p already"):
        migrate.migrate(house.engine, house.unit, case, new, mapped(a="b"), actor=ZHANG)
    (told,) = migrate.check(house.engine, house.unit, case, new, mapped(a="b"))
    assert (told.element, told.token) == ("p", 0)


def test_a_case_that_is_over_does_not_move(house: House) -> None:
    house.deploy(process(ENDS, "s e"))
    case = house.start().instance_key
    new = deployed(house, process(ENDS + user("b"), "s b e"))
    with pytest.raises(Conflict, match="is over"):
        migrate.migrate(house.engine, house.unit, case, new, [], actor=ZHANG)
    assert "is over" in str(migrate.check(house.engine, house.unit, case, new, [])[0].sentence)


def test_a_plan_names_what_there_is(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    case = house.start().instance_key
    new = deployed(house, process(ENDS + user("b"), "s b e"))
    for plan, words in (
        (mapped(x="b"), "maps x, which the old version"),
        (mapped(a="x"), "a to x, which the new version"),
        (mapped(a="f1"), "a to f1, which the new version"),
        (mapped(a="b") * 2, "maps a twice"),
    ):
        with pytest.raises(Invalid, match=words):
            migrate.migrate(house.engine, house.unit, case, new, plan, actor=ZHANG)
    with pytest.raises(NotFound, match="no process instance 999"):
        migrate.check(house.engine, house.unit, 999, new, [])
    with pytest.raises(NotFound, match="no definition 999"):
        migrate.migrate(house.engine, house.unit, case, 999, [], actor=ZHANG)


def test_of_two_that_a_message_started_by_one_key_only_one_runs_in_a_process(house: House) -> None:
    def drawn(id: str) -> str:
        begins = f'<startEvent id="s">{ON_MESSAGE}</startEvent><endEvent id="e"/>'
        return process(begins + user("a"), "s a e", definitions=DEFINITIONS, id=id)

    house.deploy(drawn("p"), drawn("q"))
    message.publish(house.engine, house.unit, "msg", "k", actor=ZHANG)
    (case,) = house.unit.one("select key from instance where process_id = 'p'")
    target = house.engine.definitions.latest(house.unit, "q").key
    with pytest.raises(Conflict, match="with the key k, as this one was"):
        migrate.migrate(house.engine, house.unit, case, target, mapped(a="a"), actor=ZHANG)
