"""What each node of a drawing brings: variables that it leaves behind, and those that only it sees itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.spiff.compile.xml import bpmn
from kernel.text import Text, say
from processes.hints import shapes
from processes.hints.drawing import Drawing, Node, extension, mappings
from processes.hints.family import Family
from processes.hints.shapes import ANY, BOOLEAN, NUMBER, TEXT, Lookup, Shape
from tasks.handlers import registry
from tasks.handlers.subjects import Leaver
from tasks.human.start import FROM_OA, OFFBOARDING

Named = Mapping[str, Shape]
_PERSON = Shape("context", dict.fromkeys(("login", "name"), TEXT))
# What the product gives the process of a resignation when it files the case (`hr.offboarding.dossier.variables`).
CASE: Named = {
    "caseNumber": TEXT,
    "employee": Shape(
        "context",
        {
            **shapes.of_fields(Leaver),
            **dict.fromkeys(("department", "position", "level"), TEXT),
            "inProbation": BOOLEAN,
        },
    ),
    "manager": _PERSON,
    "departmentHead": _PERSON,
    "reason": TEXT,
    "reasonText": TEXT,
    "leavingOn": TEXT,
    "leavingType": TEXT,
    "mutualConsent": BOOLEAN,
    "filedAt": TEXT,
    "channel": TEXT,
    "externalId": TEXT,
    "plan": Shape("context"),
    "notice": Shape("context", {"days": NUMBER, "article": TEXT, "statutoryLastDay": TEXT}),
    "recipient": _PERSON,
    "absent": BOOLEAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """`own` are variables of the node alone (inputs, loop), `result` what its work brings, `left` what stays behind.

    `open` says that its work may bring anything, `leaves_all` that anything of that stays behind.
    """

    own: Named = field(default_factory=dict)
    result: Named = field(default_factory=dict)
    left: Named = field(default_factory=dict)
    open: bool = False
    leaves_all: bool = False


NOTHING = Provided()
COUNTERS = (
    "loopCounter",
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)
CARRIES = frozenset({"message", "signal", "error", "escalation"})  # events that may bring variables along


Calls = Callable[[str], tuple[Named, bool]]


def provided(node: Node, drawn: Drawing, family: Family, known: Lookup, calls: Calls) -> Provided:
    """What a node brings.

    `known` are the shapes of the variables that it meets; `calls` tells what a process leaves to who calls it, and
    whether it may leave anything besides.
    """
    inputs = _mapped(node, "input", known, family)
    many = _loop(node, known, family)
    own = {**many.own, **inputs}
    result, open = _work(node, drawn, family, lambda name: own[name] if name in own else known(name), calls)

    def inner(name: str) -> Shape:
        return result[name] if name in result else own[name] if name in own else known(name)

    gives = mappings(node.xml, "output")
    if gives:
        left = _mapped(node, "output", inner, family)
    elif drawn.extension(node.id, "adHoc").get("outputCollection"):
        left = {drawn.extension(node.id, "adHoc")["outputCollection"]: Shape("list")}
    else:
        # What was mapped in is the node's own, and stays so whatever its work says.
        left = {name: shape for name, shape in result.items() if name not in inputs}
    left = {name: shape for name, shape in left.items() if name not in many.own}
    if node.tag == "startEvent" and not node.events:
        # What an instance is started with is its own, whatever the start event maps.
        return Provided(own=own, result=result, left={**result, **left}, open=open, leaves_all=open)
    return Provided(own=own, result=result, left={**left, **many.left}, open=open, leaves_all=open and not gives)


def _mapped(node: Node, side: str, known: Lookup, family: Family) -> dict[str, Shape]:
    found: dict[str, Shape] = {}

    def seen(name: str) -> Shape:
        # An input sees those before it; outputs are written all at once.
        return found[name] if side == "input" and name in found else known(name)

    for written, target in mappings(node.xml, side):
        head, *rest = target.split(".")
        source = written.strip()
        shape = shapes.of_feel(source[1:], seen, family.functions) if source.startswith("=") else TEXT
        before = found.get(head, known(head) if rest else ANY)
        found[head] = before.with_entry(rest, shape)
    return found


def _loop(node: Node, known: Lookup, family: Family) -> Provided:
    many = node.xml.find(bpmn("multiInstanceLoopCharacteristics"))
    if many is None:
        repeats = node.xml.find(bpmn("standardLoopCharacteristics")) is not None
        return Provided(own={"loopCounter": NUMBER}) if repeats else NOTHING
    given = extension(many, "loopCharacteristics")
    own: dict[str, Shape] = dict.fromkeys(COUNTERS, NUMBER)
    source = given.get("inputCollection", "").strip()
    if given.get("inputElement"):
        rows = shapes.of_feel(source.removeprefix("="), known, family.functions)
        own[given["inputElement"]] = rows.item() if rows.type == "list" else ANY
    left = {given["outputCollection"]: Shape("list")} if given.get("outputCollection") else {}
    return Provided(own=own, left=left)


def _work(node: Node, drawn: Drawing, family: Family, known: Lookup, calls: Calls) -> tuple[Named, bool]:
    """What the work of a node brings, and whether it may bring anything besides."""
    match node.tag:
        case "startEvent":
            return _start(node, drawn, family)
        case "userTask":
            return _of_form(node, drawn, family)
        case "scriptTask" if script := drawn.extension(node.id, "script"):
            source = script.get("expression", "").strip().removeprefix("=")
            return _named(script.get("resultVariable"), shapes.of_feel(source, known, family.functions)), False
        case "businessRuleTask" if called := drawn.extension(node.id, "calledDecision"):
            return _named(called.get("resultVariable"), family.decided.get(called.get("decisionId", ""), ANY)), False
        case "callActivity":
            return _called(node, drawn, calls)
        case "receiveTask":
            return {}, True
        case "intermediateCatchEvent" | "boundaryEvent":
            return {}, bool(node.events & CARRIES)
    return _of_job(drawn.extension(node.id, "taskDefinition").get("type"))


def _named(name: str | None, shape: Shape) -> dict[str, Shape]:
    return {name: shape} if name else {}


def _of_job(type: str | None) -> tuple[Named, bool]:
    if not type:
        return {}, False
    known = type in registry.types()
    return (shapes.of_fields(registry.find(type).answer), False) if known else ({}, True)


def _start(node: Node, drawn: Drawing, family: Family) -> tuple[Named, bool]:
    """A start without a form may be given anything, as may one by a message; a timer brings nothing."""
    if drawn.nodes.get(node.scope) is not None:
        return {}, bool(node.events & CARRIES)
    if node.process == OFFBOARDING and (node.id == FROM_OA or not node.events):
        return {**_of_form(node, drawn, family)[0], **CASE}, False
    return ({}, "timer" not in node.events) if node.events else _of_form(node, drawn, family)


def _of_form(node: Node, drawn: Drawing, family: Family) -> tuple[Named, bool]:
    """What a form fills. Where it is not in the project, or there is none, anything may be said."""
    id = drawn.extension(node.id, "formDefinition").get("formId", "")
    return (family.filled[id], False) if id in family.filled else ({}, True)


def _called(node: Node, drawn: Drawing, calls: Calls) -> tuple[Named, bool]:
    called = drawn.extension(node.id, "calledElement")
    all_out = called.get("propagateAllChildVariables", "true") == "true" or bool(mappings(node.xml, "output"))
    return calls(called.get("processId", "")) if all_out else ({}, False)


KIND: Mapping[str, Text] = {
    "startEvent": say("start event"),
    "userTask": say("user task"),
    "serviceTask": say("service task"),
    "sendTask": say("send task"),
    "receiveTask": say("receive task"),
    "scriptTask": say("script"),
    "businessRuleTask": say("decision"),
    "callActivity": say("called process"),
    "boundaryEvent": say("boundary event"),
    "intermediateCatchEvent": say("catch event"),
    "subProcess": say("sub-process"),
}


def kind(tag: str) -> Text:
    """What people call a kind of node."""
    return KIND.get(tag, Text(tag))
