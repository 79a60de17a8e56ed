"""Tokens that are put, moved and taken away by hand, in any scope."""

import pytest

from engine.model import Subscription, Timer
from engine.spiff.moves.orders import Activate, Move, Terminate
from kernel.errors import Conflict, Invalid
from tests.engine.spiff.drawing import (
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    extend,
    io,
    listener,
    many,
    process,
    sub,
    tags,
    throw,
    timer,
    user,
)
from tests.engine.spiff.moving import change

HOUR = timer("Duration", "PT1H")
INNER = user("a") + sub("p2", user("b c"), "p2s b c p2e") + listener("l", ON_MESSAGE, "u")
NESTED = process(ENDS + user("x") + sub("p1", INNER, "p1s a p2 p1e"), "s x p1 e", definitions=DEFINITIONS)
SEVERAL = process(
    ENDS + user("x") + sub("p1", user("a b"), "p1s a b p1e", first=many()),
    "s p1 x e",
)


def test_an_element_is_activated_beside_what_is_there(play):
    story = play(process(ENDS + user("a b"), "s a b e"))
    assert change(story, Activate(element="b", variables={"": {"n": 1}, "b": {"m": 2}})) == ["a", "b"]
    (token,) = (work.token for work in story.work.values() if work.element == "b")
    run = story.kind.load(story.outcome.state, story.model, story)
    assert (run.variables(), run.variables(token)) == ({"n": 1}, {"n": 1, "m": 2})
    story.do("b")
    story.do("a")
    story.do("b")
    assert story.ended
    assert story.variables == {"n": 1}


def test_the_sub_processes_around_it_begin_without_their_start_events(play):
    story = play(NESTED, key="k")
    given = {"": {"n": 1}, "p1": {"n": 2}, "p2": {"n": 3}}
    assert change(story, Activate(element="c", variables=given)) == ["c", "x"]
    entered = story.count("ELEMENT_ACTIVATED")
    assert (entered["p1"], entered["p2"], entered["p1s"], entered["p2s"], entered["a"]) == (1, 1, 0, 0, 0)
    assert [work.element for work in story.work.values() if isinstance(work, Subscription)] == ["ls"]
    run = story.kind.load(story.outcome.state, story.model, story)
    (token,) = (work.token for work in story.work.values() if work.element == "c")
    assert run.variables(token)["n"] == 3
    story.do("c")
    assert story.open == ["x"]


def test_what_is_around_it_and_runs_is_used(play):
    story = play(NESTED, key="k")
    story.do("x")
    assert change(story, Activate(element="c", variables={"p1": {"n": 2}})) == ["a", "c"]
    assert story.count("ELEMENT_ACTIVATED")["p1"] == 1
    assert change(story, Activate(element="b")) == ["a", "b", "c"]
    assert story.count("ELEMENT_ACTIVATED")["p2"] == 1


def test_an_ancestor_is_chosen_and_what_lies_between_begins_anew(play):
    story = play(NESTED, key="k")
    story.do("x")
    story.do("a")
    owner = next(iter(story.kind.load(story.outcome.state, story.model, story).instance.subprocesses))
    assert change(story, Activate(element="c", ancestor=owner)) == ["b", "c"]
    assert (story.count("ELEMENT_ACTIVATED")["p1"], story.count("ELEMENT_ACTIVATED")["p2"]) == (1, 2)
    assert change(story, Activate(element="a", ancestor=0)) == ["a", "b", "c"]
    assert story.count("ELEMENT_ACTIVATED")["p1"] == 2
    with pytest.raises(Conflict, match="p1 around a runs 2 times"):
        change(story, Activate(element="a"))
    with pytest.raises(Conflict, match="is no sub-process around x"):
        change(story, Activate(element="x", ancestor=owner))


def test_the_mappings_and_boundary_events_of_a_sub_process_begin_with_it(play):
    inside = sub("p1", user("a"), "p1s a p1e", first=extend(io({"n": "=m + 1"})))
    story = play(process(ENDS + user("x y") + inside + boundary("t", "p1", HOUR), "s x p1 e", "t y e"))
    change(story, Activate(element="a", variables={"p1": {"m": 4}}))
    (token,) = (work.token for work in story.work.values() if work.element == "a")
    assert story.kind.load(story.outcome.state, story.model, story).variables(token) == {"m": 4, "n": 5}
    assert story.wait(hours=2) == ["x", "y"]


def test_a_join_that_is_activated_does_not_wait(play):
    body = '<parallelGateway id="g"/><parallelGateway id="j"/>' + user("a b c")
    story = play(process(ENDS + body, "s g a j c e", "g b j"))
    assert change(story, Activate(element="j")) == ["a", "b", "c"]
    story.do("a")
    assert story.do("b") == ["c", "c"]


def test_a_token_moves_within_its_sub_process(play):
    story = play(NESTED, key="k")
    story.do("x")
    story.do("a")
    assert change(story, Move(source="b", target="c")) == ["c"]
    assert story.count("ELEMENT_TERMINATED") == {"b": 1}
    assert change(story, Move(source="c", target="a")) == ["a"]
    assert story.count("ELEMENT_TERMINATED") == {"b": 1, "c": 1, "p2": 1}, "a scope left empty ends"
    assert change(story, Move(source="a", target="x", ancestor="inferred")) == ["x"]
    assert story.count("ELEMENT_TERMINATED")["p1"] == 1
    with pytest.raises(Conflict, match="Nothing is active at b"):
        change(story, Move(source="b", target="c"))


def test_each_run_moves_in_its_own_scope(play):
    story = play(SEVERAL, list=[1, 2, 3], r=1)
    story.do("a")
    assert change(story, Move(source="a", target="b", ancestor="parent")) == ["b", "b", "b"]
    for _ in range(3):
        story.do("b")
    assert story.open == ["x"]


def test_one_of_several_tokens_moves(play):
    story = play(SEVERAL, list=[1, 2], r=1)
    token = next(work.token for work in story.work.values() if work.element == "a")
    assert change(story, Move(source=token, target="b")) == ["a", "b"]


def test_inside_one_that_repeats_a_run_has_to_be_chosen(play):
    story = play(SEVERAL, list=[1, 2], r=1)
    with pytest.raises(Conflict, match="p1 around b runs 2 times"):
        change(story, Activate(element="b"))
    run = next(iter(story.kind.load(story.outcome.state, story.model, story).instance.subprocesses))
    assert change(story, Activate(element="b", ancestor=run)) == ["a", "a", "b"]
    fresh = play(process(ENDS + user("x") + sub("p1", user("a"), "p1s a p1e", first=many()), "s x p1 e"), list=[1], r=1)
    with pytest.raises(Conflict, match="p1 repeats"):
        change(fresh, Activate(element="a"))
    assert change(fresh, Activate(element="p1")) == ["a", "x"]


def test_a_run_that_is_terminated_is_not_waited_for(play):
    story = play(SEVERAL, list=[1, 2], r=3)
    token = next(work.token for work in story.work.values() if work.element == "a")
    assert change(story, Terminate(what=token)) == ["a"]
    story.do("a")
    assert story.do("b") == ["x"]
    assert story.variables["out"] == [None, 6]


def test_where_no_run_is_left_the_activity_is_terminated_and_all_around_it(play):
    story = play(SEVERAL, list=[1, 2], r=1)
    change(story, Terminate(what="a"))
    assert story.outcome.ended == "TERMINATED"
    assert not story.work
    assert story.count("ELEMENT_TERMINATED") == {"a": 2, "p1": 3, "p": 1}


def test_what_is_activated_keeps_the_instance_alive(play):
    story = play(process(ENDS + user("a b"), "s a b e"))
    assert change(story, Activate(element="b"), Terminate(what="a")) == ["b"]
    story.do("b")
    assert story.ended


def test_the_boundary_events_of_what_is_terminated_listen_no_longer(play):
    late = boundary("t", "a", HOUR)
    story = play(process(ENDS + '<parallelGateway id="g"/>' + user("a b") + late, "s g a e", "g b e", "t e"))
    assert change(story, Terminate(what="a")) == ["b"]
    assert [work for work in story.work.values() if isinstance(work, Timer)] == []


def test_a_join_is_not_kept_waiting_for_what_was_terminated(play):
    nodes = tags("inclusiveGateway", "o j") + user("a b d")
    story = play(process(ENDS + nodes, "s o {true} a j d e", "o {true} b j"))
    story.do("a")
    assert change(story, Terminate(what="b")) == ["d"]


def test_what_undoes_something_is_skipped_by_terminating_it(play):
    body = user("a b") + boundary("c", "a", COMPENSATE) + throw("t", COMPENSATE)
    body += '<userTask id="u" isForCompensation="true"/><association id="l" sourceRef="c" targetRef="u"/>'
    story = play(process(ENDS + body, "s a t b e"))
    assert story.do("a") == ["u"]
    assert change(story, Terminate(what="u")) == ["b"]


def test_what_goes_with_its_scope_is_terminated_once(play):
    story = play(NESTED, key="k")
    story.do("x")
    story.do("a")
    assert change(story, Activate(element="x"), Terminate(what="p1"), Terminate(what="b"), Terminate(what="p2")) == [
        "x"
    ]
    assert story.count("ELEMENT_TERMINATED") == {"b": 1, "p2": 1, "p1": 1}


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Activate(element="nobody"), "p has no element nobody"),
        (Activate(element="s"), "s begins by an event"),
        (Activate(element="t"), "t begins by an event"),
        (Activate(element="l"), "l begins by an event"),
        (Activate(element="a", variables={"b": {}}), "neither a nor around it"),
        (Move(source="a", target="nobody"), "p has no element nobody"),
        (Terminate(what="nobody"), "p has no element nobody"),
    ],
)
def test_what_the_model_cannot_begin_with_is_refused(play, order, words):
    body = user("a b") + boundary("t", "a", HOUR) + listener("l", ON_MESSAGE, "u")
    story = play(process(ENDS + body, "s a b e", "t e", definitions=DEFINITIONS), key="k")
    before = story.outcome.state
    with pytest.raises(Invalid, match=words):
        change(story, order)
    assert story.outcome.state == before


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Activate(element="u"), "l begins by its event"),
        (Activate(element="x"), "p1 is interrupted by a boundary event"),
        (Activate(element="y"), "p2 cannot begin: The timer.s duration is null"),
        (Terminate(what=99), "Step 99 is not active"),
        (Terminate(what=4), "Step 4 is not active"),
        (Terminate(what="b"), "Nothing is active at b"),
    ],
)
def test_what_the_instance_does_not_allow_is_refused(play, order, words):
    one = sub("p1", user("x"), "p1s x p1e") + boundary("c", "p1", condition("true"))
    two = sub("p2", user("y"), "p2s y p2e") + boundary("d", "p2", timer("Duration", "=nothing"))
    body = user("a b") + boundary("t", "a", HOUR) + one + two + listener("l", ON_MESSAGE, "u")
    ways = ("s a b p1 p2 e", "t e", "c e", "d e")
    story = play(process(ENDS + body, *ways, definitions=DEFINITIONS), key="k")
    with pytest.raises(Conflict, match=words):
        change(story, order)


def test_an_event_that_is_activated_waits(play):
    story = play(process(ENDS + user("a b") + catch("c", HOUR), "s a c b e"))
    assert change(story, Move(source="a", target="c")) == []
    assert story.wait(hours=2) == ["b"]


def test_an_activity_of_an_ad_hoc_sub_process_is_activated_alone(play):
    inside = '<adHocSubProcess id="h" ordering="Sequential">' + user("b c") + "</adHocSubProcess>"
    story = play(process(ENDS + user("a") + inside, "s a h e"))
    assert change(story, Move(source="a", target="c")) == ["c"]
    assert story.do("c") == []
    assert story.ended
