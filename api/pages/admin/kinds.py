"""BPMN's elements and the engine's history in words."""

from collections.abc import Mapping
from datetime import timedelta

from kernel.text import Text, say

ELEMENTS: Mapping[str, Text] = {
    "process": say("Process"),
    "userTask": say("User task"),
    "serviceTask": say("Service task"),
    "sendTask": say("Send task"),
    "receiveTask": say("Receive task"),
    "scriptTask": say("Script task"),
    "manualTask": say("Manual task"),
    "businessRuleTask": say("Business rule task"),
    "task": say("Task"),
    "callActivity": say("Call activity"),
    "subProcess": say("Sub-process"),
    "adHocSubProcess": say("Ad-hoc sub-process"),
    "transaction": say("Transaction"),
    "startEvent": say("Start event"),
    "endEvent": say("End event"),
    "intermediateCatchEvent": say("Catch event"),
    "intermediateThrowEvent": say("Throw event"),
    "boundaryEvent": say("Boundary event"),
    "exclusiveGateway": say("Exclusive gateway"),
    "inclusiveGateway": say("Inclusive gateway"),
    "parallelGateway": say("Parallel gateway"),
    "eventBasedGateway": say("Event-based gateway"),
    "sequenceFlow": say("Sequence flow"),
    "messageFlow": say("Message flow"),
    "association": say("Association"),
    "textAnnotation": say("Annotation"),
    "participant": say("Pool"),
    "collaboration": say("Collaboration"),
    "lane": say("Lane"),
    "laneSet": say("Lanes"),
    "dataObject": say("Data object"),
    "dataObjectReference": say("Data object"),
    "dataStoreReference": say("Data store"),
    "group": say("Group"),
    # of DMN
    "decision": say("Decision"),
    "inputData": say("Input data"),
    "businessKnowledgeModel": say("Business knowledge"),
    "knowledgeSource": say("Knowledge source"),
    "itemDefinition": say("Data type"),
    "input": say("Input column"),
    "output": say("Result column"),
    "rule": say("Rule"),
    # of form-js
    "form": say("Form"),
    "textfield": say("Text field"),
    "textarea": say("Text area"),
    "number": say("Number field"),
    "datetime": say("Date and time field"),
    "checkbox": say("Checkbox"),
    "checklist": say("Checkboxes"),
    "radio": say("Choice"),
    "select": say("Selection list"),
    "taglist": say("Selection of several"),
    "filepicker": say("File field"),
    "dynamiclist": say("Repeated group"),
    "table": say("Table"),
    "text": say("Text"),
    "image": say("Picture"),
    "button": say("Button"),
    "spacer": say("Space"),
    "separator": say("Line between"),
    "expression": say("Computed value"),
    "iframe": say("Embedded page"),
    "documentPreview": say("Document preview"),
}

HAPPENED: Mapping[str, Text] = {
    "ELEMENT_ACTIVATED": say("Step entered"),
    "ELEMENT_COMPLETED": say("Step completed"),
    "ELEMENT_TERMINATED": say("Step ended before its time"),
    "SEQUENCE_FLOW_TAKEN": say("Flow taken"),
    "USER_TASK_CREATED": say("Task opened"),
    "USER_TASK_COMPLETED": say("Task completed"),
    "USER_TASK_CLAIMED": say("Task claimed"),
    "USER_TASK_UNCLAIMED": say("Task put back"),
    "USER_TASK_ASSIGNED": say("Task assigned"),
    "USER_TASK_UPDATED": say("Task changed"),
    "JOB_COMPLETED": say("Job done"),
    "JOB_FAILED": say("Job failed"),
    "JOB_UPDATED": say("Job changed"),
    "JOB_RETRIES_UPDATED": say("Retries set"),
    "TIMER_FIRED": say("Timer fired"),
    "TIMER_FIRED_BY_HAND": say("Timer fired by hand"),
    "TIMER_MOVED": say("Timer's date changed"),
    "MESSAGE_RECEIVED": say("Message received"),
    "SIGNAL_RECEIVED": say("Signal received"),
    "VARIABLES_SET": say("Variables set"),
    "INCIDENT_RETRIED": say("Incident tried again"),
    "INSTANCE_CANCELED": say("Instance canceled"),
    "INSTANCE_SUSPENDED": say("Instance suspended"),
    "INSTANCE_RESUMED": say("Instance resumed"),
    "INSTANCE_MIGRATED": say("Instance migrated"),
    "INSTANCE_MODIFIED": say("Tokens moved"),
    "CALL_RETURNED": say("Called process came back"),
    "CALL_THREW": say("Called process threw"),
    "DECISION_EVALUATED": say("Decision made"),
}

DONE: Mapping[str, Text] = {
    "RESOURCE CREATE": say("Deployed files"),
    "RESOURCE PROPOSED": say("Handed in files to be proved"),
    "RESOURCE APPROVED": say("Approved files to be published"),
    "RESOURCE DELETE": say("Deleted a version"),
    "RESOURCE UPDATE": say("Changed which version is started"),
    "RESOURCE ROLLED_BACK": say("Rolled back to a version"),
    "RESOURCE RESTORED": say("Restored a version"),
    "BATCH CREATE": say("Started a batch"),
    "BATCH SUSPEND": say("Paused a batch"),
    "BATCH RESUME": say("Went on with a batch"),
    "BATCH CANCEL": say("Canceled a batch"),
    "RETENTION UPDATE": say("Set a time of retention"),
    "RETENTION DELETE": say("Gave up a time of retention"),
    "LEGAL_HOLD CREATE": say("Placed a legal hold"),
    "LEGAL_HOLD DELETE": say("Lifted a legal hold"),
    "PROCESS_INSTANCE DELETE": say("Removed an instance"),
    "TIMER TRIGGER": say("Fired a start timer by hand"),
    "TIMER UPDATE": say("Changed the date of a start timer"),
    "DECISION EVALUATE": say("Evaluated a decision"),
    "SAVED_FILTER CREATE": say("Saved a search"),
    "SAVED_FILTER UPDATE": say("Changed a saved search"),
    "SAVED_FILTER DELETE": say("Deleted a saved search"),
    "PROJECT CREATE": say("Made a project or a file in the studio"),
    "PROJECT UPDATE": say("Changed a project in the studio"),
    "PROJECT DELETE": say("Removed a project or a file in the studio"),
    "PROJECT RESTORED": say("Brought back a project or a file in the studio"),
}


def element_kind(tag: str) -> Text:
    """A BPMN tag in words; one that is not known here as it is."""
    return ELEMENTS.get(tag, Text(tag))


def happened(kind: str) -> Text:
    """A kind of history in words; one that is not known here as it is."""
    return HAPPENED.get(kind, Text(kind))


def span(seconds: float) -> Text:
    """How long something took, in the largest unit that fits."""
    if seconds < 1:
        return say("< 1 s")
    if seconds < 90:
        return say("{n} s", n=round(seconds))
    if seconds < timedelta(minutes=90).total_seconds():
        return say("{n} min", n=round(seconds / 60))
    if seconds < timedelta(hours=36).total_seconds():
        return say("{n} h", n=round(seconds / 3600))
    return say("{n} d", n=f"{seconds / 86400:.1f}".removesuffix(".0") if seconds < 864_000 else round(seconds / 86400))
