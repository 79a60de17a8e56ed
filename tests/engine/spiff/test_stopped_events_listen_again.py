"""An event that an incident has stopped listens again after the retry, as it did before: no clock is set back."""

import pytest

from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    listener,
    process,
    timer,
    user,
)

FORK = '<parallelGateway id="g"/>'


def draw(body: str, *chains: str) -> str:
    """Beside what fails, user task z goes on."""
    return process(ENDS + FORK + user("z") + body, "s g z e", *chains, definitions=DEFINITIONS)


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_boundary_event_listens_again_after_its_condition_had_failed(play, interrupting):
    watch = boundary("b", "a", condition("assert(n, n != 2) > 5"), interrupting)
    story = play(process(ENDS + user("a u") + watch, "s a e", "b u e"), n=1)
    story.turn("set_variables", {"n": 2})
    assert (story.open, list(story.incidents)) == (["a"], ["b"])
    story.retry("b")
    assert list(story.incidents) == ["b"], "it fails as before"
    story.turn("set_variables", {"n": 3})
    assert story.retry("b") == ["a"]
    assert story.turn("set_variables", {"n": 7}).ended is None
    assert story.open == (["u"] if interrupting else ["a", "u"])


def test_a_condition_that_came_true_while_its_event_stood_still_fires_at_the_retry(play):
    watch = boundary("b", "a", condition("assert(n, n != 2) > 5"))
    story = play(process(ENDS + user("a u") + watch, "s a e", "b u e"), n=1)
    story.turn("set_variables", {"n": 2})
    story.turn("set_variables", {"n": 7})
    assert story.open == ["a"]
    assert story.retry("b") == ["u"]


def stopped(story, element: str) -> None:
    """What the element leads to cannot be kept."""
    work = story.find(element)
    outcome = story.turn("fail", work.token, "TIMER_ERROR", "It cannot be kept.")
    assert (work.token, getattr(work, "index", 0)) in outcome.closed


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize(("kind", "text"), [("Duration", "PT1H"), ("Date", "2026-11-02T02:00:00Z")])
def test_a_clock_that_was_stopped_is_not_set_back_by_a_retry(play, interrupting, kind, text):
    body = user("a u") + boundary("b", "a", timer(kind, text), interrupting)
    story = play(process(ENDS + body, "s a e", "b u e"))
    due = story.find("b").due_at
    stopped(story, "b")
    assert story.wait(minutes=30) == ["a"]
    story.retry("b")
    assert story.find("b").due_at == due
    stopped(story, "b")
    assert story.wait(hours=5) == ["a"]
    story.retry("b")
    assert story.find("b").due_at == due, "it is long due, and fires now"
    assert story.wait() == (["u"] if interrupting else ["a", "u"])


def test_a_cycle_that_was_stopped_keeps_its_count_and_its_beat(play):
    body = user("a u") + boundary("b", "a", timer("Cycle", "R3/PT1H"), interrupting=False)
    story = play(process(ENDS + body, "s a e", "b u e"))
    story.wait(hours=1, minutes=10)
    stopped(story, "b")
    story.retry("b")
    assert story.wait(minutes=55).count("u") == 2
    assert story.wait(hours=9).count("u") == 3


def test_whatever_waits_waits_again_as_it_did(play):
    body = listener("l", timer("Duration", "PT1H"), "v", interrupting=False) + '<eventBasedGateway id="w"/>'
    body += catch("t", timer("Duration", "PT2H")) + catch("c", ON_MESSAGE) + '<receiveTask id="r" messageRef="m"/>'
    ways = ("g w t u e", "w c u", "g r u")
    story = play(draw(body + user("u"), *ways), key="k")
    before = {key: work for key, work in story.work.items() if work.element != "z"}
    for element in ("ls", "t", "r"):
        stopped(story, element)
    story.turn("set_variables", {"key": "other"})
    for element in ("l", "w", "r"):
        story.retry(element)
    assert {key: work for key, work in story.work.items() if work.element != "z"} == before
    assert story.send("k") == ["u", "z"]
    assert story.send("k") == ["u", "u", "z"]
    assert story.wait(hours=3) == ["u", "u", "v", "z"]


def test_an_activity_that_ends_takes_its_stopped_events_along(play):
    body = user("a") + boundary("b", "a", timer("Duration", "PT1H"))
    story = play(draw(body, "g a e", "b e"))
    stopped(story, "b")
    story.do("a")
    assert not story.incidents
    assert story.open == ["z"]
