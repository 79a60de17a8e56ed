"""Lint finds joins that can never go on, and only those: what it tells is proven, so a right model is never blamed."""

import random

import pytest

from engine.model import Problem, Resource
from engine.spiff.compile import problems
from tests.conformance._betsy_dialect import translate
from tests.engine.spiff.drawing import ENDS, boundary, process, tags, timer, user
from tests.engine.spiff.random_graph import Graph
from tests.engine.spiff.token_game import Endless, Game

RULES = ("join-stuck", "joins-wait")
GRAPHS = 1200
STEPS = 30


def told(xml: str | bytes) -> list[tuple[str, str, bool]]:
    return [(p.element, p.rule, p.error) for p in found(xml) if p.rule in RULES]


def found(xml: str | bytes) -> list[Problem]:
    return problems(Resource("story.bpmn", xml.encode() if isinstance(xml, str) else xml))


def gateways(**kinds: str) -> str:
    return "".join(tags(f"{kind}Gateway", names) for kind, names in kinds.items())


def test_two_inclusive_joins_that_wait_for_each_other_are_refused():
    body = ENDS + gateways(parallel="f", inclusive="o1 o2", exclusive="x1 x2")
    drawn = process(body, "s f o1 x1 {a} o2 x2 {b} o1", "f o2", "x1 {default} e", "x2 {default} e")
    assert told(drawn) == [("o1", "joins-wait", True)]


def test_a_task_on_the_way_changes_nothing():
    body = ENDS + user("u v") + gateways(parallel="f", inclusive="o1 o2", exclusive="x1 x2")
    drawn = process(body, "s f u o1 x1 {a} o2 x2 {b} o1", "f v o2", "x1 {default} e", "x2 {default} e")
    assert told(drawn) == [("o1", "joins-wait", True)]


@pytest.mark.parametrize(
    "chains",
    [
        ("s f o1 x1 {a} o2 x2 e", "f o2", "x1 {default} e"),
        ("s f o1 x1 {a} o2 x2 {b} o1", "f e", "x1 {default} e", "x2 {default} e", "x1 {c} e"),
        ("s m f o1 x1 {a} o2 x2 {b} m", "f o2", "x1 {default} e", "x2 {default} e", "x2 {c} o1"),
    ],
    ids=["one waits for the other", "one token only", "both come round again"],
)
def test_inclusive_joins_that_go_on_are_let_be(chains):
    exclusive = "x1 x2 m" if " m " in chains[0] else "x1 x2"
    assert told(process(ENDS + gateways(parallel="f", inclusive="o1 o2", exclusive=exclusive), *chains)) == []


def test_one_way_of_several_runs_into_a_parallel_join():
    body = ENDS + user("a b") + gateways(exclusive="x", parallel="j")
    assert told(process(body, "s x {n > 1} a j e", "x {default} b j")) == [("j", "join-stuck", False)]


def test_the_first_of_two_events_runs_into_a_parallel_join():
    wait = timer("Duration", "PT1H")
    body = ENDS + tags("intermediateCatchEvent", "a b", wait) + gateways(eventBased="g", parallel="j")
    assert told(process(body, "s g a j e", "g b j")) == [("j", "join-stuck", False)]


def test_an_interrupting_boundary_event_is_a_choice_and_another_is_not():
    body = ENDS + user("a b") + gateways(parallel="j")
    for interrupts in (True, False):
        late = boundary("t", "a", timer("Duration", "PT1H"), interrupts)
        assert bool(told(process(body + late, "s a j e", "t b j"))) is interrupts


def test_a_parallel_block_with_a_choice_inside_is_right():
    body = ENDS + user("a b c d") + gateways(parallel="f j", exclusive="x y")
    chains = ("s f a j d e", "f x {n > 1} b y j", "x {default} c y")
    assert told(process(body, *chains)) == []


def test_blocks_one_behind_the_other_are_counted_through_their_joins():
    body = ENDS + user("a b c d") + gateways(parallel="f g j", exclusive="x")
    chains = ("s f a g x {n > 1} c j e", "f b g", "x {default} d j")
    assert told(process(body, *chains)) == [("j", "join-stuck", False)]


def test_a_choice_that_comes_round_may_fill_a_join():
    body = ENDS + user("a b") + gateways(exclusive="m x", parallel="f j")
    chains = ("s f m x {n > 1} a j e", "f m", "x {default} b j")
    assert told(process(body, *chains)) == []


def test_more_tokens_are_asked_for_than_can_come():
    thirsty = '<task id="a" startQuantity="2"/>'
    assert told(process(ENDS + thirsty, "s a e")) == [("a", "join-stuck", False)]
    both = ENDS + thirsty + gateways(parallel="f") + tags("task", "b c")
    assert told(process(both, "s f b a e", "f c a")) == []
    many = ENDS + thirsty + '<task id="b" completionQuantity="2"/>'
    assert told(process(many, "s b a e")) == []


def test_an_ad_hoc_sub_process_starts_things_as_often_as_it_likes():
    inside = user("a b") + gateways(parallel="j") + user("c")
    flows = '<sequenceFlow id="i1" sourceRef="a" targetRef="j"/><sequenceFlow id="i2" sourceRef="b" targetRef="j"/>'
    flows += '<sequenceFlow id="i3" sourceRef="j" targetRef="c"/>'
    assert told(process(ENDS + f'<adHocSubProcess id="p1">{inside}{flows}</adHocSubProcess>', "s p1 e")) == []


def test_what_is_told_never_fires_in_any_play_of_random_graphs():
    counted = 0
    for seed in range(GRAPHS):
        graph = Graph(seed)
        blamed = {element for element, _, _ in told(graph.xml())}
        counted += len(blamed)
        for chance in range(4 if blamed else 0):
            assert not blamed & fired(graph, random.Random(chance)), (seed, graph.xml())
    assert counted > 50, "a check that never speaks is proven by nothing"


def fired(graph: Graph, rng: random.Random) -> set[str]:
    """The joins that fire in one play of the token game, with conditions that fall as they may."""
    used: set[str] = set()

    class Watched(Game):
        def use(self, place, node, k):
            used.add(node)
            super().use(place, node, k)

    try:
        game = Watched(graph)
        for _ in range(STEPS):
            choices = game.choices()
            if not choices:
                break
            game.choose(*rng.choice(choices), rng.randint(0, 11))
    except Endless:
        pass
    return used


STUCK_BY_DESIGN = {"ExclusiveDiverging_ParallelConverging"}  # its expected trace ends before the join


def test_models_of_others_are_blamed_for_nothing_that_they_do(shared):
    files = [path for path in sorted((shared / "conformance").rglob("*.bpmn")) if "constraints" not in str(path)]
    if not files:
        pytest.skip("no models of others are here")
    blamed = {path.stem for path in files if told(path.read_bytes())}
    betsy = [path for path in files if path.is_relative_to(shared / "conformance" / "betsy")]
    blamed |= {path.stem for path in betsy if told(translate(path.read_bytes(), data=True))}
    assert blamed == STUCK_BY_DESIGN


def test_what_ships_is_blamed_for_nothing():
    from processes.catalog import gather, home

    for source in gather([home()]):
        if source.ending == ".bpmn":
            assert told(source.resource.content) == []


def test_the_sentences_name_both_joins_and_the_counts():
    body = ENDS + gateways(parallel="f", inclusive="o1 o2", exclusive="x1 x2")
    pair = found(process(body, "s f o1 x1 {a} o2 x2 {b} o1", "f o2", "x1 {default} e", "x2 {default} e"))
    assert any("o1 and o2" in str(problem.sentence) for problem in pair)
    stuck = found(process(ENDS + gateways(exclusive="x", parallel="j"), "s x {n > 1} j e", "x {default} j"))
    assert any("waits for 2 tokens" in str(p.sentence) and "more than 1" in str(p.sentence) for p in stuck)
