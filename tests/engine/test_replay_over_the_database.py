"""Cases of the database replayed from their journals: calls, errors, timers, messages, failures, what operators did."""

from datetime import timedelta

from engine.commands import job as jobs
from engine.commands import message, migrate, operate, signal
from engine.model import Resource
from engine.queries import replay
from engine.queries.replay import Proposed, Replayed
from engine.spiff.compile import compile_models
from tests.engine.house import WORKER, ZHANG, House
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    extend,
    job,
    process,
    script,
    tag,
    timer,
    user,
)

XOR = '<exclusiveGateway id="x"/>'
CALL = f'<callActivity id="call">{extend(tag("calledElement", processId="child"))}{{}}</callActivity>'


def own(house: House, process_id: str = "p", xml: str = "") -> list[Replayed]:
    """Every case of a process on its own version, or on another one."""
    unit = house.unit
    (content,) = unit.one(
        """select r.content from definition d join resource r on r.key = d.resource_key
          where d.id = %s and d.version = 1""",
        (process_id,),
    )
    models = compile_models(Resource("p.bpmn", xml.encode() or bytes(content)))
    proposed = Proposed(models={model.process_id: model for model in models})
    return [
        replay.replayed(house.engine, unit, case, process_id, proposed) for case in replay.chosen(unit, process_id, 10)
    ]


def same(*found: Replayed) -> bool:
    assert found
    return all(way.verdict == "SAME" for way in found)


def test_what_a_called_process_gave_back_is_given_again(house: House) -> None:
    ways = "s call x {n = 2} a e", "x {default} b e"
    parent = process(ENDS + XOR + CALL.format("") + user("a b"), *ways)
    house.deploy(parent, process(ENDS + user("t"), "s t e", id="child"))
    key = house.start().instance_key
    ((child, _),) = house.children(key)
    house.done(child, "t", n=2)
    house.done(key, "a")
    assert same(*own(house), *own(house, "child"))
    (other,) = own(house, xml=parent.replace("n = 2", "n = 3"))
    assert (other.verdict, other.element) == ("OTHER", "x")


def test_an_error_of_a_called_process_is_thrown_again(house: House) -> None:
    thrown = f'<startEvent id="s"/><endEvent id="e">{ON_ERROR}</endEvent>'
    caught = ENDS + CALL.format("") + boundary("err1", "call", ON_ERROR) + user("a b")
    house.deploy(
        process(caught, "s call a e", "err1 b e", definitions=DEFINITIONS),
        process(thrown + user("t"), "s t e", definitions=DEFINITIONS, id="child"),
    )
    key = house.start().instance_key
    ((child, _),) = house.children(key)
    house.done(child, "t")
    assert house.open(key) == ["b"]
    assert same(*own(house))


def test_an_error_of_a_job_brings_its_variables_again(house: House) -> None:
    body = ENDS + XOR + job("j") + boundary("err1", "j", ON_ERROR) + user("a b c")
    house.deploy(process(body, "s j a e", "err1 x {why = 1} b e", "x {default} c e", definitions=DEFINITIONS))
    key = house.start().instance_key
    jobs.throw_error(house.engine, house.unit, house.lease(), "E", "no", {"why": 1}, actor=WORKER)
    assert house.open(key) == ["b"]
    assert same(*own(house))


def test_messages_signals_and_timers_are_heard_again(house: House) -> None:
    waits = catch("m1", ON_MESSAGE) + catch("s1", ON_SIGNAL) + catch("t1", timer("Duration", "PT1H"))
    body = ENDS + XOR + waits + user("a b")
    house.deploy(process(body, "s m1 s1 t1 x {n + k = 3} a e", "x {default} b e", definitions=DEFINITIONS))
    key = house.start(key="k").instance_key
    message.publish(house.engine, house.unit, "msg", "k", variables={"n": 1}, actor=ZHANG)
    signal.broadcast(house.engine, house.unit, "sig", {"k": 2}, actor=ZHANG)
    house.clock.advance(timedelta(hours=2))
    house.run_due()
    assert house.open(key) == ["a"]
    assert same(*own(house))


def test_failed_jobs_retries_and_variables_set_by_hand_are_lived_through_again(house: House) -> None:
    body = ENDS + XOR + job("j") + script("r", "=m", "n") + user("a b")
    house.deploy(process(body, "s j r x {n = 1} a e", "x {n = 2} b e"))
    key = house.start(m=3).instance_key
    jobs.fail(house.engine, house.unit, house.lease(), "down", 0, actor=WORKER)
    operate.retry_incident(house.engine, house.unit, house.incident(key, "j"), actor=ZHANG)
    jobs.complete(house.engine, house.unit, house.lease(), {"done": True}, actor=WORKER)
    operate.set_variables(house.engine, house.unit, key, {"n": 2}, actor=ZHANG)
    operate.retry_incident(house.engine, house.unit, house.incident(key, "x"), actor=ZHANG)
    assert house.open(key) == ["b"]
    assert same(*own(house))
    operate.cancel(house.engine, house.unit, key, actor=ZHANG)
    assert same(*own(house))


def test_a_call_that_cannot_begin_stops_again_and_goes_on_again(house: House) -> None:
    house.deploy(process(ENDS + CALL.format("") + user("a"), "s call a e"))
    key = house.start().instance_key
    house.deploy(process(ENDS, "s e", id="child"))
    operate.retry_incident(house.engine, house.unit, house.incident(key, "call"), actor=ZHANG)
    assert house.open(key) == ["a"]
    assert same(*own(house))


def test_a_start_with_a_payload_begins_again(house: House) -> None:
    begun = f'<startEvent id="s">{ON_MESSAGE}</startEvent><endEvent id="e"/>'
    house.deploy(process(begun + XOR + user("a b"), "s x {n = 1} a e", "x {default} b e", definitions=DEFINITIONS))
    message.publish(house.engine, house.unit, "msg", "", variables={"n": 1}, actor=ZHANG)
    assert same(*own(house))


def test_a_case_that_was_migrated_is_replayed_up_to_there(house: House) -> None:
    version = process(ENDS + user("a b"), "s a b e")
    house.deploy(version)
    key = house.start().instance_key
    house.done(key, "a")
    changed = house.deploy(version.replace('id="b"', 'id="b" name="B"'))
    to = changed.definitions[0].key
    migrate.migrate(house.engine, house.unit, key, to, [migrate.Mapping(source="b", target="b")], actor=ZHANG)
    (found,) = own(house)
    assert found.verdict == "CANNOT"
    assert "changed by hand" in str(found.sentence)
    assert found.acts == 2
