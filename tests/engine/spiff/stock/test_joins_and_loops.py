"""Joins, loops and growth: what the library does, and what ours does with the same drawing."""

import time

import pytest

from engine.model import ModelRefused
from tests.engine.spiff.drawing import ENDS, process, tags, user
from tests.engine.spiff.play import Play
from tests.engine.spiff.stock.library import Stock, fault, parse


def ours(xml: str, **variables: object) -> Play:
    return Play(xml, stepped=False, **variables)


def rounds(kind: str) -> str:
    fork = "{true} " if kind == "inclusive" else ""
    nodes = tags("exclusiveGateway", "m q") + tags(f"{kind}Gateway", "g j") + user("a b c")
    return process(ENDS + nodes, f"s m g {fork}a j c q {{again}} m", f"g {fork}b j", "q {default} e")


@fault("1.1")
@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_in_a_loop_fires_before_all_have_come(kind):
    stock = Stock(rounds(kind).replace("=true", "=True"))
    story = ours(rounds(kind))
    for game in (stock, story):
        for element in ("a", "b", "c"):
            game.do(element, again=True)
        assert game.open == ["a", "b"]
        game.do("b")
    assert stock.open == ["a", "c"], "c is open although a is not done"
    assert story.open == ["a"]


@fault("1.2")
def test_branches_overwrite_each_other():
    xml = process(ENDS + tags("parallelGateway", "g j") + user("a b c"), "s g a j c e", "g b j")
    stock, story = Stock(xml, n=1), ours(xml, n=1)
    for game in (stock, story):
        game.do("a", n=5)
        game.do("b")
    assert stock.ready("c").data["n"] == 1, "b left n as it was, and that won"
    assert story.variables["n"] == 5


@fault("1.3")
def test_a_nested_value_is_shared_with_what_is_over():
    xml = process(ENDS + user("a b"), "s a b e")
    stock = Stock(xml, o={"n": {"k": 1}})
    done = stock.ready("a")
    stock.do("a")
    stock.ready("b").data["o"]["n"]["k"] = 2
    assert done.data["o"]["n"]["k"] == 2, "the finished task has changed"
    story = ours(xml, o={"n": {"k": 1}})
    before = story.variables
    story.do("a")
    story.variables["o"]["n"]["k"] = 2
    assert story.variables == before == {"o": {"n": {"k": 1}}}


def blocks(number: int) -> str:
    body, ways, last = ENDS, [], "s"
    for n in range(number):
        body += tags("parallelGateway", f"g{n} h{n}") + user(f"a{n} b{n} c{n}")
        ways += [f"{last} g{n} a{n} h{n}", f"g{n} b{n} h{n}", f"g{n} c{n} h{n}"]
        last = f"h{n}"
    return process(body, *ways, f"{last} e")


@fault("1.4")
def test_parallel_blocks_in_a_row_grow_without_measure():
    sizes = [len(Stock(blocks(number)).workflow.tasks) for number in (2, 4, 6)]
    assert sizes[2] > 8 * sizes[1] > 64 * sizes[0]
    states = [len(ours(blocks(number)).outcome.state) for number in (2, 4, 6)]
    assert max(states) - min(states) < 10


@fault("1.4b")
def test_a_cycle_without_a_gateway():
    xml = process('<startEvent id="s"/>' + user("a b"), "s a b a")
    spec = parse(xml)
    with pytest.raises(RecursionError):
        Stock(spec)
    story = ours(xml)
    for element in ("a", "b") * 50:
        assert story.open == [element]
        story.do(element)


def counting(most: int) -> str:
    nodes = tags("exclusiveGateway", "m q") + user("a")
    return process(ENDS + nodes, f"s m a q {{n < {most}}} m", "q {default} e")


@fault("1.5", "6.history", "6.time")
def test_a_long_loop_stands_still_grows_and_gets_slow():
    stock, story = Stock(counting(400), n=0), ours(counting(400), n=0)
    tasks, times = [], []
    for n in range(1, 401):
        began = time.process_time()
        if not stock.open:
            break
        stock.do("a", n=n)
        times.append(time.process_time() - began)
        tasks.append(len(stock.workflow.tasks))
    assert 300 < n < 400
    assert not stock.ended, "no task is open, and the case is not over"
    assert tasks[-1] > 900, "every finished task is still there"
    assert sum(times[-50:]) > 2 * sum(times[:50])
    for n in range(1, 401):
        story.do("a", n=n)
        assert len(story.outcome.state) < 60
    assert story.ended


@fault("1.10")
def test_a_model_that_goes_round_never_returns():
    xml = process(ENDS + tags("exclusiveGateway", "m q"), "s m q {n = 1} m", "q {default} e")
    with pytest.raises(TimeoutError):
        Stock(xml.replace("n = 1", "n == 1"), steps=500, n=1)
    story = ours(xml, n=1)
    assert [incident.kind for incident in story.incidents.values()] == ["STEP_LIMIT"]


@fault("1.9")
def test_a_start_event_with_the_id_start():
    xml = process('<startEvent id="Start"/><endEvent id="End"/>' + user("a"), "Start a End")
    with pytest.raises(Exception, match="No output task"):
        Stock(xml)
    story = ours(xml)
    story.do("a")
    assert story.ended


@fault("implicit-end")
def test_a_case_without_an_end_event():
    xml = process('<startEvent id="s"/>' + user("a"), "s a")
    stock, story = Stock(xml), ours(xml)
    stock.do("a", n=1)
    story.do("a", n=1)
    assert not stock.ended
    assert stock.workflow.data == {}
    assert story.ended
    assert story.outcome.result == {"n": 1}


@fault("several-flows")
def test_several_flows_out_of_an_activity():
    xml = process(ENDS + user("a b c"), "s a b e", "a c e")
    with pytest.raises(Exception, match="outgoing"):
        Stock(xml)
    assert ours(xml).do("a") == ["b", "c"]


@fault("flow-condition")
def test_a_condition_on_the_flow_out_of_an_activity():
    stock = Stock(process(ENDS + user("a b"), "s a {n > 1} b e"), n=0)
    assert stock.do("a") == ["b"], "the condition does not hold"
    story = ours(process(ENDS + user("a b c"), "s a {n > 1} b e", "a {default} c e"), n=0)
    assert story.do("a") == ["c"]
    with pytest.raises(ModelRefused):
        ours(process(ENDS + user("a b"), "s a {n > 1} b e"), n=0)
