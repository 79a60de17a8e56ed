"""Small things that the library as shipped gets wrong: ids that collide with its own, implicit ends, plain tasks."""

import pytest

from engine.spiff.runtime import Run
from kernel.errors import Conflict
from tests.engine.spiff.drawing import ENDS, START, process, tags, user


@pytest.mark.parametrize("id", ["Start", "End", "p.EndJoin", "root", "Root", "StartEventSplit"])
def test_no_id_collides_with_one_of_the_engine(play, id):
    story = play(process(f'<startEvent id="{id}"/>' + user("a"), f"{id} a"))
    assert story.open == ["a"]
    story.do("a", n=1)
    assert story.ended


def test_an_implicit_end_completes_with_its_result(play):
    story = play(process(START + user("a"), "s a"))
    story.do("a", n=1)
    assert story.ended
    assert story.outcome.result == {"n": 1}


def test_manual_tasks_and_tasks_of_no_kind_are_passed(play):
    story = play(process(ENDS + tags("task", "a") + tags("manualTask", "b"), "s a b e"))
    assert story.ended


def test_history_tells_every_step_in_order(play):
    story = play(process(ENDS + user("a"), "s a e"))
    story.do("a")
    assert story.history == [
        ("ELEMENT_ACTIVATED", "p"),
        ("ELEMENT_ACTIVATED", "s"),
        ("ELEMENT_COMPLETED", "s"),
        ("SEQUENCE_FLOW_TAKEN", "f1"),
        ("ELEMENT_ACTIVATED", "a"),
        ("ELEMENT_COMPLETED", "a"),
        ("SEQUENCE_FLOW_TAKEN", "f2"),
        ("ELEMENT_ACTIVATED", "e"),
        ("ELEMENT_COMPLETED", "e"),
        ("ELEMENT_COMPLETED", "p"),
    ]


def test_token_ids_grow_and_are_never_used_again(play):
    story = play(process(START + user("a b"), "s a b a"))
    seen = []
    for _ in range(5):
        (work,) = story.work.values()
        seen.append(work.token)
        story.do(work.element)
    assert seen == sorted(set(seen))


def test_the_state_of_a_long_loop_stays_small(play):
    body = START + tags("parallelGateway", "g h") + '<exclusiveGateway id="x"/>' + user("a b")
    story = play(process(body, "s x g a h x", "g b h"))
    sizes = set()
    for _ in range(50):
        story.do("a")
        story.do("b")
        sizes.add(len(story.outcome.state))
    assert max(sizes) < 200


def test_a_state_of_another_version_or_model_is_refused(play):
    story = play(process(ENDS + user("a"), "s a e"))
    other = play(process(ENDS + user("b"), "s b e"))
    state = story.outcome.state
    for damaged in (b"[99" + state[2:], b"", b"{}", b"[1]", b"hello"):
        with pytest.raises(Conflict):
            Run.load(damaged, story.model, story)
    with pytest.raises(Conflict, match="a, which its model does not have"):
        Run.load(state, other.model, other)
