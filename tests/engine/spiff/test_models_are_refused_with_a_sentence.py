"""What cannot be run is refused by file, element, rule and remedy; nothing is ignored, nothing crashes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import ModelRefused, Problem, Resource
from engine.spiff.compile import compile_models, problems
from engine.spiff.compile.xml import BPMN, MOST_BYTES
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    DEFINITIONS,
    END,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    START,
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


LINK = '<linkEventDefinition name="L"/>'
EMBEDDED = extend(tag("formDefinition", formKey="camunda-forms:bpmn:f"))
REFUSED = [
    ("choreographyTask", draw('<choreographyTask id="a"/>', "s a e"), "a", "unsupported-element"),
    ("an element of another name space", draw('<x:own xmlns:x="y" id="a"/>', "s e"), "a", "unsupported-element"),
    ("timer thrown", draw(throw("a", timer("Duration", "PT1S")), "s a e"), "a", "unsupported-event"),
    ("error caught in between", draw(catch("a", ON_ERROR), "s a e"), "a", "unsupported-event"),
    ("cancel outside a transaction", draw(user("a") + boundary("b", "a", CANCEL), "s a e", "b e"), "b", "cancel"),
    ("boundary on nothing", draw(user("a") + boundary("b", "x", ON_ERROR), "s a e", "b e"), "b", "boundary-host"),
    ("boundary on an event", draw(boundary("b", "s", ON_ERROR), "s e", "b e"), "b", "boundary-host"),
    ("compensation without handler", draw(user("a") + boundary("b", "a", COMPENSATE), "s a e"), "b", "compensation"),
    ("soft error", draw(user("a") + boundary("b", "a", ON_ERROR, False), "s a e", "b e"), "b", "not-interrupting"),
    ("flow into nowhere", draw(user("a"), "s a nowhere", "a e"), "f2", "dangling-reference"),
    ("flow out of a sub-process", draw(sub("p1", user("a"), "p1s a p1e"), "s p1 e", "a e"), "f3", "dangling-reference"),
    ("link to nowhere", draw(throw("a", LINK), "s a"), "a", "link"),
    ("id used twice", draw(user("a a"), "s a e"), "a", "duplicate-id"),
    ("no start", process(END + user("a"), "a e"), "p", "no-start"),
    ("two plain starts", process(ENDS + '<startEvent id="s2"/>', "s e", "s2 e"), "p", "several-starts"),
    ("unreachable", draw(user("a b"), "s a e"), "b", "unreachable"),
    ("way into a start", draw(user("a"), "s a e", "a s"), "s", "way-in"),
    ("way out of an end", draw(user("a"), "s e a"), "e", "way-out"),
    ("no job type", draw('<sendTask id="a"/>', "s a e"), "a", "missing-task-definition"),
    ("message end without job", draw(tags("endEvent", "x", ON_MESSAGE), "s x", "s e"), "x", "missing-task-definition"),
    ("message unknown", draw(catch("a", ON_MESSAGE.replace('"m"', '"q"')), "s a e"), "a", "dangling-reference"),
    ("message missing", draw('<receiveTask id="a"/>', "s a e"), "a", "missing-reference"),
    (
        "signal that is an error",
        draw(throw("a", '<signalEventDefinition signalRef="err"/>'), "s a e"),
        "a",
        "dangling-reference",
    ),
    ("catch of nothing", draw(catch("a", ""), "s a e"), "a", "missing-event"),
    ("empty timer", draw(catch("a", "<timerEventDefinition/>"), "s a e"), "a", "timer"),
    ("date without zone", draw(catch("a", timer("Date", "2026-11-02T09:00:00")), "s a e"), "a", "timer"),
    ("no duration", draw(catch("a", timer("Duration", "1 hour")), "s a e"), "a", "timer"),
    (
        "due date without zone",
        draw(user("a", extend(tag("taskSchedule", dueDate="2026-11-02"))), "s a e"),
        "a",
        "timer",
    ),
    (
        "no condition",
        draw('<exclusiveGateway id="x"/>' + user("a"), "s x {n = 1} a e", "x e"),
        "f4",
        "missing-condition",
    ),
    (
        "condition that is no FEEL",
        draw('<exclusiveGateway id="x"/>', "s x {n >} e", "x {default} e"),
        "f2",
        "feel-syntax",
    ),
    ("script that is no FEEL", draw(script("a", "=1 +", "n"), "s a e"), "a", "feel-syntax"),
    ("mapping that is no FEEL", draw(job("a", io({"n": "=)"})), "s a e"), "a", "feel-syntax"),
    ("mapping without target", draw(job("a", io({"": "=1"})), "s a e"), "a", "io-mapping"),
    ("script without result", draw(script("a", "=1", ""), "s a e"), "a", "missing-script"),
    ("no decision", draw('<businessRuleTask id="a"/>', "s a e"), "a", "missing-decision"),
    ("no called process", draw('<callActivity id="a"/>', "s a e"), "a", "missing-called-element"),
    ("embedded form", draw(user("a", EMBEDDED), "s a e"), "a", "embedded-form"),
    ("priority", draw(user("a", extend(tag("priorityDefinition", priority="200"))), "s a e"), "a", "priority"),
    ("binding", draw(user("a", extend(tag("formDefinition", formId="f", bindingType="x"))), "s a e"), "a", "binding"),
    ("listener of ours", draw(user("a", extend(tag("taskListeners"))), "s a e"), "a", "unsupported-extension"),
    ("loop without end", draw(user("a", "<standardLoopCharacteristics/>"), "s a e"), "a", "loop"),
    ("items missing", draw(user("a", "<multiInstanceLoopCharacteristics/>"), "s a e"), "a", "loop"),
    (
        "event gateway to a task",
        draw('<eventBasedGateway id="g"/>' + user("a b"), "s g a e", "g b e"),
        "g",
        "event-gateway",
    ),
    (
        "sub-process without start",
        draw('<subProcess id="a"><userTask id="b"/></subProcess>', "s a e"),
        "a",
        "sub-process-start",
    ),
    ("listener for nothing", draw(listener("l", "", "u"), "s e"), "l", "event-sub-process-start"),
    ("data inputs", draw(user("a", "<ioSpecification/>"), "s a e"), "a", "unsupported-element"),
    ("an owner", draw(user("a", "<potentialOwner/>"), "s a e"), "a", "unsupported-element"),
    ("a global task", draw("", "s e").replace("<process", '<globalTask id="g"/><process'), "g", "unsupported-element"),
    ("boundary without a way", draw(user("a") + boundary("b", "a", ON_ERROR), "s a e"), "b", "way-out"),
    ("way out of a link", draw(throw("a", LINK) + catch("b", LINK), "s a e", "b e"), "a", "way-out"),
    ("way into a link", draw(throw("a", LINK) + catch("b", LINK), "s a", "s b e"), "b", "way-in"),
    ("direction", draw('<parallelGateway id="g" gatewayDirection="Mixed"/>', "s g e"), "g", "gateway-direction"),
    ("conditional start", process(tags("startEvent", "s", condition("n")) + END, "s e"), "s", "unsupported-event"),
    ("empty ad-hoc", draw('<adHocSubProcess id="a"/>', "s a e"), "a", "ad-hoc"),
    ("default of another", draw('<exclusiveGateway id="x" default="f1"/>', "s x e"), "x", "dangling-reference"),
    ("no id", draw("<userTask/>", "s e"), "p", "missing-id"),
    ("no process", f'<definitions xmlns="{BPMN}"/>', "", "no-process"),
    ("not executable", process(ENDS, "s e").replace("true", "false"), "p", "no-process"),
    ("other XML", "<html/>", "", "bpmn"),
    ("no XML", "hello", "", "xml"),
    ("nothing", "", "", "xml"),
    ("cut off", process(ENDS, "s e")[:-9], "", "xml"),
]


@pytest.mark.parametrize(
    ("content", "element", "rule"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_each_fault_is_told_with_its_element_and_rule(content, element, rule):
    told = found(content)
    assert (element, rule) in {(problem.element, problem.rule) for problem in told if problem.error}
    assert all(problem.file == "story.bpmn" and str(problem.sentence) for problem in told)
    with pytest.raises(ModelRefused):
        compile_models(Resource("story.bpmn", content.encode()))


def test_all_faults_of_a_file_are_told_at_once():
    told = found(draw('<sendTask id="a"/><scriptTask id="b"/>' + catch("c", timer("Date", "x")), "s a b c e"))
    assert [problem.element for problem in told] == ["a", "b", "c"]


def test_the_place_of_a_fault_in_an_expression_is_told():
    (problem,) = found(draw(script("a", "=1 + * 2", "n"), "s a e"))
    assert "Character 6" in str(problem.sentence)


def test_a_message_without_a_key_is_a_warning_only():
    drawing = draw(catch("c", ON_MESSAGE), "s c e").replace(extend(tag("subscription", correlationKey="=key")), "")
    assert [(problem.element, problem.rule, problem.error) for problem in found(drawing)] == [
        ("c", "message-without-key", False)
    ]
    assert compile_models(Resource("story.bpmn", drawing.encode()))


def test_a_condition_that_is_not_asked_is_a_warning_only():
    drawing = draw('<parallelGateway id="x"/>', "s x {n = 1} e")
    assert [(problem.element, problem.rule, problem.error) for problem in found(drawing)] == [
        ("f2", "condition-ignored", False)
    ]


ENTITIES = f"""<?xml version="1.0"?>
<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"> <!ENTITY a "aaaa"> <!ENTITY b "&a;&a;&a;&a;">]>
<definitions xmlns="{BPMN}"><process id="p" isExecutable="true">
{START}<documentation>&x;&b;</documentation></process></definitions>"""


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (ENTITIES, "doctype"),
        (ENTITIES.replace("&x;", "").replace("&b;", ""), "doctype"),
        ("<a>" * 2000 + "</a>" * 2000, "xml"),
        ("<a>" * 150 + "</a>" * 150, "depth"),
        ("<a>" + " " * MOST_BYTES + "</a>", "size"),
    ],
    ids=["entities", "doctype alone", "deeper than the parser", "deep", "large"],
)
def test_hostile_xml_is_refused_before_it_is_read(content, rule):
    assert [problem.rule for problem in found(content)] == [rule]


def test_deeply_nested_sub_processes_compile():
    body = user("u0")
    for level in range(20):
        inside = f"p{level - 1}" if level else "u0"
        body = sub(f"p{level}", body, f"p{level}s {inside} p{level}e")
    assert found(draw(body, "s p19 e")) == []


PIECES = st.sampled_from(
    [
        *"<>/\"'= abs123",
        "<userTask id='a'/>",
        "<endEvent",
        "sourceRef",
        "id=",
        "<zeebe:",
        "&amp;",
        "&x;",
        "\x00",
        "<!--",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_file_makes_it_crash(data):
    whole = process(
        ENDS + job("a", io({"n": "=1"})) + sub("p1", user("b"), "p1s b p1e") + boundary("c", "a", ON_MESSAGE),
        "s a {n > 1} p1 e",
        "c e",
        definitions=DEFINITIONS,
    )
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    broken = whole[:at] + "".join(data.draw(st.lists(PIECES, max_size=4))) + whole[at + cut :]
    for problem in found(broken.encode()):
        assert str(problem.sentence)
