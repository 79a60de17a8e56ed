"""Nodes joined: sequence flows, links, boundary events, compensation handlers, the ways of event gateways."""

from typing import Any

import feel
from engine.spiff.compile.reach import find_reach
from engine.spiff.compile.report import Refused, Report
from engine.spiff.compile.structure import check_direction
from engine.spiff.compile.xml import TRUE, Tree, bpmn, elements
from engine.spiff.expression import Feel, expression
from engine.spiff.model import Flow, Model, ProcessSpec
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.events import BoundaryEvent, CatchEvent, LinkCatchEvent
from engine.spiff.nodes.gateways import EventBasedGateway
from engine.spiff.nodes.subprocess import EventSubProcess, SubProcess
from kernel.text import Text, say

Nodes = dict[str, Any]


def wire(scope: Tree, spec: ProcessSpec, nodes: Nodes, report: Report, model: Model) -> None:
    """Join the nodes of one scope; what does not fit is reported."""
    wiring = Wiring(scope, nodes, report, model)
    steps = (wiring.flows, wiring.links, wiring.defaults, wiring.boundaries, wiring.directions, wiring.compensation)
    for step in steps:
        step()
    for node in nodes.values():
        if isinstance(node, Activity):
            node.flows *= node.completion_quantity
        elif isinstance(node, EventBasedGateway):
            wiring.attempt(lambda node=node: wiring.event_gateway(node))
    find_reach(nodes.values())


class Wiring:
    """One scope's wiring."""

    def __init__(self, scope: Tree, nodes: Nodes, report: Report, model: Model) -> None:
        self.scope = scope
        self.nodes = nodes
        self.report = report
        self.model = model
        self.parts = {child.get("id", ""): child for child in elements(scope)}
        self.associated: dict[str, list[str]] = {}  # the nodes that associations lead to, by where they begin
        for association in scope.iterfind(bpmn("association")):
            if association.get("targetRef") in nodes:
                self.associated.setdefault(association.get("sourceRef", ""), []).append(association.get("targetRef"))

    def attempt(self, step: Any) -> None:
        try:
            step()
        except Refused as refused:
            self.report.refuse(refused)

    def flows(self) -> None:
        for element in self.scope.iterfind(bpmn("sequenceFlow")):
            self.attempt(lambda element=element: self._flow(element))

    def _flow(self, element: Tree) -> None:
        id = element.get("id")
        if not id:
            raise Refused(self.scope.get("id", ""), "missing-id", say("A sequence flow has no id. Give it one."))
        ends = [self.nodes.get(element.get(end, "")) for end in ("sourceRef", "targetRef")]
        if None in ends:
            return  # either refused with its element, or told by the check for references
        flow = self._connect(id, ends[0], ends[1], self._condition(element))
        self.model.flows.append((id, flow.source.name, flow.target.name))

    def _condition(self, element: Tree) -> Feel | None:
        found = element.find(bpmn("conditionExpression"))
        if found is None:
            return None
        id, text = element.get("id"), (found.text or "").strip()
        if not text:
            raise Refused(id, "missing-condition", say("The condition is empty. Write one, or remove it."))
        try:
            condition = expression(text, self.model.functions)
        except feel.FeelSyntaxError as error:
            raise Refused(
                id,
                "feel-syntax",
                say(
                    "condition: {text} is no FEEL expression. Character {position}: {reason}",
                    text=text,
                    position=error.position + 2,
                    reason=error.told.into(Text),
                ),
            ) from error
        if not isinstance(condition, Feel):
            raise Refused(
                id,
                "feel-required",
                say("condition: {text} is a fixed text. Write an expression with = in front.", text=text),
            )
        return condition

    def _connect(self, id: str, source: Any, target: Any, condition: Feel | None = None) -> Flow:
        flow = Flow(id, source, target, condition)
        source.flows.append(flow)
        target.incoming.append(flow)
        source.connect(target)
        return flow

    def links(self) -> None:
        """A link throw event goes on at the catch event of the same name."""
        targets: dict[str, Any] = {}
        for element in self.scope.iterfind(bpmn("intermediateCatchEvent")):
            node = self.nodes.get(element.get("id", ""))
            if isinstance(node, LinkCatchEvent):
                self.attempt(lambda element=element, node=node: self._link_target(targets, element, node))
        for element in self.scope.iterfind(bpmn("intermediateThrowEvent")):
            link = element.find(bpmn("linkEventDefinition"))
            node = self.nodes.get(element.get("id", ""))
            if link is not None and node is not None:
                self.attempt(lambda link=link, node=node: self._link(targets, link, node))

    def _link_target(self, targets: dict[str, Any], element: Tree, node: Any) -> None:
        name = element.find(bpmn("linkEventDefinition")).get("name", "")
        if name in targets:
            raise Refused(
                node.name, "link", say("Two link catch events are called {name}. Keep one of them.", name=name)
            )
        targets[name] = node

    def _link(self, targets: dict[str, Any], link: Tree, node: Any) -> None:
        name = link.get("name", "")
        if node.flows:
            raise Refused(node.name, "way-out", say("No sequence flow may leave a link throw event. Remove it."))
        if name not in targets:
            raise Refused(
                node.name, "link", say("No link catch event is called {name} in this scope. Add it.", name=name)
            )
        self._connect(f"{node.name}->{targets[name].name}", node, targets[name])

    def defaults(self) -> None:
        for element in self.scope.iterfind("*[@default]"):
            id, default = element.get("id", ""), element.get("default", "")
            node = self.nodes.get(id)
            if node is not None and default:
                node.default = next((flow for flow in node.flows if flow.id == default), None)
                if node.default is None:
                    self.report.add(
                        id,
                        "dangling-reference",
                        say("The default flow {flow} does not leave this element. Choose one that does.", flow=default),
                    )

    def directions(self) -> None:
        for element in self.scope.iterfind("*[@gatewayDirection]"):
            node = self.nodes.get(element.get("id", ""))
            if node is not None:
                ways = len(node.incoming), len(node.flows)
                self.attempt(lambda element=element, ways=ways: check_direction(element, *ways))

    def boundaries(self) -> None:
        for element in self.scope.iterfind(bpmn("boundaryEvent")):
            boundary = self.nodes.get(element.get("id", ""))
            if isinstance(boundary, BoundaryEvent):
                self.attempt(lambda element=element, boundary=boundary: self._boundary(element, boundary))

    def _boundary(self, element: Tree, boundary: BoundaryEvent) -> None:
        host = self.nodes.get(element.get("attachedToRef", ""))
        if not isinstance(host, Activity) or isinstance(host, EventSubProcess):
            raise Refused(
                boundary.name,
                "boundary-host",
                say("The boundary event is attached to nothing that can carry it. Attach it to an activity."),
            )
        kind = boundary.events[0].kind
        if kind == "compensate":
            host.handler = self._handler(boundary)
        elif kind == "cancel" and not (isinstance(host, SubProcess) and host.transaction):
            raise Refused(boundary.name, "cancel", say("A cancel event belongs to a transaction. Use another event."))
        else:
            host.boundaries.append(boundary)

    def _handler(self, boundary: BoundaryEvent) -> str:
        """The activity that an association leads to from a compensation event (BPMN 2.0.2, 10.7.2)."""
        handlers = self.associated.get(boundary.name, [])
        if len(handlers) != 1:
            raise Refused(
                boundary.name,
                "compensation",
                say(
                    "{n} activities are associated with the compensation event. Draw one association, to its handler.",
                    n=len(handlers),
                ),
            )
        (handler,) = handlers
        node = self.nodes[handler]
        if not isinstance(node, Activity) or node.is_listener or not self.undoes(handler):
            raise Refused(
                boundary.name,
                "compensation",
                say(
                    "{handler} is no activity that is for compensation. Mark it so, or associate one that is.",
                    handler=handler,
                ),
            )
        return handler

    def undoes(self, id: str) -> bool:
        """Whether an activity is there for compensation only."""
        return self.parts[id].get("isForCompensation", "false").strip() in TRUE

    def compensation(self) -> None:
        """What undoes stands outside the flow (BPMN 2.0.2, 10.7.2)."""
        for id, node in self.nodes.items():
            if isinstance(node, Activity) and (node.flows or node.incoming) and self.undoes(id):
                self.report.add(
                    id,
                    "compensation",
                    say(
                        "{element} is for compensation, so no sequence flow leads to it or leaves it. "
                        "Remove the flows.",
                        element=id,
                    ),
                )

    def event_gateway(self, gateway: EventBasedGateway) -> None:
        if len(gateway.flows) < 2:
            raise Refused(gateway.name, "event-gateway", say("An event-based gateway needs two ways or more."))
        for flow in gateway.flows:
            if type(flow.target) is not CatchEvent:
                raise Refused(
                    gateway.name,
                    "event-gateway",
                    say(
                        "{element} waits for no event. After an event-based gateway come intermediate catch events.",
                        element=flow.target.name,
                    ),
                )
            if flow.target.takes:
                raise Refused(
                    flow.target.name,
                    "io-mapping",
                    say(
                        "Input mappings are not run behind an event-based gateway, where the event has happened "
                        "before. Move them to the activity in front of it."
                    ),
                )
            gateway.events += flow.target.events
            gateway.branch += [flow] * len(flow.target.events)
