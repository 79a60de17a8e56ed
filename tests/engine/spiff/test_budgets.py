"""Models that go round or multiply end in one incident; what there is can be worked off, and a retry goes on."""

import time
from collections import Counter

import pytest

from engine.model import Incident, UserTask
from engine.spiff.runtime import budget, instance
from tests.engine.spiff.drawing import (
    ENDS,
    START,
    boundary,
    extend,
    io,
    job,
    many,
    process,
    sub,
    tag,
    tags,
    timer,
    user,
)
from tests.engine.spiff.play import Play


def of_kind(story: Play, kind: type) -> list[str]:
    return [work.element for work in story.work.values() if isinstance(work, kind)]


def begin(xml: str, **variables: object) -> Play:
    began = time.process_time()
    story = Play(xml, stepped=False, **variables)
    assert time.process_time() - began < 5, "a model that explodes holds no worker up"
    return story


GROWS = process(
    ENDS + '<exclusiveGateway id="m"/><parallelGateway id="g"/><parallelGateway id="f"/>' + user("z"),
    "s f m g m",
    "g m",
    "f z e",
)


def test_tokens_that_double_without_waiting():
    story = begin(GROWS)
    assert len(of_kind(story, Incident)) == 1
    assert story.open == ["z"], "another branch goes on"
    for _ in range(2):
        story.retry(*of_kind(story, Incident))
        assert len(of_kind(story, Incident)) == 1
    assert len(story.outcome.state) < 500_000
    assert story.do("z") == []


def test_what_stands_still_goes_on_when_the_incident_is_retried(monkeypatch):
    monkeypatch.setattr(instance, "TOKENS_A_TURN", 25)
    names = " ".join(f"u{n}" for n in range(5))
    body = ENDS + tags("parallelGateway", "f g0 g1 g2 g3 g4") + user(names) + user("z")
    ways = [f"f g{n} u{n} e" for n in range(5)] + [f"g{n} u{n}" for n in range(5)] * 3
    story = begin(process(body, "s f z e", *ways))
    assert len(of_kind(story, Incident)) == 1
    first = Counter(story.open)
    assert first["z"] == 1
    assert 0 < first.total() < 21
    story.do("z")
    assert Counter(story.open) == first - Counter("z"), "what stands still is left alone by others' turns"
    while story.incidents:
        story.retry(*of_kind(story, Incident))
    assert Counter(story.open) == {f"u{n}": 4 for n in range(5)}


def test_iterations_within_iterations():
    inner = f'<userTask id="x">{many(output="=1")}</userTask>'
    xml = process(ENDS + sub("o", inner, "os x oe", first=many(output="=1")), "s o e")
    story = begin(xml, list=list(range(150)))
    assert of_kind(story, Incident) == ["x"]
    assert story.incidents["x"].kind == "TOKEN_LIMIT"
    tasks = len(of_kind(story, UserTask))
    assert 9_000 < tasks <= budget.TOKENS_AT_ONCE
    story.retry("x")
    assert story.incidents, "there is no room yet"
    began = time.process_time()
    huge = begin(xml, list=list(range(3000)))
    assert of_kind(huge, Incident) == ["x"]
    assert time.process_time() - began < 3


def test_room_that_is_made_is_used(monkeypatch):
    monkeypatch.setattr(budget, "TOKENS_AT_ONCE", 14)
    inner = f'<userTask id="x">{many(output="=1")}</userTask>'
    story = begin(process(ENDS + sub("o", inner, "os x oe", first=many(output="=1")), "s o e"), list=[1, 2, 3, 4])
    seen = 0
    for _ in range(40):
        assert len(of_kind(story, Incident)) <= 1
        if story.open:
            story.do("x")
            seen += 1
        if story.incidents:
            story.retry("x")
    assert seen == 16
    assert story.ended


def test_an_interrupted_scope_takes_its_budget_along():
    inner = '<exclusiveGateway id="m"/><parallelGateway id="g"/>'
    body = sub("p1", inner, "p1s m g m", "g m", "g p1e") + boundary("b", "p1", timer("Duration", "PT1M")) + user("u")
    story = begin(process(ENDS + body, "s p1 e", "b u e"))
    assert len(of_kind(story, Incident)) == 1
    assert story.wait(minutes=1) == ["u"]
    assert not story.incidents
    story.do("u")
    assert story.ended


def test_a_list_of_activities_that_is_too_long():
    active = extend(tag("adHoc", activeElementsCollection='=for i in 1..50000 return "a"'))
    body = f'<adHocSubProcess id="h">{active}{user("a")}</adHocSubProcess>'
    story = begin(process(ENDS + body, "s h e"))
    assert of_kind(story, Incident) == ["h"]
    assert len(story.work) == 1


def test_a_loop_that_waits_for_nothing_goes_on_by_as_much_at_each_retry():
    count = io(gives={"n": "=n + 1"})
    body = START + '<exclusiveGateway id="m"/><exclusiveGateway id="w"/>' + user("u")
    body += f'<task id="t">{extend(count)}</task>'
    story = begin(process(body, "s m t w {n < 4000} m", "w {default} u"), n=0)
    rounds = story.variables["n"]
    assert rounds in range(3_330, 3_336)
    assert story.retry(*of_kind(story, Incident)) == ["u"]
    assert story.variables["n"] == 4000


@pytest.mark.parametrize("extra", ["", "g m"])
def test_a_job_on_the_way_back_makes_the_loop_an_honest_one(extra):
    body = START + '<exclusiveGateway id="m"/><parallelGateway id="g"/>' + job("j")
    story = begin(process(body, "s m j g m", *([extra] if extra else [])))
    for _ in range(6):
        story.do("j")
    assert not story.incidents
    assert len(story.open) == (7 if extra else 1)
