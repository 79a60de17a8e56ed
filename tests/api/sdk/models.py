"""Small processes for the stories that Camunda's clients live through."""

from tests.api.v2.models import process, user_task

FORM = b"""{"type": "default", "id": "sdk-reason", "components": [
  {"type": "textfield", "key": "why", "id": "why", "label": "Why"}]}"""
FORM_LINK = '<zeebe:formDefinition formId="sdk-reason"/>'


def service_task(id: str, type: str, retries: int = 2) -> str:
    return (
        f'<serviceTask id="{id}" name="{id.title()}"><extensionElements>'
        f'<zeebe:taskDefinition type="{type}" retries="{retries}"/>'
        '<zeebe:taskHeaders><zeebe:header key="region" value="east"/></zeebe:taskHeaders>'
        "</extensionElements></serviceTask>"
    )


ERRAND = process(
    "errand",
    service_task("call", "sdk.call")
    + '<boundaryEvent id="caught" attachedToRef="call"><errorEventDefinition errorRef="gone"/></boundaryEvent>'
    '<endEvent id="e2"/><sequenceFlow id="fe" sourceRef="caught" targetRef="e2"/>',
    "s call e",
    more='<error id="gone" errorCode="GONE"/>',
)
FORMAL = process("formal", user_task("sign", 'candidateGroups="hr"', FORM_LINK), "s sign e", version_tag="first")
PAID = process(
    "paid",
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>',
    "s wait e",
    more='<message id="m" name="sdk-paid"><extensionElements><zeebe:subscription correlationKey="=order"/>'
    "</extensionElements></message>",
)
HEARD = process(
    "heard",
    '<intermediateCatchEvent id="hear"><signalEventDefinition signalRef="sg"/></intermediateCatchEvent>',
    "s hear e",
    more='<signal id="sg" name="sdk-closing"/>',
)
CALLED = process("called", service_task("inner", "sdk.inner"), "s inner e")
CALLING = process(
    "calling",
    '<callActivity id="out"><extensionElements><zeebe:calledElement processId="called"/></extensionElements>'
    "</callActivity>",
    "s out e",
)
DESK = process(
    "desk", user_task("review", 'candidateGroups="hr"') + service_task("file", "sdk.file"), "s review file e"
)
# The same process a version later: the review has another id, and something follows it.
DESK_LATER = process(
    "desk",
    user_task("inspect", 'candidateGroups="hr"')
    + service_task("stamp", "sdk.stamp")
    + service_task("file", "sdk.file"),
    "s inspect stamp file e",
)
PAUSE = process(
    "pause",
    '<intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>P30D</timeDuration></timerEventDefinition>'
    "</intermediateCatchEvent>",
    "s rest e",
)
BONUS = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="t" id="pay" name="Pay">
<decision id="bonus" name="Bonus"><variable name="bonus"/><decisionTable hitPolicy="FIRST">
<input id="in1"><inputExpression typeRef="number"><text>level</text></inputExpression></input>
<output id="out1" name="bonus" typeRef="number"/>
<rule id="senior"><inputEntry id="a1"><text>&gt; 5</text></inputEntry><outputEntry id="b1"><text>30</text></outputEntry>
</rule>
<rule id="others"><inputEntry id="a2"><text>-</text></inputEntry><outputEntry id="b2"><text>10</text></outputEntry>
</rule>
</decisionTable></decision></definitions>"""
DECIDING = process(
    "deciding",
    '<businessRuleTask id="ask"><extensionElements>'
    '<zeebe:calledDecision decisionId="bonus" resultVariable="bonus"/></extensionElements></businessRuleTask>'
    + service_task("file", "sdk.decided"),
    "s ask file e",
)
