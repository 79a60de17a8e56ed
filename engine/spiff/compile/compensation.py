"""What a compensation throw event undoes is there to be undone (BPMN 2.0.2, 10.7)."""

from engine.spiff.compile.report import Report
from engine.spiff.model import Model
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.subprocess import EventSubProcess
from engine.spiff.nodes.throw import ThrowEvent
from kernel.text import say


def check_compensation(model: Model, report: Report) -> None:
    """Refuse a throw event whose activity is unknown, out of sight or without anything that undoes it; warn of one for
    all activities that finds none.
    """
    undoable = _undoable(model)
    scopes = {model.elements[name].scope for name in undoable}
    for node in model.nodes.values():
        for event in node.events if isinstance(node, ThrowEvent) else ():
            if event.kind == "compensate" and event.code is not None:
                _check_activity(model, node.name, event.code, undoable, report)
            elif event.kind == "compensate" and scopes.isdisjoint(_in_sight(model, node.name)):
                report.add(
                    node.name,
                    "compensation-nothing",
                    say(
                        "{element} undoes what was done around it, and nothing there can be undone. Attach "
                        "compensation events to the activities, or remove it.",
                        element=node.name,
                    ),
                    error=False,
                )


def _check_activity(model: Model, thrower: str, activity: str, undoable: set[str], report: Report) -> None:
    if activity not in model.nodes:
        report.add(
            thrower,
            "dangling-reference",
            say("activityRef names {id}, which is no activity of the process. Choose one.", id=activity),
        )
    elif model.elements[activity].scope not in _in_sight(model, thrower):
        report.add(
            thrower,
            "compensation",
            say(
                "{id} cannot be undone from {element}: only activities of the same scope can, and from an event "
                "sub-process those of the scope around it. Move the event there.",
                id=activity,
                element=thrower,
            ),
        )
    elif activity not in undoable:
        report.add(
            thrower,
            "compensation",
            say("Nothing undoes {id}. Attach a compensation event with a handler to it.", id=activity),
        )


def _in_sight(model: Model, thrower: str) -> list[str]:
    """The scope of a throw event and, from an event sub-process, the one around it."""
    scopes = [model.elements[thrower].scope]
    while isinstance(model.nodes.get(scopes[-1]), EventSubProcess):
        scopes.append(model.elements[scopes[-1]].scope)
    return scopes


def _undoable(model: Model) -> set[str]:
    """Activities with a handler; sub-processes with a compensation event sub-process, or with what can be undone."""
    found = {name for name, node in model.nodes.items() if isinstance(node, Activity) and node.handler is not None}
    for id, scope in model.scopes.items():  # a scope comes after those inside it
        node = model.nodes.get(id)
        if node is not None and not node.is_listener:
            inside = any(inner.name in found for inner in scope.nodes)
            if inside or scope.compensation_handler is not None:
                found.add(id)
    return found
