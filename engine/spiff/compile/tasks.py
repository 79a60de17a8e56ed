"""Tasks and call activities to nodes."""

from collections.abc import Callable, Mapping

from engine.model import Binding, Reference
from engine.spiff.compile.draft import Draft, brief
from engine.spiff.compile.events import message
from engine.spiff.compile.jobs import job_task
from engine.spiff.expression import Literal
from engine.spiff.nodes.activities import PassTask
from engine.spiff.nodes.call import CallActivity
from engine.spiff.nodes.decision import DecisionTask
from engine.spiff.nodes.node import Node
from engine.spiff.nodes.receive import ReceiveTask
from engine.spiff.nodes.script import ScriptTask
from engine.spiff.nodes.user_task import PersonTask
from engine.spiff.numbers import whole_number
from kernel.text import say

MOST_PRIORITY = 100
BINDINGS: Mapping[str, Binding] = {"latest": "latest", "deployment": "deployment", "versionTag": "versionTag"}
PERSON = {
    "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"),
    "taskSchedule": ("dueDate", "followUpDate"),
    "priorityDefinition": ("priority",),
    "formDefinition": ("formId", "externalReference"),
}


def pass_task(draft: Draft) -> Node:
    return draft.make(PassTask)


def script_task(draft: Draft) -> Node:
    script = draft.extensions.get("script")
    if not script:
        if not draft.extensions.get("taskDefinition"):
            draft.refuse("missing-script", say("No script is given. Write a FEEL expression and a result variable."))
        return job_task(draft)
    _one_way(draft, "script")
    text = script.get("expression", "").strip()
    if not text or not script.get("resultVariable"):
        draft.refuse("missing-script", say("A script needs an expression and a result variable. Fill in both."))
    node = draft.make(ScriptTask)
    node.script = draft.feel(text if text.startswith("=") else f"={text}", "script")
    node.result = script["resultVariable"]
    return node


def business_rule_task(draft: Draft) -> Node:
    called = draft.extensions.get("calledDecision")
    if not called:
        if not draft.extensions.get("taskDefinition"):
            draft.refuse("missing-decision", say("No decision is given. Choose a decision id and a result variable."))
        return job_task(draft)
    _one_way(draft, "calledDecision")
    if not called.get("decisionId") or not called.get("resultVariable"):
        draft.refuse("missing-decision", say("A called decision needs an id and a result variable. Fill in both."))
    node = draft.make(DecisionTask)
    node.decision = draft.expression(called["decisionId"], "decisionId")
    node.reference = reference(draft, called["decisionId"], called)
    node.result = called["resultVariable"]
    if isinstance(node.decision, Literal):
        draft.model.decisions.append((draft.id, node.reference))
    return node


def _one_way(draft: Draft, name: str) -> None:
    """Refuse a task that is done here and by a job as well."""
    if draft.extensions.get("taskDefinition"):
        draft.refuse(
            "two-ways", say("The task has zeebe:{name} and zeebe:taskDefinition. Keep the one that it does.", name=name)
        )


def user_task(draft: Draft) -> Node:
    node = draft.make(PersonTask)
    for extension, attributes in PERSON.items():
        given = draft.extensions.get(extension)
        for attribute in attributes:
            if given.get(attribute):
                node.texts[attribute] = draft.expression(given[attribute], attribute)
    node.form = form(draft)
    node.headers = draft.extensions.headers
    if node.form is not None and isinstance(node.texts["formId"], Literal):
        draft.model.forms.append((draft.id, node.form))
    _check_fixed(draft, node)
    return node


def _check_fixed(draft: Draft, node: PersonTask) -> None:
    """What is written as a literal can be judged now."""
    priority = node.texts.get("priority")
    if isinstance(priority, Literal) and whole_number(priority.text, MOST_PRIORITY) is None:
        draft.refuse(
            "priority",
            say(
                "The priority {text} is no number from 0 to {most}. Write one.",
                text=brief(priority.text),
                most=MOST_PRIORITY,
            ),
        )
    for attribute in PERSON["taskSchedule"]:
        if isinstance(node.texts.get(attribute), Literal):
            draft.check_date(node.texts[attribute].text)


def form(draft: Draft) -> Reference | None:
    """The form of a user task or start event, by `formId`."""
    given = draft.extensions.get("formDefinition")
    if given.get("formKey"):
        draft.refuse(
            "embedded-form",
            say("The form is embedded in the process. Keep it in a .form file and link it by its id."),
        )
    return reference(draft, given["formId"], given) if given.get("formId") else None


def receive_task(draft: Draft) -> Node:
    if draft.flag("instantiate", "false"):
        draft.refuse(
            "unsupported-element",
            say("A receive task cannot start a process here. Use a message start event in front of it."),
        )
    node = draft.make(ReceiveTask)
    node.events = [message(draft, draft.element)]
    return node


def call_activity(draft: Draft) -> Node:
    called = draft.extensions.get("calledElement")
    process = called.get("processId") or draft.get("calledElement")
    if not process:
        draft.refuse("missing-called-element", say("No called process is given. Fill in the process id."))
    node = draft.make(CallActivity)
    node.called = draft.expression(process, "processId")
    node.reference = reference(draft, process, called)
    node.all_in = called.get("propagateAllParentVariables", "true") == "true"
    node.all_out = called.get("propagateAllChildVariables", "true") == "true"
    if isinstance(node.called, Literal):
        draft.model.calls.append((draft.id, node.reference))
    return node


def reference(draft: Draft, id: str, given: Mapping[str, str]) -> Reference:
    """A reference with its binding, which is `latest` where the file says nothing."""
    binding = BINDINGS.get(given.get("bindingType", "latest"))
    if binding is None:
        draft.refuse(
            "binding",
            say(
                "The binding {binding} is unknown. Use latest, deployment or versionTag.", binding=given["bindingType"]
            ),
        )
    tag = given.get("versionTag")
    if binding == "versionTag" and not tag:
        draft.refuse("binding", say("The binding versionTag needs a version tag. Fill it in."))
    return Reference(id=id.strip(), binding=binding, version_tag=tag if binding == "versionTag" else None)


BUILD: dict[str, Callable[[Draft], Node]] = {
    "task": pass_task,
    "manualTask": pass_task,
    "serviceTask": job_task,
    "sendTask": job_task,
    "scriptTask": script_task,
    "businessRuleTask": business_rule_task,
    "userTask": user_task,
    "receiveTask": receive_task,
    "callActivity": call_activity,
}
