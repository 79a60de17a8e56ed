"""An instance that moves to the same model under other ids goes on exactly as its twin that stayed."""

import random
import re
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import Call, Incident, Job, ModelRefused, Subscription, Timer, UserTask
from engine.spiff.model import Model
from tests.engine.spiff.blocks import Blocks
from tests.engine.spiff.moving import move, renamed
from tests.engine.spiff.play import Play, drawn
from tests.engine.spiff.random_graph import Graph

STEPS = 25


class Quick(Play):
    """Most are played without looking at the shared model after each step."""

    watchful = False


SEEN: Counter[str] = Counter()


def pair(xml: str) -> tuple[Model, Model, dict[str, str]]:
    """A model, its copy, and the ids of the copy."""
    other, names = renamed(xml)
    return drawn(xml), drawn(other), names


@given(st.integers(0, 10_000), st.integers(0, 12), st.integers(0, 1 << 30))
@settings(max_examples=250, derandomize=True, deadline=None)
def test_blocks_within_blocks(seed, moves_after, order):
    found = Blocks(seed)
    if compare(*pair(found.xml), moves_after, order):
        SEEN.update(found.kinds)


def test_every_kind_of_block_has_moved():
    assert set(SEEN) >= {"many", "many_sub", "loop", "bound", "undone", "split", "gate", "adhoc", "listener", "call"}


@given(st.integers(0, 3_000), st.integers(0, 8), st.integers(0, 1 << 30))
@settings(max_examples=120, derandomize=True, deadline=None)
def test_graphs_of_any_shape(seed, moves_after, order):
    try:
        models = pair(Graph(seed).xml())
    except ModelRefused:  # inclusive joins that are bound to wait for each other
        return
    compare(*models, moves_after, order)


def compare(model: Model, other: Model, names: dict[str, str], moves_after: int, order: int) -> bool:
    """Play both. False where they were over before the move."""
    rng = random.Random(order)
    kind = Play if order % 8 == 0 else Quick
    stayed, moved = (kind(model, stepped=False, list=[1, 2], r=1, k=0, key="key") for _ in range(2))
    for step in range(STEPS):
        if step == moves_after:
            if not stayed.work:
                return False
            done = len(moved.history)
            outcome = move(moved, other, **names)
            assert outcome.opened == outcome.closed == []
            assert {kind for kind, _ in moved.history[done:]} == {"ELEMENT_MIGRATED"}
        choices = sorted(stayed.work, key=str)
        if not choices:
            break
        act(stayed, moved, rng.choice(choices), step)
        agree(stayed, moved, names if step >= moves_after else {})
    return True


def act(stayed: Play, moved: Play, key: tuple[int, int], step: int) -> None:
    work = stayed.work[key]
    for story in (stayed, moved):
        if isinstance(work, UserTask | Job):
            if isinstance(work, Job) and step % 5 == 4:
                story.turn("fail", key[0], "JOB_NO_RETRIES", "no")
            else:
                story.turn("complete", key[0], {"k": step})
        elif isinstance(work, Call):
            story.turn("call_ended", key[0], {"k": step})
        elif isinstance(work, Incident):
            story.turn("retry", key[0])
        else:
            story.turn("trigger", *key, {"k": step})


def agree(stayed: Play, moved: Play, names: dict[str, str]) -> None:
    def ours(story: Play, by: dict[str, str]) -> dict[Any, Any]:
        return {key: (type(work), by.get(work.element, work.element), told(work)) for key, work in story.work.items()}

    assert ours(stayed, names) == ours(moved, {})
    assert translated(stayed.outcome.state, names) == translated(moved.outcome.state, {})
    assert stayed.outcome.ended == moved.outcome.ended
    assert [(event.kind, names.get(event.element, event.element), event.token) for event in stayed.outcome.events] == [
        (event.kind, event.element, event.token) for event in moved.outcome.events
    ]


def told(work: Any) -> Any:
    if isinstance(work, Timer):
        return work.due_at
    return (work.name, work.correlation_key) if isinstance(work, Subscription) else None


def translated(state: bytes, names: dict[str, str]) -> bytes:
    """A state under other ids, without the messages of incidents, which name elements.

    `s` and `e` are no ids there: nothing waits at a start or an end.
    """
    known = {old.encode(): new.encode() for old, new in names.items() if len(old) > 1}
    silent = re.sub(rb'("x":\[\d,"\w+",)"[^"]*"', rb"\1", state)
    return re.sub(rb'"([^"]*)"', lambda found: b'"%s"' % known.get(found[1], found[1]), silent)
