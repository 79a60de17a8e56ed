"""Every step of the engine against an independent token game, on random graphs."""

import random
from collections import Counter
from functools import cache

from engine.model import ModelRefused, Subscription, UserTask
from engine.spiff.model import Model
from tests.engine.spiff.play import Play, drawn
from tests.engine.spiff.random_graph import Graph
from tests.engine.spiff.token_game import Endless, Game

GRAPHS = 3000
STEPS = 14


class Quick(Play):
    """Most graphs are played without looking at everything after each step; every eighth is looked at."""

    watchful = False


@cache
def graph(seed: int) -> tuple[Graph, Model | None]:
    """A graph and its model. None for what is refused: inclusive joins that are bound to wait for each other."""
    found = Graph(seed)
    try:
        return found, drawn(found.xml())
    except ModelRefused as refused:
        if {problem.rule for problem in refused.problems} != {"joins-wait"}:
            raise
        return found, None


def test_every_step_agrees_with_the_token_game():
    seen: Counter[str] = Counter()
    for seed in range(GRAPHS):
        try:
            seen += compare(seed)
        except Endless:
            seen["endless"] += 1
        graph.cache_clear()
    assert seen["steps"] > 4 * GRAPHS, seen
    assert seen["refused"] + seen["endless"] < GRAPHS / 10, seen
    for what in ("waiting inclusive", "stands", "u", "k", "i", "n", "in a sub-process"):
        assert seen[what] > GRAPHS / 20, (what, seen)


def compare(seed: int) -> Counter[str]:
    """Play one graph, and count what came up."""
    drawing, model = graph(seed)
    if model is None:
        return Counter(refused=1)
    rng, game = random.Random(seed), Game(drawing)
    story = (Play if seed % 8 == 0 else Quick)(model, stepped=seed % 16 == 0, k=0, key="key")
    seen: Counter[str] = Counter()
    for step in range(1, STEPS):
        if game.order_is_open:
            break
        agree(game, story)
        choices = game.choices()
        if not choices:
            seen["stands"] += not story.ended and not game.waits() and not game.tasks()
            break
        place, node, what = rng.choice(choices)
        seen += Counter({"steps": 1, what[0]: 1, "in a sub-process": place.around is not None})
        game.choose(place, node, what, step)
        act(story, what, step)
    seen["waiting inclusive"] += game.waiting_inclusive > 0
    return seen


def act(story: Play, what: str, step: int) -> None:
    if what[0] == "u":
        story.do(what, k=step)
    else:
        found = story.find(what)
        story.turn("trigger", found.token, found.index, {"k": step})


def agree(game: Game, story: Play) -> None:
    """The same tasks, the same events waited for, the same end; an alarm if the case stands, and else none."""
    assert Counter(w.element for w in story.work.values() if isinstance(w, UserTask)) == game.tasks()
    assert Counter(w.element for w in story.work.values() if isinstance(w, Subscription)) == game.waits()
    assert story.ended == game.top.over
    stands = not game.top.over and not game.tasks() and not game.waits()
    assert [incident.kind for incident in story.incidents.values()] == ["DEADLOCK"] * stands
