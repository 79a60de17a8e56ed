"""Two versions of a BPMN file: what was added, removed, changed in meaning, or only moved on the drawing.

Elements are matched by id. What an element means is everything that is written in it, down to the next element that
stands for itself, with the messages, signals and errors that it refers to.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from kernel.text import Text, say
from processes.compare.change import Change, Detail, Kind

Element = etree._Element
Place = tuple[float, ...]
Meaning = Mapping[str, str]

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
# Told by the flows, or names inside the file that nobody reads.
_PASSED_OVER = frozenset({"incoming", "outgoing", "id", "bpmnElement"})
_SHARED = frozenset({"message", "signal", "error", "escalation"})
_WITHIN = ("EventDefinition", "LoopCharacteristics", "Condition", "Expression")
_NAMELESS = frozenset({"definitions", "BPMNDiagram", "BPMNPlane", *_SHARED})

ASPECTS: Mapping[str, Text] = {
    "tag": say("kind of element"),
    "name": say("name"),
    "parent": say("sub-process it lies in"),
    "documentation": say("documentation"),
    "conditionExpression": say("condition"),
    "sourceRef": say("where it comes from"),
    "targetRef": say("where it leads"),
    "default": say("default flow"),
    "attachedToRef": say("attached to"),
    "cancelActivity": say("interrupts"),
    "isInterrupting": say("interrupts"),
    "isExecutable": say("executable"),
    "assignmentDefinition/assignee": say("assignee"),
    "assignmentDefinition/candidateGroups": say("candidate groups"),
    "assignmentDefinition/candidateUsers": say("candidate people"),
    "taskSchedule/dueDate": say("due date"),
    "taskSchedule/followUpDate": say("follow-up date"),
    "priorityDefinition/priority": say("priority"),
    "formDefinition/formId": say("form"),
    "formDefinition/bindingType": say("which version of the form"),
    "taskDefinition/type": say("job type"),
    "taskDefinition/retries": say("attempts"),
    "calledElement/processId": say("called process"),
    "calledElement/bindingType": say("which version of the called process"),
    "calledDecision/decisionId": say("decision"),
    "calledDecision/resultVariable": say("result variable"),
    "calledDecision/bindingType": say("which version of the decision"),
    "script/expression": say("script"),
    "script/resultVariable": say("result variable"),
    "timerEventDefinition/timeDate": say("timer: date"),
    "timerEventDefinition/timeDuration": say("timer: duration"),
    "timerEventDefinition/timeCycle": say("timer: cycle"),
    "messageRef": say("message"),
    "signalRef": say("signal"),
    "errorRef": say("error"),
    "escalationRef": say("escalation"),
    "correlationKey": say("correlation key"),
    "errorCode": say("error code"),
    "escalationCode": say("escalation code"),
    "ioMapping/input": say("input"),
    "ioMapping/output": say("output"),
    "taskHeaders/header": say("header"),
    "properties/property": say("property"),
    "loopCharacteristics/inputCollection": say("list that is repeated over"),
    "versionTag/value": say("version tag"),
    "flowNodeRef": say("elements in the lane"),
    "text": say("text"),
}


@dataclass(slots=True)
class _File:
    """The elements of a file by id, what they mean, and where they are drawn: `lines` are those with points."""

    elements: dict[str, Element] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    lines: set[str] = field(default_factory=set)


def changes(before: bytes, after: bytes) -> list[Change]:
    """The changes from one file to the other, in the order of the later file, those that were removed at the end.

    An element that is drawn elsewhere has moved only if it did not go along with the whole drawing.
    Raises lxml's XMLSyntaxError for a file that is no XML.
    """
    old, new = _read(before), _read(after)
    shift = _shift(old, new)
    found = [change for id_ in new.elements if (change := _change(old, new, id_, shift)) is not None]
    gone = [_whole(old, id_, "removed") for id_ in old.elements if id_ not in new.elements]
    return found + gone


def _change(old: _File, new: _File, id_: str, shift: Place) -> Change | None:
    if id_ not in old.elements:
        return _whole(new, id_, "added")
    details = _details(old.meanings[id_], new.meanings[id_])
    if details:
        return _whole(new, id_, "changed", details)
    return _whole(new, id_, "moved") if _moved(old, new, id_, shift) else None


def _whole(file: _File, id_: str, kind: Kind, details: tuple[Detail, ...] = ()) -> Change:
    element = file.elements[id_]
    name = element.get("name") or element.findtext("./{*}text") or ""
    return Change(element=id_, tag=_local(element), name=" ".join(name.split()), kind=kind, details=details)


def _details(before: Meaning, after: Meaning) -> tuple[Detail, ...]:
    paths = [*after, *(path for path in before if path not in after)]
    return tuple(
        Detail(what=_aspect(path), before=before.get(path, ""), after=after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    )


def _aspect(path: str) -> Text:
    """What a path within an element is called; a path that has no name here is its own."""
    place, _, which = path.partition("#")
    known = max((end for end in ASPECTS if place == end or place.endswith(f"/{end}")), key=len, default=None)
    if known is None:
        return Text(path)
    return say("{what} {which}", what=ASPECTS[known], which=which) if which else ASPECTS[known]


# ---- reading ---------------------------------------------------------------------------------------------------------


def _read(content: bytes) -> _File:
    root = etree.fromstring(content, _PARSER)
    file = _File()
    shared = {str(e.get("id")): e for e in root.iterfind("./{*}*") if _local(e) in _SHARED}
    for element in root.iter(f"{{{_MODEL}}}*"):
        id_ = element.get("id")
        if id_ and _stands_for_itself(element) and _local(element) not in _NAMELESS:
            file.elements[id_] = element
            file.meanings[id_] = _meaning(element, shared)
    for drawn in root.iter("{*}BPMNShape", "{*}BPMNEdge"):
        file.places[drawn.get("bpmnElement", "")] = _place(drawn)
        if _local(drawn) == "BPMNEdge":
            file.lines.add(drawn.get("bpmnElement", ""))
    return file


def _stands_for_itself(element: Element) -> bool:
    return not _local(element).endswith(_WITHIN) and _local(element) not in ("documentation", "text")


def _meaning(element: Element, shared: Mapping[str, Element]) -> Meaning:
    parent = element.getparent()
    held = "" if parent is None or _local(parent) == "process" else parent.get("id", "")
    told = {"tag": _local(element), "parent": held if _local(element) != "process" else ""}
    for path, value in _words(element, "", shared):
        told[path] = f"{told[path]}; {value}" if path in told else value
    return told


def _words(element: Element, path: str, shared: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """Everything that is written in an element, by where it stands in it."""
    for name, value in element.attrib.items():
        plain = etree.QName(name).localname
        if plain in _PASSED_OVER or plain == "type" and "XMLSchema-instance" in str(name):
            continue
        if str(value) in shared and plain.endswith("Ref"):
            yield from _referred(shared[str(value)], path + plain, shared)
        else:
            yield path + plain, str(value)
    text = " ".join((element.text or "").split())
    if text and path:
        yield path.rstrip("/"), text
    for child in element:
        if isinstance(child.tag, str) and _local(child) not in _PASSED_OVER and not _apart(child):
            yield from _child(child, path, shared)


def _child(child: Element, path: str, shared: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """Lists of mappings, headers and properties by what they fill; everything else by its tag."""
    tag = _local(child)
    if tag in ("input", "output"):
        yield f"{path}{tag}#{child.get('target', '')}", child.get("source", "")
    elif tag in ("header", "property"):
        yield f"{path}{tag}#{child.get('key') or child.get('name') or ''}", child.get("value", "")
    else:
        yield from _words(child, path if tag == "extensionElements" else f"{path}{tag}/", shared)


def _referred(element: Element, path: str, shared: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    for inner, value in _words(element, "", shared):
        yield (path if inner == "name" else inner), value


def _apart(child: Element) -> bool:
    """Whether a child is compared on its own."""
    own = etree.QName(child).namespace == _MODEL and child.get("id") is not None
    return own and _stands_for_itself(child)


def _local(element: Element) -> str:
    return str(etree.QName(element).localname)


# ---- where it is drawn -----------------------------------------------------------------------------------------------


def _place(drawn: Element) -> Place:
    """The bounds of a shape, the points of an edge."""
    bounds = drawn.find("./{*}Bounds")
    if bounds is not None:
        return tuple(_number(bounds.get(side)) for side in ("x", "y", "width", "height"))
    points = drawn.iterfind("./{*}waypoint")
    return tuple(_number(point.get(axis)) for point in points for axis in ("x", "y"))


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _shift(old: _File, new: _File) -> Place:
    """How far most elements were drawn from where they were: the whole drawing was pushed there."""
    both = [(old.places[id_], place) for id_, place in new.places.items() if id_ in old.places]
    shifts = Counter((round(b[0] - a[0], 2), round(b[1] - a[1], 2)) for a, b in both if len(a) >= 2 and len(b) >= 2)
    return max(shifts, key=lambda shift: (shifts[shift], shift == (0.0, 0.0)), default=(0.0, 0.0))


def _moved(old: _File, new: _File, id_: str, shift: Place) -> bool:
    before, after = old.places.get(id_), new.places.get(id_)
    if before is None or after is None:
        return before is not after
    if id_ in new.lines:  # it follows the elements that it joins
        ends = [str(new.elements[id_].get(end)) for end in ("sourceRef", "targetRef")]
        if any(end not in old.elements or _moved(old, new, end, shift) for end in ends if end in new.elements):
            return False
    size = len(after) if id_ in new.lines else 2
    pushed = [value + shift[place % 2] if place < size else value for place, value in enumerate(before)]
    return [round(value, 1) for value in pushed] != [round(value, 1) for value in after]
