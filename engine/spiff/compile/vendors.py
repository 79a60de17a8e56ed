"""Extensions of Camunda 7 and its kin: not read here, so whoever brings such a model is told what each would have done.

They are warnings: the model runs by its own BPMN, and a task that needs what was lost is refused for itself.
"""

from collections.abc import Iterable, Iterator

from engine.spiff.compile.placement import owner
from engine.spiff.compile.report import Report
from engine.spiff.compile.xml import Tree, local
from kernel.text import Text, say

SPACES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
}
_ASSIGNS = say("assigned the task. Use zeebe:assignmentDefinition")
_CALLS = say("called code. Give the task a job type by zeebe:taskDefinition")
_LISTENS = say("called code when the element was entered or left. Draw it as a task of its own")
_SHOWS = say("showed a form. Link it by zeebe:formDefinition")
_MAPS = say("mapped variables. Use zeebe:ioMapping")
_SCHEDULES = say("set a date. Use zeebe:taskSchedule")
_SAVES = say("saved the state there or tried again. Here each turn is saved, and zeebe:taskDefinition has the retries")
_DECIDES = say("asked a decision. Use zeebe:calledDecision")
_REPEATS = say("gave the items of a multi-instance activity. Use zeebe:loopCharacteristics")
_RESULT = say("named the variable of the result. Name it in zeebe:script, zeebe:calledDecision or zeebe:ioMapping")
_BINDS = say("chose a version of what is called. Use the binding of zeebe:calledElement or zeebe:calledDecision")
_OTHER = say("had a meaning of its own there. Say it by BPMN or a zeebe element")
MEANINGS: dict[str, Text] = {
    **dict.fromkeys(("assignee", "candidateUsers", "candidateGroups"), _ASSIGNS),
    **dict.fromkeys(("class", "delegateExpression", "expression", "type", "topic", "connector", "field"), _CALLS),
    **dict.fromkeys(("executionListener", "taskListener"), _LISTENS),
    **dict.fromkeys(("formKey", "formRef", "formData", "formHandlerClass", "formProperty"), _SHOWS),
    **dict.fromkeys(("inputOutput", "in", "out"), _MAPS),
    **dict.fromkeys(("dueDate", "followUpDate"), _SCHEDULES),
    **dict.fromkeys(("asyncBefore", "asyncAfter", "async", "exclusive", "failedJobRetryTimeCycle"), _SAVES),
    **dict.fromkeys(("decisionRef", "mapDecisionResult"), _DECIDES),
    **dict.fromkeys(("collection", "elementVariable"), _REPEATS),
    "resultVariable": _RESULT,
    **dict.fromkeys(
        ("calledElementBinding", "calledElementVersion", "calledElementVersionTag", "decisionRefBinding"), _BINDS
    ),
}
# They describe the model to tools and change nothing at run time.
HARMLESS = {"historyTimeToLive", "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "properties"}
BOX = "extensionElements"


def check_vendors(roots: Iterable[Tree], report: Report) -> None:
    """Warn of each attribute and each extension element of another vendor's dialect, once an element."""
    for root in roots:
        for element in root.iter("{*}*"):
            for vendor, name in _foreign(element):
                report.add(
                    owner(element),
                    "foreign-extension",
                    say(
                        "{vendor}:{name} is not read here. There it {meaning}.",
                        vendor=vendor,
                        name=name,
                        meaning=MEANINGS.get(name, _OTHER),
                    ),
                    error=False,
                )


def _foreign(element: Tree) -> Iterator[tuple[str, str]]:
    """The vendor and name of what is foreign about an element: attributes of its own, and itself as an extension."""
    for key in element.attrib:
        if key.startswith("{"):
            vendor, name = _named(key)
            if vendor and name not in HARMLESS:
                yield vendor, name
    vendor, name = _named(element.tag)
    if vendor and name not in HARMLESS and local(element.getparent()) == BOX:
        yield vendor, name


def _named(key: str) -> tuple[str, str]:
    space, _, name = key[1:].partition("}")
    return SPACES.get(space, ""), name
