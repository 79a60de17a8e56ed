"""betsy's engine-neutral models to the zeebe dialect: pseudo scripts append to `trace`, conditions look into `test`."""

import re
from typing import Any

from lxml import etree

from engine.spiff.compile.xml import bpmn, zeebe

TASK = re.compile(r"SCRIPT_(task\d)")
SCRIPTS = {
    "CREATE_LOG_FILE": ("=trace", "trace"),
    "CREATE_MARKER_FILE": ('=append(trace, "MarkerExists")', "trace"),
    "INCREMENT_INTEGER_VARIABLE": ("=integerVariable + 1", "integerVariable"),
    "SET_STRING_DATA": ('="String"', "data"),
    "LOG_DATA": ('=append(trace, if data = "String" then "DataCorrect" else "DataWrong")', "trace"),
}
TWO_RESULTS = ('={i: integerVariable + 1, t: append(trace, "Increment")}', "both")
EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "activationCondition",
)


def translate(xml: bytes, *, data: bool = False, all_texts: bool = True) -> bytes:
    """The same model, executable here. With `data`, data inputs and outputs are left to variables of the same name.

    Without `all_texts` only what stands between `${` and `}` becomes FEEL, so that a text in no language stays one.
    """
    root: Any = etree.fromstring(xml)
    for declared in list(root.iter(bpmn("ioSpecification"))) if data else ():
        declared.getparent().remove(declared)
    for task in list(root.iter(bpmn("scriptTask"))):
        _script(task)
    for tag in EXPRESSIONS:
        for element in root.iter(bpmn(tag)):
            if element.text and element.text.strip() and (all_texts or "${" in element.text):
                element.text = _feel(element.text)
    for sender in list(root.iter(bpmn("sendTask"), bpmn("intermediateThrowEvent"), bpmn("endEvent"))):
        _sender(root, sender)
    return etree.tostring(root)


def _script(task: Any) -> None:
    script = task.find(bpmn("script"))
    if script is None:
        return
    name = script.text.strip()
    task.remove(script)
    numbered = TASK.match(name)
    if numbered:
        found = (f'=append(trace, "{numbered[1].capitalize()}")', "trace")
    elif name == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
        found = TWO_RESULTS
        box = _extend(task, "ioMapping")
        etree.SubElement(box, zeebe("output"), source="=both.i", target="integerVariable")
        etree.SubElement(box, zeebe("output"), source="=both.t", target="trace")
    elif name in SCRIPTS:
        found = SCRIPTS[name]
    else:
        _extend(task, "taskDefinition", type=name)
        return
    _extend(task, "script", expression=found[0], resultVariable=found[1])


def _sender(root: Any, sender: Any) -> None:
    definition = sender.find(bpmn("messageEventDefinition"))
    if definition is None and sender.tag != bpmn("sendTask"):
        return
    reference = (sender if definition is None else definition).get("messageRef")
    message = root.find(f"{bpmn('message')}[@id='{reference}']")
    if message is None:
        return
    _extend(sender, "taskDefinition", type="PUBLISH")
    etree.SubElement(_extend(sender, "taskHeaders"), zeebe("header"), key="name", value=message.get("name"))


def _extend(element: Any, name: str, **attributes: str) -> Any:
    box = element.find(bpmn("extensionElements"))
    if box is None:
        box = etree.Element(bpmn("extensionElements"))
        element.insert(0, box)
    return etree.SubElement(box, zeebe(name), attributes)


def _feel(text: str) -> str:
    """`${!test.contains("a")}` to FEEL. One model has a stray `>` behind it."""
    inner = re.sub(r"^\$\{(.*)\}$", r"\1", text.strip().rstrip(">"))
    inner = re.sub(r"!\s*test\.contains\((\"[^\"]*\")\)", r"not(contains(test, \1))", inner)
    return "=" + re.sub(r"test\.contains\((\"[^\"]*\")\)", r"contains(test, \1)", inner)
