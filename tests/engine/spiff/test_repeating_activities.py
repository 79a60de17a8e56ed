"""Multi-instance in both orders, standard loops, compensation, ad-hoc sub-processes."""

from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    boundary,
    extend,
    flows,
    io,
    job,
    many,
    process,
    sub,
    tag,
    throw,
    timer,
    user,
)

LOCAL = io({"r": "=item"})


def draw(body: str, *chains: str) -> str:
    return process(ENDS + body, *chains, definitions=DEFINITIONS)


def test_in_sequence_one_iteration_is_open_at_a_time(play):
    story = play(draw(job("a", LOCAL, inner=many(sequential=True)), "s a e"), list=[5, 6])
    assert story.open == ["a"]
    assert story.do("a", r=1) == ["a"]
    assert story.do("a", r=1) == []
    assert story.outcome.result["out"] == [5, 6]


def test_the_completion_condition_ends_what_is_left(play):
    drawing = draw(job("a", LOCAL, inner=many(until="numberOfCompletedInstances = 2")), "s a e")
    story = play(drawing, list=[1, 2, 3])
    story.do("a", 0, r=1)
    assert story.do("a", 0, r=1) == []
    assert story.outcome.result["out"] == [1, 2, None]
    assert story.count("ELEMENT_TERMINATED") == {"a": 1}


def test_an_empty_collection_is_passed(play):
    assert play(draw(job("a", LOCAL, inner=many()), "s a e"), list=[]).outcome.result["out"] == []


def test_a_boundary_event_of_a_repeating_activity_takes_all_iterations(play):
    body = job("a", inner=many()) + boundary("b", "a", timer("Duration", "PT1M")) + user("u v")
    story = play(draw(body, "s a v e", "b u e"), list=[1, 2], r=1)
    assert story.do("a") == ["a"]
    assert story.wait(minutes=2) == ["u"]
    story.do("u")
    assert story.ended


def loop(**attributes: str) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (
        f"<standardLoopCharacteristics {written}><loopCondition>=n &lt; 2</loopCondition></standardLoopCharacteristics>"
    )


def test_a_standard_loop_tests_after_or_before(play):
    after = draw(sub("p1", user("x"), "p1s x p1e", first=loop(testBefore="false")), "s p1 e")
    story = play(after, n=0)
    assert story.do("x", n=1) == ["x"]
    assert story.do("x", n=2) == []
    assert play(draw(sub("p1", user("x"), "p1s x p1e", first=loop(testBefore="true")), "s p1 e"), n=5).ended


def test_a_standard_loop_stops_at_its_maximum(play):
    story = play(draw(sub("p1", user("x"), "p1s x p1e", first=loop(loopMaximum="2")), "s p1 e"), n=0)
    assert story.do("x") == ["x"]
    assert story.do("x") == []


HANDLERS = (
    '<userTask id="ua" isForCompensation="true"/><userTask id="ub" isForCompensation="true"/>'
    '<association id="x1" sourceRef="ca" targetRef="ua"/><association id="x2" sourceRef="cb" targetRef="ub"/>'
)
DONE = job("a") + job("b") + HANDLERS + boundary("ca", "a", COMPENSATE) + boundary("cb", "b", COMPENSATE)


def test_only_what_is_done_is_undone(play):
    story = play(draw(DONE + throw("th", COMPENSATE) + user("z"), "s a th b z e"))
    assert story.do("a") == ["ua"]
    assert story.do("ua") == ["b"]
    assert story.do("b") == ["z"]


def test_a_completed_sub_process_is_undone_from_inside(play):
    story = play(draw(sub("p1", DONE, "p1s a b p1e") + throw("th", COMPENSATE) + user("z"), "s p1 th z e"))
    story.do("a")
    assert story.do("b") == ["ua", "ub"]
    assert story.do("ub") == ["ua"]
    assert story.do("ua") == ["z"]


def test_a_cancelled_transaction_is_undone_then_left_by_its_cancel_event(play):
    inner = DONE + user("other")
    body = sub("t", inner, "ts a b te", "ts other te", kind="transaction", last=CANCEL)
    story = play(draw(body + boundary("bc", "t", CANCEL) + user("z n"), "s t n e", "bc z e"))
    story.do("a")
    assert story.do("b") == ["ua", "ub"]
    assert story.do("ua") == ["ub"]
    assert story.do("ub") == ["z"]
    story.do("z")
    assert story.ended


def ad_hoc(inner: str, *first: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<adHocSubProcess id="h"{written}>{"".join(first)}{inner}</adHocSubProcess>'


def test_an_ad_hoc_sub_process_starts_all_and_ends_with_the_last(play):
    story = play(draw(ad_hoc(user("x y")) + user("u"), "s h u e"))
    assert story.open == ["x", "y"]
    assert story.do("x") == ["y"]
    assert story.do("y") == ["u"]


def test_an_ad_hoc_sub_process_in_sequence(play):
    story = play(draw(ad_hoc(user("x y"), ordering="Sequential") + user("u"), "s h u e"))
    assert story.open == ["x"]
    assert story.do("x") == ["y"]
    assert story.do("y") == ["u"]


def test_an_ad_hoc_sub_process_ends_when_its_condition_holds(play):
    until = "<completionCondition>=done</completionCondition>"
    story = play(draw(ad_hoc(user("x y"), until) + user("u"), "s h u e"), done=False)
    assert story.do("x", done=True) == ["u"]
    story = play(draw(ad_hoc(user("x y"), until, cancelRemainingInstances="false") + user("u"), "s h u e"), done=False)
    assert story.do("x", done=True) == ["y"]
    assert story.do("y") == ["u"]


def test_an_ad_hoc_sub_process_starts_what_an_expression_names(play):
    chosen = extend(tag("adHoc", activeElementsCollection="=chosen"))
    drawing = draw(ad_hoc(user("x y") + flows("x y", prefix="h")[0], chosen) + user("u"), "s h u e")
    story = play(drawing, chosen=["x"])
    assert story.do("x") == ["y"]
    assert story.do("y") == ["u"]
    assert play(drawing, chosen=[]).open == ["u"]
    story = play(drawing, chosen=["nowhere"])
    assert "x, y" in story.incidents["h"].message
    story.turn("set_variables", {"chosen": ["y"]})
    assert story.retry("h") == ["y"]
