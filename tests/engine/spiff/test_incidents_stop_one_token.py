"""What fails stops at its element with an incident; the rest goes on, and a retry goes on from there."""

import pytest

from engine.model import Incident, Resource
from engine.spiff.compile import compile_models
from engine.spiff.runtime import Run, start
from kernel.errors import Conflict, NotFound
from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    START,
    boundary,
    catch,
    condition,
    extend,
    io,
    job,
    listener,
    many,
    process,
    script,
    sub,
    tag,
    tags,
    timer,
    user,
)

FORK = '<parallelGateway id="g"/>'


def draw(body: str, *chains: str) -> str:
    """Beside what fails, user task z goes on."""
    return process(ENDS + FORK + user("z") + body, "s g z e", *chains, definitions=DEFINITIONS)


def mended(story, element: str, **variables: object) -> list[str]:
    """Set variables, then retry. Nothing had happened in between."""
    assert story.open == ["z"]
    assert story.do("z") == []
    story.turn("set_variables", variables)
    assert element in story.incidents
    story.retry(element)
    assert story.count("INCIDENT_CREATED") == story.count("INCIDENT_RESOLVED")
    return story.open


def test_a_condition_that_is_not_boolean(play):
    story = play(draw('<exclusiveGateway id="x"/>' + user("a b"), "g x {n > 1} a e", "x {default} b e"))
    assert story.incidents["x"].kind == "EXTRACT_VALUE_ERROR"
    assert "n > 1" in story.incidents["x"].message
    assert mended(story, "x", n=2) == ["a"]


def test_no_condition_holds_and_there_is_no_default(play):
    story = play(draw('<exclusiveGateway id="x"/>' + user("a b"), "g x {n = 1} a e", "x {n = 2} b e"), n=0)
    assert story.incidents["x"].kind == "CONDITION_ERROR"
    assert mended(story, "x", n=2) == ["b"]


def test_the_same_at_an_inclusive_gateway(play):
    story = play(draw('<inclusiveGateway id="x"/>' + user("a b"), "g x {n = 1} a e", "x {n = 2} b e"), n=0)
    assert mended(story, "x", n=1) == ["a"]


def test_a_collection_that_is_no_list(play):
    story = play(draw(job("a", io({"r": "=item"}), inner=many()), "g a e"))
    assert story.incidents["a"].kind == "EXTRACT_VALUE_ERROR"
    assert mended(story, "a", list=[1, 2]) == ["a", "a"]


def test_an_iteration_alone_fails_at_its_completion_condition(play):
    story = play(draw(job("a", inner=many(until="enough")), "g a e"), list=[1, 2], r=1)
    story.do("a")
    assert story.open == ["a", "z"]
    assert story.incidents["a"].kind == "EXTRACT_VALUE_ERROR"
    story.turn("set_variables", {"enough": False})
    assert story.retry("a") == ["a", "z"]
    assert story.do("a") == ["z"]


@pytest.mark.parametrize(
    ("kind", "text", "good"),
    [
        ("Duration", "=n", "PT1M"),
        ("Date", "=n", "2026-11-02T01:01:00Z"),
    ],
)
def test_a_timer_that_cannot_be_read(play, kind, text, good):
    story = play(draw(catch("t", timer(kind, text)) + user("u"), "g t u e"))
    assert "t" in story.incidents
    assert mended(story, "t", n=good) == []
    assert story.wait(minutes=1) == ["u"]


@pytest.mark.parametrize("text", ["=n", '=if n = null then "R0/PT1M" else n'])
def test_a_cycle_that_cannot_be_read(play, text):
    body = job("a") + boundary("b", "a", timer("Cycle", text), interrupting=False) + user("u")
    story = play(draw(body, "g a e", "b u e"))
    assert "a" in story.incidents
    assert mended(story, "a", n="R1/PT1M") == ["a"]
    assert story.wait(minutes=3) == ["a", "u"]


def test_a_date_without_a_zone(play):
    story = play(draw(catch("t", timer("Date", "=n")), "g t e"), n="2026-11-02T09:00:00")
    assert "time zone" in story.incidents["t"].message


def test_a_correlation_key_that_is_null(play):
    story = play(draw(catch("c", ON_MESSAGE) + user("u"), "g c u e"))
    assert "=key" in story.incidents["c"].message
    mended(story, "c", key="k")
    assert story.send("k") == ["u"]


def test_a_boundary_event_that_cannot_be_armed_stops_its_activity_before_it_starts(play):
    body = job("a") + boundary("b1", "a", timer("Duration", "PT1H"), interrupting=False)
    body += boundary("b2", "a", ON_MESSAGE, interrupting=False) + user("u")
    story = play(draw(body, "g a e", "b1 u e", "b2 u e"))
    assert story.open == ["z"]
    assert list(story.incidents) == ["a"]
    assert len(story.work) == 2, "nothing of the activity is armed"
    assert mended(story, "a", key="k") == ["a"]
    assert len(story.work) == 3


def test_a_listener_that_cannot_be_armed_leaves_its_scope_running(play):
    story = play(draw(listener("l", ON_MESSAGE, "u", interrupting=False)))
    assert story.open == ["z"]
    assert list(story.incidents) == ["l"]
    story.turn("set_variables", {"key": "k"})
    story.retry("l")
    assert story.send("k") == ["u", "z"]


def test_a_job_type_and_retries_that_give_nothing(play):
    body = job("a", type="=kind") + job("b").replace('type="work"', 'type="work" retries="=n"')
    story = play(draw(body, "g a e", "g b e"))
    assert set(story.incidents) == {"a", "b"}
    story.turn("set_variables", {"kind": "mail", "n": 5})
    story.retry("a")
    story.retry("b")
    assert [(story.find(e).type, story.find(e).retries) for e in "ab"] == [("mail", 3), ("work", 5)]


def test_an_output_mapping_that_fails_keeps_what_the_job_brought(play):
    costly = io(gives={"total": "=assert(got + more, more != null)"})
    story = play(draw(job("a", costly) + user("u"), "g a u e"))
    story.do("a", got=1)
    assert story.open == ["z"]
    story.turn("set_variables", {"more": 2})
    assert story.retry("a") == ["u", "z"]
    assert story.variables["total"] == 3


def test_a_script_that_spends_its_budget(play):
    story = play(
        draw(script("a", "=count(for i in 1..limit, j in 1..limit return i)", "n") + user("u"), "g a u e"), limit=99999
    )
    assert "a" in story.incidents
    assert mended(story, "a", limit=10) == ["u"]
    assert story.variables["n"] == 100


def test_a_decision_that_is_missing_and_one_that_answers(play):
    called = extend(tag("calledDecision", decisionId="route", resultVariable="way"))
    story = play(draw(f'<businessRuleTask id="d">{called}</businessRuleTask>' + user("u"), "g d u e"), n=3)
    assert story.incidents["d"].kind == "CALLED_DECISION_ERROR"
    assert story.incidents["d"].message == "There is no decision route."
    story.decisions["route"] = lambda inputs: {"to": inputs["n"] + 1}
    assert mended(story, "d") == ["u"]
    assert story.variables["way"] == {"to": 4}
    assert story.count("DECISION_EVALUATED") == {"d": 1}


def test_a_job_that_failed_for_good_is_made_anew_by_a_retry(play):
    story = play(draw(job("a") + user("u"), "g a u e"))
    token = story.find("a").token
    outcome = story.turn("fail", token, "JOB_NO_RETRIES", "The mail server is down.")
    assert outcome.closed == [(token, 0)]
    assert [type(work) for work in outcome.opened] == [Incident]
    assert story.incidents["a"].message == "The mail server is down."
    with pytest.raises(Conflict):
        story.turn("complete", token, {})
    assert story.retry("a") == ["a", "z"]
    assert story.do("a") == ["u", "z"]


def test_an_interrupted_activity_takes_its_incident_along(play):
    body = sub("p1", script("a", "=assert(null, false)", "n"), "p1s a p1e") + boundary(
        "b", "p1", timer("Duration", "PT1M")
    )
    story = play(draw(body + user("u"), "g p1 e", "b u e"))
    assert "a" in story.incidents
    assert story.wait(minutes=1) == ["u", "z"]
    assert not story.incidents
    assert story.count("INCIDENT_RESOLVED") == {"a": 1}


def test_a_condition_that_fails_while_it_is_watched(play):
    story = play(draw(catch("c", condition("assert(n, n < 5) = 2")) + user("u a"), "g c u e", "g a e"), n=1)
    story.do("a", n=7)
    assert "c" in story.incidents
    story.turn("set_variables", {"n": 2})
    assert story.retry("c") == ["u", "z"]


@pytest.mark.parametrize("kind", ["userTask", "task", "startEvent"])
def test_no_condition_out_of_an_activity_holds(play, kind):
    body = '<endEvent id="e"/>' + FORK + user("b c z")
    if kind == "startEvent":
        story = play(
            process(f'<startEvent id="a"/>{body}', "a {n > 5} b e", "a {n > 9} c e", "a {n = 0} g z e", "g e"), n=1
        )
    else:
        body += f'<startEvent id="s"/><{kind} id="a"/>'
        story = play(process(body, "s g z e", "g a {n > 5} b e", "a {n > 9} c e"), n=1)
        if kind == "userTask":
            story.do("a")
        assert story.open == ["z"]
    assert story.outcome.ended is None
    assert story.incidents["a"].kind == "CONDITION_ERROR"
    story.turn("set_variables", {"n": 6})
    assert "b" in story.retry("a")
    assert story.count("ELEMENT_COMPLETED")["a"] == 1


def run(xml: str, **variables: object) -> tuple[Run, object]:
    model = compile_models(Resource("story.bpmn", xml.encode()))[0]
    return model, start(model, host=Host(), variables=variables)


class Host:
    """Asked for nothing here."""

    def now(self):
        raise AssertionError

    decide = now


def test_a_model_that_goes_round_for_ever_stops_and_its_other_branches_stay():
    body = START + FORK + tags("exclusiveGateway", "m") + tags("task", "a b") + user("z") + '<endEvent id="e"/>'
    model, outcome = run(process(body, "s g m a b m", "g z e"))
    kinds = {type(work).__name__: work for work in outcome.opened}
    assert kinds["Incident"].kind == "STEP_LIMIT"
    assert kinds["UserTask"].element == "z"
    again = Run.load(outcome.state, model, Host())
    again.retry(kinds["Incident"].token)
    assert [work.kind for work in again.outcome().opened] == ["STEP_LIMIT"]


def test_too_many_iterations_are_not_begun():
    endless = many(items="=for i in 1..20000 return i", output="=item")
    _, outcome = run(process(ENDS + job("a", inner=endless), "s a e"))
    assert [work.kind for work in outcome.opened] == ["EXTRACT_VALUE_ERROR"]


def test_commands_for_what_is_gone_are_refused_and_change_nothing(play):
    story = play(draw(catch("t", timer("Duration", "PT1H")), "g t e"))
    task, waiting = story.find("z").token, story.find("t").token
    for command, *args in (
        ("complete", 99, {}),
        ("complete", waiting, {}),
        ("trigger", task, 0),
        ("trigger", waiting, 1),
        ("retry", task),
        ("call_ended", 99, {}),
        ("throw_error", 99, "E"),
        ("fail", 99, "A", "b"),
    ):
        with pytest.raises(Conflict):
            story.turn(command, *args)
    story.do("z")
    with pytest.raises(Conflict):
        story.turn("complete", task, {})


def test_an_instance_is_cancelled_once(play):
    story = play(draw(catch("t", timer("Duration", "PT1H")), "g t e"))
    outcome = story.turn("cancel")
    assert outcome.ended == "TERMINATED"
    assert not story.work
    assert story.history[-1] == ("ELEMENT_TERMINATED", "p")
    with pytest.raises(Conflict):
        story.turn("cancel")


def test_starting_where_there_is_no_such_start(play):
    with pytest.raises(NotFound):
        play(draw(""), start="z")
    only = f'<startEvent id="ms">{ON_MESSAGE}</startEvent><endEvent id="e"/>'
    with pytest.raises(Conflict):
        play(process(only, "ms e", definitions=DEFINITIONS))
