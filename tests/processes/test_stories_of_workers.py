"""Jobs that no handler performs, in stories: a step answers them, or the example at their element does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.model import Resource
from kernel.errors import Invalid
from processes import scenarios
from processes.story import script, yamls
from processes.story.stage import Theatre

Model = Callable[..., bytes]
EXAMPLE = '<zeebe:properties><zeebe:property name="camundaModeler:exampleOutputJson" value="{}"/></zeebe:properties>'
SERVICE = (
    '<bpmn:serviceTask id="{id}"><bpmn:extensionElements><zeebe:taskDefinition type="{id}-type"/>{example}'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
ONE = EXAMPLE.format("{&quot;a&quot;: 1, &quot;list&quot;: [1, 2]}")
BODY = (
    '<bpmn:startEvent id="begin"/><bpmn:parallelGateway id="split"/>'
    + SERVICE.format(id="first", example=ONE)
    + SERVICE.format(id="second", example=EXAMPLE.format("no object"))
    + '<bpmn:boundaryEvent id="caught" attachedToRef="second"><bpmn:errorEventDefinition id="ed" errorRef="err"/>'
    '</bpmn:boundaryEvent><bpmn:endEvent id="bad"/><bpmn:endEvent id="good"/><bpmn:endEvent id="fine"/>'
)
FLOWS = (
    "f1: begin > split\nf2: split > first\nf3: split > second\nf4: first > good\nf5: second > fine\nf6: caught > bad"
)
ERROR = '<bpmn:error id="err" name="err" errorCode="SOLD_OUT"/>'
START = {"start": "ann", "variables": {}}


@pytest.fixture(scope="module")
def theatre(server: str) -> Iterator[Theatre]:
    with Theatre(server).opened() as opened:
        yield opened


@pytest.fixture
def failure(theatre: Theatre, bpmn: Model) -> Callable[..., str]:
    """Plays steps, and tells how they do not come out; empty where they do."""
    model = Resource("work.bpmn", bpmn(BODY, FLOWS, process="work", name="活", more=ERROR))

    def play(*steps: dict[str, Any]) -> str:
        told = {
            "process": "work",
            "organisation": {"people": {"ann": {"name": "安"}}},
            "given": {"at": "2026-11-02T09:00+08:00"},
            "stories": [{"name": "story", "steps": list(steps)}],
        }
        (story,) = script.read_bytes(yaml.safe_dump(told, allow_unicode=True).encode(), Path("scenarios.yaml"))
        return scenarios.play(theatre, story, [[model]]).failure

    return play


def test_an_example_answers_where_no_step_does(failure: Callable[..., str]) -> None:
    after = {"passed": ["good"], "not_passed": ["fine"], "ended": False, "variables": {"a": 1, "list": [1, 2]}}
    assert failure({**START, "expect": after}) == ""


def test_a_step_answers_before_the_example_does(failure: Callable[..., str]) -> None:
    assert (
        failure(
            {**START, "expect": {"not_passed": ["good"]}},
            {"job": "first", "answers": {"a": "=1 + 1"}, "expect": {"passed": ["good"], "variables": {"a": 2}}},
            {"job": "second", "throws": "SOLD_OUT", "expect": {"passed": ["bad"], "ended": True}},
        )
        == ""
    )


def test_a_job_that_fails_is_an_incident_until_it_is_tried_again(failure: Callable[..., str]) -> None:
    assert (
        failure(
            START,
            {"job": "second", "fails": "the stock is away", "expect": {"incidents": ["second"]}},
            {"retry": "second"},
            {"job": "second", "answers": {}, "expect": {"passed": ["fine"], "ended": True}},
        )
        == ""
    )


def test_a_job_that_is_not_there_is_told(failure: Callable[..., str]) -> None:
    told = failure(START, {"job": "third", "answers": {}})
    assert "a job at third that no handler performs; found first, second" in told
    thrown = {"job": "second", "throws": "OTHER", "expect": {"incidents": ["second"]}}
    assert failure(START, thrown) == ""


@pytest.mark.parametrize(
    "step",
    [
        {"job": "first"},
        {"job": "first", "answers": {}, "fails": "x"},
        {"job": "first", "answers": 5},
        {"job": "first", "fails": ["x"]},
        {"start": {"ann": 1}},
        {"complete": "a", "index": -1},
        {"complete": "a", "values": []},
        {"set": "x"},
    ],
)
def test_a_step_of_the_wrong_kind_is_told(step: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        script.step(step, 1)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "- " * 100_000 + "1",
        "\n".join(f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 9)}]" if n else "x0: &x0 [1]" for n in range(9)),
        "a: &a [*a]",
        "a: 2026-13-45",
        "a: !!python/object/apply:os.getcwd []",
        "a: b: c",
    ],
)
def test_yaml_that_would_take_the_process_with_it_is_refused(content: str) -> None:
    with pytest.raises(Invalid):
        yamls.load(content.encode(), Path("scenarios.yaml"))


def test_names_are_names_also_where_yaml_takes_them_for_truth() -> None:
    found = yamls.load(b'ann: {no: "7", on: 2026-11-02, well: yes}', Path("scenarios.yaml"))
    assert (found["ann"]["no"], sorted(found["ann"]), found["ann"]["well"]) == ("7", ["no", "on", "well"], True)
