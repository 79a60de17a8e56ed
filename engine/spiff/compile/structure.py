"""What may stand inside an element and beside the processes. A part that would be ignored in silence is refused."""

from engine.spiff.compile.report import Refused, Report
from engine.spiff.compile.xml import BPMN, Tree, bpmn, elements, local
from kernel.text import say

SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")
# What stands beside the nodes of a scope and does nothing at run time, or is read with something else. Data objects and
# their associations are drawings for people: values live in variables.
NOT_NODES = {
    "association", "auditing", "completionCondition", "dataInputAssociation", "dataObject", "dataObjectReference",
    "dataOutputAssociation", "dataStoreReference", "documentation", "extensionElements", "group", "incoming",
    "laneSet", "monitoring", "multiInstanceLoopCharacteristics", "outgoing", "property", "sequenceFlow",
    "standardLoopCharacteristics", "textAnnotation",
}  # fmt: skip
INSIDE_NODES = {
    "activationCondition", "auditing", "dataInputAssociation", "dataOutputAssociation", "documentation",
    "eventDefinitionRef", "extensionElements", "incoming", "monitoring", "multiInstanceLoopCharacteristics", "outgoing",
    "property", "standardLoopCharacteristics",
}  # fmt: skip
INSIDE_LOOPS = {"documentation", "extensionElements", "loopCardinality", "loopCondition", "completionCondition"}
BESIDE_PROCESSES = {
    "category", "collaboration", "dataStore", "documentation", "error", "escalation", "extension", "extensionElements",
    "itemDefinition", "message", "process", "relationship", "signal",
}  # fmt: skip
REMEDIES = {
    "ioSpecification": say("Data inputs and outputs are not run. Use input and output mappings instead."),
    "script": say("Scripts in other languages are not run. Write a FEEL expression instead."),
    "performer": say("A performer is not run. Use the task's assignment instead."),
    "humanPerformer": say("A performer is not run. Use the task's assignment instead."),
    "potentialOwner": say("A potential owner is not run. Use the task's assignment instead."),
    "complexBehaviorDefinition": say("Complex multi-instance behavior is not run. Use a completion condition instead."),
}
DIRECTIONS = {"Converging": (2, None, 0, 1), "Diverging": (0, 1, 2, None), "Mixed": (2, None, 2, None)}


def check_file(root: Tree, report: Report) -> None:
    """What stands beside the processes."""
    for element in elements(root):
        tag = local(element)
        if element.tag == bpmn(tag) and tag not in BESIDE_PROCESSES and not tag.endswith("EventDefinition"):
            report.add(
                element.get("id", ""),
                "unsupported-element",
                say("{tag} is not run here. Model it with a process, or remove it.", tag=tag),
                error=tag not in ("import", "interface", "resource", "partnerRole", "partnerEntity", "endPoint"),
            )


def check_parts(element: Tree) -> None:
    """The parts of a node. Raises Refused for the first one that is not run."""
    tag, id = local(element), element.get("id", "")
    if tag not in SCOPES:
        _check_children(element, id, INSIDE_NODES)
    for loop in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        for marker in element.iterfind(bpmn(loop)):
            _check_children(marker, id, INSIDE_LOOPS)
    for association in element.iterfind(bpmn("dataInputAssociation")):
        if association.find(bpmn("assignment")) is not None or association.find(bpmn("transformation")) is not None:
            raise Refused(id, "unsupported-element", REMEDIES["ioSpecification"])


def _check_children(element: Tree, id: str, known: set[str]) -> None:
    for child in elements(element):
        tag = local(child)
        if child.tag.startswith(f"{{{BPMN}}}") and tag not in known and not tag.endswith("EventDefinition"):
            raise Refused(id, "unsupported-element", REMEDIES.get(tag) or say("{tag} inside it is not run.", tag=tag))


def check_direction(element: Tree, ways_in: int, ways_out: int) -> None:
    """A gateway's declared direction agrees with its flows (BPMN 2.0.2, 10.6.1)."""
    declared = element.get("gatewayDirection", "Unspecified")
    if declared not in DIRECTIONS:
        return
    least_in, most_in, least_out, most_out = DIRECTIONS[declared]
    fits_in = least_in <= ways_in and (most_in is None or ways_in <= most_in)
    fits_out = least_out <= ways_out and (most_out is None or ways_out <= most_out)
    if not (fits_in and fits_out):
        raise Refused(
            element.get("id", ""),
            "gateway-direction",
            say(
                "The gateway is declared {declared} but has {n} ways in and {m} out. Change flows or direction.",
                declared=declared,
                n=ways_in,
                m=ways_out,
            ),
        )
