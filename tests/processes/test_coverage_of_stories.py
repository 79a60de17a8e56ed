"""How much of a model its stories come to: nodes and flows apart, on the terminal, as JUnit and as JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner

from api.cli import main
from processes import scenarios
from processes.story.report import Coverage, Part, Report, percent

Model = Callable[..., bytes]

BODY = """
<bpmn:startEvent id="begin"/><bpmn:exclusiveGateway id="way" default="low"/>
<bpmn:scriptTask id="note"><bpmn:extensionElements>
  <zeebe:script expression="=1" resultVariable="noted"/></bpmn:extensionElements></bpmn:scriptTask>
<bpmn:eventBasedGateway id="either"/>
<bpmn:intermediateCatchEvent id="soon"><bpmn:timerEventDefinition id="t1"><bpmn:timeDuration>PT1H</bpmn:timeDuration>
  </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:intermediateCatchEvent id="late"><bpmn:timerEventDefinition id="t2"><bpmn:timeDuration>PT9H</bpmn:timeDuration>
  </bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="over"/>
"""
FLOWS = """a: begin > way
low: way > either
high: way > note : : =days > 5
b: note > either
c: either > soon
d: either > late
e: soon > over
f: late > over"""


@pytest.fixture
def folder(tmp_path: Path, bpmn: Model) -> Path:
    (tmp_path / "ways.bpmn").write_bytes(bpmn(BODY, FLOWS, process="ways", name="路"))
    written = {
        "process": "ways",
        "organisation": {"people": {"hr1": {"name": "人事", "groups": ["hr"]}}},
        "given": {"at": "2026-11-02T09:00+08:00"},
        "stories": [{"name": "few days", "steps": _steps(1)}, {"name": "fewer", "steps": _steps(0)}],
    }
    (tmp_path / "scenarios.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
    return tmp_path


def _steps(days: int) -> list[dict[str, object]]:
    return [{"start": "hr1", "variables": {"days": days}}, {"wait": "PT2H", "expect": {"ended": True}}]


def test_nodes_and_flows_are_told_apart_with_how_many_stories_came(folder: Path, server: str) -> None:
    report = scenarios.run([folder], server, folder / "junit.xml")
    found = report.coverage["ways"]
    assert report.passed
    assert (found.nodes.missed, found.flows.missed) == (("note", "late"), ("high", "b", "d", "f"))
    assert found.nodes.visits == {"begin": 2, "way": 2, "either": 2, "soon": 2, "over": 2}
    assert found.flows.visits == {"a": 2, "low": 2, "c": 2, "e": 2}
    assert report.lines()[2:] == [
        "ways: 71 % of 7 nodes, 50 % of 8 flows",
        "     no story comes to these nodes: note, late",
        "     no story takes these flows: high, b, d, f",
        "stories: 2 of 2",
    ]
    properties = ElementTree.parse(folder / "junit.xml").getroot().iterfind("properties/property")
    assert [(p.get("name"), p.get("value")) for p in properties] == [
        ("coverage.ways.nodes", "0.7143"),
        ("coverage.ways.flows", "0.5000"),
    ]


def test_the_command_writes_it_as_json_and_holds_a_share(
    folder: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIAOJIE_DATABASE_URL", server)
    file = folder / "coverage.json"
    runner = CliRunner(env={"LC_ALL": "C"})
    enough = runner.invoke(main, ["test", str(folder), "--coverage", str(file), "--least", "50"])
    assert (enough.exit_code, enough.exception) == (0, None), enough.output
    told = json.loads(file.read_text("utf-8"))["processes"]["ways"]
    assert (told["flows"]["total"], told["flows"]["visited"], told["flows"]["share"]) == (8, 4, 0.5)
    assert told["nodes"]["missed"] == ["note", "late"]
    short = runner.invoke(main, ["test", str(folder), "--least", "50.1"])
    assert short.exit_code == 1
    assert "ways has less coverage than 50.1 %." in short.stderr


def test_a_hundred_percent_is_said_only_of_all() -> None:
    names = tuple(map(str, range(1000)))
    most = Part(all=names, visits=dict.fromkeys(names[1:], 1))
    assert (percent(most.share), percent(Part(all=(), visits={}).share)) == (99, 100)
    coverage = Coverage(process_id="p", nodes=most, flows=Part(all=names, visits=dict.fromkeys(names, 1)))
    report = Report(stories=(), coverage={"p": coverage})
    assert (report.under(0.999), report.under(1.0)) == ([], [coverage])
