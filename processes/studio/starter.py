"""What new files begin with: small, and accepted as they stand."""

import json
import re

from engine.model import Resource
from kernel.errors import Invalid
from kernel.text import say, translate
from processes import catalog
from processes.studio import rules

_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="http://bpmn.io/schema/bpmn" \
modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.9.0">
  <bpmn:process id="{id}" name="{name}" isExecutable="true">
    <bpmn:startEvent id="started" name="{started}">
      <bpmn:outgoing>to_step</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:sequenceFlow id="to_step" sourceRef="started" targetRef="step" />
    <bpmn:userTask id="step" name="{step}">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:assignmentDefinition candidateGroups="hr" />
      </bpmn:extensionElements>
      <bpmn:incoming>to_step</bpmn:incoming>
      <bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="to_end" sourceRef="step" targetRef="ended" />
    <bpmn:endEvent id="ended" name="{ended}">
      <bpmn:incoming>to_end</bpmn:incoming>
    </bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="started_di" bpmnElement="started">
        <dc:Bounds x="182" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="170" y="205" width="60" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="step_di" bpmnElement="step">
        <dc:Bounds x="270" y="140" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_di" bpmnElement="ended">
        <dc:Bounds x="422" y="162" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="410" y="205" width="60" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_step_di" bpmnElement="to_step">
        <di:waypoint x="218" y="180" />
        <di:waypoint x="270" y="180" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end">
        <di:waypoint x="370" y="180" />
        <di:waypoint x="422" y="180" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions_{id}" name="{name}" \
namespace="http://camunda.org/schema/1.0/dmn" modeler:executionPlatform="Camunda Cloud" \
modeler:executionPlatformVersion="8.9.0">
  <decision id="{id}" name="{name}">
    <decisionTable id="{id}_table" hitPolicy="FIRST">
      <input id="{id}_input" label="{input}">
        <inputExpression id="{id}_expression" typeRef="string">
          <text>given</text>
        </inputExpression>
      </input>
      <output id="{id}_output" label="{output}" name="result" typeRef="string" />
      <rule id="{id}_rule">
        <inputEntry id="{id}_when">
          <text></text>
        </inputEntry>
        <outputEntry id="{id}_then">
          <text>"{value}"</text>
        </outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_diagram">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""

_SCENARIOS = """# {about}
process: {id}

organisation:
  departments:
    staff: {{name: {department}, head: sun.jing}}
  people:
    sun.jing: {{no: "3001", name: {person}, department: staff, position: {position}, groups: [employee, hr]}}

given: {{at: 2026-11-02T09:00:00+08:00}}

stories:
  - name: {story}
    steps:
      - start: sun.jing
"""

WORDS = {
    "process": say("New process"),
    "started": say("Started"),
    "step": say("First step"),
    "ended": say("Ended"),
    "input": say("Input"),
    "output": say("Result"),
    "value": say("yes"),
    "story": say("It is started"),
    "about": say("How scenarios are written stands in the documentation, in the how-to on stories."),
    "department": say("People and administration"),
    "person": say("Sun Jing"),
    "position": say("HR officer"),
}


def starter(name: str, language: str) -> Resource:
    """A file with one process of this name: a start, a step for HR, an end."""
    id = identity(name, "process")
    return Resource(f"{id}.bpmn", _written(_BPMN, id, name, language))


def new(kind: str, name: str, process: str, language: str) -> Resource:
    """A file of a kind with this name, in the words of a language. `process` is what new scenarios are about.

    Raises Invalid for an unknown kind.
    """
    plain = " ".join(name.split())
    if kind == "bpmn":
        return starter(plain or translate(WORDS["process"].template, language), language)
    if kind == "dmn":
        id = identity(plain, "decision")
        return Resource(f"{id}.dmn", _written(_DMN, id, plain or id, language))
    if kind == "form":
        id = identity(plain, "form")
        return Resource(f"{id}.form", _form(id, plain or id))
    if kind == "scenarios":
        words = {key: translate(text.template, language) for key, text in WORDS.items()}
        return Resource(catalog.STORIES, _SCENARIOS.format_map({"id": process, **words}).encode())
    raise Invalid(say("There is no kind of file {kind}. Choose one of the list.", kind=kind))


def identity(name: str, kind: str) -> str:
    """An id for what has this name: the name where it is written in Latin letters, else one of its own.

    Names in a project differ, and so do the ids that are made of them.
    """
    id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
    return id if id and id[0].isalpha() else f"{kind}-{rules.digest(name.encode())[:8]}"


def _written(model: str, id: str, name: str, language: str) -> bytes:
    words = {key: _attribute(translate(text.template, language)) for key, text in WORDS.items()}
    return model.format_map({"id": id, "name": _attribute(name), **words}).encode()


def _form(id: str, name: str) -> bytes:
    """A form as form-js has it: its title, and nothing to fill in yet."""
    title = {"type": "text", "id": "title", "text": f"## {name}", "layout": {"row": "row_1", "columns": 16}}
    schema = {
        "components": [title],
        "type": "default",
        "id": id,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.9.0",
        "schemaVersion": 19,
    }
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _attribute(text: str) -> str:
    """Text as it stands within double quotes in XML."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return text
