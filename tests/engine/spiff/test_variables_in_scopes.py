"""Variables as in Camunda 8: scopes, mappings, what jobs and called processes see and bring back."""

from engine.model import Call, Job
from tests.engine.spiff.drawing import ENDS, extend, io, job, many, process, script, sub, tag, tags, user


def test_parallel_branches_lose_no_update_and_share_nothing(play):
    drawing = process(ENDS + tags("parallelGateway", "g h") + user("a b c"), "s g a h c e", "g b h")
    story = play(drawing, n=1, o={"k": 1})
    story.do("a", n=5)
    story.do("b", m=2)
    assert story.variables == {"n": 5, "m": 2, "o": {"k": 1}}


def test_a_job_writes_to_its_own_inputs_and_else_to_the_process(play):
    takes = io({"id": "=order.id", "local.deep": "=2"})
    story = play(process(ENDS + job("a", takes) + user("b"), "s a b e"), order={"id": 7}, x=10)
    work = story.find("a")
    assert isinstance(work, Job)
    assert work.variables == {"order": {"id": 7}, "x": 10, "id": 7, "local": {"deep": 2}}
    story.do("a", id=8, new=1)
    assert story.variables == {"order": {"id": 7}, "x": 10, "new": 1}


def test_an_output_mapping_keeps_everything_else_local(play):
    drawing = process(ENDS + job("b", io({"x": "=1"}, {"sum.n": "=x + got"})), "s b e")
    story = play(drawing, sum={"old": 1}, x=10)
    story.do("b", got=4)
    assert story.outcome.result == {"sum": {"old": 1, "n": 5}, "x": 10}


def test_an_input_sees_the_ones_before_it(play):
    story = play(process(ENDS + job("a", io({"one": "=1", "two": "=one + 1"})), "s a e"))
    assert story.find("a").variables == {"one": 1, "two": 2}


def test_a_sub_process_with_mappings_is_closed(play):
    inner = sub("p1", user("u"), "p1s u p1e", first=extend(io({"n": "=n"}, {"back": "=n"})))
    story = play(process(ENDS + inner + user("z"), "s p1 z e"), n=1)
    story.do("u", n=9)
    assert story.variables == {"n": 1, "back": 9}


def test_a_script_writes_its_result(play):
    body = script("a", "=n + 1", "n") + script("b", "n * 2", "m", io(gives={"o": "=m"}))
    assert play(process(ENDS + body, "s a b e"), n=1).outcome.result == {"n": 2, "o": 4}


def call(*extensions: str, **called: str) -> str:
    return (
        f'<callActivity id="call">{extend(tag("calledElement", processId="q", **called), *extensions)}</callActivity>'
    )


def test_a_call_is_told_with_all_variables_and_brings_all_back(play):
    story = play(process(ENDS + call(), "s call e"), n=1)
    work = story.find("call")
    assert isinstance(work, Call)
    assert (work.process.id, work.process.binding, work.variables) == ("q", "latest", {"n": 1})
    story.do("call", n=2, k=3)
    assert story.outcome.result == {"n": 2, "k": 3}


def test_a_closed_call_passes_only_what_is_mapped(play):
    closed = call(
        io({"m": "=n"}, {"k2": "=k"}),
        propagateAllParentVariables="false",
        propagateAllChildVariables="false",
        bindingType="versionTag",
        versionTag="v2",
    )
    story = play(process(ENDS + closed, "s call e"), n=1)
    work = story.find("call")
    assert isinstance(work, Call)
    assert (work.process.binding, work.process.version_tag, work.variables) == ("versionTag", "v2", {"m": 1})
    story.do("call", n=2, k=3)
    assert story.outcome.result == {"n": 1, "k2": 3}


def test_changes_are_told_with_what_was_before(play):
    story = play(process(ENDS + user("a b"), "s a b e"), n=1, same=[1])
    story.do("a", n=2, same=[1], flag=True)
    told = [(e.kind, e.data) for e in story.outcome.events if e.kind.startswith("VARIABLE")]
    assert told == [
        ("VARIABLE_UPDATED", {"name": "n", "before": 1, "after": 2}),
        ("VARIABLE_CREATED", {"name": "flag", "after": True}),
    ]
    assert {(change.scope, change.name, change.value) for change in story.outcome.variables} == {
        (0, "n", 2),
        (0, "flag", True),
    }


def test_true_and_one_are_different_values(play):
    story = play(process(ENDS + user("a b"), "s a b e"), n=1, deep=[1])
    story.do("a", n=True, deep=[True])
    assert story.variables == {"n": True, "deep": [True]}
    assert [type(story.variables["n"]), type(story.variables["deep"][0])] == [bool, bool]


def test_variables_are_set_where_they_live_or_locally(play):
    story = play(process(ENDS + job("a", io({"own": "=1"})) + user("b"), "s a b e"), n=1)
    token = story.find("a").token
    story.turn("set_variables", {"own": 2, "n": 3, "new": 4}, token)
    assert story.variables == {"n": 3, "new": 4}
    story.turn("set_variables", {"n": 9}, token, True)
    assert story.variables == {"n": 3, "new": 4}
    assert story.kind.load(story.outcome.state, story.model, story).variables(token) == {"own": 2, "n": 9, "new": 4}


def test_values_that_look_like_engine_state_stay_values(play):
    value = {"typename": "datetime", "w": [["t", 1]], "x": [0, "A", "b"], "mi": [1, 0, 0]}
    story = play(process(ENDS + user("a b"), "s a b e"), value=value)
    story.do("a", w=[["m", "n", "k"]])
    assert story.variables == {"value": value, "w": [["m", "n", "k"]]}


def test_numbers_beyond_64_bits_and_deep_values_are_kept(play):
    deep: object = 1
    for _ in range(199):
        deep = [deep]
    story = play(process(ENDS + user("a b"), "s a b e"), deep=deep, large=1 << 200)
    story.do("a")
    assert story.variables == {"deep": deep, "large": 1 << 200}


def test_iterations_have_variables_of_their_own(play):
    marked = job("a", io({"r": "=item"}), inner=many())
    story = play(process(ENDS + marked, "s a e"), list=[1, 2, 3])
    assert [work.variables["loopCounter"] for work in story.work.values()] == [1, 2, 3]
    story.do("a", 2, r=30)
    story.do("a", 0, r=10)
    story.do("a", 0, r=20)
    assert story.outcome.result == {"list": [1, 2, 3], "out": [10, 40, 90]}
