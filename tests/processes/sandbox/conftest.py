"""A product's own database with a project in it, and the stages of one web process over it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api import bootstrap
from engine.model import Resource
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from processes.sandbox import opening, view
from processes.sandbox.stages import Stages
from processes.studio import projects
from tasks.house import House
from tests.conftest import drop

DESIGNER = Actor(id="designer", name="设计", groups=frozenset({"designer"}))

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
    '<message id="m" name="answer"><extensionElements><zeebe:subscription correlationKey="=who"/></extensionElements>'
    '</message><error id="no" name="no" errorCode="NO"/><process id="errand" name="跑腿" isExecutable="true">'
)
EXAMPLE = (
    '<zeebe:properties><zeebe:property name="camundaModeler:exampleOutputJson" value="{&quot;priced&quot;: 7}"/>'
    "</zeebe:properties>"
)
BODY = """
<startEvent id="begin"><extensionElements><zeebe:formDefinition formId="wish"/></extensionElements></startEvent>
<userTask id="approve" name="审批"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="approval"/>
  <zeebe:assignmentDefinition candidateGroups="hr"/></extensionElements></userTask>
<boundaryEvent id="late" name="催办" attachedToRef="approve" cancelActivity="false"><timerEventDefinition id="lt">
  <timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>
<scriptTask id="remind" name="记一次催办"><extensionElements>
  <zeebe:script expression="=true" resultVariable="reminded"/></extensionElements></scriptTask>
<endEvent id="reminded_end"/>
<serviceTask id="price" name="询价"><extensionElements><zeebe:taskDefinition type="ask-a-price"/>%s</extensionElements>
</serviceTask>
<boundaryEvent id="refused" attachedToRef="price"><errorEventDefinition id="re" errorRef="no"/></boundaryEvent>
<endEvent id="refused_end"/>
<intermediateCatchEvent id="hear" name="等回复">
  <messageEventDefinition id="hm" messageRef="m"/></intermediateCatchEvent>
<endEvent id="over"/>
""".strip()
FLOWS = (("begin", "approve"), ("late", "remind"), ("remind", "reminded_end"), ("approve", "price"),
         ("refused", "refused_end"), ("price", "hear"), ("hear", "over"))  # fmt: skip
WISH = """{"type": "default", "id": "wish", "components": [
  {"type": "textfield", "id": "what_field", "key": "what", "label": "要什么", "validate": {"required": true}},
  {"type": "textfield", "id": "who_field", "key": "who", "label": "给谁", "defaultValue": "张晓"}]}"""
APPROVAL = """{"type": "default", "id": "approval", "components": [
  {"type": "checkbox", "id": "ok_field", "key": "ok", "label": "同意", "validate": {"required": true}}]}"""


def errand(example: bool = True, more: str = "", flows: tuple[tuple[str, str], ...] = ()) -> list[Resource]:
    """A process with a start form, a task with a reminder, a job that no handler performs, and a message."""
    body = BODY % (EXAMPLE if example else "")
    drawn = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in (*FLOWS, *flows))
    return [
        Resource("errand.bpmn", f"{HEAD}{body}{more}{drawn}</process></definitions>".encode()),
        Resource("wish.form", WISH.encode()),
        Resource("approval.form", APPROVAL.encode()),
    ]


@dataclass(frozen=True)
class Studio:
    """A house, a project after another, and what one web process does with sandboxes of them."""

    house: House
    stages: Stages

    def project(self, files: list[Resource]) -> int:
        with self.house.database.transaction() as unit:
            name = f"Project {uuid.uuid4().hex}"
            return projects.create(self.house.engine, unit, name, files, actor=DESIGNER)

    def open(self, files: list[Resource], process: str = "errand", **more: Any) -> int:
        project = self.project(files)
        key, failed = opening.begin(self.stages, self.house.engine, project, process, actor=DESIGNER, **more)
        assert failed is None, failed
        return key

    def view(self, key: int, stages: Stages | None = None) -> dict[str, Any]:
        with (stages or self.stages).shown(key) as shown:
            return view.view(shown, "zh-CN")

    def step(self, key: int, *steps: dict[str, Any], stages: Stages | None = None) -> dict[str, Any]:
        after = self.view(key)["number"]
        for number, step in enumerate(steps):
            (stages or self.stages).take(key, step, after + number, actor=DESIGNER)
        return self.view(key, stages)

    def another(self, **more: Any) -> Stages:
        """The stages of another web process over the same database."""
        return Stages(self.house.engine, **more)


@pytest.fixture(scope="module")
def house(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name = f"jiaojie_sandbox_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(made)
    url, home = make_conninfo(server, dbname=name), tmp_path_factory.mktemp("home")
    database = Database(url)
    settings = Settings(home=home, database_url=url, secret="for tests alone")
    yield bootstrap.build(settings, database, ManualClock("2026-11-07T01:00:00+00:00"))  # a Saturday
    database.close()
    drop(server, name)


@pytest.fixture(scope="module")
def studio(house: House) -> Iterator[Studio]:
    stages = Stages(house.engine)
    yield Studio(house, stages)
    stages.close()


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return tmp_path / "scenarios.yaml"
