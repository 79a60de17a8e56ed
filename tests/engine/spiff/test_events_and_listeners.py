"""Messages, signals, timers, errors, escalations, conditions: at boundaries, in event sub-processes, in between."""

from engine.model import Signal, Subscription, Timer
from tests.engine.spiff.drawing import (
    CANCEL,
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_ESCALATION,
    ON_MESSAGE,
    ON_OTHER_ERROR,
    ON_SIGNAL,
    TERMINATE,
    boundary,
    catch,
    condition,
    extend,
    io,
    job,
    listener,
    many,
    process,
    sub,
    tag,
    tags,
    throw,
    timer,
    user,
)


def draw(body: str, *chains: str, definitions: str = DEFINITIONS) -> str:
    return process(ENDS + body, *chains, definitions=definitions)


def test_a_message_reaches_one_receiver_only(play):
    body = '<parallelGateway id="g"/>' + catch("c1 c2", ON_MESSAGE) + user("u1 u2")
    story = play(draw(body, "s g c1 u1 e", "g c2 u2 e"), key="k")
    assert len(story.send("k")) == 1
    assert len(story.send("k")) == 2


def test_a_listener_that_does_not_interrupt_listens_again(play):
    story = play(draw(user("a") + listener("l", ON_MESSAGE, "u", interrupting=False), "s a e"), key="k")
    assert story.send("k") == ["a", "u"]
    assert story.send("k") == ["a", "u", "u"]
    assert story.do("a") == ["u", "u"]
    assert story.do("u") == ["u"]
    assert story.do("u") == []
    assert story.ended


def test_a_listener_that_interrupts_ends_the_scope_around_it(play):
    story = play(draw(user("a") + listener("l", ON_MESSAGE, "u"), "s a e"), key="k")
    assert story.send("k", got=1) == ["u"]
    assert story.send("k") == ["u"]
    assert story.variables == {"key": "k", "got": 1}
    assert story.do("u") == []
    assert story.ended
    assert story.count("ELEMENT_TERMINATED") == {"a": 1}


def test_a_timer_that_has_not_fired_keeps_nothing_alive(play):
    story = play(draw(user("a") + listener("l", timer("Duration", "P1D"), "u"), "s a e"))
    assert isinstance(story.find("ls"), Timer)
    story.do("a")
    assert story.ended


def test_a_cycle_fires_as_often_as_it_says(play):
    story = play(draw(user("a") + listener("l", timer("Cycle", "R3/PT1M"), "u", interrupting=False), "s a e"))
    assert story.wait(minutes=10) == ["a", "u", "u", "u"]


def test_a_conditional_listener_fires_when_it_becomes_true_and_not_while_it_stays_so(play):
    body = user("b a") + listener("l", condition("n > 3"), "u", interrupting=False)
    story = play(draw(body, "s b a e"), n=1)
    assert story.do("b", n=4) == ["a", "u"]
    story.turn("set_variables", {"n": 9})
    assert story.open == ["a", "u"]


def test_an_error_is_caught_inside_the_sub_process_that_listens(play):
    inner = job("w") + listener("l", ON_ERROR, "u")
    story = play(draw(user("z") + sub("p1", inner, "p1s w p1e"), "s p1 z e"))
    assert story.error("w", "E", why=1) == ["u"]
    assert story.do("u") == ["z"]
    assert story.variables == {"why": 1}


def test_an_error_hits_the_task_that_threw_it(play):
    body = '<parallelGateway id="g"/>' + job("a") + job("b") + user("u v")
    body += boundary("ba", "a", ON_ERROR) + boundary("bb", "b", ON_ERROR)
    story = play(draw(body, "s g a e", "g b e", "ba u e", "bb v e"))
    assert story.error("b", "E") == ["a", "v"]


def test_the_listener_for_that_very_code_comes_before_the_one_for_any(play):
    anything = "<errorEventDefinition/>"
    body = job("a") + user("u v") + boundary("b1", "a", anything) + boundary("b2", "a", ON_ERROR)
    drawing = draw(body, "s a e", "b1 u e", "b2 v e")
    assert play(drawing).error("a", "E") == ["v"]
    assert play(drawing).error("a", "other") == ["u"]


def test_an_error_that_nothing_catches_is_an_incident_and_told_to_the_caller(play):
    story = play(draw(job("a"), "s a e"))
    assert story.error("a", "E9", n=1) == []
    assert story.incidents["a"].kind == "UNHANDLED_ERROR_EVENT"
    assert "E9" in story.incidents["a"].message
    (thrown,) = story.outcome.thrown
    assert (thrown.kind, thrown.code, thrown.variables) == ("error", "E9", {"n": 1})
    assert story.retry("a") == ["a"]


def test_boundary_events_that_do_not_interrupt_fire_each_time(play):
    body = '<parallelGateway id="g"/>' + job("a") + job("b") + user("u v")
    body += boundary("ba", "a", ON_MESSAGE, interrupting=False) + boundary("bb", "b", ON_SIGNAL, interrupting=False)
    story = play(draw(body, "s g a e", "g b e", "ba u e", "bb v e"), key="k")
    assert story.send("k", n=1) == ["a", "b", "u"]
    assert story.send("k", n=2) == ["a", "b", "u", "u"]
    assert story.signal() == ["a", "b", "u", "u", "v"]
    assert story.do("a") == ["b", "u", "u", "v"]
    assert story.send("k") == ["b", "u", "u", "v"]


def test_an_interrupting_timer_takes_the_work_away(play):
    story = play(draw(job("a") + boundary("b", "a", timer("Duration", "PT1M")) + user("u"), "s a e", "b u e"))
    assert story.wait(seconds=59) == ["a"]
    assert story.wait(seconds=1) == ["u"]
    assert story.count("ELEMENT_TERMINATED") == {"a": 1}


def test_a_boundary_timer_reads_what_the_activity_takes_in(play):
    body = job("a", io({"wait": "=days * 2"})) + boundary("b", "a", timer("Duration", '="P" + string(wait) + "D"'))
    story = play(draw(body + user("u"), "s a e", "b u e"), days=2)
    assert story.wait(days=3, hours=23) == ["a"]
    assert story.wait(hours=1) == ["u"]


def test_a_cycle_at_a_boundary_ends_with_its_activity(play):
    ring = boundary("b", "p1", timer("Cycle", "R/PT1M"), interrupting=False)
    story = play(draw(sub("p1", user("x"), "p1s x p1e") + ring + user("u"), "s p1 e", "b u e"))
    assert story.wait(seconds=150) == ["u", "u", "x"]
    assert story.do("x") == ["u", "u"]
    assert story.wait(minutes=30) == ["u", "u"]


def test_nested_scopes_die_whole(play):
    inner = sub("in", user("x y"), "ins x ine", "ins y ine", first=many())
    outer = sub("out", inner + catch("w", ON_MESSAGE), "outs in oute", "outs w oute")
    drawing = draw(outer + boundary("b", "out", ON_SIGNAL) + user("u"), "s out e", "b u e")
    story = play(drawing, list=[1, 2], r=1, key="k")
    assert story.open == ["x", "x", "y", "y"]
    assert story.signal() == ["u"]
    assert len(story.work) == 1
    assert len(story.outcome.state) < 120


def test_terminate_ends_its_own_scope_only(play):
    inner = user("x y") + f'<endEvent id="t">{TERMINATE}</endEvent>'
    body = sub("p1", inner, "p1s x p1e", "p1s y t") + user("u v") + '<parallelGateway id="g"/>'
    story = play(draw(body, "s g p1 u e", "g v e"))
    assert story.do("y") == ["u", "v"]


def test_an_escalation_goes_on_where_nobody_interrupts(play):
    inner = sub("p1", throw("th", ON_ESCALATION) + user("a"), "p1s th a p1e")
    for interrupting, then in ((False, ["a", "u"]), (True, ["u"])):
        edge = boundary("b", "p1", ON_ESCALATION, interrupting=interrupting)
        assert play(draw(inner + edge + user("u"), "s p1 e", "b u e")).open == then


def test_an_escalation_that_nothing_catches_is_told_to_the_caller(play):
    story = play(draw(throw("th", ON_ESCALATION) + user("a"), "s th a e"))
    assert story.open == ["a"]
    assert [(thrown.kind, thrown.code) for thrown in story.outcome.thrown] == [("escalation", "X")]


def test_an_event_sub_process_hands_on_another_error(play):
    inner = job("w") + listener("l", ON_ERROR, "h", last=ON_OTHER_ERROR)
    body = sub("p1", inner, "p1s w p1e") + boundary("b", "p1", ON_OTHER_ERROR) + user("u")
    story = play(draw(body, "s p1 e", "b u e"))
    assert story.error("w", "E") == ["h"]
    assert story.do("h") == ["u"]


def test_an_iteration_is_interrupted_alone(play):
    on = ON_MESSAGE.replace('"m"', '"m2"')
    second = f'<message id="m2" name="msg">{extend(tag("subscription", correlationKey="=string(item)"))}</message>'
    inner = user("x") + listener("l", on, "h")
    drawing = draw(sub("p1", inner, "p1s x p1e", first=many()), "s p1 e", definitions=DEFINITIONS + second)
    story = play(drawing, list=[1, 2], r=1)
    assert story.send("2") == ["h", "x"]
    assert story.do("x") == ["h"]
    assert story.do("h") == []
    assert story.variables["out"] == [1, 2]
    assert story.ended


def test_a_condition_sees_what_a_parallel_branch_changes(play):
    body = '<parallelGateway id="g"/>' + user("a u") + catch("c", condition("n = 2"))
    story = play(draw(body, "s g a e", "g c u e"), n=1)
    assert story.do("a", n=2) == ["u"]
    assert story.do("u") == []
    assert story.ended


def test_a_signal_reaches_every_listener_and_is_told_to_other_instances(play):
    body = '<parallelGateway id="g"/>' + user("a u v w") + catch("c", ON_SIGNAL) + throw("t", ON_SIGNAL)
    body += boundary("b", "a", ON_SIGNAL, interrupting=False)
    story = play(draw(body, "s g a e", "g c u e", "b v e", "g w t e"))
    assert story.do("w") == ["a", "u", "v"]
    assert story.outcome.signals == [Signal(name="sig")]


def test_a_signal_end_event_is_a_signal(play):
    drawing = process('<startEvent id="s"/>' + tags("endEvent", "e", ON_SIGNAL), "s e", definitions=DEFINITIONS)
    story = play(drawing)
    assert story.ended
    assert story.outcome.signals == [Signal(name="sig")]


def test_links_lead_on(play):
    link = '<linkEventDefinition name="L"/>'
    story = play(draw(throw("l1", link) + catch("l2", link) + user("u"), "s l1", "l2 u e"))
    assert story.open == ["u"]
    story.do("u")
    assert story.ended


def test_a_receive_task_maps_what_the_message_brings(play):
    receive = f'<receiveTask id="r" messageRef="m">{extend(io(gives={"b": "=a + 1"}))}</receiveTask>'
    late = boundary("b", "r", timer("Duration", "PT1M"), interrupting=False)
    story = play(draw(receive + late + user("u"), "s r e", "b u e"), key="k")
    assert story.wait(seconds=100) == ["u"]
    assert story.send("k", a=1) == ["u"]
    assert story.variables == {"key": "k", "b": 2}


def test_what_waits_is_told_with_its_element_name_and_key(play):
    body = (
        '<parallelGateway id="g"/>'
        + catch("c", ON_MESSAGE)
        + catch("d", ON_SIGNAL)
        + catch("t", timer("Duration", "PT1H"))
    )
    story = play(draw(body, "s g c e", "g d e", "g t e"), key=7)
    told = {work.element: work for work in story.work.values()}
    assert isinstance(told["c"], Subscription)
    assert (told["c"].kind, told["c"].name, told["c"].correlation_key) == ("message", "msg", "7")
    assert (told["d"].kind, told["d"].name) == ("signal", "sig")
    assert told["t"].due_at.isoformat() == "2026-11-02T02:00:00+00:00"


def test_a_message_starts_the_process_and_its_variables_come_along(play):
    start = f'<startEvent id="ms">{ON_MESSAGE}</startEvent>'
    drawing = draw(start + user("a b"), "s a e", "ms b e")
    assert play(drawing).open == ["a"]
    story = play(drawing, start="ms", payload={"got": 1}, n=2)
    assert story.open == ["b"]
    assert story.variables == {"got": 1, "n": 2}


def test_a_cancelled_transaction_undoes_nothing_where_nothing_was_done(play):
    body = sub("t", user("x"), "ts x te", kind="transaction", last=CANCEL) + boundary("b", "t", CANCEL) + user("u")
    story = play(draw(body, "s t e", "b u e"))
    assert story.do("x") == ["u"]
