"""Gateways against an independent token game on random graphs, loops included."""

import random
from collections import Counter

from tests.engine.spiff.play import Play
from tests.engine.spiff.token_game import Endless, Game, Graph

GRAPHS = 400
STEPS = 25


def test_every_step_agrees_with_the_token_game():
    compared = waited = 0
    for seed in range(GRAPHS):
        try:
            steps, inclusive = compare(seed)
        except Endless:
            continue
        compared += steps
        waited += inclusive
    assert compared > 1000
    assert waited > 5, "inclusive joins that wait are what this is about"


def compare(seed: int) -> tuple[int, int]:
    """Play one graph; how many steps agreed, and in how many of them an inclusive join waited."""
    graph, rng = Graph(seed), random.Random(seed)
    game = Game(graph)
    story = Play(graph.xml(), stepped=seed % 4 == 0, k=0)
    for step in range(1, STEPS):
        open_tasks = sorted((+game.open).elements())
        if game.order_is_open:
            return step, game.waiting_inclusive
        assert Counter(story.open) == +game.open, (seed, step, graph.xml())
        stands = not open_tasks and not story.ended
        assert [incident.kind for incident in story.incidents.values()] == ["DEADLOCK"] * stands
        if not open_tasks:
            break
        task = rng.choice(open_tasks)
        game.complete(task, step)
        story.do(task, k=step)
    return step, game.waiting_inclusive
