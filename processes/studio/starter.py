"""The process that a new project begins with: a start, one step for HR, an end. It is accepted as it stands."""

import re

from engine.model import Resource
from kernel.text import say, translate
from processes.studio import rules

_MODEL = """<?xml version="1.0" encoding="UTF-8"?>
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
WORDS = {"started": say("Started"), "step": say("First step"), "ended": say("Ended")}


def starter(name: str, language: str) -> Resource:
    """A file with one process of this name, its words in this language.

    Its id is the name where that is written in Latin letters, else one of its own: projects' names differ, so do ids.
    """
    id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
    if not id or not id[0].isalpha():
        id = f"process-{rules.digest(name.encode())[:8]}"
    words = {key: translate(text.template, language) for key, text in WORDS.items()}
    given = {"id": id, "name": _attribute(name), **words}
    return Resource(f"{id}.bpmn", _MODEL.format_map(given).encode())


def _attribute(text: str) -> str:
    """Text as it stands within double quotes in XML."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return text
