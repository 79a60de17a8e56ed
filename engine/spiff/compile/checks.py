"""What a file must hold before it is run, whatever its elements: ids, references, ways in and out."""

import re
from typing import Any

from engine.spiff.compile.compensation import check_compensation
from engine.spiff.compile.draft import brief
from engine.spiff.compile.joins import check_joins
from engine.spiff.compile.report import Report
from engine.spiff.compile.structure import NOT_NODES, SCOPES
from engine.spiff.compile.xml import BPMN, Tree, bpmn, elements, local
from engine.spiff.model import Model, ProcessSpec
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.events import BoundaryEvent, LinkCatchEvent, StartEvent
from engine.spiff.nodes.gateways import EventBasedGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.spiff.nodes.subprocess import EventSubProcess
from engine.spiff.nodes.throw import EndEvent
from kernel.text import say

# NCName of XML Namespaces 1.0, which xsd:ID asks for: no colon, no blank, no quote, no digit in front.
_START = "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
_START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_NAME = re.compile(f"[{_START}][{_START}\\-.0-9\xb7\u0300-\u036f\u203f-\u2040]*")


def check_ids(root: Tree, report: Report) -> None:
    """Every id of the model once (the diagram's ids are its own), and each a name of XML."""
    seen: set[str] = set()
    for element in root.iter(f"{{{BPMN}}}*"):
        id = element.get("id")
        if id is not None and not _NAME.fullmatch(id):
            report.add(
                id,
                "id-name",
                say(
                    "The id {id} is no name: it starts with a letter or _, and has letters, digits, - . and _ only. "
                    "Rename it.",
                    id=brief(id),
                ),
            )
        if id in seen:
            report.add(id, "duplicate-id", say("The id {id} is used twice. Give each element its own.", id=id))
        elif id is not None:
            seen.add(id)


def check_references(scope: Tree, report: Report) -> None:
    """Flows and their ends agree, in this scope and those inside."""
    here = {child.get("id"): child for child in elements(scope) if local(child) not in NOT_NODES}
    flows = {flow.get("id"): flow for flow in scope.iterfind(bpmn("sequenceFlow"))}
    for id, flow in flows.items():
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in here:
                report.add(
                    id or scope.get("id", ""),
                    "dangling-reference",
                    say("{end} is {id}, which is no element of this scope.", end=end, id=str(flow.get(end))),
                )
    _check_ends(here, flows, report)
    for element in here.values():
        if local(element) in SCOPES:
            check_references(element, report)


def _check_ends(here: dict[str, Tree], flows: dict[str, Tree], report: Report) -> None:
    """What an element lists as incoming and outgoing is what the flows say."""
    for id, element in here.items():
        for end, side in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            for named in element.iterfind(bpmn(end)):
                flow_id = (named.text or "").strip().rpartition(":")[2]
                if flow_id not in flows or flows[flow_id].get(side) != id:
                    report.add(
                        id or "",
                        "dangling-reference",
                        say("{end} names the flow {flow}, which does not lead there.", end=end, flow=flow_id),
                    )


GATEWAYS = (ExclusiveGateway, InclusiveGateway, ParallelGateway, EventBasedGateway)


def check_process(model: Model, report: Report) -> None:
    """Starts, and every scope's graph. Where an element was refused, what hangs on it is not judged."""
    whole = not report.errors
    plain = [start for start in model.starts if start.kind == "none"]
    if whole and not model.starts:
        report.add(model.process_id, "no-start", say("The process has no start event. Add one."))
    if len(plain) > 1:
        report.add(
            model.process_id, "several-starts", say("The process has {n} plain start events. Keep one.", n=len(plain))
        )
    check_compensation(model, report)
    for spec in (model.spec, *model.scopes.values()):
        for node in spec.nodes:
            _check_ways(node, report)
            _check_conditions(node, report)
        if whole:
            _check_reach(spec, report)
            check_joins(spec, report)


def _check_reach(spec: ProcessSpec, report: Report) -> None:
    handlers = {node.handler for node in spec.nodes if isinstance(node, Activity) and node.handler}
    reached = _reached(spec, handlers)
    for node in spec.nodes:
        if node.name not in reached:
            report.add(
                node.name, "unreachable", say("No way leads from a start event to this element. Connect or remove it.")
            )


def _check_ways(node: Any, report: Report) -> None:
    if node.incoming and isinstance(node, StartEvent | BoundaryEvent | EventSubProcess):
        report.add(node.name, "way-in", say("No sequence flow may lead to this element. Remove it."))
    if isinstance(node, LinkCatchEvent) and any("->" not in flow.id for flow in node.incoming):
        report.add(node.name, "way-in", say("No sequence flow may lead to a link catch event. Remove it."))
    if isinstance(node, BoundaryEvent):
        _check_boundary(node, report)
    if node.flows and isinstance(node, EndEvent | EventSubProcess):
        report.add(node.name, "way-out", say("No sequence flow may leave this element. Remove it."))


def _check_boundary(node: BoundaryEvent, report: Report) -> None:
    compensates = node.events[0].kind == "compensate"
    if compensates and node.flows:
        report.add(node.name, "way-out", say("No sequence flow leaves a compensation event. Use an association."))
    if not compensates and not node.flows:
        report.add(node.name, "way-out", say("No sequence flow leaves the boundary event. Draw one."))


def _check_conditions(node: Any, report: Report) -> None:
    conditional = [flow for flow in node.flows if flow.condition is not None]
    if isinstance(node, ParallelGateway | EventBasedGateway):
        for flow in conditional:
            report.add(
                flow.id,
                "condition-ignored",
                say("The condition of a flow out of {element} is not asked. Remove it.", element=node.name),
                error=False,
            )
    if isinstance(node, ExclusiveGateway | InclusiveGateway) and len(node.flows) > 1:
        for flow in node.flows:
            if flow.condition is None and flow is not node.default:
                report.add(
                    flow.id,
                    "missing-condition",
                    say(
                        "The flow out of {element} has no condition. Write one, or make it the default.",
                        element=node.name,
                    ),
                )
    if not isinstance(node, GATEWAYS):
        _check_ways_of_activity(node, {flow.id for flow in conditional}, report)
    if node.default is not None and node.default.condition is not None:
        report.add(
            node.default.id, "default-condition", say("The default flow takes no condition. Remove it."), error=False
        )


def _check_ways_of_activity(node: Any, conditional: set[str], report: Report) -> None:
    """One way alone has no condition, and of several some way is always open (BPMN 2.0.2, 8.3.13)."""
    ways = {flow.id for flow in node.flows}
    if not conditional or conditional < ways:
        return
    if len(ways) == 1:
        report.add(
            next(iter(ways)),
            "lone-condition",
            say(
                "The only flow out of {element} has a condition. Remove it, or draw a second flow for when it does not "
                "hold.",
                element=node.name,
            ),
        )
    else:
        report.add(
            node.name,
            "no-default",
            say("Every flow out of {element} has a condition. Make one the default.", element=node.name),
            error=False,
        )


def _reached(spec: ProcessSpec, handlers: set[str]) -> set[str]:
    """Nodes that a token can come to."""
    ahead = [
        node
        for node in spec.nodes
        if isinstance(node, StartEvent | EventSubProcess) or node.name in handlers or _starts_ad_hoc(spec, node)
    ]
    compensations = [node for node in spec.nodes if _compensation(node)]  # reached once anything can be undone
    seen: set[str] = set()
    while ahead:
        node = ahead.pop()
        if node.name not in seen:
            seen.add(node.name)
            ahead += [flow.target for flow in node.flows] + list(node.boundaries)
            if isinstance(node, Activity) and node.handler is not None:
                ahead += compensations
                compensations = []
    return seen


def _starts_ad_hoc(spec: ProcessSpec, node: Any) -> bool:
    return spec.adhoc is not None and not node.incoming and not isinstance(node, BoundaryEvent)


def _compensation(node: Any) -> bool:
    return isinstance(node, BoundaryEvent) and node.events[0].kind == "compensate"
