"""What an inclusive join knows of tokens elsewhere is what a walk from each of them finds."""

from collections.abc import Iterator

from engine.model import Resource
from engine.spiff.compile import compile_models
from engine.spiff.nodes.gateways import InclusiveGateway
from tests.engine.spiff.drawing import ENDS, boundary, process, sub, tags, timer, user
from tests.engine.spiff.random_graph import Graph
from tests.engine.spiff.token_game import Game

GRAPHS = 500


def joins(xml: str) -> dict[str, InclusiveGateway]:
    (model,) = compile_models(Resource("story.bpmn", xml.encode()))
    return {
        name: node
        for name, node in model.nodes.items()
        if isinstance(node, InclusiveGateway) and len(node.incoming) > 1
    }


def scopes(graph: Graph) -> Iterator[Graph]:
    yield graph
    for inner in graph.inner.values():
        yield from scopes(inner)


def test_it_agrees_with_a_walk_from_every_node_of_random_graphs():
    compared = 0
    for seed in range(GRAPHS):
        whole = Graph(seed)
        found = joins(whole.xml())
        for graph in scopes(whole):
            for name in found.keys() & {*graph.nodes}:
                for place in {*graph.nodes} - {name}:
                    hits = {f"f{graph.start}_{edge + 1}" for edge in Game.hits(graph, place, name)}
                    assert found[name].reach.get(place, frozenset()) == hits, (seed, place, name)
                    compared += 1
    assert compared > 1000


def test_it_goes_over_boundary_events_and_not_through_the_join_itself():
    body = ENDS + user("a b c") + tags("inclusiveGateway", "o j") + '<exclusiveGateway id="x"/>'
    late = boundary("t", "a", timer("Duration", "PT1H"))
    drawn = process(body + late, "s o {p} a e", "o {q} b j c x {again} j", "x {default} e", "t j")
    (join,) = (node for node in joins(drawn).values() if node.name == "j")
    by = {flow.source.name: flow.id for flow in join.incoming}
    assert join.reach["a"] == {by["t"]}
    assert join.reach["b"] == {by["b"]}
    assert join.reach["o"] == {by["t"], by["b"]}
    assert join.reach["c"] == {by["x"]}
    assert "e" not in join.reach
    assert len(join.reach) == len(list(join.reach))


def test_a_scope_knows_its_own_joins_only():
    inner = tags("inclusiveGateway", "o j") + user("x y")
    whole = sub("p1", inner, "p1s o {true} x j p1e", "o {true} y j")
    found = joins(process(ENDS + whole + user("z"), "s p1 z e"))
    assert {*found["j"].reach} == {"p1s", "o", "x", "y"}
