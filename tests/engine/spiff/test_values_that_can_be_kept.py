"""What no state or database can keep stops the element that made it; what it stands on stays as it was."""

import pytest

from engine.spiff.nodes.script import ScriptTask
from engine.spiff.values import DEEPEST, LARGEST, clean, unfit
from kernel.errors import Invalid
from tests.engine.spiff.drawing import ENDS, extend, io, job, many, process, script, tag, user

FORK = '<parallelGateway id="g"/>'


def nested(depth: int, inner: object = 1) -> object:
    for _ in range(depth):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(1 << 63),
        1 << 3000,
        1.5,
        "王小明 \U0002038e",
        "a\\u0000b, written out",
        ["a\\", "\\\\u0000"],
        {"null": None, "list": [None, "null"]},
        nested(DEEPEST),
        [[1]] * 300,
        "x" * (LARGEST - 2),
    ],
)
def test_values_that_can_be_kept(value):
    assert unfit(value) is None


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("a\0b", "U+0000"),
        ([{"k": "a\\\0"}], "U+0000"),
        ({"a\0": 1}, "U+0000"),
        ("\ud800", "half a character"),
        ([["\udfff"]], "half a character"),
        (float("inf"), "without end"),
        ([float("nan"), None], "without end"),
        (1 << 4000, "thousand digits"),
        ([1 << 20000], "thousand digits"),
        (nested(DEEPEST + 1), "200 deep"),
        (nested(100_000), "200 deep"),
        (nested(DEEPEST + 1, {}), "200 deep"),
        ("x" * LARGEST, "4000002 bytes"),
        (["x" * 1000] * 5000, "bytes"),
        ([1 << 70] * 400_000, "bytes"),
        ({1: 2}, "no text"),
        ([{1, 2}], "set"),
    ],
)
def test_values_that_cannot_be_kept_and_why(value, why):
    assert why in str(unfit(value))


def test_a_text_is_cleaned_for_a_sentence():
    assert clean("a\0\ud800王", 3) == "a\ufffd…"
    assert clean("abc", 3) == "abc"


@pytest.mark.parametrize("text", ['"a\\u0000b"', '{k: ["\\u0000"]}', "[[[x]]]"])
def test_an_element_that_makes_such_a_value_stops_and_the_rest_goes_on(play, text):
    body = user("a z b") + FORK + script("x", f"={text}", "r")
    story = play(process(ENDS + body, "s a g x b e", "g z e"), x=nested(198), r="as it was")
    assert story.do("a") == ["z"]
    assert story.incidents["x"].kind == "EXTRACT_VALUE_ERROR"
    assert story.variables["r"] == "as it was"
    story.do("z")
    assert list(story.incidents) == ["x"]


def test_a_list_that_nests_itself_ends_in_one_incident(play):
    loop = '<exclusiveGateway id="m"/><exclusiveGateway id="w"/>'
    story = play(process(ENDS + loop + script("x", "=[x]", "x"), "s m x w {true} m", "w {default} e"), x=1)
    assert list(story.incidents) == ["x"]
    assert "200 deep" in story.incidents["x"].message
    assert story.variables["x"] == nested(DEEPEST)


def test_a_text_that_doubles_ends_before_the_state_does(play):
    loop = '<exclusiveGateway id="m"/><exclusiveGateway id="w"/>'
    story = play(process(ENDS + loop + script("x", "=x + x", "x"), "s m x w {true} m", "w {default} e"), x="ab")
    assert list(story.incidents) == ["x"]
    assert len(story.outcome.state) < LARGEST


def test_mappings_write_all_or_nothing(play):
    half = io(gives={"one": "=1", "two": '="\\u0000"'})
    story = play(process(ENDS + job("a", half) + user("u"), "s a u e"))
    assert story.do("a") == []
    assert list(story.incidents) == ["a"]
    assert "one" not in story.variables


def test_results_of_many_iterations_that_grow_too_large(play):
    body = job("a", inner=many(output='=string join(for i in 1..item return "0123456789")'))
    story = play(process(ENDS + body, "s a e"), list=[90_000] * 5)
    for _ in range(5):
        story.do("a")
    assert list(story.incidents) == ["a"]
    assert "bytes" in story.incidents["a"].message


def test_values_from_outside_are_refused_to_whoever_brings_them(play):
    story = play(process(ENDS + user("a"), "s a e"), n=1)
    with pytest.raises(Invalid, match="The variable n cannot be kept"):
        story.do("a", n="\0")
    assert story.open == ["a"]
    with pytest.raises(Invalid, match="U\\+0000"):
        story.turn("set_variables", {"m": ["\0"]})
    assert story.variables == {"n": 1}
    with pytest.raises(Invalid):
        play(process(ENDS + user("a"), "s a e"), n=nested(201))


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("retries", '="²"'),
        ("retries", '=string join(for i in 1..5000 return "1")'),
        ("retries", "=-1"),
        ("retries", "=1001"),
        ("type", '=string join(for i in 1..400 return "王王")'),
    ],
)
def test_a_job_with_a_count_or_a_name_that_is_none(play, what, given):
    written = {"type": "work", "retries": "3", what: given}
    task = f'<serviceTask id="a">{extend(tag("taskDefinition", **written))}</serviceTask>'
    story = play(process(ENDS + user("z") + FORK + task, "s g a e", "g z e"))
    assert story.open == ["z"]
    assert story.incidents["a"].kind == "EXTRACT_VALUE_ERROR"


def test_an_incident_tells_what_it_can_of_a_text_that_cannot_be_kept(play):
    story = play(process(ENDS + script("x", '=assert(null, false, "a\\u0000" + note)', "r"), "s x e"), note="n" * 9000)
    message = story.incidents["x"].message
    assert "\0" not in message
    assert len(message) == 2000


def test_what_a_value_cannot_be_made_of_stops_one_element(play, monkeypatch):
    """Whatever an element trips over, among what values and expressions raise."""
    for error in (ValueError("no"), TypeError("no"), ArithmeticError(), RecursionError("deep"), Invalid("no")):

        def fails(*_: object, error: Exception = error) -> bool:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(ScriptTask, "perform", fails)
            story = play(process(ENDS + FORK + user("z u") + script("a", "=1", "n"), "s g z e", "g a u e"))
            assert story.open == ["z"]
            assert list(story.incidents) == ["a"]
            story.do("z")
        assert story.retry("a") == ["u"]
