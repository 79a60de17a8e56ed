"""What a model says and nobody would do is refused, or a warning tells it: by element, rule and remedy."""

import pytest

from engine.model import Problem, Resource
from engine.spiff.compile import compiled, problems
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    condition,
    extend,
    io,
    job,
    listener,
    process,
    script,
    sub,
    tag,
    tags,
    throw,
    timer,
    user,
)


def found(content: str | bytes) -> list[Problem]:
    return problems(Resource("story.bpmn", content.encode() if isinstance(content, str) else content))


def draw(body: str, *chains: str) -> str:
    return process(ENDS + body, *chains, definitions=DEFINITIONS)


LONG = "9" * 5000
LINK = '<linkEventDefinition name="L"/>'
TIMES = "<timeDate>2026-11-21T09:00:00Z</timeDate><timeDuration>PT1S</timeDuration>"
FILTER = extend(tag("conditionalFilter", variableNames="n"))
FILTERED = condition("n > 1").replace("<condition>", f"{FILTER}<condition>")
UNDO = user("ua").replace("<userTask", '<userTask isForCompensation="true"') + (
    '<association id="x1" sourceRef="ca" targetRef="ua"/>' + boundary("ca", "a", COMPENSATE)
)


MANY_UNDO = listener("u", COMPENSATE, "v").replace("<startEvent", "<standardLoopCharacteristics/><startEvent", 1)


def undoing(reference: str) -> str:
    return throw("th", f"<compensateEventDefinition {reference}/>")


def loop(maximum: str) -> str:
    return user("a", f'<standardLoopCharacteristics loopMaximum="{maximum}"/>')


def starting(when: str) -> str:
    return f'<startEvent id="s">{timer("Date", when)}</startEvent><endEvent id="e"/>'


REFUSED = [
    ("too many tokens", draw(tags("task", "a").replace("<task", f'<task completionQuantity="{LONG[:10]}"'), "s a e")),
    ("a quantity of 5,000 digits", draw(f'<task id="a" startQuantity="{LONG}"/>', "s a e"), "a", "quantity"),
    ("a quantity with a high two", draw('<task id="a" startQuantity="²"/>', "s a e"), "a", "quantity"),
    ("a quantity of nothing", draw('<task id="a" startQuantity="0"/>', "s a e"), "a", "quantity"),
    ("rounds with a high two", draw(loop("²"), "s a e"), "a", "loop"),
    ("rounds of 5,000 digits", draw(loop(LONG), "s a e"), "a", "loop"),
    ("a priority with a high two", draw(user("a", extend(tag("priorityDefinition", priority="²"))), "s a e")),
    ("retries in a word", draw(job("a").replace('type="work"', 'type="work" retries="few"'), "s a e"), "a", "retries"),
    ("a duration of 5,000 digits", draw(catch("a", timer("Duration", f"P{LONG}D")), "s a e"), "a", "timer"),
    ("a zone that is a folder", draw(catch("a", timer("Date", "2026-11-21T09:00:00[Asia]")), "s a e"), "a", "timer"),
    ("firings of 5,000 digits", draw(user("a") + boundary("b", "a", timer("Cycle", f"R{LONG}/PT1H"), False), "s a e")),
    ("undoing that repeats", draw(user("a") + MANY_UNDO, "s a e"), "u", "compensation"),
    ("an id with a quote", draw(listener("o'x", ON_MESSAGE, "u"), "s e"), "o'x", "id-name"),
    ("the library's own id", draw(user("b").replace('"b"', '"&lt;start>"'), "s e"), "<start>", "id-name"),
    ("an id with a blank", draw(user("a"), "s a e").replace('"a"', '"a b"'), "a b", "id-name"),
    ("an id that is a number", draw(user("a"), "s a e").replace('"a"', '"1a"'), "1a", "id-name"),
    ("cancel of nothing", draw("", "s e").replace('<endEvent id="e"/>', f'<endEvent id="e">{CANCEL}</endEvent>')),
    ("cancel in a sub-process", draw(sub("p1", user("a"), "p1s a p1e", last=CANCEL), "s p1 e"), "p1e", "cancel"),
    ("a link and a timer", draw(throw("l", LINK) + catch("a", LINK + timer("Duration", "PT1S")), "s l", "a e")),
    ("a link without a name", draw(throw("a", '<linkEventDefinition name=" "/>'), "s a"), "a", "link"),
    ("a filter on a condition", draw(user("a") + boundary("b", "a", FILTERED), "s a e", "b e"), "b"),
    ("a job for an ad-hoc", draw('<adHocSubProcess id="a">' + extend(tag("taskDefinition", type="x")), "")),
    ("a job for a person", draw(user("a", extend(tag("taskDefinition", type="x"))), "s a e"), "a"),
    ("a mapping on a gateway", draw(tags("exclusiveGateway", "a", extend(io({"n": "=1"}))), "s a e"), "a"),
    ("a form in a sub-process", draw(sub("p1", user("u"), "p1s u p1e"), "s p1 e"), "p1s"),
    ("a job and a loop's extension", draw(job("a", tag("loopCharacteristics")), "s a e"), "a"),
    ("two job types", draw(job("a", tag("taskDefinition", type="other")), "s a e"), "a"),
    ("an extension outside its box", draw(user("a", tag("assignmentDefinition", assignee="li")), "s a e"), "a"),
    ("inputs of a boundary event", draw(user("a") + boundary("b", "a", extend(io({"n": "=1"})) + ON_MESSAGE), "s a e")),
    ("two times at once", draw(catch("a", f"<timerEventDefinition>{TIMES}</timerEventDefinition>"), "s a e"), "a"),
    ("a cycle in between", draw(catch("a", timer("Cycle", "R3/PT1H")), "s a e"), "a", "timer"),
    ("a lone condition", draw(user("a"), "s a {n > 1} e"), "f2", "lone-condition"),
    ("a start that no clock tells", process(starting("=now("), "s e"), "s", "feel-syntax"),
    ("a start that sees no variables", process(starting("=when"), "s e"), "s", "timer"),
    ("undoing what is not there", draw(user("a") + undoing('activityRef="q"'), "s a th e"), "th", "dangling-reference"),
    ("undoing what nothing undoes", draw(user("a") + undoing('activityRef="a"'), "s a th e"), "th", "compensation"),
    (
        "undoing what lies outside",
        draw(user("a") + UNDO + sub("p1", undoing('activityRef="a"'), "p1s th p1e"), "s a p1 e"),
        "th",
        "compensation",
    ),
    (
        "undoing without waiting",
        draw(user("a") + UNDO + undoing('waitForCompletion="false"'), "s a th e"),
        "th",
        "compensation",
    ),
    ("a handler that is not marked", draw(user("a") + UNDO.replace("isFor", "not"), "s a e"), "ca", "compensation"),
    ("a handler with a way out", draw(user("a") + UNDO, "s a e", "ua e"), "ua", "compensation"),
    (
        "a gateway as handler",
        draw(user("a") + UNDO + tags("exclusiveGateway", "g"), "s a e").replace('="ua"/>', '="g"/>'),
        "ca",
        "compensation",
    ),
    (
        "inputs behind an event gateway",
        draw(
            '<eventBasedGateway id="g"/>' + catch("c", extend(io({"n": "=1"})) + ON_MESSAGE) + catch("d", ON_MESSAGE),
            "s g c e",
            "g d e",
        ),
        "c",
        "io-mapping",
    ),
]
"""Each with element and rule where they are looked at; else a refusal of any element counts."""


@pytest.mark.parametrize("case", REFUSED, ids=[case[0] for case in REFUSED])
def test_it_is_refused_by_name(case):
    content = case[1]
    if case[0] == "a form in a sub-process":
        content = content.replace('id="p1s"/>', f'id="p1s">{extend(tag("formDefinition", formId="f"))}</startEvent>')
    if case[0] == "a job for an ad-hoc":
        content = draw(
            f'<adHocSubProcess id="a">{extend(tag("taskDefinition", type="x"))}{user("u")}</adHocSubProcess>'
        )
    told = [problem for problem in found(content) if problem.error]
    assert told
    assert all(problem.element and str(problem.sentence) and problem.rule != "internal" for problem in told)
    assert not case[2:3] or case[2] in {problem.element for problem in told}
    assert not case[3:] or case[3] in {problem.rule for problem in told}


TYPED = (
    '<timeCycle xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression">R3/PT1H</timeCycle>'
)
REPEATING = f"<timerEventDefinition>{TYPED}</timerEventDefinition>"
WARNED = [
    ("a cycle that interrupts", draw(user("a") + boundary("b", "a", REPEATING), "s a e", "b e"), "b", "cycle-once"),
    ("a cycle that ends all", draw(listener("l", REPEATING, "u"), "s e"), "l", "cycle-once"),
    ("undoing where nothing can be", draw(user("a") + undoing(""), "s a th e"), "th", "compensation-nothing"),
    ("conditions without a default", draw(user("a b"), "s a {n > 1} e", "a {n > 5} b e"), "a", "no-default"),
    (
        "an attribute that nobody reads",
        draw(job("a").replace('type="work"', 'type="work" colour="red"'), "s a e"),
        "a",
        "extension-attribute",
    ),
]


@pytest.mark.parametrize(("content", "element", "rule"), [case[1:] for case in WARNED], ids=[c[0] for c in WARNED])
def test_it_is_accepted_with_a_warning(content, element, rule):
    assert [(p.element, p.rule, p.error) for p in found(content)] == [(element, rule, False)]


SEVEN = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (f'<userTask id="a" {SEVEN} camunda:assignee="li"/>', "camunda:assignee is not read here. There it assigned"),
        (f'<userTask id="a" {SEVEN} camunda:formKey="f"/>', "camunda:formKey is not read here. There it showed a form"),
        (f'<task id="a" {SEVEN} camunda:delegateExpression="$x"/>', "There it called code"),
        (f'<task id="a" {SEVEN}>{extend("<camunda:executionListener/>")}</task>', "camunda:executionListener"),
    ],
)
def test_what_camunda_7_would_have_done_is_told(task, said):
    (problem,) = found(draw(task, "s a e"))
    assert (problem.element, problem.rule, problem.error) == ("a", "foreign-extension", False)
    assert said in str(problem.sentence)


def test_compensation_that_is_right_is_accepted():
    body = user("a") + UNDO + undoing('activityRef="a"')
    assert found(draw(body, "s a th e")) == []
    assert found(draw(sub("p1", user("a") + UNDO, "p1s a p1e") + undoing('activityRef="p1"'), "s p1 th e")) == []
    around = user("a") + UNDO + sub("p1", user("b"), "p1s b p1e")
    event = listener("l", ON_MESSAGE, "u", last='<compensateEventDefinition activityRef="a"/>')
    assert found(draw(around + event, "s a p1 e")) == []


def test_a_handler_in_an_ad_hoc_sub_process_is_not_started_with_the_others():
    (model,) = compiled(
        Resource("story.bpmn", draw(f'<adHocSubProcess id="p1">{user("a")}{UNDO}</adHocSubProcess>', "s p1 e").encode())
    ).models
    assert model.scopes["p1"].adhoc.starters == ("a",)


def test_a_start_timer_that_needs_only_the_clock_is_accepted():
    assert found(process(starting('=now() + duration("P1D")'), "s e")) == []


def test_a_fault_of_ours_is_a_problem_of_the_file_and_no_traceback(monkeypatch, caplog):
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("engine.spiff.compile.check_file", fault)
    told = compiled(Resource("story.bpmn", draw("", "s e").encode()))
    assert [(p.rule, p.error) for p in told.problems] == [("internal", True)]
    assert not told.models
    assert "story.bpmn" in caplog.text


def test_a_task_is_done_in_one_way():
    both = script("a", "=1", "n", tag("taskDefinition", type="x"))
    assert {p.rule for p in found(draw(both, "s a e"))} == {"two-ways"}
