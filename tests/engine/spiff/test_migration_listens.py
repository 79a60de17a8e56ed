"""What a moved instance listens to: what stays keeps its due dates and keys, what is new begins, what is gone ends."""

import pytest

from engine.model import Incident, Subscription, Timer
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    ON_SIGNAL,
    boundary,
    catch,
    condition,
    job,
    listener,
    process,
    sub,
    timer,
    user,
)
from tests.engine.spiff.moving import migration, move
from tests.engine.spiff.play import Play

HOUR, DAY = timer("Duration", "PT1H"), timer("Duration", "P1D")


def waits(story, kind=Timer) -> list[str]:
    return sorted(work.element for work in story.work.values() if isinstance(work, kind))


def test_a_boundary_event_that_stays_keeps_its_due_date(play):
    story = play(process(ENDS + user("a u") + boundary("b", "a", HOUR), "s a e", "b u e"))
    story.wait(minutes=30)
    after = process(ENDS + user("a v") + boundary("late", "a", DAY), "s a e", "late v e")
    outcome = move(story, after, a="a", b="late")
    assert outcome.opened == outcome.closed == []
    assert waits(story) == ["late"]
    assert story.wait(minutes=31) == ["v"]


def test_a_boundary_event_of_the_same_id_need_not_be_named(play):
    before = process(ENDS + user("a u") + boundary("b", "a", HOUR), "s a e", "b u e")
    story = play(before)
    assert move(story, before, a="a").opened == []
    assert story.wait(hours=2) == ["u"]


def test_a_boundary_event_that_is_new_listens_from_now_on(play):
    story = play(process(ENDS + user("a"), "s a e"), hours=2)
    story.wait(hours=5)
    late = boundary("b", "a", timer("Duration", '="PT" + string(hours) + "H"'), interrupting=False)
    move(story, process(ENDS + user("a u") + late, "s a e", "b u e"), a="a")
    assert waits(story) == ["b"]
    assert story.wait(minutes=119) == ["a"]
    assert story.wait(minutes=2) == ["a", "u"]


def test_a_boundary_event_that_is_gone_listens_no_longer(play):
    both = boundary("b", "a", HOUR) + boundary("n", "a", ON_MESSAGE)
    story = play(process(ENDS + user("a u") + both, "s a e", "b u e", "n u e", definitions=DEFINITIONS), key="k")
    found = migration(story, process(ENDS + user("a"), "s a e"), {"a": "a"})
    assert found.disarmed == ["b", "n"]
    move(story, process(ENDS + user("a"), "s a e"), a="a")
    assert waits(story) == waits(story, Subscription) == []
    assert story.wait(hours=2) == ["a"]
    assert story.do("a") == []
    assert story.ended


def test_a_boundary_event_that_has_gone_to_another_activity_is_armed_there(play):
    before = process(ENDS + user("a c u") + boundary("b", "a", HOUR), "s a c e", "b u e")
    after = process(ENDS + user("a c u") + boundary("b", "c", HOUR), "s a c e", "b u e")
    story = play(before)
    move(story, after, a="a")
    assert waits(story) == []
    story.do("a")
    assert waits(story) == ["b"]


def test_a_timer_that_has_fired_for_the_last_time_does_not_begin_anew(play):
    before = process(ENDS + user("a u") + boundary("b", "a", HOUR, interrupting=False), "s a e", "b u e")
    story = play(before)
    assert story.wait(hours=2) == ["a", "u"]
    move(story, before, a="a", u="u")
    assert waits(story) == []


def test_a_listener_that_an_incident_has_stopped_takes_up_its_waits(play):
    stopped = user("a u") + boundary("b", "a", ON_MESSAGE, interrupting=False)
    stopped = process(ENDS + stopped, "s a e", "b u e", definitions=DEFINITIONS)
    story = play(stopped, key="k")
    (wait,) = (work for work in story.work.values() if isinstance(work, Subscription))
    story.turn("fail", wait.token, "UNSPECIFIED", "no")
    move(story, stopped.replace('"b"', '"c"'), a="a", b="c")
    assert waits(story, Incident) == ["c"]
    story.retry("c")
    assert story.send("k") == ["a", "u"]


def test_an_incident_of_a_listener_that_is_gone_is_over(play):
    before = process(ENDS + user("a u") + boundary("b", "a", ON_MESSAGE), "s a e", "b u e", definitions=DEFINITIONS)
    story = play(before, key="k")
    (wait,) = (work for work in story.work.values() if isinstance(work, Subscription))
    story.turn("fail", wait.token, "UNSPECIFIED", "no")
    move(story, process(ENDS + user("a"), "s a e"), a="a")
    assert not story.incidents


def test_the_code_of_an_error_is_that_of_the_new_version(play):
    body = job("a") + user("u") + boundary("b", "a", ON_ERROR)
    before = process(ENDS + body, "s a e", "b u e", definitions=DEFINITIONS)
    story = play(before)
    move(story, before.replace('errorRef="err"', 'errorRef="err2"'), a="a")
    assert story.error("a", "E2") == ["u"]


def test_boundary_events_of_one_that_has_not_begun_are_left_to_its_retry(play):
    late = boundary("b", "a", timer("Duration", "=t"))
    before = process(ENDS + user("a u") + late, "s a e", "b u e")
    story = play(before, t=1)
    assert "a" in story.incidents
    more = boundary("n", "a", ON_SIGNAL)
    move(story, process(ENDS + user("a u") + late + more, "s a e", "b u e", "n u e", definitions=DEFINITIONS), a="a")
    assert waits(story, Subscription) == []
    story.turn("set_variables", {"t": "PT1H"})
    story.retry("a")
    assert (waits(story), waits(story, Subscription)) == (["b"], ["n"])


@pytest.mark.parametrize("inside", [False, True])
def test_event_sub_processes_come_and_go_with_the_version(play, inside):
    def whole(*listeners: str) -> str:
        if not inside:
            return process(ENDS + user("a") + "".join(listeners), "s a e", definitions=DEFINITIONS)
        within = sub("p1", user("a") + "".join(listeners), "p1s a p1e")
        return process(ENDS + within, "s p1 e", definitions=DEFINITIONS)

    stays = listener("l1", ON_MESSAGE, "u1", interrupting=False)
    goes = listener("l2", HOUR, "u2")
    comes = listener("l3", DAY, "u3", interrupting=False)
    around = {"p1": "p1"} if inside else {}
    story = play(whole(stays, goes), key="k")
    move(story, whole(stays, comes), a="a", **around)
    assert (waits(story), waits(story, Subscription)) == (["l3s"], ["l1s"])
    assert story.wait(hours=2) == ["a"]
    assert story.send("k") == ["a", "u1"]
    assert story.wait(hours=23) == ["a", "u1", "u3"]


def test_a_scope_that_was_interrupted_does_not_listen_again(play):
    before = process(ENDS + user("a") + listener("l", ON_MESSAGE, "u"), "s a e", definitions=DEFINITIONS)
    story = play(before, key="k")
    assert story.send("k") == ["u"]
    more = listener("l2", HOUR, "u2")
    after = process(ENDS + user("a") + listener("l", ON_MESSAGE, "u") + more, "s a e", definitions=DEFINITIONS)
    move(story, after, l="l", u="u")
    assert waits(story) == []
    story.do("u")
    assert story.ended


# -- event-based gateways


def ways(*events: str) -> str:
    drawn = {"c1": catch("c1", HOUR), "c2": catch("c2", ON_MESSAGE), "c3": catch("c3", ON_SIGNAL)}
    body = '<eventBasedGateway id="g"/>' + "".join(drawn[event] + user(f"u{event[1]}") for event in events)
    return process(ENDS + body, "s g", *(f"g {e} u{e[1]} e" for e in events), definitions=DEFINITIONS)


@pytest.mark.parametrize("after", [("c2", "c1"), ("c3", "c1", "c2"), ("c3", "c2")])
def test_the_ways_of_an_event_gateway_may_change(play, after):
    acts = {"c1": lambda story: story.wait(minutes=2), "c2": lambda story: story.send("k"), "c3": Play.signal}
    for event, act in acts.items():
        story = play(ways("c1", "c2"), key="k")
        story.wait(minutes=59)
        move(story, ways(*after), g="g")
        assert sorted([*waits(story), *waits(story, Subscription)]) == sorted(after)
        found = act(story)
        if event in after:
            assert found == [f"u{event[1]}"]
            assert waits(story) == waits(story, Subscription) == []
        else:
            assert found == []


# -- conditions


def test_a_condition_that_has_come_true_by_the_new_version_fires(play):
    def whole(text: str) -> str:
        return process(ENDS + catch("c", condition(text)) + user("u"), "s c u e")

    story = play(whole("n > 10"), n=5)
    move(story, whole("n > 7"), c="c")
    assert story.open == []
    move(story, whole("n > 3"), c="c")
    assert story.open == ["u"]


def test_a_condition_that_held_before_does_not_fire_again(play):
    def whole(text: str) -> str:
        late = boundary("b", "a", condition(text), interrupting=False)
        return process(ENDS + user("a u") + late, "s a e", "b u e")

    story = play(whole("n > 3"), n=5)
    assert story.open == ["a", "u"]
    move(story, whole("n > 4"), a="a", u="u")
    assert story.open == ["a", "u"]


def test_a_new_condition_that_holds_interrupts_at_once(play):
    story = play(process(ENDS + user("a"), "s a e"), n=5)
    after = process(ENDS + user("a u") + boundary("b", "a", condition("n > 3")), "s a e", "b u e")
    move(story, after, a="a")
    assert story.open == ["u"]
    assert story.count("ELEMENT_TERMINATED") == {"a": 1}


def test_a_new_way_of_an_event_gateway_whose_condition_holds_is_taken_at_once(play):
    story = play(ways("c1", "c2"), key="k", n=5)
    body = '<eventBasedGateway id="g"/>' + catch("c4", condition("n > 3")) + catch("c1", HOUR) + user("u1 u4")
    move(story, process(ENDS + body, "s g", "g c4 u4 e", "g c1 u1 e"), g="g")
    assert story.open == ["u4"]
    assert waits(story) == waits(story, Subscription) == []
