"""The library is the one that was read: same functions, no others."""

import sys
from importlib.metadata import version
from pathlib import Path
from types import FrameType

import SpiffWorkflow

from engine.spiff.library import RELIED_UPON, VERSION, changed
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    boundary,
    job,
    listener,
    many,
    process,
    sub,
    tags,
    throw,
    user,
)
from tests.engine.spiff.play import Play

HOME = Path(SpiffWorkflow.__file__).parent


def test_every_function_relied_upon_is_as_it_was_read():
    assert version("SpiffWorkflow") == VERSION
    assert changed() == []


def test_no_other_function_of_the_library_is_called():
    called: set[str] = set()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        file = Path(frame.f_code.co_filename)
        if event == "call" and HOME in file.parents:
            module = ".".join(file.relative_to(HOME).with_suffix("").parts)
            called.add(f"{module}:{frame.f_code.co_qualname}")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        broad_story()
    finally:
        sys.setprofile(before)
    assert called, "the story ran outside the library"
    assert called <= set(RELIED_UPON), sorted(called - set(RELIED_UPON))


def broad_story() -> None:
    inner = job("w") + tags("inclusiveGateway", "o j") + user("x y") + listener("l", ON_ERROR, "h")
    scope = sub("p1", inner, "p1s o {true} x j w p1e", "o {true} y j", first=many())
    undo = '<userTask id="ua" isForCompensation="true"/><association id="x1" sourceRef="ca" targetRef="ua"/>'
    transaction = sub(
        "t", job("a") + undo + boundary("ca", "a", COMPENSATE), "ts a te", kind="transaction", last=CANCEL
    )
    body = (
        scope + transaction + boundary("bc", "t", CANCEL) + boundary("bm", "p1", ON_MESSAGE) + throw("th", COMPENSATE)
    )
    drawing = process(ENDS + body, "s p1 t e", "bm th e", "bc e", definitions=DEFINITIONS)
    for way in ("through", "interrupted"):
        story = Play(drawing, stepped=True, list=[1, 2], r=1, key="k")
        if way == "interrupted":
            assert story.send("k") == []
            assert story.ended
            continue
        for name in ("x", "x", "y", "y", "w"):
            story.do(name)
        assert story.error("w", "E") == ["h"]
        assert story.do("h") == ["a"]
        assert story.do("a") == ["ua"]
        story.do("ua")
        assert story.ended
