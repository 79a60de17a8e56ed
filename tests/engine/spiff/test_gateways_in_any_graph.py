"""Gateways: joins in loops and unstructured graphs, where counting completed tasks goes wrong."""

import pytest

from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    many,
    process,
    sub,
    tags,
    timer,
    user,
)

BLOCK = '<exclusiveGateway id="x"/><{0} id="sp"/><{0} id="j"/><exclusiveGateway id="y"/>'


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_join_in_a_loop_waits_for_all_in_every_round(play, kind, first, second):
    fork = "{true} " if kind == "inclusiveGateway" else ""
    chains = (f"s x sp {fork}a j c y {{default}} e", f"sp {fork}b j", "y {again} x")
    story = play(process(ENDS + user("a b c") + BLOCK.format(kind), *chains))
    for turn in range(3):
        assert story.open == ["a", "b"]
        assert story.do(first) == [second]
        assert story.do(second) == ["c"]
        story.do("c", again=turn < 2)
    assert story.ended


INCLUSIVE = '<inclusiveGateway id="o"/><exclusiveGateway id="x"/><inclusiveGateway id="j"/><endEvent id="e2"/>'
UNSTRUCTURED = process(
    ENDS + user("a b d") + INCLUSIVE,
    "s o {p} a j d e",
    "o {q} b x {go} j",
    "x {default} e2",
    "o {not(p) and not(q)} e2",
)


def test_an_inclusive_join_waits_for_a_token_that_may_still_come(play):
    story = play(UNSTRUCTURED, p=True, q=True)
    assert story.do("a") == ["b"]
    assert story.do("b", go=True) == ["d"]
    assert story.do("d") == []
    assert story.ended


def test_an_inclusive_join_goes_on_when_that_token_went_elsewhere(play):
    story = play(UNSTRUCTURED, p=True, q=True)
    assert story.do("a") == ["b"]
    assert story.do("b", go=False) == ["d"]


def test_an_inclusive_join_waits_for_no_branch_that_was_not_taken(play):
    assert play(UNSTRUCTURED, p=True, q=False).do("a") == ["d"]


def test_an_inclusive_join_looks_into_its_own_scope_only(play):
    inner = '<inclusiveGateway id="o"/><inclusiveGateway id="j"/>' + user("x y w")
    whole = sub("p1", inner, "p1s o {true} x j w p1e", "o {true} y j", first=many())
    story = play(process(ENDS + whole, "s p1 e"), list=[1, 2], r=1)
    assert story.do("x", 0) == ["x", "y", "y"]
    assert story.do("y", 0) == ["w", "x", "y"]
    assert story.do("y") == ["w", "x"]
    assert story.do("x") == ["w", "w"]


def test_an_inclusive_join_sees_what_a_boundary_event_may_send(play):
    body = '<inclusiveGateway id="o"/><inclusiveGateway id="j"/>' + user("a d u") + sub("p1", user("x"), "p1s x p1e")
    late = boundary("b", "p1", timer("Duration", "PT1H"))
    story = play(process(ENDS + body + late, "s o {true} a j d e", "o {true} p1 j", "b u j"))
    assert story.do("a") == ["x"]
    assert story.wait(hours=2) == ["u"]
    assert story.do("u") == ["d"]


def test_two_flows_between_the_same_gateways(play):
    story = play(process(ENDS + tags("parallelGateway", "g h") + user("a"), "s g h a e", "g h"))
    assert story.open == ["a"]
    story.do("a")
    assert story.ended


def test_a_parallel_join_keeps_excess_tokens(play):
    body = tags("parallelGateway", "g j") + '<exclusiveGateway id="m"/>' + user("a b c d")
    story = play(process(ENDS + body, "s g a m j d e", "g b m", "g c j"))
    assert story.do("a") == ["b", "c"]
    assert story.do("b") == ["c"]
    assert story.do("c") == ["d"]
    assert story.do("d") == []
    assert story.outcome.state.count(b'"j"') == 1
    assert story.outcome.ended is None


def test_several_flows_out_of_an_activity_and_conditions_on_them(play):
    drawing = process(ENDS + user("t a b c"), "s t a e", "t {n > 1} b e", "t {n > 5} c e")
    assert play(drawing, n=3).do("t") == ["a", "b"]
    assert play(drawing, n=1).do("t") == ["a"]


def test_an_event_gateway_takes_the_first_of_two_timers_and_a_message(play):
    body = '<eventBasedGateway id="g"/>' + catch("t1", timer("Duration", "PT10S")) + user("u1 u2 u3")
    body += catch("t2", timer("Duration", '="PT" + string(n) + "S"')) + catch("c", ON_MESSAGE)
    drawing = process(ENDS + body, "s g t1 u1 e", "g t2 u2 e", "g c u3 e", definitions=DEFINITIONS)
    assert play(drawing, n=5, key="k").wait(minutes=1) == ["u2"]
    assert play(drawing, n=50, key="k").wait(minutes=1) == ["u1"]
    story = play(drawing, n=50, key="k")
    assert story.send("other") == []
    assert story.send("k", got=1) == ["u3"]
    assert story.variables["got"] == 1
    assert story.wait(minutes=2) == ["u3"]


def test_a_complex_gateway_fires_at_its_count_and_takes_in_the_rest(play):
    count = "<activationCondition>=activationCount >= 2</activationCondition>"
    body = '<parallelGateway id="g"/>' + tags("complexGateway", "c", count) + user("a b d u")
    story = play(process(ENDS + body, "s g a c u e", "g b c", "g d c"))
    assert story.do("a") == ["b", "d"]
    assert story.do("b") == ["d", "u"]
    assert story.do("d") == ["u"]
    assert story.do("u") == []
    assert story.ended


def test_long_chains_and_bare_cycles(play):
    names = " ".join(f"t{n}" for n in range(800))
    story = play(process(ENDS + tags("task", names) + user("u"), f"s {names} u e"))
    assert story.open == ["u"]
    story = play(process('<startEvent id="s"/>' + user("a b"), "s a b a"))
    assert story.do("a") == ["b"]
    assert story.do("b") == ["a"]


def test_the_state_of_many_parallel_blocks_stays_small(play):
    body, chains, last = ENDS, [], "s"
    for n in range(8):
        body += tags("parallelGateway", f"g{n} h{n}") + user(f"a{n} b{n} c{n}")
        chains += [f"{last} g{n} a{n} h{n}", f"g{n} b{n} h{n}", f"g{n} c{n} h{n}"]
        last = f"h{n}"
    story, largest = play(process(body, *chains, f"{last} e")), 0
    while not story.ended:
        largest = max(largest, len(story.outcome.state))
        story.do(story.open[0])
    assert largest < 300
