"""What a moved instance does next: it waits as before, goes on where it can, and nothing runs twice."""

from engine.model import Timer
from tests.engine.spiff.drawing import (
    COMPENSATE,
    ENDS,
    boundary,
    catch,
    extend,
    flows,
    io,
    many,
    process,
    script,
    sub,
    tag,
    tags,
    throw,
    timer,
    user,
)
from tests.engine.spiff.moving import move
from tests.engine.spiff.play import Play

HOUR = timer("Duration", "PT1H")
SPLIT = '<parallelGateway id="g"/><parallelGateway id="j"/>'


def waits(story, kind=Timer) -> list[str]:
    return sorted(work.element for work in story.work.values() if isinstance(work, kind))


def test_input_mappings_and_what_came_before_are_not_run_again(play):
    story = play(process(ENDS + user("a"), "s a e"), n=1)
    mapped = user("a", extend(io({"n": "=n + 1"})))
    move(story, process(ENDS + script("x", "=n + 1", "n") + mapped, "s x a e"), a="a")
    story.do("a")
    assert story.variables == {"n": 1}


def test_output_mappings_are_those_of_the_new_version(play):
    story = play(process(ENDS + user("a"), "s a e"))
    move(story, process(ENDS + user("a", extend(io(gives={"n": "=m + 1"}))), "s a e"), a="a")
    story.do("a", m=1)
    assert story.variables == {"n": 2}


# -- joins


def test_a_join_that_waits_for_fewer_now_fires_at_once(play):
    story = play(process(ENDS + SPLIT + user("a b c d"), "s g a j d e", "g b j", "g c j"))
    story.do("a")
    story.do("b")
    after = process(ENDS + SPLIT + user("a b c d"), "s g a j d e", "g b j", "g c e")
    move(story, after, j="j", c="c")
    assert story.open == ["c", "d"]
    story.do("c")
    story.do("d")
    assert story.ended


def test_a_join_that_joins_nothing_any_more_lets_its_tokens_pass(play):
    story = play(process(ENDS + SPLIT + user("a b d"), "s g a j d e", "g b j"))
    story.do("a")
    after = process(ENDS + SPLIT + user("a b d"), "s g a j d e", "g b e")
    move(story, after, j="j", b="b")
    assert story.open == ["b", "d"]


def test_tokens_at_a_join_keep_the_way_they_came_by(play):
    story = play(process(ENDS + SPLIT + user("a b d"), "s g a j d e", "g b j"))
    story.do("b")
    after = process(ENDS + SPLIT.replace('"j"', '"k"') + user("a b d"), "s g a k d e", "g b k").replace(
        'id="f', 'id="w'
    )
    move(story, after, j="k", a="a")
    assert story.do("a") == ["d"]


def test_the_flows_between_the_same_two_elements_keep_their_order(play):
    before = process(ENDS + SPLIT + user("a"), "s g j e", "g j", "g a j")
    story = play(before)
    move(story, before.replace('id="f', 'id="w'), j="j", a="a")
    assert story.do("a") == []
    assert story.ended


def test_an_inclusive_join_asks_anew_who_may_still_come(play):
    nodes = '<inclusiveGateway id="o"/><inclusiveGateway id="j"/>' + user("a b d")
    story = play(process(ENDS + nodes, "s o {true} a j d e", "o {true} b j"))
    assert story.do("a") == ["b"]
    move(story, process(ENDS + nodes, "s o {true} a j d e", "o {true} b e"), j="j", b="b")
    assert story.open == ["b", "d"]


def test_a_task_that_starts_with_fewer_tokens_now_starts(play):
    body = '<userTask id="t" startQuantity="3"/><parallelGateway id="g"/>' + user("a")
    story = play(process(ENDS + body, "s g t e", "g a t"))
    assert story.open == ["a"]
    move(story, process(ENDS + body.replace('"3"', '"1"'), "s g t e", "g a t"), t="t", a="a")
    assert story.open == ["a", "t"]


def test_one_that_can_never_go_on_in_the_new_version_is_told(play):
    story = play(process(ENDS + SPLIT + user("a b"), "s g a j e", "g b j"))
    story.do("a")
    body = SPLIT + user("a b c") + '<exclusiveGateway id="x"/>'
    move(story, process(ENDS + body, "s g a j e", "g x {true} b e", "x {default} c j"), j="j", b="b")
    assert not story.incidents
    story.do("b")
    assert story.incidents["j"].kind == "DEADLOCK"


# -- what repeats, what calls, what is undone, what stands still


def test_an_activity_that_repeats_goes_on_with_its_counts(play):
    late = boundary("b", "a", HOUR)
    before = process(ENDS + user("a", many(sequential=True)) + user("u"), "s a u e")
    story = play(before, list=[1, 2, 3], r=7)
    story.do("a")
    after = before.replace("</process>", late.replace('"a"', '"x"') + flows("b e", prefix="w")[0] + "</process>")
    move(story, after.replace('"a"', '"x"'), a="x")
    assert waits(story) == ["b"]
    story.do("x")
    assert story.do("x") == ["u"]
    assert story.variables["out"] == [7, 14, 21]
    assert waits(story) == []


def test_what_is_undone_is_undone_as_the_new_version_says(play):
    def whole(handler: str) -> str:
        body = user("a b") + boundary("c", "a", COMPENSATE) + throw("t", COMPENSATE)
        undo = f'<userTask id="{handler}" isForCompensation="true"/>'
        link = f'<association id="link" sourceRef="c" targetRef="{handler}"/>'
        return process(ENDS + body + undo + link, "s a b t e")

    story = play(whole("u"))
    story.do("a")
    move(story, whole("v"), b="b")
    assert story.do("b") == ["v"]
    move(story, whole("w"), t="t", v="w")
    assert story.open == ["w"]
    assert story.do("w") == []
    assert story.ended


def test_what_was_done_in_a_sub_process_can_still_be_undone(play):
    def whole(name: str, own: bool = False) -> str:
        inner = user(f"a{name}") + boundary(f"c{name}", f"a{name}", COMPENSATE)
        undo = f'<userTask id="u{name}" isForCompensation="true"/>'
        link = f'<association id="l{name}" sourceRef="c{name}" targetRef="u{name}"/>'
        inside = sub(f"p{name}", inner + undo + link, f"p{name}s a{name} p{name}e")
        return process(ENDS + inside + user("b") + throw("t", COMPENSATE), f"s p{name} b t e")

    story = play(whole("1"))
    story.do("a1")
    move(story, whole("2"), b="b", p1="p2", a1="a2")
    assert story.do("b") == ["u2"]
    story.do("u2")
    assert story.ended


def test_a_loop_without_end_is_mended_by_a_new_version():
    def whole(go_on: str) -> str:
        body = '<exclusiveGateway id="x"/>' + script("t", "=n + 1", "n")
        return process(ENDS + body, f"s t x {{{go_on}}} t", "x {default} e")

    story = Play(whole("true"), stepped=False, n=0)
    (incident,) = story.incidents.values()
    assert incident.kind == "STEP_LIMIT"
    move(story, whole("n < 0"), t="t", x="x")
    story.retry(incident.element)
    assert story.ended


def test_what_stands_still_by_a_budget_stands_still_until_its_retry():
    def whole(last: str) -> str:
        body = '<exclusiveGateway id="x"/><parallelGateway id="g"/>' + tags("task", "t") + user("u")
        return process(ENDS + body, "s g x {go} t x", "x {default} e", "g u e").replace("go", last)

    story = Play(whole("go"), stepped=False, go=True)
    opened = story.open
    move(story, whole("go = 1"), t="t", x="x", u="u")
    assert (story.open, len(story.incidents)) == (opened, 1)
    story.turn("set_variables", {"go": 2})
    story.retry(next(iter(story.incidents)))
    story.do("u")
    assert story.ended


def test_a_called_process_answers_the_element_that_took_the_place(play):
    def whole(id: str) -> str:
        called = extend(tag("calledElement", processId="other"))
        return process(ENDS + f'<callActivity id="{id}">{called}</callActivity>' + user("u"), f"s {id} u e")

    story = play(whole("c"))
    move(story, whole("d"), c="d")
    assert story.do("d") == ["u"]


def test_a_nested_scope_moves_with_all_that_is_in_it(play):
    def whole(a: str, p: str, q: str) -> str:
        inner = sub(q, user(a), f"{q}s {a} {q}e")
        outer = sub(p, inner, f"{p}s {q} {p}e", first=many())
        return process(ENDS + outer + boundary("b", p, HOUR), f"s {p} e", "b e")

    story = play(whole("a", "p1", "p2"), list=[1, 2], r=1)
    story.do("a")
    move(story, whole("x", "q1", "q2"), a="x", p1="q1", p2="q2")
    assert story.open == ["x"]
    story.do("x")
    assert story.ended


def test_history_tells_each_token_where_it_is_now(play):
    story = play(process(ENDS + SPLIT + user("a b") + catch("c", HOUR), "s g a j e", "g b c j"))
    story.do("a")
    after = process(ENDS + SPLIT.replace('"j"', '"k"') + user("x y") + catch("c", HOUR), "s g x k e", "g y c k", id="p")
    outcome = move(story, after, b="y", j="k", a="x")
    assert [(event.kind, event.element, event.data) for event in outcome.events] == [
        ("ELEMENT_MIGRATED", "p", {"from": "p", "to": "p"}),
        ("ELEMENT_MIGRATED", "y", {"from": "b", "to": "y"}),
    ], "one that waits at a join has not begun there yet"
