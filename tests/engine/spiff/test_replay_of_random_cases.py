"""The proof of the replay itself: on its own version every case goes the same way, whatever its shape and course."""

import random
from collections import Counter

from tests.engine.spiff.random_graph import Graph
from tests.engine.spiff.recorded import Recorded
from tests.engine.spiff.test_random_graphs import STEPS, act, graph
from tests.engine.spiff.token_game import Endless, Game

CASES = 600


def course(seed: int) -> Recorded | None:
    """A random case, driven at random; None for a graph that cannot be played."""
    drawing, model = graph(seed)
    graph.cache_clear()
    if model is None:
        return None
    rng = random.Random(seed)
    try:
        game = Game(drawing)
        case = Recorded(model, k=0, key="key")
        for step in range(1, STEPS):
            choices = [] if game.order_is_open else game.choices()
            if not choices:
                break
            place, node, what = rng.choice(choices)
            game.choose(place, node, what, step)
            act(case, what, step)
    except Endless:
        return None
    return case


def test_a_random_case_goes_the_same_way_on_its_own_version():
    seen: Counter[str] = Counter()
    for seed in range(CASES):
        case = course(seed)
        if case is None:
            continue
        found = case.on(case.model)
        assert (found.verdict, str(found.sentence), found.beside) == ("SAME", "None", ()), seed
        seen += Counter({"cases": 1, "acts": found.acts, "ended": case.ended})
    assert seen["cases"] > 0.8 * CASES, seen
    assert seen["acts"] > 4 * CASES, seen


def test_a_random_case_with_other_conditions_is_told_where_it_parts():
    seen: Counter[str] = Counter()
    for seed in range(CASES // 2):
        case = course(seed)
        if case is None:
            continue
        drawing = Graph(seed)
        drawing.conditions = {edge: (n, (r + 1) % n) for edge, (n, r) in drawing.conditions.items()}
        seen[case.on(drawing.xml()).verdict] += 1
    assert seen["OTHER"] > CASES // 20, seen
    assert seen["SAME"] > CASES // 20, seen
