"""The shipped agreement models and tables: who is asked what, what the law forbids, what nobody can get round."""

from collections.abc import Mapping
from typing import Any

import pytest
from lxml import etree

import feel.dmn
from processes import catalog
from tasks.human.signing import turns

FAMILY = catalog.home() / "agreement"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
TEXTS = {path.stem for path in (catalog.home().parent / "hr" / "agreements" / "shipped").glob("*.md")}


@pytest.fixture(scope="module")
def model() -> etree._Element:
    return etree.parse(FAMILY / "agreement.bpmn").getroot()


@pytest.fixture(scope="module")
def signers() -> feel.dmn.Model:
    return feel.dmn.load((FAMILY / "signers.dmn").read_bytes())


def found(model: etree._Element, id: str) -> etree._Element:
    return next(element for element in model.iter() if element.get("id") == id)


def flows(model: etree._Element) -> list[tuple[str, str, str]]:
    return [
        (flow.get("sourceRef"), flow.get("targetRef"), "".join(flow.itertext()).strip())
        for flow in model.iter(f"{BPMN}sequenceFlow")
    ]


@pytest.mark.requirement("F73")
def test_nothing_is_prepared_for_a_non_compete_but_behind_the_table_or_the_review(model: etree._Element) -> None:
    ways = flows(model)
    into = {target: {(source, condition) for source, t, condition in ways if t == target} for _, target, _ in ways}
    assert into["prepare"] == {("may_send", "")}
    assert into["may_send"] == {("non_compete", ""), ("released", "")}
    assert into["released"] == {
        ("may_be_bound", '=nonCompete.allowed = "yes"'),
        ("review_passed", '=nonCompete.allowed = "yes"'),
    }
    assert ("non_compete", '=signing.kind = "non-compete"') in into["decide_terms"]


@pytest.mark.requirement("F60")
def test_signatures_are_asked_of_the_signer_alone_and_seals_of_their_holders(model: etree._Element) -> None:
    owners = {
        id: found(model, id).find(f"{BPMN}extensionElements/{ZEEBE}assignmentDefinition") for id in ("sign", "seal")
    }
    forms = {
        id: found(model, id).find(f"{BPMN}extensionElements/{ZEEBE}formDefinition").get("formId")
        for id in ("sign", "seal")
    }
    assert dict(owners["sign"].attrib) == {"assignee": "=signer.login"}
    assert dict(owners["seal"].attrib) == {"candidateGroups": "seal"}
    assert forms == {"sign": turns.SIGN_FORM, "seal": turns.SEAL_FORM}


@pytest.mark.requirement("F70")
def test_the_end_of_signing_waits_for_no_message_and_no_archive(model: etree._Element) -> None:
    """Between the last signature and the end stands nothing but a script; what is slow hangs on the signal."""
    ways = flows(model)
    assert [target for source, target, _ in ways if source == "signing"] == ["note_sealed"]
    assert [target for source, target, _ in ways if source == "note_sealed"] == ["sealed"]
    assert found(model, "note_sealed").tag == f"{BPMN}scriptTask"
    assert found(model, "sealed").find(f"{BPMN}signalEventDefinition") is not None
    assert found(model, "signer_done").find(f"{BPMN}terminateEventDefinition") is not None


@pytest.mark.parametrize("file", sorted(FAMILY.glob("*.*mn")), ids=lambda path: path.name)
def test_every_element_is_drawn_and_every_task_says_why_it_is_there(file: Any) -> None:
    root = etree.parse(file).getroot()
    drawn = {shape.get("bpmnElement") or shape.get("dmnElementRef") for shape in root.iter(etree.Element)}
    kinds = ("Task", "Event", "Gateway", "subProcess", "callActivity", "sequenceFlow", "decision")
    there = {
        element.get("id") for element in root.iter(etree.Element) if etree.QName(element).localname.endswith(kinds)
    }
    assert there - drawn == set()
    silent = [task.get("id") for task in root.iter(f"{BPMN}userTask") if not task.findtext(f"{BPMN}documentation")]
    assert silent == []


@pytest.mark.requirement("F73")
@pytest.mark.parametrize(
    ("contact", "level", "family", "allowed"),
    [
        (True, "executive", "sales", "yes"),
        (True, "executive", "rnd", "yes"),
        (True, "senior", "rnd", "yes"),
        (True, "senior", "sales", "review"),
        (True, "middle", "rnd", "review"),
        (True, "junior", "other", "review"),
        (False, "executive", "rnd", "no"),
        (False, "senior", "rnd", "no"),
        (False, "junior", "other", "no"),
    ],
)
def test_a_non_compete_is_for_those_the_law_names_and_whose_contact_is_on_record(
    signers: feel.dmn.Model, contact: bool, level: str, family: str, allowed: str
) -> None:
    signing = {"secretContact": contact, "level": level, "family": family}
    terms = signers.decide("non-compete-terms", {"signing": signing}).value
    assert terms["allowed"] == allowed
    if allowed == "no":
        assert (terms["months"], terms["payPercent"]) == (0, 0)
    else:
        assert (terms["months"], terms["payPercent"], terms["longPayPercent"]) == (24, 30, 50)
    assert "第二十四条" in terms["article"]


@pytest.mark.requirement("F130")
@pytest.mark.parametrize(
    ("family", "contact", "due"),
    [
        ("rnd", False, ["confidentiality-technical", "intellectual-property"]),
        ("sales", True, ["confidentiality-customer"]),
        ("admin", False, ["confidentiality-internal"]),
        ("other", False, ["confidentiality"]),
        ("other", True, ["confidentiality", "confidentiality-technical"]),
    ],
)
def test_what_is_due_at_entry_goes_by_work_and_never_has_a_non_compete(
    signers: feel.dmn.Model, family: str, contact: bool, due: list[str]
) -> None:
    rows: list[Mapping[str, Any]] = signers.decide(
        "agreements-due", {"signing": {"family": family, "secretContact": contact}}
    ).value
    assert [row["text"] for row in rows] == due


def test_the_tables_name_texts_that_ship_by_their_titles(signers: feel.dmn.Model) -> None:
    leaving = feel.dmn.load((catalog.home() / "offboarding" / "exit-agreements.dmn").read_bytes())
    rows = [
        row
        for family in ("rnd", "sales", "admin", "other")
        for contact in (False, True)
        for model, decision in ((signers, "agreements-due"), (leaving, "exit-agreements"))
        for row in model.decide(decision, {"signing": {"family": family, "secretContact": contact}}).value
    ]
    titles = {}
    for slug in TEXTS:
        head = (catalog.home().parent / "hr" / "agreements" / "shipped" / f"{slug}.md").read_text("utf-8")
        titles[slug] = next(line for line in head.splitlines() if line.startswith("title:")).partition(":")[2].strip()
    assert {row["text"]: row["title"] for row in rows}.items() <= titles.items()
