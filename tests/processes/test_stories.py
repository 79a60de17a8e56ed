"""Stories play on the real engine, and a story that does not come out says which step, expected and found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from kernel.errors import Invalid, NotFound
from processes import scenarios
from processes.story.report import Report
from processes.story.script import read

Model = Callable[..., bytes]

BODY = """
<bpmn:startEvent id="begin"/>
<bpmn:userTask id="ask" name="问"><bpmn:extensionElements><zeebe:userTask/>
  <zeebe:formDefinition formId="ask" bindingType="deployment"/>
  <zeebe:assignmentDefinition candidateGroups="hr"/></bpmn:extensionElements></bpmn:userTask>
<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="false"><bpmn:timerEventDefinition id="td">
  <bpmn:timeDuration>PT48H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:scriptTask id="note" name="记"><bpmn:extensionElements>
  <zeebe:script expression="=string(now())" resultVariable="noted"/></bpmn:extensionElements></bpmn:scriptTask>
<bpmn:endEvent id="noted_end"/>
<bpmn:intermediateCatchEvent id="hear">
  <bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="over"/>
"""
FLOWS = "a: begin > ask\nb: late > note\nc: note > noted_end\nd: ask > hear\ne: hear > over"
MESSAGE = (
    '<bpmn:message id="m" name="go"><bpmn:extensionElements><zeebe:subscription correlationKey="=who"/>'
    "</bpmn:extensionElements></bpmn:message>"
)
FORM = """{"type": "default", "id": "ask", "components": [
  {"type": "textfield", "id": "answer_field", "key": "answer", "label": "答", "validate": {"required": true}},
  {"type": "textfield", "id": "sign", "key": "sign", "label": "签"}]}"""
PEOPLE = {"hr1": {"name": "人事", "groups": ["hr"]}, "it1": {"name": "运维", "groups": ["it"]}}
START = {"start": "hr1", "variables": {"who": "x"}, "expect": {"open": ["ask"], "variables": {"who": "x"}}}


@pytest.fixture
def play(tmp_path: Path, bpmn: Model, server: str) -> Callable[..., Report]:
    def run(*stories: list[dict[str, Any]]) -> Report:
        (tmp_path / "ask.bpmn").write_bytes(bpmn(BODY, FLOWS, process="asking", name="问答", more=MESSAGE))
        (tmp_path / "ask.form").write_text(FORM, encoding="utf-8")
        given = {"at": "2026-11-02T09:00+08:00"}
        told = [{"name": f"story {n}", "steps": steps} for n, steps in enumerate(stories)]
        written = {"process": "asking", "organisation": {"people": PEOPLE}, "given": given, "stories": told}
        (tmp_path / "scenarios.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
        return scenarios.run([tmp_path], server, tmp_path / "junit.xml")

    return run


Play = Callable[..., Report]


def test_a_story_goes_through_forms_timers_and_messages(play: Play, tmp_path: Path) -> None:
    report = play(
        [
            START,
            {
                "complete": "ask",
                "as": "hr1",
                "values": {"answer": ""},
                "refused": "required",
                "expect": {"open": ["ask"]},
            },
            {"wait": "PT47H", "expect": {"not_passed": ["note"]}},
            {
                "wait": "PT2H",
                "expect": {"passed": ["late", "note"], "where": ['=starts with(noted, "2026-11-04T09:00")']},
            },
            {
                "complete": "ask",
                "as": "hr1",
                "values": {"answer": '="yes " + who'},
                "expect": {"ended": False, "open": []},
            },
            {"message": "go", "key": "=who", "variables": {"n": 1}},
            {"expect": {"ended": True, "variables": {"n": 1, "answer": "yes x", "nothing": None}}},
        ]
    )
    assert report.lines()[-1] == "stories: 1 of 1", report.lines()
    assert report.coverage["asking"].missed == ()
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"expect": {"open": ["other"]}}, "missing ['other'], unexpected ['ask']"),
    ({"expect": {"includes": ["other"]}}, "step 2 (look): expected open tasks with ['other']; found ['ask']"),
    ({"expect": {"closed": ["ask"]}}, "none of ['ask'] open"),
    ({"expect": {"passed": ["over"]}}, "it never came to over"),
    ({"expect": {"not_passed": ["begin"]}}, "it came to begin"),
    ({"expect": {"variables": {"who": "y"}}}, "expected who = 'y'; found 'x'"),
    ({"expect": {"where": ["=who = other"]}}, "=who = other to hold"),
    ({"expect": {"sent": [{"to": "hr1"}]}}, "expected a message"),
    ({"expect": {"incidents": ["ask"]}}, "found none"),
    ({"expect": {"ended": True}}, "found ACTIVE, with ask (hr)"),
    ({"complete": "other", "as": "hr1"}, "expected an open task other; found ask (hr)"),
    ({"complete": "ask", "as": "hr1", "values": {}}, "answer_field: This field is required."),
    ({"complete": "ask", "as": "it1", "values": {"answer": "x"}}, "NotFound"),
    ({"complete": "ask", "as": "hr1", "values": {"answer": "x"}, "refused": "never"}, "nothing was refused"),
    ({"complete": "ask", "as": "ghost"}, "nobody with the login ghost"),
    ({"at": "2020-01-01T00:00Z"}, "cannot go back"),
    ({"at": "=nothing"}, "an instant at =nothing"),
    ({"wait": "soon"}, "a duration"),
    ({"system": "mars"}, "no system mars"),
]


def test_a_story_that_fails_says_where_and_why(play: Play) -> None:
    report = play(*[[START, step] for step, _ in FAULTY])
    assert [story.name for story in report.stories if not story.failure] == []
    for story, (_, told) in zip(report.stories, FAULTY, strict=True):
        assert "step 2" in story.failure
        assert told in story.failure


def test_an_incident_fails_a_story_that_does_not_expect_it(play: Play) -> None:
    report = play([{"start": "hr1", "variables": {}}, {"complete": "ask", "as": "hr1", "values": {"answer": "x"}}])
    assert "no incident" in report.stories[0].failure
    assert "hear" in report.stories[0].failure
    told = play(
        [
            {"start": "hr1", "variables": {}},
            {"complete": "ask", "as": "hr1", "values": {"answer": "x"}, "expect": {"incidents": ["hear"]}},
            {"set": {"who": "z"}, "expect": {"incidents": ["hear"]}},
            {"retry": "hear"},
            {"message": "go", "key": "z", "expect": {"ended": True}},
        ]
    )
    assert told.passed, told.lines()


@pytest.mark.parametrize(
    "story",
    [
        {},
        {"name": "x", "steps": [{"expect": {}}]},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": []},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": [{"fly": 1}]},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": [{"wait": "P1D", "cancel": True}]},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": [{"wait": "P1D", "as": "me"}]},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": [{"expect": {"opened": []}}]},
        {"name": "x", "given": {"on": "2026-11-02"}, "steps": [{"cancel": True}]},
        {"name": "x", "given": {"at": "2026-11-02"}, "steps": ["cancel"]},
    ],
)
def test_a_story_that_cannot_be_read_is_told(tmp_path: Path, story: dict[str, Any]) -> None:
    file = tmp_path / "scenarios.yaml"
    file.write_text(yaml.safe_dump({"process": "ask", "stories": [story]}), encoding="utf-8")
    with pytest.raises(Invalid) as invalid:
        read(file)
    assert "scenarios.yaml" in str(invalid.value)


def test_a_folder_without_stories_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        scenarios.run([tmp_path], "postgresql://nowhere")
    file = tmp_path / "scenarios.yaml"
    for content in ("stories: [", "- 1", "stories: 5"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(Invalid):
            read(file)
