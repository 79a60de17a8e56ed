"""What BPMN asks of a file that changes nothing here at run time: told as warnings, for other tools may mind."""

import re
from collections.abc import Iterable

from engine.spiff.compile.placement import owner
from engine.spiff.compile.report import Report
from engine.spiff.compile.structure import SCOPES
from engine.spiff.compile.xml import Tree, bpmn, elements, local
from kernel.text import say

_MIME = re.compile(r"[\w.+-]+/[\w.+*-]+(\s*;.*)?", re.ASCII)
_ITEMS = {"message": "itemRef", "signal": "structureRef", "error": "structureRef", "escalation": "structureRef"}
_SENDING = ("intermediateThrowEvent", "endEvent")
_RECEIVING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")


def check_interchange(root: Tree, processes: Iterable[Tree], report: Report) -> None:
    """Warn of what the file says against BPMN beside what is run."""
    _check_message_flows(root, report)
    _check_items(root, report)
    for process in processes:
        _check_formats(process, report)
        _check_ends(process, report)


def _check_formats(process: Tree, report: Report) -> None:
    """A text's format is a MIME type (BPMN 2.0.2, 8.3.1)."""
    for text in process.iter(bpmn("documentation"), bpmn("textAnnotation")):
        given = text.get("textFormat")
        if given is not None and not _MIME.fullmatch(given.strip()):
            report.add(
                owner(text),
                "text-format",
                say("The text's format {format} is no MIME type. Write text/plain, or remove it.", format=given),
                error=False,
            )


def _check_items(root: Tree, report: Report) -> None:
    """Data of a message come as variables, so the item that it declares is not looked at (BPMN 2.0.2, 10.4.2)."""
    for element in elements(root):
        attribute = _ITEMS.get(local(element))
        if attribute is not None and element.get(attribute):
            report.add(
                element.get("id", ""),
                "item-ignored",
                say(
                    "The item {item} is not read: what comes with an event are its variables, whatever they are. "
                    "Remove {attribute}, or choose variables by output mappings at the events.",
                    item=element.get(attribute),
                    attribute=attribute,
                ),
                error=False,
            )


def _check_message_flows(root: Tree, report: Report) -> None:
    """A message flow leads from one pool to another, between what sends and what receives (BPMN 2.0.2, 7.6.2)."""
    flows = list(root.iter(bpmn("messageFlow")))
    if not flows:
        return
    by_id = {element.get("id"): element for element in root.iter("{*}*") if element.get("id")}
    for flow in flows:
        ends = [by_id.get(flow.get(end, "").rpartition(":")[2]) for end in ("sourceRef", "targetRef")]
        pools = [None if end is None else _pool(end) for end in ends]
        if None not in pools and pools[0] == pools[1]:
            report.add(
                owner(flow),
                "message-flow",
                say("The message flow stays in its own pool. Draw a sequence flow, or lead it to another pool."),
                error=False,
            )
        for end, events in zip(ends, (_SENDING, _RECEIVING), strict=True):
            if end is not None and local(end) in (*_SENDING, *_RECEIVING) and not _passes_messages(end, events):
                report.add(
                    owner(flow),
                    "message-flow",
                    say(
                        "The message flow touches {element}, which sends or receives no message there. Make it a "
                        "message event.",
                        element=end.get("id"),
                    ),
                    error=False,
                )


def _pool(element: Tree) -> str | None:
    """The process that an element lies in or a participant stands for; for a black box the participant itself."""
    if local(element) == "participant":
        return str(element.get("processRef", element.get("id")).rpartition(":")[2])
    while element is not None and element.tag != bpmn("process"):
        element = element.getparent()
    return None if element is None else str(element.get("id"))


def _passes_messages(event: Tree, events: tuple[str, ...]) -> bool:
    definitions = (bpmn("messageEventDefinition"), bpmn("eventDefinitionRef"))
    return local(event) in events and any(event.find(definition) is not None for definition in definitions)


def _check_ends(scope: Tree, report: Report) -> None:
    """A flow that one end lists and the other, in a file that lists them, does not (BPMN 2.0.2, 8.4.11)."""
    listed = {
        side: {(named.text or "").strip() for child in elements(scope) for named in child.iterfind(bpmn(side))}
        for side in ("incoming", "outgoing")
    }
    for flow in scope.iterfind(bpmn("sequenceFlow")) if any(listed.values()) else ():
        for side, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
            other = "outgoing" if side == "incoming" else "incoming"
            if flow.get("id") in listed[other] and flow.get("id") not in listed[side]:
                report.add(
                    flow.get(end, ""),
                    "one-sided-flow",
                    say(
                        "{flow} is drawn to this element, which does not list it as {side}. Add it to the list.",
                        flow=flow.get("id"),
                        side=side,
                    ),
                    error=False,
                )
    for inner in elements(scope):
        if local(inner) in SCOPES:
            _check_ends(inner, report)
