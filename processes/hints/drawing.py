"""A BPMN file as hints read it: its nodes, what may follow what, and every place that holds FEEL.

It is read as it stands, broken or not: what cannot be read gives nothing, and the engine tells why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from engine.model import ModelRefused, Resource
from engine.spiff.compile.xml import Tree, bpmn, elements, local, read, zeebe
from kernel.text import Text, say

SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
EVENTS = frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"})
# Attributes of extension elements that may hold FEEL, with the field of the properties panel that shows them.
_ATTRIBUTES: dict[tuple[str, str], str] = {
    ("assignmentDefinition", "assignee"): "assignmentDefinitionAssignee",
    ("assignmentDefinition", "candidateGroups"): "assignmentDefinitionCandidateGroups",
    ("assignmentDefinition", "candidateUsers"): "assignmentDefinitionCandidateUsers",
    ("taskSchedule", "dueDate"): "taskScheduleDueDate",
    ("taskSchedule", "followUpDate"): "taskScheduleFollowUpDate",
    ("priorityDefinition", "priority"): "priorityDefinitionPriority",
    ("formDefinition", "formId"): "formId",
    ("formDefinition", "externalReference"): "externalReference",
    ("taskDefinition", "type"): "taskDefinitionType",
    ("taskDefinition", "retries"): "taskDefinitionRetries",
    ("calledElement", "processId"): "targetProcessId",
    ("calledDecision", "decisionId"): "decisionId",
    ("adHoc", "activeElementsCollection"): "activeElementsCollection",
}
_WORDS: dict[str, Text] = {
    "assignmentDefinitionAssignee": say("Assignee"),
    "assignmentDefinitionCandidateGroups": say("Candidate groups"),
    "assignmentDefinitionCandidateUsers": say("Candidate users"),
    "taskScheduleDueDate": say("Due date"),
    "taskScheduleFollowUpDate": say("Follow-up date"),
    "priorityDefinitionPriority": say("Priority"),
    "formId": say("Form"),
    "externalReference": say("External form"),
    "taskDefinitionType": say("Job type"),
    "taskDefinitionRetries": say("Retries"),
    "targetProcessId": say("Called process"),
    "decisionId": say("Decision"),
    "activeElementsCollection": say("Active elements"),
    "adHocOutputElement": say("Output element"),
    "scriptExpression": say("Script"),
    "conditionExpression": say("Condition"),
    "condition": say("Condition"),
    "timerEventDefinitionValue": say("Timer"),
    "messageName": say("Message name"),
    "messageSubscriptionCorrelationKey": say("Correlation key"),
    "signalName": say("Signal name"),
    "multiInstance-inputCollection": say("Input collection"),
    "multiInstance-outputElement": say("Output element"),
    "multiInstance-completionCondition": say("Completion condition"),
    "loopCardinality": say("Loop cardinality"),
    "loopCondition": say("Loop condition"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One field of an element. `text` is as written, without a leading `=` where that makes it an `expression`.

    `property` is the id of the field in the properties panel, `words` its name for people. `sees`: `outside` reads the
    variables around the element, `inside` those of its own too (inputs, loop), `result` also what its work brought.
    """

    element: str
    property: str
    words: Text
    text: str
    expression: bool
    sees: str = "inside"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A flow node. `scope` is the process or sub-process around it; `ways` are the nodes right behind it."""

    id: str
    tag: str
    name: str
    scope: str
    xml: Tree
    process: str
    events: frozenset[str] = frozenset()
    ways: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The flow nodes and the places of all executable processes, by id; `processes` are their ids."""

    nodes: dict[str, Node]
    places: tuple[Place, ...]
    processes: dict[str, Tree]
    root: Tree | None

    def extension(self, id: str, name: str) -> dict[str, str]:
        """The attributes of an extension element of a node, empty where it has none."""
        return extension(self.nodes[id].xml, name)


NOTHING = Drawing(nodes={}, places=(), processes={}, root=None)


@lru_cache(maxsize=8)
def drawing(resource: Resource) -> Drawing:
    """The drawing of a file; `NOTHING` for one that cannot be read."""
    try:
        root = read(resource)
    except ModelRefused:
        return NOTHING
    nodes: dict[str, Node] = {}
    processes = {
        process.get("id", ""): process
        for process in root.iterfind(bpmn("process"))
        if process.get("isExecutable", "false").strip() in ("true", "1")
    }
    for id, process in processes.items():
        _scope(process, id, id, nodes)
    _links(nodes)
    _join(nodes)
    shared = {child.get("id", ""): child for child in elements(root)}
    found = [place for node in nodes.values() for place in places(node, shared)]
    for process in processes.values():
        found += _conditions(process)
    return Drawing(nodes=nodes, places=tuple(found), processes=processes, root=root)


def extension(element: Tree, name: str) -> dict[str, str]:
    """The attributes of an extension element, empty where there is none."""
    found = element.find(f"{bpmn('extensionElements')}/{zeebe(name)}")
    return {} if found is None else dict(found.attrib)


def mappings(element: Tree, side: str) -> list[tuple[str, str]]:
    """Source and target of the io mappings of one side, `input` or `output`; without those that lack one."""
    found = element.iterfind(f"{bpmn('extensionElements')}/{zeebe('ioMapping')}/{zeebe(side)}")
    return [(one.get("source", ""), one.get("target", "")) for one in found if one.get("source") and one.get("target")]


def _scope(scope: Tree, id: str, process: str, nodes: dict[str, Node]) -> None:
    flows = []
    for child in elements(scope):
        tag = local(child)
        if tag == "sequenceFlow":
            flows.append((child.get("sourceRef"), child.get("targetRef")))
        elif child.get("id") and child.get("id") not in nodes and _is_node(tag):
            kinds = frozenset(_kinds(child)) if tag in EVENTS else frozenset()
            nodes[child.get("id")] = Node(
                id=child.get("id"),
                tag=tag,
                name=" ".join((child.get("name") or "").split()),
                scope=id,
                process=process,
                xml=child,
                events=kinds,
            )
            if tag in SUB_PROCESSES:
                _scope(child, child.get("id"), process, nodes)
    for source, target in flows:
        if source in nodes and target in nodes:
            nodes[source].ways.add(target)


def _is_node(tag: str) -> bool:
    return tag in SUB_PROCESSES or tag in EVENTS or tag.endswith(("Task", "task", "Gateway", "callActivity"))


def _kinds(event: Tree) -> Iterator[str]:
    for child in elements(event):
        if local(child).endswith("EventDefinition"):
            yield local(child).removesuffix("EventDefinition")


def _links(nodes: dict[str, Node]) -> None:
    """From a link throw event to the catch events of its name."""
    catches: dict[str, list[str]] = {}
    for node in nodes.values():
        if "link" in node.events and node.tag == "intermediateCatchEvent":
            catches.setdefault(_link(node), []).append(node.id)
    for node in nodes.values():
        if "link" in node.events and node.tag == "intermediateThrowEvent":
            node.ways.update(catches.get(_link(node), ()))


def _link(node: Node) -> str:
    found = node.xml.find(bpmn("linkEventDefinition"))
    return "" if found is None else found.get("name", "")


def _join(nodes: dict[str, Node]) -> None:
    """What may follow besides the flows: boundaries, the inside of a sub-process and the way out, what listens."""
    for node in nodes.values():
        host = nodes.get(node.xml.get("attachedToRef", "")) if node.tag == "boundaryEvent" else None
        if host is not None:
            host.ways.add(node.id)
    for node in nodes.values():  # what holds others comes before them
        scope = nodes.get(node.scope)
        if scope is not None:
            # Inside a sub-process anything may be the last thing before its end, or before what interrupts it.
            node.ways.update([way for way in scope.ways if nodes[way].scope != scope.id])
            if _first(node):
                scope.ways.add(node.id)
    for listener in [node for node in nodes.values() if node.xml.get("triggeredByEvent") == "true"]:
        _listen(listener, nodes)


def _listen(listener: Node, nodes: dict[str, Node]) -> None:
    """An event sub-process may follow anything in the scope that it listens to."""
    for node in nodes.values():
        around = scopes(node, nodes)
        if listener.scope in around and listener.id not in (node.id, *around):
            node.ways.add(listener.id)


def scopes(node: Node, nodes: dict[str, Node]) -> list[str]:
    """What lies around a node, from the inside out, its process last."""
    found = [node.scope]
    while found[-1] in nodes:
        found.append(nodes[found[-1]].scope)
    return found


def _first(node: Node) -> bool:
    """Whether a sub-process may begin with it."""
    listens = node.tag == "boundaryEvent" or node.xml.get("triggeredByEvent") == "true"
    return node.tag == "startEvent" or (not listens and node.xml.find(bpmn("incoming")) is None)


def places(node: Node, shared: dict[str, Tree]) -> Iterator[Place]:
    """Every field of a node that may hold FEEL and is filled in."""
    id, xml = node.id, node.xml
    for (name, attribute), field_id in _ATTRIBUTES.items():
        yield from _place(id, field_id, extension(xml, name).get(attribute))
    script = extension(xml, "script").get("expression", "").strip()
    if script:
        yield from _place(id, "scriptExpression", script if script.startswith("=") else f"={script}")
    yield from _place(id, "adHocOutputElement", extension(xml, "adHoc").get("outputElement"), "result")
    yield from _mapped(node)
    yield from _loops(node)
    yield from _events(node, shared)


def _place(
    element: str, property: str, text: str | None, sees: str = "inside", words: Text | None = None
) -> list[Place]:
    written = (text or "").strip()
    if not written:
        return []
    is_feel = written.startswith("=")
    return [
        Place(
            element=element,
            property=property,
            words=words or _WORDS[property],
            text=written[1:] if is_feel else written,
            expression=is_feel,
            sees=sees,
        )
    ]


def _mapped(node: Node) -> Iterator[Place]:
    for index, (source, target) in enumerate(mappings(node.xml, "input")):
        words = say("Input {name}", name=target)
        yield from _place(node.id, f"{node.id}-input-{index}-source", source, "inside", words)
    for index, (source, target) in enumerate(mappings(node.xml, "output")):
        words = say("Output {name}", name=target)
        yield from _place(node.id, f"{node.id}-output-{index}-source", source, "result", words)


def _loops(node: Node) -> Iterator[Place]:
    many = node.xml.find(bpmn("multiInstanceLoopCharacteristics"))
    if many is not None:
        given = extension(many, "loopCharacteristics")
        yield from _place(node.id, "multiInstance-inputCollection", given.get("inputCollection"), "outside")
        yield from _place(node.id, "multiInstance-outputElement", given.get("outputElement"), "result")
        yield from _place(node.id, "multiInstance-completionCondition", _text(many, "completionCondition"), "result")
        yield from _place(node.id, "loopCardinality", _text(many, "loopCardinality"), "outside")
    loop = node.xml.find(bpmn("standardLoopCharacteristics"))
    if loop is not None:
        yield from _place(node.id, "loopCondition", _text(loop, "loopCondition"), "result")


def _events(node: Node, shared: dict[str, Tree]) -> Iterator[Place]:
    for definition in [node.xml, *elements(node.xml)]:
        for kind in ("timeDate", "timeDuration", "timeCycle"):
            yield from _place(node.id, "timerEventDefinitionValue", _text(definition, kind), "outside")
        yield from _place(node.id, "condition", _text(definition, "condition"), "outside")
        message = shared.get(definition.get("messageRef", "").rpartition(":")[2])
        if message is not None:
            yield from _place(node.id, "messageName", message.get("name"), "outside")
            key = extension(message, "subscription").get("correlationKey")
            yield from _place(node.id, "messageSubscriptionCorrelationKey", key, "outside")
        signal = shared.get(definition.get("signalRef", "").rpartition(":")[2])
        if signal is not None:
            yield from _place(node.id, "signalName", signal.get("name"), "outside")
    yield from _place(node.id, "multiInstance-completionCondition", _text(node.xml, "completionCondition"), "inside")


def _conditions(scope: Tree) -> Iterator[Place]:
    for flow in scope.iter(bpmn("sequenceFlow")):
        yield from _place(flow.get("id", ""), "conditionExpression", _text(flow, "conditionExpression"), "outside")


def _text(element: Tree, tag: str) -> str | None:
    found = element.find(bpmn(tag))
    return None if found is None or not isinstance(found.tag, str) else found.text
