"""A small leave process in several versions, and a house where cases of it have run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.commands import deploy, start, user_task
from engine.model import Resource
from kernel.actor import system
from kernel.db import Database
from processes.story.script import Story
from processes.story.stage import furnish
from tasks.house import House

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' targetNamespace="t"><process id="leave" name="请假" isExecutable="true">'
)
ASK = (
    '<userTask id="{id}" name="{name}"><extensionElements><zeebe:userTask/>'
    '<zeebe:formDefinition formId="leave"/><zeebe:assignmentDefinition candidateGroups="hr"/>'
    "</extensionElements></userTask>"
)
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    '<decision id="level" name="level"><variable name="level"/><literalExpression><text>'
    'if days &gt; {limit} then "long" else "short"</text></literalExpression></decision></definitions>'
)
FORM = '{"type": "default", "id": "leave", "components": [%s]}'
SIGNER = system("tester")
STORIES = """
process: leave
given: {at: 2026-11-02T09:00+08:00}
organisation:
  departments: {hr: {name: 人事}}
  people: {wang: {name: 王, department: hr, position: 专员, groups: [employee, hr]}}
stories:
  - name: A long leave goes to the boss
    steps:
      - start: wang
        variables: {days: 7}
        expect: {open: [apply]}
      - complete: apply
        as: wang
        expect: {open: [boss]}
"""


def model(last: str = "boss", gate: str = "") -> Resource:
    """`last` is the id of the boss's task, `gate` an element between application and decision."""
    named = {"apply": "申请", last: "上级审批", "hr": "备案", **({gate: "核对"} if gate else {})}
    tasks = "".join(ASK.format(id=id, name=name) for id, name in named.items())
    decide = (
        '<businessRuleTask id="d"><extensionElements><zeebe:calledDecision decisionId="level" resultVariable="level"/>'
        "</extensionElements></businessRuleTask>"
    )
    flows = [("s", "apply"), ("apply", gate or "d"), ("d", "x"), (last, "e"), ("hr", "e")]
    flows += [(gate, "d")] if gate else []
    drawn = "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    return Resource(
        "leave.bpmn",
        (
            f'{HEAD}<startEvent id="s"/><endEvent id="e"/>{tasks}{decide}<exclusiveGateway id="x" default="x-hr"/>'
            f"{drawn}"
            f'<sequenceFlow id="x-boss" sourceRef="x" targetRef="{last}"><conditionExpression>=level = "long"'
            '</conditionExpression></sequenceFlow><sequenceFlow id="x-hr" sourceRef="x" targetRef="hr"/>'
            "</process></definitions>"
        ).encode(),
    )


def table(limit: int = 5) -> Resource:
    return Resource("leave.dmn", DMN.format(limit=limit).encode())


def form(components: str = "") -> Resource:
    return Resource("leave.form", (FORM % components).encode())


def stories() -> Resource:
    return Resource("scenarios.yaml", STORIES.encode())


@contextmanager
def opened(database: Database, home: Path) -> Iterator[House]:
    """A house with its stock of cases: two long leaves that are over, a short one, a long one at the boss."""
    story = Story(file=home, name="", process="leave", at="2026-11-02T09:00+08:00", steps=())
    house = furnish(story, database, home).house
    deploy.deploy(house.engine, database.once(), [model(), table(), form()], SIGNER)
    for days, steps in ((7, ("apply", "boss")), (8, ("apply", "boss")), (2, ("apply", "hr")), (9, ("apply",))):
        begin(house, days, *steps)
    yield house


def begin(house: House, days: int, *steps: str) -> int:
    """A case of so many days, with these steps done."""
    engine, unit = house.engine, house.database.once()
    more: dict[str, Any] = {"process_id": "leave", "business_id": f"L-{days}", "actor": SIGNER}
    key = start.start(engine, unit, variables={"days": days}, **more).instance_key
    for step in steps:
        (task,) = unit.one("select key from user_task where instance_key = %s and element = %s", (key, step))
        user_task.complete(engine, unit, task, variables={}, actor=SIGNER)
    return key
