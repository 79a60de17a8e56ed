"""Events to nodes: which definition may stand where, and what it waits for or throws (BPMN 2.0.2, 10.5)."""

from collections.abc import Callable

from engine.spiff.compile.draft import Draft
from engine.spiff.compile.jobs import job_task
from engine.spiff.compile.xml import TRUE, TYPE, Tree, bpmn, elements, local
from engine.spiff.expression import Literal
from engine.spiff.model import EventDefinition
from engine.spiff.nodes.events import BoundaryEvent, CatchEvent, LinkCatchEvent, StartEvent
from engine.spiff.nodes.node import Node
from engine.spiff.nodes.throw import EndEvent, ThrowEvent
from engine.spiff.timers import Kind
from kernel.text import say

SUFFIX = "EventDefinition"
ALLOWED = {
    "startEvent": ("message", "signal", "timer"),
    "event sub-process": ("message", "signal", "timer", "conditional", "error", "escalation", "compensate"),
    "intermediateCatchEvent": ("message", "signal", "timer", "conditional"),
    "boundaryEvent": ("message", "signal", "timer", "conditional", "error", "escalation", "cancel", "compensate"),
    "intermediateThrowEvent": ("message", "signal", "escalation", "compensate", "link"),
    "endEvent": ("message", "signal", "escalation", "error", "terminate", "cancel", "compensate"),
}
THROWS = ("endEvent", "intermediateThrowEvent")
ALWAYS_INTERRUPTS = ("error", "cancel", "compensate")
TIMERS: dict[str, Kind] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def found_definitions(draft: Draft) -> list[Tree]:
    """The event definitions of an event, its own and those that it refers to."""
    found = [child for child in elements(draft.element) if local(child).endswith(SUFFIX)]
    for reference in draft.element.iterfind(bpmn("eventDefinitionRef")):
        id = (reference.text or "").strip()
        shared = draft.document.event_definition(id.rpartition(":")[2])
        if shared is None:
            draft.refuse("dangling-reference", say("There is no event definition {id} in the file.", id=id))
        found.append(shared)
    return found


def kind_of(definition: Tree) -> str:
    """`timer` for a `timerEventDefinition`."""
    return local(definition).removesuffix(SUFFIX)


def definitions(draft: Draft, position: str) -> list[EventDefinition]:
    """The events of an element; `position` is a key of ALLOWED."""
    events = []
    for found in found_definitions(draft):
        kind = kind_of(found)
        if kind not in ALLOWED[position]:
            draft.refuse(
                "unsupported-event",
                say(
                    "A {kind} event is not run as {position}. Allowed there: {allowed}.",
                    kind=kind,
                    position=position,
                    allowed=", ".join(ALLOWED[position]),
                ),
            )
        events.append(DEFINE[kind](draft, found))
    return events


def message(draft: Draft, user: Tree) -> EventDefinition:
    """The message that an event or receive task waits for."""
    found = draft.document.message(user, draft.id)
    if not found.key and draft.tag != "startEvent":
        draft.document.report.add(
            draft.id,
            "message-without-key",
            say(
                "The message {name} has no correlation key, so any message of that name reaches this.", name=found.name
            ),
            error=False,
        )
    return EventDefinition(
        kind="message",
        name=draft.expression(found.name, "message name"),
        key=draft.feel(found.key, "correlationKey") if found.key else None,
    )


def _signal(draft: Draft, found: Tree) -> EventDefinition:
    return EventDefinition(kind="signal", name=draft.expression(draft.document.signal(found, draft.id), "signal name"))


def _timer(draft: Draft, found: Tree) -> EventDefinition:
    texts = {tag: (found.findtext(bpmn(tag)) or "").strip() for tag in TIMERS}
    given = [tag for tag, text in texts.items() if text]
    if not given:
        draft.refuse("timer", say("The timer has no date, duration or cycle. Fill one in."))
    if len(given) > 1:
        draft.refuse("timer", say("The timer has {tags} at once. Keep one of them.", tags=", ".join(given)))
    kind = TIMERS[given[0]]
    if kind == "cycle" and draft.tag == "intermediateCatchEvent":
        draft.refuse(
            "timer",
            say("An intermediate event waits once, so it has no cycle. Write a date or a duration, or draw a loop."),
        )
    text = draft.expression(texts[given[0]], given[0])
    draft.check_timer(kind, text)
    if isinstance(text, Literal) and not found.find(bpmn(given[0])).get(TYPE, "").endswith("tFormalExpression"):
        draft.document.report.add(
            draft.id,
            "informal-expression",
            say(
                "{tag} is not marked as a formal expression, so other tools may take it for plain words. Give it the "
                "xsi:type tFormalExpression.",
                tag=given[0],
            ),
            error=False,
        )
    return EventDefinition(kind="timer", timer=kind, expression=text)


def _conditional(draft: Draft, found: Tree) -> EventDefinition:
    condition = draft.child_feel("condition", of=found)
    if condition is None:
        draft.refuse("missing-condition", say("The conditional event has no condition. Write one."))
    return EventDefinition(kind="condition", expression=condition)


def _error(draft: Draft, found: Tree) -> EventDefinition:
    code = draft.document.code(found, draft.id, "error", required=draft.tag in THROWS)
    return EventDefinition(kind="error", code=code)


def _escalation(draft: Draft, found: Tree) -> EventDefinition:
    code = draft.document.code(found, draft.id, "escalation", required=draft.tag in THROWS)
    return EventDefinition(kind="escalation", code=code)


def _cancel(draft: Draft, found: Tree) -> EventDefinition:
    if draft.tag == "endEvent" and local(draft.element.getparent()) != "transaction":
        draft.refuse(
            "cancel",
            say("A cancel end event ends a transaction, and lies in none. Make the sub-process around it one."),
        )
    return EventDefinition(kind="cancel")


def _terminate(draft: Draft, found: Tree) -> EventDefinition:
    return EventDefinition(kind="terminate")


def _compensate(draft: Draft, found: Tree) -> EventDefinition:
    if draft.tag in THROWS and found.get("waitForCompletion", "true").strip() not in TRUE:
        draft.refuse(
            "compensation",
            say("A compensation that is not waited for is not run here. Remove waitForCompletion."),
        )
    activity = found.get("activityRef", "").strip().rpartition(":")[2] if draft.tag in THROWS else ""
    return EventDefinition(kind="compensate", code=activity or None)


DEFINE: dict[str, Callable[[Draft, Tree], EventDefinition]] = {
    "message": message,
    "signal": _signal,
    "timer": _timer,
    "conditional": _conditional,
    "error": _error,
    "escalation": _escalation,
    "cancel": _cancel,
    "terminate": _terminate,
    "compensate": _compensate,
}


def start_event(draft: Draft) -> StartEvent:
    position = "event sub-process" if draft.element.getparent().get("triggeredByEvent") == "true" else "startEvent"
    node = draft.make(StartEvent)
    node.events = definitions(draft, position)
    node.parallel = draft.flag("parallelMultiple", "false")
    return node


def catch_event(draft: Draft) -> Node:
    if _is_link(draft):
        return draft.make(LinkCatchEvent)
    node = draft.make(CatchEvent)
    node.events = definitions(draft, "intermediateCatchEvent")
    node.parallel = draft.flag("parallelMultiple", "false")
    if not node.events:
        draft.refuse("missing-event", say("The catch event waits for nothing. Choose a message, signal or timer."))
    return node


def _is_link(draft: Draft) -> bool:
    """Whether the event is a link. Raises Refused for one that is more than a link, or has no name."""
    found = found_definitions(draft)
    if all(kind_of(definition) != "link" for definition in found):
        return False
    own = draft.element.find(bpmn("linkEventDefinition"))
    if len(found) > 1:
        draft.refuse("link", say("A link has no other events beside it. Use an event for each."))
    if own is None or not own.get("name", "").strip():
        draft.refuse("link", say("The link has no name of its own. Give it the name that its other end has."))
    return True


def boundary_event(draft: Draft) -> BoundaryEvent:
    node = draft.make(BoundaryEvent)
    node.events = definitions(draft, "boundaryEvent")
    node.parallel = draft.flag("parallelMultiple", "false")
    node.interrupting = draft.flag("cancelActivity", "true")
    if not node.events:
        draft.refuse("missing-event", say("The boundary event waits for nothing. Choose what it reacts to."))
    if node.interrupting:
        warn_of_cycle(draft, node.events)
    kind = node.events[0].kind
    if kind in ALWAYS_INTERRUPTS and not node.interrupting:
        draft.refuse(
            "not-interrupting", say("A boundary event for {kind} always interrupts. Make it interrupting.", kind=kind)
        )
    return node


def warn_of_cycle(draft: Draft, waits: list[EventDefinition]) -> None:
    """What interrupts happens once, so the rounds after the first never come."""
    if any(event.kind == "timer" and event.timer == "cycle" for event in waits):
        draft.document.report.add(
            draft.id,
            "cycle-once",
            say(
                "The timer interrupts at its first firing, so it does not repeat. Write a duration, or let it not "
                "interrupt."
            ),
            error=False,
        )


def throw_event(draft: Draft) -> Node:
    if _is_link(draft):
        return draft.make(ThrowEvent)
    return _throws(draft, ThrowEvent)


def end_event(draft: Draft) -> Node:
    return _throws(draft, EndEvent)


def _throws(draft: Draft, kind: type[ThrowEvent]) -> Node:
    found = found_definitions(draft)
    if any(kind_of(definition) == "message" for definition in found):
        return _message_throw(draft, found)
    node = draft.make(kind)
    node.events = definitions(draft, draft.tag)
    return node


def _message_throw(draft: Draft, found: list[Tree]) -> Node:
    """A message goes out by a handler, so the event is a job."""
    if len(found) > 1:
        draft.refuse("unsupported-event", say("A message cannot be thrown with other events. Use an event for each."))
    draft.document.message(found[0], draft.id)
    return job_task(draft)


BUILD: dict[str, Callable[[Draft], Node]] = {
    "startEvent": start_event,
    "intermediateCatchEvent": catch_event,
    "intermediateThrowEvent": throw_event,
    "boundaryEvent": boundary_event,
    "endEvent": end_event,
}
