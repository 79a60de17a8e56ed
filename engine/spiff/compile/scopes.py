"""A process or sub-process to a scope of nodes: first every node, then every flow."""

from collections.abc import Callable
from typing import Any

from engine.model import Reference
from engine.spiff.compile import events, gateways, tasks
from engine.spiff.compile.dialect import Extensions, extensions
from engine.spiff.compile.document import Document
from engine.spiff.compile.draft import Draft
from engine.spiff.compile.loops import complete_activity
from engine.spiff.compile.report import Refused
from engine.spiff.compile.structure import NOT_NODES, REMEDIES, check_parts
from engine.spiff.compile.wiring import wire
from engine.spiff.compile.xml import Tree, bpmn, elements, local
from engine.spiff.expression import Literal
from engine.spiff.model import Element, EventDefinition, Model, ProcessSpec, Start, StartTimer
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.adhoc import AdHoc
from engine.spiff.nodes.events import StartEvent
from engine.spiff.nodes.node import Node
from engine.spiff.nodes.subprocess import EventSubProcess, SubProcess
from kernel.text import say


class ScopeBuilder:
    """Fills `model` with the nodes of one scope and, inside it, of others."""

    def __init__(self, element: Tree, document: Document, model: Model) -> None:
        self.element = element
        self.document = document
        self.model = model
        self.id: str = element.get("id", "")
        self.spec = ProcessSpec(self.id)
        self.nodes: dict[str, Any] = {}

    def build(self) -> ProcessSpec:
        """The scope with its nodes and flows. What cannot be built is in the report."""
        for child in elements(self.element):
            if local(child) not in NOT_NODES:
                self._guarded(child)
        wire(self.element, self.spec, self.nodes, self.document.report, self.model)
        starts = [node for node in self.nodes.values() if isinstance(node, StartEvent)]
        self.spec.bpmn_start_events = starts
        self.spec.plain_start = next((start for start in starts if not start.events), None)
        return self.spec

    def _guarded(self, child: Tree) -> None:
        try:
            if not child.get("id") and local(child) in REMEDIES:
                raise Refused(self.id, "unsupported-element", REMEDIES[local(child)])
            if not child.get("id"):
                raise Refused(self.id, "missing-id", say("A {tag} has no id. Give it one.", tag=local(child)))
            self._add(child)
        except Refused as refused:
            self.document.report.refuse(refused)
            if child.get("id") not in self.nodes:
                self.spec.task_specs.pop(child.get("id"), None)

    def _add(self, child: Tree) -> None:
        tag, id = local(child), child.get("id")
        if id in self.model.nodes or id in self.spec.task_specs:
            return  # told by the check for ids: the first one stays, or the library's own node of that name
        if tag not in BUILD and tag not in INSIDE or child.tag != bpmn(tag):
            raise Refused(
                id, "unsupported-element", say("{tag} is not run here. Model it with other elements.", tag=tag)
            )
        check_parts(child)
        found = extensions(child)
        draft = Draft(child, found, document=self.document, model=self.model, spec=self.spec)
        node = INSIDE[tag](draft) if tag in INSIDE else BUILD[tag](draft)
        node.takes = draft.mappings(found.takes, "input")
        node.gives = draft.mappings(found.gives, "output")
        if isinstance(node, Activity) and draft.tag not in ("intermediateThrowEvent", "endEvent"):
            complete_activity(draft, node)
        self.nodes[id] = self.model.nodes[id] = node
        self.model.elements[id] = _element(draft, node, self.id)
        if isinstance(node, StartEvent) and local(self.element) == "process":
            self.model.starts += _starts(draft, node)


BUILD: dict[str, Callable[[Draft], Node]] = {**tasks.BUILD, **events.BUILD, **gateways.BUILD}


def _element(draft: Draft, node: Node, scope: str) -> Element:
    found: Extensions = draft.extensions
    attributes: dict[str, Any] = {
        "properties": found.properties,
        "headers": found.headers,
        "extensions": found.plain,
        "events": [events.kind_of(definition) for definition in events.found_definitions(draft)],
        "documentation": (draft.element.findtext(bpmn("documentation")) or "").strip(),
        "attachedTo": draft.get("attachedToRef"),
    }
    return Element(
        id=draft.id,
        type=draft.tag,
        name=draft.get("name"),
        scope=scope,
        attributes={name: value for name, value in attributes.items() if value},
    )


def _starts(draft: Draft, node: StartEvent) -> list[Start]:
    form: Reference | None = tasks.form(draft)
    if form is not None:
        draft.model.forms.append((draft.id, form))
    if node.parallel and len(node.events) > 1:
        draft.refuse("parallel-start", say("A start event that waits for several events is not run. Wait inside."))
    return [_start(draft, event, form) for event in node.events] or [Start(element=draft.id, form=form)]


def _start(draft: Draft, event: EventDefinition, form: Reference | None) -> Start:
    kind = event.kind
    assert kind in ("message", "signal", "timer")
    if event.name is not None and not isinstance(event.name, Literal):
        draft.refuse("start-name", say("The name of what starts a process is a fixed text, not an expression."))
    timer = StartTimer(event.timer, event.expression) if kind == "timer" and event.expression else None
    if timer is not None:
        draft.check_start_timer(timer)
    return Start(element=draft.id, kind=kind, name=event.name.text if event.name else "", timer=timer, form=form)


def sub_process(draft: Draft) -> Node:
    """An embedded sub-process or, where the file says so, an event sub-process."""
    if draft.flag("triggeredByEvent", "false"):
        return _event_sub_process(draft)
    node = draft.make(SubProcess)
    spec = _inside(draft)
    if spec.plain_start is None or len(spec.bpmn_start_events) != 1:
        draft.refuse("sub-process-start", say("A sub-process has exactly one start event, without a definition."))
    return node


def transaction(draft: Draft) -> Node:
    node = sub_process(draft)
    if isinstance(node, SubProcess):
        node.transaction = True
    return node


def _event_sub_process(draft: Draft) -> Node:
    node = draft.make(EventSubProcess)
    spec = _inside(draft)
    if len(spec.bpmn_start_events) != 1 or not spec.bpmn_start_events[0].events:
        draft.refuse(
            "event-sub-process-start",
            say("An event sub-process has exactly one start event. Choose what starts it, such as a message or error."),
        )
    start = spec.bpmn_start_events[0]
    found = next(found for found in draft.element.iterfind(bpmn("startEvent")) if found.get("id") == start.name)
    node.events, node.start_event = start.events, start.name
    node.interrupting = found.get("isInterrupting", "true").strip() in ("true", "1")
    if node.interrupting:
        events.warn_of_cycle(draft, node.events)
    kind = start.events[0].kind
    if kind == "error" and not node.interrupting:
        draft.refuse(
            "not-interrupting", say("An event sub-process for an error always interrupts. Make it interrupting.")
        )
    if kind == "compensate":
        _runs_once(draft)
        draft.spec.compensation_handler = node.name
    else:
        draft.spec.event_subprocesses.append(node)
    return node


def _runs_once(draft: Draft) -> None:
    if any(
        draft.element.find(bpmn(f"{kind}LoopCharacteristics")) is not None for kind in ("multiInstance", "standard")
    ):
        draft.refuse(
            "compensation",
            say("A compensation event sub-process runs once for its scope. Put the marker on an activity inside it."),
        )


def ad_hoc_sub_process(draft: Draft) -> Node:
    node = draft.make(SubProcess)
    spec = _inside(draft)
    given = draft.extensions.get("adHoc")
    unknown = set(given) - {"activeElementsCollection"}
    if unknown:
        draft.refuse("ad-hoc", say("{names} is not run here. Remove it.", names=", ".join(sorted(unknown))))
    undo = {inner.handler for inner in spec.nodes if isinstance(inner, Activity)}
    activities = [
        inner
        for inner in spec.nodes
        if isinstance(inner, Activity) and not inner.is_listener and inner.name not in undo
    ]
    if not activities:
        draft.refuse("ad-hoc", say("The ad-hoc sub-process holds no activity. Put one in."))
    active = given.get("activeElementsCollection")
    spec.adhoc = AdHoc(
        activities=tuple(inner.name for inner in activities),
        starters=tuple(inner.name for inner in activities if not inner.incoming),
        active=draft.feel(active, "activeElementsCollection") if active else None,
        until=draft.child_feel("completionCondition"),
        sequential=draft.get("ordering").lower() == "sequential",
        cancel_remaining=draft.flag("cancelRemainingInstances", "true"),
    )
    return node


def _inside(draft: Draft) -> ProcessSpec:
    """Build what lies in a sub-process."""
    spec = ScopeBuilder(draft.element, draft.document, draft.model).build()
    draft.model.scopes[draft.id] = spec
    return spec


INSIDE: dict[str, Callable[[Draft], Node]] = {
    "subProcess": sub_process,
    "transaction": transaction,
    "adHocSubProcess": ad_hoc_sub_process,
}
