"""What stands between an instance and its end: steps that come for certain, and steps that may come."""

from collections.abc import Callable

from processes import document
from processes.ahead import ahead

Model = Callable[..., bytes]


def told(file: bytes, *live: str) -> dict[str, bool]:
    return {step.element: step.certain for step in ahead(document.read(file), live)}


def tasks(*ids: str) -> str:
    return "".join(f'<bpmn:userTask id="{id_}"/>' for id_ in ids) + '<bpmn:endEvent id="end"/>'


def test_a_choice_leaves_open_what_comes_but_not_what_follows_it(bpmn: Model) -> None:
    file = bpmn(
        tasks("a", "b", "c", "d") + '<bpmn:exclusiveGateway id="g"/>',
        "1: a > g\n2: g > b\n3: g > c\n4: b > d\n5: c > d\n6: d > end",
    )
    assert told(file, "a") == {"b": False, "c": False, "d": True}


def test_all_branches_of_a_parallel_gateway_come(bpmn: Model) -> None:
    file = bpmn(
        tasks("a", "b", "c") + '<bpmn:parallelGateway id="g"/>', "1: a > g\n2: g > b\n3: g > c\n4: b > end\n5: c > end"
    )
    assert told(file, "a") == {"b": True, "c": True}


def test_a_way_back_is_possible_and_not_certain(bpmn: Model) -> None:
    file = bpmn(
        tasks("a", "b", "mend") + '<bpmn:exclusiveGateway id="g"/>',
        "1: a > g\n2: g > b\n3: g > mend\n4: mend > a\n5: b > end",
    )
    assert told(file, "a") == {"mend": False, "b": True}


def test_a_boundary_that_interrupts_makes_the_rest_uncertain(bpmn: Model) -> None:
    boundary = (
        '<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="{cancels}"><bpmn:timerEventDefinition/>'
        "</bpmn:boundaryEvent>"
    )
    flows = "1: a > b\n2: b > end\n3: late > c\n4: c > end"
    assert told(bpmn(tasks("a", "b", "c") + boundary.format(cancels="true"), flows), "a") == {"b": False, "c": False}
    assert told(bpmn(tasks("a", "b", "c") + boundary.format(cancels="false"), flows), "a") == {"b": True, "c": False}


def test_what_follows_a_sub_process_follows_its_end(bpmn: Model) -> None:
    box = (
        '<bpmn:subProcess id="box"><bpmn:startEvent id="s"/><bpmn:userTask id="x"/><bpmn:userTask id="y"/>'
        '<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="i1" sourceRef="s" targetRef="x"/>'
        '<bpmn:sequenceFlow id="i2" sourceRef="x" targetRef="y"/>'
        '<bpmn:sequenceFlow id="i3" sourceRef="y" targetRef="e"/>'
        "</bpmn:subProcess>"
    )
    file = bpmn(tasks("a", "b") + box, "1: a > box\n2: box > b\n3: b > end")
    assert told(file, "a") == {"x": True, "y": True, "b": True}
    assert told(file, "box", "x") == {"y": True, "b": True}


def test_nothing_lies_behind_the_last_step(bpmn: Model) -> None:
    assert told(bpmn(tasks("a"), "1: a > end"), "a") == {}
