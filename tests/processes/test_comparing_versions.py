"""Two versions of a file side by side: what is new, gone, means something else, or is only drawn elsewhere."""

import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from processes import catalog
from processes.compare import Change, compare

Model = Callable[..., bytes]

SHIPPED = sorted(catalog.home().rglob("*.bpmn"))
FILES = {path.name: path.read_bytes() for path in SHIPPED}
LARGE = sorted(name for name, file in FILES.items() if file.count(b"<bpmndi:BPMNShape ") > 30)
BOUNDS = re.compile(rb'(<bpmndi:BPMNShape [^>]*>\s*<dc:Bounds x=")(-?[\d.]+)(" y=")(-?[\d.]+)"')
POINT = re.compile(rb'(<di:waypoint x=")(-?[\d.]+)(" y=")(-?[\d.]+)"')


def kinds(changes: list[Change]) -> dict[str, str]:
    return {change.element: change.kind for change in changes}


def said(change: Change) -> list[tuple[str, str, str]]:
    return [(str(detail.what), detail.before, detail.after) for detail in change.details]


def pushed(file: bytes, by: int, elements: set[int]) -> bytes:
    """The file with the shapes at these places drawn further right."""
    place = -1

    def push(found: re.Match[bytes]) -> bytes:
        nonlocal place
        place += 1
        x = float(found[2]) + (by if place in elements else 0)
        return b'%s%f%s%s"' % (found[1], x, found[3], found[4])

    return BOUNDS.sub(push, file)


@settings(deadline=None, max_examples=5)
@given(st.sampled_from(sorted(FILES)))
def test_a_file_does_not_differ_from_itself(name: str) -> None:
    assert compare(FILES[name], FILES[name]) == []


@settings(deadline=None, max_examples=10)
@given(st.sampled_from(LARGE), st.integers(1, 500), st.sets(st.integers(0, 30), min_size=1, max_size=5))
def test_what_is_drawn_elsewhere_means_the_same(name: str, by: int, elements: set[int]) -> None:
    changes = compare(FILES[name], pushed(FILES[name], by, elements))
    assert set(kinds(changes).values()) <= {"moved"}
    assert len(changes) > 0


@settings(deadline=None, max_examples=10)
@given(st.sampled_from(sorted(FILES)), st.integers(-900, 900), st.integers(-900, 900))
def test_a_drawing_that_is_pushed_as_a_whole_has_not_moved(name: str, right: int, down: int) -> None:
    def push(found: re.Match[bytes]) -> bytes:
        return b'%s%f%s%f"' % (found[1], float(found[2]) + right, found[3], float(found[4]) + down)

    assert compare(FILES[name], POINT.sub(push, BOUNDS.sub(push, FILES[name]))) == []


@settings(deadline=None, max_examples=10)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_what_came_is_what_goes_the_other_way_round(name: str, data: st.DataObject) -> None:
    file = FILES[name]
    ids = re.findall(rb'<bpmn:(?:userTask|serviceTask) id="([^"]+)"', file)
    renamed = data.draw(st.sampled_from(ids))
    other = re.sub(rb'"%s"' % renamed, b'"quite_another"', file)
    there, back = kinds(compare(file, other)), kinds(compare(other, file))
    assert there["quite_another"] == "added"
    assert there[renamed.decode()] == "removed"
    swapped = {"added": "removed", "removed": "added"}
    assert {element: swapped.get(kind, kind) for element, kind in there.items()} == back


def test_each_thing_that_is_said_otherwise_is_named(bpmn: Model) -> None:
    task = (
        '<bpmn:userTask id="check" name="{name}"><bpmn:extensionElements><zeebe:userTask/>'
        '<zeebe:assignmentDefinition assignee="{who}"/><zeebe:formDefinition formId="f"/>'
        '<zeebe:ioMapping><zeebe:input source="={source}" target="days"/></zeebe:ioMapping>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )
    before = bpmn(task.format(name="Check", who="li", source="1"))
    after = bpmn(task.format(name="Check well", who="zhang", source="2"))
    (change,) = compare(before, after)
    assert (change.element, change.tag, change.kind, change.name) == ("check", "userTask", "changed", "Check well")
    assert said(change) == [
        ("name", "Check", "Check well"),
        ("assignee", "li", "zhang"),
        ("input days", "=1", "=2"),
    ]


def test_a_flow_tells_its_condition_and_where_it_leads(bpmn: Model) -> None:
    body = '<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>'
    (change,) = compare(bpmn(body, "f: g > a: yes: =x > 1"), bpmn(body, "f: g > b: yes: =x > 2"))
    assert said(change) == [("where it leads", "a", "b"), ("condition", "=x > 1", "=x > 2")]


def test_a_timer_is_of_the_event_that_has_it(bpmn: Model) -> None:
    event = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition id="{id}"><bpmn:timeDuration>{time}'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    (change,) = compare(bpmn(event.format(id="t1", time="P1D")), bpmn(event.format(id="t2", time="P3D")))
    assert said(change) == [("timer: duration", "P1D", "P3D")]


def test_a_message_is_told_at_the_events_that_wait_for_it(bpmn: Model) -> None:
    event = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m"/>'
        "</bpmn:intermediateCatchEvent>"
    )
    (change,) = compare(
        bpmn(event, more='<bpmn:message id="m" name="paid"/>'),
        bpmn(event, more='<bpmn:message id="m" name="settled"/>'),
    )
    assert (change.element, said(change)) == ("wait", [("message", "paid", "settled")])


def test_a_step_that_went_into_a_sub_process_has_changed(bpmn: Model) -> None:
    inside = '<bpmn:subProcess id="box"><bpmn:task id="a"/></bpmn:subProcess>'
    outside = '<bpmn:subProcess id="box"/><bpmn:task id="a"/>'
    assert kinds(compare(bpmn(outside), bpmn(inside))) == {"a": "changed"}
