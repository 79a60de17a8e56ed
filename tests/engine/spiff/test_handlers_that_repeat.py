"""A compensation handler with a marker runs as often as its marker says; the throw event waits for all of it."""

import pytest

from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    boundary,
    extend,
    io,
    job,
    many,
    process,
    sub,
    tag,
    throw,
    user,
)


def undone(handler: str) -> str:
    """Activity a, which `ua` undoes, then a throw event, then b."""
    link = '<association id="x1" sourceRef="ca" targetRef="ua"/>'
    body = user("a b") + handler + link + boundary("ca", "a", COMPENSATE) + throw("th", COMPENSATE)
    return process(ENDS + body, "s a th b e", definitions=DEFINITIONS)


def handler(marker: str, kind: str = "userTask", extensions: str = "") -> str:
    return f'<{kind} id="ua" isForCompensation="true">{extensions}{marker}</{kind}>'


def test_every_item_is_undone_side_by_side(play):
    story = play(undone(handler(many())), list=[1, 2, 3], r=2)
    assert story.do("a") == ["ua", "ua", "ua"]
    assert story.do("ua", 1) == ["ua", "ua"]
    story.do("ua")
    assert story.do("ua") == ["b"]
    assert story.variables["out"] == [2, 4, 6]
    assert story.do("b") == []
    assert story.ended
    assert story.count("ELEMENT_ACTIVATED")["ua"] == story.count("ELEMENT_COMPLETED")["ua"] == 4


def test_every_item_is_undone_in_turn(play):
    story = play(undone(handler(many(sequential=True, until="numberOfCompletedInstances = 2"))), list=[1, 2, 3], r=2)
    assert story.do("a") == ["ua"]
    assert story.do("ua") == ["ua"]
    assert story.do("ua") == ["b"]


def test_nothing_is_left_to_undo(play):
    assert play(undone(handler(many())), list=[]).do("a") == ["b"]


def test_a_handler_in_a_loop(play):
    again = "<standardLoopCharacteristics><loopCondition>=left &gt; 0</loopCondition></standardLoopCharacteristics>"
    story = play(undone(handler(again)), left=1)
    story.do("a")
    assert story.do("ua", left=1) == ["ua"]
    assert story.do("ua", left=0) == ["b"]


def test_an_item_that_fails_is_mended_alone(play):
    task = tag("taskDefinition", type="undo")
    bad = extend(task, io({"x": "=assert(item, item != 2 or good)"}))
    story = play(undone(handler(many(output="=item"), "serviceTask", bad)), list=[1, 2], good=False)
    assert story.do("a") == ["ua"]
    assert list(story.incidents) == ["ua"]
    assert story.do("ua") == []
    story.turn("set_variables", {"good": True})
    assert story.retry("ua") == ["ua"]
    assert story.do("ua") == ["b"]


def test_a_collection_that_is_no_list_stops_the_handler(play):
    story = play(undone(handler(many())), list=None, r=1)
    assert story.do("a") == []
    assert list(story.incidents) == ["ua"]
    story.turn("set_variables", {"list": [1]})
    assert story.retry("ua") == ["ua"]
    assert story.do("ua") == ["b"]


@pytest.mark.parametrize("how", ["cancel", "through"])
def test_a_transaction_is_undone_by_all_of_it(play, how):
    link = '<association id="x1" sourceRef="ca" targetRef="ua"/>'
    inner = job("a") + handler(many()) + link + boundary("ca", "a", COMPENSATE)
    whole = sub("t", inner, "ts a te", kind="transaction", last=CANCEL) + boundary("bc", "t", CANCEL) + user("u")
    story = play(process(ENDS + whole, "s t e", "bc u e", definitions=DEFINITIONS), list=[1, 2], r=1)
    assert story.do("a") == ["ua", "ua"]
    if how == "cancel":
        assert story.turn("cancel").ended == "TERMINATED"
        assert not story.work
        return
    story.do("ua")
    assert story.do("ua") == ["u"]
