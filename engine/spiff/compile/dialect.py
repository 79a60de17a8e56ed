"""The zeebe extension elements: where each of them is run, and how those of an element are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.spiff.compile.report import Refused
from engine.spiff.compile.xml import ZEEBE, Tree, bpmn, elements, local
from kernel.text import say

GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway")
SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
TASKS = (
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
)  # fmt: skip
CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
THROWING = ("intermediateThrowEvent", "endEvent")
JOBS = (
    "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "intermediateThrowEvent/message", "endEvent/message",
)  # fmt: skip
ANYWHERE = ("",)
# Where each zeebe element is run: the BPMN tag, for an event with `/` and its definition, or `/process` for a start
# event of the process itself. What stands elsewhere is refused, since it would be ignored there.
PLACES: dict[str, tuple[str, ...]] = {
    "adHoc": ("adHocSubProcess",),
    "assignmentDefinition": ("userTask",),
    "calledDecision": ("businessRuleTask",),
    "calledElement": ("callActivity",),
    "formDefinition": ("userTask", "startEvent/process"),
    "ioMapping": (*TASKS, *SUB_PROCESSES, "callActivity", *CATCHING, *THROWING),
    "loopCharacteristics": ("multiInstanceLoopCharacteristics",),
    "modelerTemplate": ANYWHERE,
    "priorityDefinition": ("userTask",),
    "properties": ANYWHERE,
    "script": ("scriptTask",),
    "subscription": ("message",),
    "taskDefinition": JOBS,
    "taskHeaders": (*JOBS, "userTask"),
    "taskSchedule": ("userTask",),
    "userTask": ("userTask",),
    "userTaskForm": ("process",),
    "versionTag": ("process",),
}
# Written by Camunda Modeler for its own use; they change nothing at run time.
HARMLESS = {"userTaskForm", "modelerTemplate"}
# Events that have happened before their token is there: what an input mapping would prepare, nobody would read.
NO_INPUTS = ("startEvent", "boundaryEvent")
KEYED = {"taskHeaders": "key", "properties": "name"}
PARTS = {"ioMapping": ("input", "output"), "taskHeaders": ("header",), "properties": ("property",)}
ATTRIBUTES: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "adHoc": "activeElementsCollection outputCollection outputElement",
        "assignmentDefinition": "assignee candidateGroups candidateUsers",
        "calledDecision": "decisionId resultVariable bindingType versionTag",
        "calledElement": "processId bindingType versionTag propagateAllChildVariables propagateAllParentVariables",
        "formDefinition": "formId formKey externalReference bindingType versionTag",
        "header": "key value",
        "input": "source target",
        "ioMapping": "",
        "loopCharacteristics": "inputCollection inputElement outputCollection outputElement",
        "output": "source target",
        "priorityDefinition": "priority",
        "properties": "",
        "property": "id name value",
        "script": "expression resultVariable",
        "subscription": "correlationKey",
        "taskDefinition": "type retries",
        "taskHeaders": "",
        "taskSchedule": "dueDate followUpDate",
        "userTask": "",
        "versionTag": "value",
    }.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """`plain` holds the attributes of each extension element by its name; `takes` and `gives` are io mappings."""

    plain: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> Mapping[str, str]:
        """The attributes of an extension element, empty where it is absent."""
        return self.plain.get(name, {})


def extensions(element: Tree) -> Extensions:
    """Read `bpmn:extensionElements`. What stands at the wrong place is told by placement.py.

    Raises Refused for a mapping without a source or a target.
    """
    plain: dict[str, Mapping[str, str]] = {}
    keyed: dict[str, Mapping[str, str]] = {}
    mappings: dict[str, tuple[tuple[str, str], ...]] = {}
    for found in element.iterfind(f"{bpmn('extensionElements')}/{{{ZEEBE}}}*"):
        name = local(found)
        if name == "ioMapping":
            mappings = {side: _mappings(element, found, side) for side in PARTS["ioMapping"]}
        elif name in KEYED:
            keyed[name] = {child.get(KEYED[name], ""): child.get("value", "") for child in elements(found)}
        elif name not in HARMLESS:
            plain[name] = dict(found.attrib)
    return Extensions(
        plain=plain,
        headers=keyed.get("taskHeaders", {}),
        properties=keyed.get("properties", {}),
        takes=mappings.get("input", ()),
        gives=mappings.get("output", ()),
    )


def _mappings(element: Tree, box: Tree, side: str) -> tuple[tuple[str, str], ...]:
    found = []
    for child in elements(box):
        if local(child) != side:
            continue
        source, target = child.get("source"), child.get("target")
        if source is None or not target:
            raise Refused(
                element.get("id", ""),
                "io-mapping",
                say("An {side} mapping needs a source and a target. Fill in both.", side=side),
            )
        found.append((source, target))
    return tuple(found)
