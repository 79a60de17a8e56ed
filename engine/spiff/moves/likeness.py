"""Whether an element of one version can stand for an element of another, and in which words it cannot."""

from collections.abc import Mapping
from typing import Any

from engine.spiff.model import Element, Model
from engine.spiff.nodes.gateways import EventBasedGateway
from engine.spiff.nodes.multi_instance import MultiInstance
from kernel.text import Text, say

KINDS: Mapping[str, Text] = {
    "adHocSubProcess": say("ad-hoc sub-process"),
    "boundaryEvent": say("boundary event"),
    "businessRuleTask": say("business rule task"),
    "callActivity": say("call activity"),
    "complexGateway": say("complex gateway"),
    "endEvent": say("end event"),
    "eventBasedGateway": say("event-based gateway"),
    "exclusiveGateway": say("exclusive gateway"),
    "inclusiveGateway": say("inclusive gateway"),
    "intermediateCatchEvent": say("intermediate catch event"),
    "intermediateThrowEvent": say("intermediate throw event"),
    "manualTask": say("manual task"),
    "parallelGateway": say("parallel gateway"),
    "process": say("process"),
    "receiveTask": say("receive task"),
    "scriptTask": say("script task"),
    "sendTask": say("send task"),
    "serviceTask": say("service task"),
    "startEvent": say("start event"),
    "subProcess": say("sub-process"),
    "task": say("task without a type"),
    "transaction": say("transaction"),
    "userTask": say("user task"),
}


def called(element: Element) -> str:
    """An element as people find it: by its name, if it has one, and its id."""
    return f"{element.name} ({element.id})" if element.name and element.name != element.id else element.id


def difference(old: Model, source: str, new: Model, target: str) -> Text | None:
    """Why a token at `source` cannot go on at `target`, as far as the two themselves tell. None where it can."""
    was, now = old.elements[source], new.elements[target]
    before, after = old.nodes[source], new.nodes[target]
    if was.type != now.type:
        return say(
            "{element} is a {was}, and {target} is a {now}. Map it to an element of the same kind, or wait until the "
            "case is past it.",
            element=called(was),
            target=called(now),
            was=KINDS.get(was.type, Text(was.type)),
            now=KINDS.get(now.type, Text(now.type)),
        )
    if type(before) is not type(after):
        return say(
            "{element} and {target} do their work in different ways: one by itself, the other by an event or a worker. "
            "Map it to one that works alike, or wait until the case is past it.",
            element=called(was),
            target=called(now),
        )
    if kinds_of_events(before) != kinds_of_events(after):
        return say(
            "{element} has to do with another kind of event than {target}. Map it to one for the same event, or wait "
            "until the case is past it.",
            element=called(was),
            target=called(now),
        )
    if repetition(before) != repetition(after):
        return say(
            "{element} is done {was}, and {target} {now}. Map it to one that repeats alike, or wait until all of its "
            "runs are through.",
            element=called(was),
            target=called(now),
            was=_repeats(before),
            now=_repeats(after),
        )
    return None


def kinds_of_events(node: Any) -> list[str]:
    """What an event waits for or throws, in its order. An event-based gateway waits for its ways, one by one."""
    return [] if isinstance(node, EventBasedGateway) else [event.kind for event in node.events]


def repetition(node: Any) -> tuple[object, ...]:
    """How an activity repeats. The body keeps the results under the name of the output, so that has to stay."""
    loop = getattr(node, "loop", None)
    if isinstance(loop, MultiInstance):
        return type(loop), loop.sequential, loop.output
    return (type(loop),)


def _repeats(node: Any) -> Text:
    loop = getattr(node, "loop", None)
    if loop is None:
        return say("once")
    if not isinstance(loop, MultiInstance):
        return say("in a loop")
    if loop.output:
        collects = say("collecting {output}", output=loop.output)
        return say("{order}, {collects}", order=_order(loop), collects=collects)
    return _order(loop)


def _order(loop: MultiInstance) -> Text:
    return say("several times in sequence") if loop.sequential else say("several times at once")
