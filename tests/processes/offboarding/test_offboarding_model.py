"""The shipped offboarding model as a whole: what every task must have, what no path may do."""

from pathlib import Path

import pytest
from lxml import etree

import feel.dmn
from kernel.clock import ManualClock
from processes import catalog
from processes.lint import lint

FAMILY = catalog.home() / "offboarding"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
STAGES = {"apply", "check", "handover", "formalities"}


@pytest.fixture(scope="module")
def model() -> etree._Element:
    return etree.parse(FAMILY / "offboarding.bpmn").getroot()


def tasks(model: etree._Element, kind: str = "userTask") -> dict[str, etree._Element]:
    return {task.get("id"): task for task in model.iter(f"{BPMN}{kind}")}


def extension(element: etree._Element, name: str) -> etree._Element:
    """An extension element. One that is missing fails the test by its name."""
    found = element.find(f"{BPMN}extensionElements/{ZEEBE}{name}")
    assert found is not None, f"{element.get('id')} has no {name}"
    return found


def leads_to(model: etree._Element, start: str) -> set[str]:
    """Every element that a token from `start` can come to in its own scope."""
    flows = [(flow.get("sourceRef"), flow.get("targetRef")) for flow in model.iter(f"{BPMN}sequenceFlow")]
    seen, ahead = set[str](), [start]
    while ahead:
        here = ahead.pop()
        further = [target for source, target in flows if source == here and target not in seen]
        seen.update(further)
        ahead += further
    return seen


def timer_of(event: etree._Element) -> str:
    return "".join(event.itertext()).strip()


@pytest.mark.requirement("F25")
def test_the_family_has_nothing_to_find_fault_with() -> None:
    assert [f"{p.element}: {p.rule}: {p.sentence}" for p in lint([FAMILY])] == []


@pytest.mark.requirement("F3")
def test_every_task_of_a_person_has_an_owner_a_limit_a_stage_and_a_form(model: etree._Element) -> None:
    for name, task in tasks(model).items():
        owner = extension(task, "assignmentDefinition")
        assert owner.get("assignee") or owner.get("candidateGroups"), name
        assert extension(task, "taskSchedule").get("dueDate"), name
        (stage,) = [p.get("value") for p in task.iter(f"{ZEEBE}property") if p.get("name") == "stage"]
        assert stage in STAGES, name
        form = extension(task, "formDefinition").get("formId")
        assert (FAMILY.parents[1] / "forms" / "offboarding" / f"{form}.form").is_file(), name


@pytest.mark.requirement("F131")
def test_every_task_of_a_person_says_why_it_is_there(model: etree._Element) -> None:
    silent = [name for name, task in tasks(model).items() if not task.findtext(f"{BPMN}documentation")]
    assert silent == []


@pytest.mark.requirement("F4")
def test_the_manager_has_one_way_on_and_a_limit_that_goes_on_by_itself(model: etree._Element) -> None:
    ways = [f.get("targetRef") for f in model.iter(f"{BPMN}sequenceFlow") if f.get("sourceRef") == "manager_confirm"]
    assert ways == ["recipient_named"]
    limit = next(e for e in model.iter(f"{BPMN}boundaryEvent") if e.get("id") == "manager_overdue")
    assert limit.get("attachedToRef") == "manager_confirm"
    assert limit.get("cancelActivity", "true") == "true"
    assert "recipient_named" in leads_to(model, "manager_overdue")


@pytest.mark.requirement("F49")
def test_the_statutory_clock_reaches_the_certificate_through_no_persons_consent(model: etree._Element) -> None:
    assert "issue_certificate" in leads_to(model, "certificate_day")
    limit = next(e for e in model.iter(f"{BPMN}boundaryEvent") if e.get("id") == "last_moment")
    assert limit.get("attachedToRef") == "certificate_review"
    assert "plan.lastDayAt" in timer_of(limit)
    assert not leads_to(model, "last_moment") & set(tasks(model))


@pytest.mark.requirement("F8")
def test_a_reviewed_certificate_waits_for_the_day_that_it_certifies(model: etree._Element) -> None:
    flows = {f.get("id"): f.get("targetRef") for f in model.iter(f"{BPMN}sequenceFlow")}
    into = [f.get("sourceRef") for f in model.iter(f"{BPMN}sequenceFlow") if f.get("targetRef") == "issue_now"]
    held = next(e for e in model.iter(f"{BPMN}intermediateCatchEvent") if e.get("id") == "ending_day")
    assert set(into) == {"ending_day", "last_moment"}
    assert flows["certificate_right_to_ending_day"] == "ending_day"
    assert timer_of(held).endswith("=plan.lastDayAt")


@pytest.mark.requirement("F10")
def test_pay_hangs_on_nothing_but_the_calendar(model: etree._Element) -> None:
    sources = {f.get("sourceRef") for f in model.iter(f"{BPMN}sequenceFlow") if f.get("targetRef") == "final_pay"}
    assert sources == {"statutory_clock"}


@pytest.mark.requirement("F12")
def test_insurance_and_files_are_tasks_of_every_case(model: etree._Element) -> None:
    from_start = {
        f.get("targetRef") for f in model.iter(f"{BPMN}sequenceFlow") if f.get("sourceRef") == "statutory_clock"
    }
    assert {"insurance_stop", "insurance_transfer"} <= from_start
    limits = {
        name: task.find(f".//{ZEEBE}taskSchedule").get("dueDate")
        for name, task in tasks(model).items()
        if name.startswith("insurance")
    }
    assert limits == {"insurance_stop": "=plan.freezeAt", "insurance_transfer": "=plan.transferDueAt"}


@pytest.mark.requirement("F73")
def test_a_non_compete_is_due_only_behind_the_record_of_contact_with_secrets(model: etree._Element) -> None:
    flows = {f.get("id"): f for f in model.iter(f"{BPMN}sequenceFlow")}
    into = [f for f in flows.values() if f.get("targetRef") == "decide_agreements"]
    assert [f.get("sourceRef") for f in into] == ["contact_recorded"]
    assert "signing.secretContact = true" in "".join(into[0].itertext())
    gate = next(g for g in model.iter(f"{BPMN}exclusiveGateway") if g.get("id") == "contact_recorded")
    assert flows[gate.get("default") or ""].get("targetRef") == "nothing_to_sign"


@pytest.mark.requirement("F49")
@pytest.mark.parametrize("call", ["sign_agreements", "confirm_handover"])
def test_nothing_waits_for_an_agreement_and_the_last_day_ends_it(model: etree._Element, call: str) -> None:
    assert not leads_to(model, call) & {"cleared", "certificate_begun", "issue_certificate", "final_pay"}
    (limit,) = [e for e in model.iter(f"{BPMN}boundaryEvent") if e.get("attachedToRef") == call]
    assert limit.get("cancelActivity", "true") == "true"
    assert "plan.freezeAt" in timer_of(limit)
    inputs = {i.get("target"): i.get("source") for i in tasks(model, "callActivity")[call].iter(f"{ZEEBE}input")}
    assert inputs["expiresAt"] == "=plan.freezeAt"


def test_every_element_is_drawn(model: etree._Element) -> None:
    drawn = {shape.get("bpmnElement") for shape in model.iter() if shape.get("bpmnElement")}
    flow_nodes = {
        element.get("id")
        for element in model.iter()
        if isinstance(element.tag, str)
        and element.tag.startswith(BPMN)
        and element.tag.endswith(("Task", "Event", "Gateway", "subProcess", "sequenceFlow"))
    }
    assert flow_nodes - drawn == set()


@pytest.mark.parametrize("file", sorted(FAMILY.glob("*.*mn")), ids=lambda path: path.name)
def test_the_files_name_the_dialect_they_are_written_in(file: Path) -> None:
    root = etree.parse(file).getroot()
    assert root.get("{http://camunda.org/schema/modeler/1.0}executionPlatform") == "Camunda Cloud"
    assert root.get("{http://camunda.org/schema/modeler/1.0}executionPlatformVersion") == "8.9.0"


@pytest.mark.requirement("F13")
@pytest.mark.requirement("F130")
@pytest.mark.parametrize(
    ("kind", "probation", "contract_ends", "days", "last_day", "article"),
    [
        ("37", False, "2028-01-03", 30, "2026-12-02", "第三十七条"),
        ("37", False, None, 30, "2026-12-02", "第三十七条"),
        ("36", False, None, 30, "2026-12-02", "第三十七条"),
        ("37-probation", True, None, 3, "2026-11-05", "第三十七条（试用期）"),
        ("37", False, "2026-11-20", 0, "2026-11-02", "第四十四条"),
        ("38", True, None, 0, "2026-11-02", "第三十八条"),
        ("39", False, None, 0, "2026-11-02", "第三十九条"),
        ("40", False, None, 30, "2026-12-02", "第四十条"),
        ("41", False, None, 30, "2026-12-02", "第四十一条"),
    ],
)
def test_the_notice_table_counts_from_the_day_of_filing_in_china(
    clock: ManualClock,
    kind: str,
    probation: bool,
    contract_ends: str | None,
    days: int,
    last_day: str,
    article: str,
) -> None:
    decided = feel.dmn.load((FAMILY / "notice.dmn").read_bytes()).decide(
        "notice-period",
        {
            "leavingType": kind,
            "employee": {"inProbation": probation, "contractEndsOn": contract_ends},
            "leavingOn": "2026-11-30",
            "filedAt": "2026-11-01T23:30:00+00:00",
        },
        clock=clock,
    )
    assert decided.value == {"days": days, "article": f"《劳动合同法》{article}", "statutoryLastDay": last_day}


@pytest.mark.requirement("F39")
@pytest.mark.requirement("F40")
@pytest.mark.requirement("F44")
@pytest.mark.parametrize(
    ("family", "own"),
    [
        ("rnd", {"code-documents", "repositories", "server-access", "technical-documents"}),
        ("sales", {"customer-list", "open-projects", "contracts"}),
        ("admin", {"archives", "seals", "system-access"}),
        ("other", set()),
    ],
)
def test_every_list_asks_for_work_paths_and_assets_and_for_what_the_role_has(
    clock: ManualClock, family: str, own: set[str]
) -> None:
    model = feel.dmn.load((FAMILY / "handover-template.dmn").read_bytes())
    rows = model.decide("handover-template", {"employee": {"family": family, "level": "middle"}}, clock=clock).value
    assert {row["key"] for row in rows} == {"work-content", "document-paths", "asset-list"} | own
    assert all(row["required"] for row in rows)
