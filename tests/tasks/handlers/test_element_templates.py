"""What the designer is offered: every job type, in both languages, with what it reads and sets."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import etree
from pydantic.alias_generators import to_camel

from deploy.pages import WEB
from kernel.errors import Invalid
from tasks.handlers import letters, registry
from tasks.handlers.element_templates import EDITION, GROUPS, element_templates, variables
from tasks.handlers.icons import DRAWINGS, icon
from tasks.handlers.messages import MESSAGES, SETTINGS
from tasks.handlers.words import TOPICS, VARIABLES
from tasks.stages import STAGES
from tasks.tables import CHANNELS
from tests.api.sdk.test_camunda_node_client import node
from tests.engine.spiff import drawing
from tests.engine.spiff.play import Play
from tests.tasks.handlers.conftest import Ticket

VERSIONS = Path(__file__).with_name("element_template_versions.json")
CHECK = Path(__file__).with_name("templates_fit.mjs")


def offered(type: str, language: str = "zh-CN") -> dict[str, Any]:
    (found,) = [template for template in element_templates(language) if template["id"] == f"jiaojie.{type}"]
    return found


def bound(template: dict[str, Any], binding: str) -> list[dict[str, Any]]:
    return [prop for prop in template["properties"] if prop["binding"]["type"] == binding]


@pytest.mark.requirement("F114")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_job_type_is_offered(language):
    templates = element_templates(language)
    assert [template["properties"][0]["value"] for template in templates] == registry.types()
    assert len({template["id"] for template in templates}) == len(templates)
    for template in templates:
        used = [id for id in GROUPS if id in {prop.get("group") for prop in template["properties"]}]
        assert template["name"], template["id"]
        assert template["description"], template["id"]
        assert [group["id"] for group in template["groups"]] == used
        assert all(prop["label"] and prop["tooltip"] for prop in template["properties"] if prop["type"] != "Hidden")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_camundas_own_schema_takes_them(language):
    done = subprocess.run(
        [node(), str(CHECK), str(WEB)],
        input=json.dumps(element_templates(language)),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == []


def test_the_schema_tells_what_does_not_fit():
    (broken, *_) = element_templates("en")
    broken = {**broken, "elementType": {"value": "bpmn:Nothing"}, "properties": [{"type": "Hidden"}]}
    done = subprocess.run(
        [node(), str(CHECK), str(WEB)],
        input=json.dumps([broken]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout)[0][0] == broken["id"]


def test_a_changed_template_has_a_new_version():
    """What a version looked like is kept; a template that looks otherwise raises `edition` (or EDITION, for all)."""
    kept = json.loads(VERSIONS.read_text())
    now = {}
    for one, other in zip(element_templates("zh-CN"), element_templates("en"), strict=True):
        digest = sha256(json.dumps([one, other], ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
        now[one["id"]] = {str(one["version"]): digest}
    assert all(int(version) >= EDITION for versions in now.values() for version in versions)
    assert {id: {**kept.get(id, {}), **versions} for id, versions in now.items()} == kept


def test_there_are_words_for_everything():
    topics = {type.partition(".")[0] for type in registry.types()}
    settings = {setting.name for setting in SETTINGS if setting.kind == "input"}
    named = {name for type in registry.types() for kind in kinds(type) for name in variables(kind)}
    assert set(TOPICS) == topics
    assert topics <= set(DRAWINGS)
    assert set(VARIABLES) == named - settings
    assert sorted(MESSAGES) == letters.names()


def kinds(type: str) -> list[Any]:
    return [registry.find(type).order, registry.find(type).answer]


@pytest.mark.parametrize("topic", sorted(DRAWINGS))
def test_icons_are_small_plain_drawings(topic):
    head, _, drawing = icon(topic).partition(",")
    assert head == "data:image/svg+xml"
    root = etree.fromstring(unquote(drawing).encode())
    assert (root.get("width"), root.get("height")) == ("24", "24")
    assert {etree.QName(part).localname for part in root} <= {"rect", "path", "circle"}
    assert len(icon(topic)) < 1500


@pytest.mark.parametrize("type", [type for type in registry.types() if variables(registry.find(type).answer)])
def test_what_a_template_maps_by_itself_changes_nothing(type):
    """An element with the template's defaults sees and leaves the same variables as one with the bare job type."""
    template = offered(type)
    takes = {p["binding"]["name"]: p["value"] for p in bound(template, "zeebe:input") if "value" in p}
    gives = {p["value"]: p["binding"]["source"] for p in bound(template, "zeebe:output") if "value" in p}
    read, answered = (variables(kind) for kind in kinds(type))
    before = {name: f"{name} as it was" for name in read}
    answer = {name: f"{name} anew" for name in answered if name in gives}
    seen, left = [], []
    for mapped in (drawing.io(takes, gives), ""):
        story = Play(drawing.process(drawing.ENDS + drawing.job("work", mapped), "s work e"), stepped=False, **before)
        seen.append(story.find("work").variables)
        story.do("work", **answer)
        assert story.ended
        left.append(story.variables)
    assert seen[0] == seen[1]
    assert left[0] == left[1] == {**before, **answer}
    assert {name for name in read if name in takes} == required(type)


def required(type: str) -> set[str]:
    """What a job cannot do without, asked of the handler itself."""
    needed = set()
    for name in variables(registry.find(type).order):
        ticket = Ticket(type=type, variables={other: SAMPLES[other] for other in SAMPLES if other != name})
        try:
            registry.find(type).read(ticket)
        except Invalid:
            needed.add(name)
    return needed


SAMPLES: dict[str, Any] = {
    "training": {"number": "PX-2026-000001"},
    "coursesDue": ["客户信息存储要求"],
    "learners": [],
    "dues": [],
    "caseNumber": "LZ-1",
    "employee": {"no": "1", "login": "zhang"},
    "recipient": {"login": "wu"},
    "agreement": {"number": "XY-2026-000001"},
    "signer": {"field": "employee"},
    "text": "non-compete",
}


def test_notify_asks_for_recipients_template_and_channels():
    notify = offered("notify", "en")
    chosen = {prop.get("id"): prop for prop in notify["properties"]}
    assert {"name": "Overdue (overdue)", "value": "overdue"} in chosen["template"]["choices"]
    assert all(set(c["value"].split(",")) <= set(CHANNELS) for c in chosen["channels"]["choices"])
    assert chosen["to"]["feel"] == "required"
    assert chosen["to"]["condition"] == {"property": "to-choice", "equals": "custom"}
    assert chosen["node"]["condition"] == {"property": "template", "equals": "overdue"}
    assert notify["description"].endswith("Reads: caseNumber. Sets: none.")


def test_whoever_is_chosen_gets_the_message():
    """Every choice of recipients but the last, which is the designer's own, is one hidden mapping."""
    notify = offered("notify")
    (choice,) = [prop for prop in notify["properties"] if prop.get("id") == "to-choice"]
    mapped = {
        prop["condition"]["equals"]: prop["value"]
        for prop in bound(notify, "zeebe:input")
        if prop["binding"]["name"] == "to"
    }
    assert list(mapped) == [choice["value"] for choice in choice["choices"]]
    assert mapped["manager"] == "=[manager.login]"
    assert mapped["hr"] == '="group:hr"'


def test_variables_are_named_as_the_process_names_them():
    transfer = offered("crm.transfer")
    assert transfer["description"].endswith("读取变量：caseNumber, employee, recipient, crm。写入变量：crm。")
    names = [prop["binding"]["name"] for prop in bound(transfer, "zeebe:input")]
    assert names == [to_camel(name) for name in ("case_number", "employee", "recipient", "crm")]


def test_the_outside_system_is_seen_and_cannot_be_changed():
    system, stage = bound(offered("crm.rights"), "zeebe:property")
    assert (system["value"], system["editable"], system["choices"][0]["name"]) == ("crm", False, "CRM 系统")
    assert stage["binding"]["name"] == "stage"
    assert bound(offered("case.close"), "zeebe:property") == [stage]


def test_a_step_keeps_its_stage():
    """The case page goes by it, and what a template does not know is taken away from the element."""
    for template in element_templates("zh-CN"):
        (stage,) = [prop for prop in template["properties"] if prop["binding"].get("name") == "stage"]
        assert [choice["value"] for choice in stage["choices"]] == ["", *STAGES]
