"""A case that can never go on says so, at the join that waits, and at nothing else."""

import pytest

from engine.model import Incident
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    listener,
    many,
    process,
    sub,
    tags,
    timer,
    user,
)

SPLIT = '<exclusiveGateway id="x"/><parallelGateway id="j"/>' + user("a b")


def told(story) -> Incident:
    (incident,) = [work for work in story.work.values() if isinstance(work, Incident)]
    assert incident.kind == "DEADLOCK"
    return incident


def test_an_exclusive_split_into_a_parallel_join(play):
    story = play(process(ENDS + SPLIT, "s x {true} a j e", "x {default} b j"))
    assert not story.incidents
    assert story.do("a") == []
    assert told(story).element == "j"
    assert "f6 (b)" in told(story).message
    assert "exclusive gateway" in told(story).message
    story.retry("j")
    assert told(story).element == "j", "it stands as before"
    assert story.turn("cancel").ended == "TERMINATED"
    assert story.count("ELEMENT_ACTIVATED")["j"] == story.count("ELEMENT_TERMINATED")["j"] == 0


def test_two_inclusive_joins_that_wait_for_each_other(play):
    nodes = '<parallelGateway id="f"/>' + tags("inclusiveGateway", "o1 o2") + tags("exclusiveGateway", "x1 x2 y")
    ways = ("s f y {n = 1} o1 x1 {true} o2", "f o2 x2 {true} o1", "x1 {default} e", "x2 {default} e", "y {default} e")
    story = play(process(ENDS + nodes, *ways), n=1)
    assert told(story).element in ("o1", "o2")


def test_a_start_quantity_that_is_never_reached(play):
    body = '<task id="t" startQuantity="3"/><parallelGateway id="g"/>'
    story = play(process(ENDS + body, "s g t e", "g t"))
    assert told(story).element == "t"
    assert "startQuantity" in told(story).message
    story.retry("t")
    assert told(story).element == "t"


def test_an_activation_condition_that_never_holds(play):
    count = "<activationCondition>=activationCount >= n</activationCondition>"
    body = '<parallelGateway id="g"/>' + tags("complexGateway", "c", count) + user("u")
    story = play(process(ENDS + body, "s g c u e", "g c"), n=3)
    assert told(story).element == "c"
    assert "=activationCount >= n" in told(story).message
    story.turn("set_variables", {"n": 2})
    assert story.retry("c") == ["u"]


def test_one_that_stands_within_an_iteration_is_told_once_the_others_are_through(play):
    inner = SPLIT.replace('"a b"', '"a"')
    story = play(
        process(ENDS + sub("p1", inner, "p1s x {item = 1} a j p1e", "x {item = 2} b j", first=many()), "s p1 e"),
        list=[1, 2],
        r=1,
    )
    story.do("a")
    assert not story.incidents
    story.do("b")
    assert told(story).element == "j"


@pytest.mark.parametrize(
    ("body", "way", "event"),
    [
        (listener("l", ON_MESSAGE, "u", interrupting=False), "", "send"),
        (listener("l", timer("Duration", "PT1H"), "u"), "", "wait"),
        (listener("l", condition("n > 1"), "u"), "", "set"),
        (catch("c", ON_MESSAGE) + user("u"), "g c u e", "send"),
        (catch("c", condition("n > 1")) + user("u"), "g c u e", "set"),
    ],
)
def test_no_alarm_while_the_world_can_still_move_it(play, body, way, event):
    stuck = '<parallelGateway id="g"/><exclusiveGateway id="x"/><parallelGateway id="j"/>' + tags("task", "v w")
    ways = ["s g x {true} v j e", "x {default} w j", *([way] if way else ["g e"])]
    story = play(process(ENDS + stuck + body, *ways, definitions=DEFINITIONS), key="k", n=1)
    assert not story.incidents
    if event == "send":
        story.send("k")
    elif event == "wait":
        story.wait(hours=2)
    else:
        story.turn("set_variables", {"n": 2})
    assert story.open == ["u"]
    if 'isInterrupting="true"' in body:
        return
    story.do("u")
    if "triggeredByEvent" not in body:
        assert told(story).element == "j"


def test_a_listener_for_errors_is_nothing_to_wait_for(play):
    scope = sub("p1", SPLIT.replace("userTask", "task"), "p1s x {true} a j p1e", "x {false} b j")
    body = scope + boundary("be", "p1", ON_ERROR) + user("u")
    story = play(process(ENDS + body, "s p1 e", "be u e", definitions=DEFINITIONS))
    assert told(story).element == "j"


def test_another_incident_is_enough(play):
    body = SPLIT.replace("userTask", "task") + '<parallelGateway id="g"/><exclusiveGateway id="y"/>'
    story = play(process(ENDS + body, "s g x {true} a j e", "x {default} b j", "g y {n = 1} e", "y {n = 2} e"), n=0)
    assert set(story.incidents) == {"y"}
    story.turn("set_variables", {"n": 1})
    story.retry("y")
    assert told(story).element == "j"
