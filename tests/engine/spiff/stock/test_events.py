"""Events: what the library does, and what ours does with the same drawing."""

import time

import pytest

from engine.model import Signal, Timer
from tests.engine.spiff.drawing import (
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_ESCALATION,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    condition,
    listener,
    process,
    sub,
    tags,
    throw,
    timer,
    user,
)
from tests.engine.spiff.play import Play
from tests.engine.spiff.stock.library import NoneEventDefinition, Stock, fault, parse


def ours(xml: str, **variables: object) -> Play:
    return Play(xml, stepped=False, **variables)


def draw(body: str, *ways: str) -> str:
    return process(ENDS + body, *ways, definitions=DEFINITIONS)


@fault("1.6")
def test_an_instance_changes_what_all_share():
    xml = draw(user("a") + listener("l", ON_MESSAGE, "u", interrupting=False), "s a e")
    spec = parse(xml)
    before = sorted(spec[0].task_specs["l"].outputs or [], key=str), [s.name for s in spec[0].start.outputs]
    first = Stock(spec)
    first.send()
    assert "u" in first.open
    second = Stock(spec)
    now = sorted(spec[0].task_specs["l"].outputs or [], key=str), [s.name for s in spec[0].start.outputs]
    assert now != before, "the specification is another one"
    assert any(task.task_spec.name == "l" and task.has_state(32) for task in second.workflow.get_tasks())
    story = ours(xml, key="k")  # compares its model before and after every turn
    assert story.send("k") == ["a", "u"]
    again = Play(story.model, stepped=False, key="k")
    assert again.open == ["a"]


@fault("1.7")
def test_two_timers_behind_an_event_gateway():
    body = '<eventBasedGateway id="g"/>' + user("a b")
    body += catch("t1", timer("Duration", "PT10S")) + catch("t2", timer("Duration", "PT0.02S"))
    xml = draw(body, "s g t1 a e", "g t2 b e")
    stock = Stock(xml)
    time.sleep(0.05)
    stock.go()
    stock.workflow.refresh_timers()
    stock.go()
    assert stock.open == [], "the second timer is due and does not fire"
    story = ours(xml)
    assert len({work.due_at for work in story.work.values() if isinstance(work, Timer)}) == 2
    assert story.wait(milliseconds=50) == ["b"]


@fault("1.8")
def test_one_message_for_two_who_wait():
    body = tags("parallelGateway", "g") + catch("c1 c2", ON_MESSAGE) + user("a b")
    xml = draw(body, "s g c1 a e", "g c2 b e")
    assert Stock(xml).send() == ["a", "b"], "both have got the one message"
    story = ours(xml, key="k")
    assert story.send("k") == ["a"]
    assert story.send("k") == ["a", "b"]


@fault("listener-interrupts")
def test_an_event_sub_process_that_interrupts():
    xml = draw(user("a") + listener("l", ON_MESSAGE, "u"), "s a e")
    assert Stock(xml).send() == ["a", "u"], "a is still open"
    assert ours(xml, key="k").send("k") == ["u"]


@fault("listener-error")
def test_an_event_sub_process_for_errors():
    inner = sub("p1", user("a"), "p1s a p1e", last=ON_ERROR)
    xml = draw(inner + user("n") + listener("l", ON_ERROR, "u"), "s p1 n e")
    assert Stock(xml).do("a") == ["n", "u"], "what failed is handled, and goes on as if it had not"
    assert ours(xml).do("a") == ["u"]


@fault("listener-escalation")
def test_an_event_sub_process_for_escalations():
    def drawn(interrupting: bool) -> str:
        inner = sub("p1", user("a") + throw("x", ON_ESCALATION) + user("b"), "p1s a x b p1e")
        told = listener("l", ON_ESCALATION, "u", interrupting=interrupting)
        return draw(inner + user("n") + told, "s p1 n e")

    assert Stock(drawn(True)).do("a") == ["b", "u"], "what was interrupted goes on"
    assert ours(drawn(True)).do("a") == ["u"]
    assert Stock(drawn(False)).do("a") == ours(drawn(False)).do("a") == ["b", "u"]


@fault("listener-inside")
def test_an_event_sub_process_inside_a_sub_process():
    xml = draw(sub("p1", user("a") + listener("l", ON_MESSAGE, "u", interrupting=False), "p1s a p1e"), "s p1 e")
    with pytest.raises(Exception, match="not waiting"):
        Stock(xml).send()
    assert ours(xml, key="k").send("k") == ["a", "u"]


@fault("listener-timer")
def test_the_timer_of_an_event_sub_process_that_never_fires():
    xml = draw(user("a") + listener("l", timer("Duration", "PT1H"), "u", interrupting=False), "s a e")
    stock, story = Stock(xml), ours(xml)
    stock.do("a")
    story.do("a")
    assert not stock.ended
    assert story.ended


@fault("condition-own-data")
def test_a_conditional_boundary_event_and_what_others_change():
    body = tags("parallelGateway", "g") + user("a b u") + boundary("c", "a", condition("n > 1"))
    xml = draw(body, "s g a e", "g b e", "c u e")
    stock, story = Stock(xml, n=0), ours(xml, n=0)
    stock.do("b", n=5)
    stock.workflow.refresh_timers()
    stock.go()
    assert stock.open == ["a"], "it looks at a copy of its own"
    assert story.do("b", n=5) == ["u"]


@fault("condition-undefined")
def test_a_condition_over_a_variable_that_is_not_there():
    xml = draw(user("a u") + boundary("c", "a", condition("n > 1")), "s a e", "c u e")
    with pytest.raises(Exception, match="n"):
        Stock(xml)
    story = ours(xml)
    assert story.open == ["a"]
    story.turn("set_variables", {"n": 2})
    assert story.open == ["u"]


@fault("compensation")
def test_compensation():
    undo = '<userTask id="ua" isForCompensation="true"/><association id="x1" sourceRef="ca" targetRef="ua"/>'
    xml = draw(user("a") + undo + boundary("ca", "a", COMPENSATE) + throw("t", COMPENSATE), "s a t e")
    with pytest.raises(Exception, match="(?i)compensat|boundary"):
        Stock(xml)
    assert ours(xml).do("a") == ["ua"]


@fault("boundary-once")
def test_a_boundary_event_that_does_not_interrupt_hears_again():
    xml = draw(user("a u") + boundary("b", "a", ON_MESSAGE, interrupting=False), "s a e", "b u e")
    stock, story = Stock(xml), ours(xml, key="k")
    assert stock.send() == story.send("k") == ["a", "u"]
    with pytest.raises(Exception, match="not waiting"):
        stock.send()
    assert story.send("k") == ["a", "u", "u"]


@fault("signal-end")
def test_a_signal_end_event():
    xml = draw("", "s e").replace('<endEvent id="e"/>', f'<endEvent id="e">{ON_SIGNAL}</endEvent>')
    stock, story = Stock(xml), ours(xml)
    assert stock.workflow.get_events() == []
    assert [signal.name for signal in story.outcome.signals] == ["sig"]
    assert isinstance(story.outcome.signals[0], Signal)


@fault("link")
def test_a_link():
    link = '<linkEventDefinition name="L"/>'
    xml = draw(throw("t", link) + catch("c", link) + user("a"), "s t", "c a e")
    spec, inside = parse(xml)
    assert isinstance(spec.task_specs["t"].event_definition, NoneEventDefinition)
    stock = Stock((spec, inside))
    assert (stock.open, stock.ended) == ([], False), "nothing is open, and it is not over"
    assert ours(xml).open == ["a"]


@fault("zone")
def test_a_zone_in_brackets():
    xml = draw(catch("t", timer("Date", '="2026-11-03T09:00:00[Asia/Shanghai]"')) + user("u"), "s t u e")
    with pytest.raises(Exception, match="isoformat|Invalid"):
        Stock(xml)
    story = ours(xml)
    assert story.find("t").due_at.isoformat() == "2026-11-03T01:00:00+00:00"


@fault("zone")
def test_cron():
    body = user("a u") + boundary("b", "a", timer("Cycle", "0 0 9 * * MON-FRI"), interrupting=False)
    xml = draw(body, "s a e", "b u e")
    with pytest.raises(Exception, match=r"\w"):
        Stock(xml)
    assert ours(xml).wait(days=3).count("u") == 3


@fault("naive")
def test_a_date_without_a_zone():
    xml = draw(catch("t", timer("Date", '="2026-11-02T09:00:00"')) + user("u"), "s t u e")
    assert Stock(xml).open in ([], ["u"]), "it is taken, by the zone of whatever machine it runs on"
    assert "time zone" in ours(xml).incidents["t"].message


@fault("negative")
def test_a_negative_duration():
    xml = draw(catch("t", timer("Duration", '="-PT1H"')) + user("u"), "s t u e")
    assert Stock(xml).open == [], "it waits for an hour"
    assert "-PT1H" in ours(xml).incidents["t"].message


@fault("receive")
def test_a_receive_task_without_a_message():
    xml = draw('<receiveTask id="r"/>' + user("a"), "s r a e")
    assert Stock(xml).open == ["a"]
    with pytest.raises(Exception, match="message"):
        ours(xml)
