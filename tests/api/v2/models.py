"""Small processes for the stories of this folder."""

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">'
)


def process(id: str, nodes: str, chain: str, more: str = "", version_tag: str = "") -> str:
    """A process of these nodes between start `s` and end `e`; `chain` joins them, such as `s a e`."""
    names = chain.split()
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(zip(names, names[1:], strict=False))
    )
    tag = f'<extensionElements><zeebe:versionTag value="{version_tag}"/></extensionElements>' if version_tag else ""
    return (
        f'{HEAD}{more}<process id="{id}" name="{id.title()}" isExecutable="true">{tag}'
        f'<startEvent id="s"/>{nodes}<endEvent id="e"/>{flows}</process></definitions>'
    )


def user_task(id: str, assignment: str, more: str = "") -> str:
    return (
        f'<userTask id="{id}" name="{id.title()}"><extensionElements><zeebe:userTask/>'
        f"<zeebe:assignmentDefinition {assignment}/>{more}</extensionElements></userTask>"
    )


APPROVAL = process("approval", user_task("approve", 'candidateGroups="hr"'), "s approve e")
MINE = process("mine", user_task("sign", 'assignee="zhang.wei"'), "s sign e")
SIGNED = process(
    "signed", user_task("sign", 'candidateGroups="hr"', '<zeebe:formDefinition formId="reason"/>'), "s sign e"
)
FORM = """{"type": "default", "id": "reason", "components": [
  {"type": "textfield", "key": "why", "id": "why", "label": "Why", "validate": {"required": true}}]}"""
SERVICE = process(
    "service",
    '<serviceTask id="call" name="Call"><extensionElements><zeebe:taskDefinition type="crm.call" retries="2"/>'
    '<zeebe:taskHeaders><zeebe:header key="region" value="east"/></zeebe:taskHeaders></extensionElements></serviceTask>'
    '<boundaryEvent id="caught" attachedToRef="call"><errorEventDefinition errorRef="gone"/></boundaryEvent>'
    '<endEvent id="e2"/><sequenceFlow id="fe" sourceRef="caught" targetRef="e2"/>',
    "s call e",
    more='<error id="gone" errorCode="GONE"/>',
)
WAITING = process(
    "waiting",
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>',
    "s wait e",
    more='<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/>'
    "</extensionElements></message>",
)
LISTENING = process(
    "listening",
    '<intermediateCatchEvent id="hear"><signalEventDefinition signalRef="sg"/></intermediateCatchEvent>',
    "s hear e",
    more='<signal id="sg" name="closing"/>',
)
BROKEN = process(
    "broken",
    '<scriptTask id="sum"><extensionElements><zeebe:script expression="=assert(n, n &gt; 0)" resultVariable="r"/>'
    "</extensionElements></scriptTask>",
    "s sum e",
)
GATE = process(
    "gate",
    '<exclusiveGateway id="x" default="f1"/><endEvent id="big"/><sequenceFlow id="fb" sourceRef="x" targetRef="big">'
    "<conditionExpression>=days &gt; 30</conditionExpression></sequenceFlow>",
    "s x e",
)
DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="t" id="d" name="d">
<decision id="days" name="Days"><literalExpression><text>if level &gt; 5 then 30 else 10</text></literalExpression>
</decision></definitions>"""
