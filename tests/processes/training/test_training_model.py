"""The shipped training models and the table of courses: who is asked what, and what waits for nothing."""

from pathlib import Path

import pytest
from lxml import etree

import feel.dmn
from hr.training import reader
from processes import catalog
from tasks.human.training import turns

FAMILY = catalog.home() / "training"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
SHIPPED = sorted((catalog.home().parent / "hr" / "training" / "shipped").glob("*.yaml"))


@pytest.fixture(scope="module")
def model() -> etree._Element:
    return etree.parse(FAMILY / "training.bpmn").getroot()


@pytest.fixture(scope="module")
def courses() -> feel.dmn.Model:
    return feel.dmn.load((FAMILY / "courses.dmn").read_bytes())


def found(model: etree._Element, id: str) -> etree._Element:
    return next(element for element in model.iter() if element.get("id") == id)


def extension(model: etree._Element, id: str, tag: str) -> dict[str, str]:
    """The attributes of one extension of an element."""
    return {str(name): str(value) for one in found(model, id).iter(f"{ZEEBE}{tag}") for name, value in one.items()}


def following(model: etree._Element, id: str) -> set[str | None]:
    return {flow.get("targetRef") for flow in model.iter(f"{BPMN}sequenceFlow") if flow.get("sourceRef") == id}


def due(courses: feel.dmn.Model, family: str, level: str, reason: str) -> list[str]:
    learner = {"family": family, "level": level, "reason": reason}
    return list(courses.decide("courses-due", {"learner": learner}).value)


def test_learning_and_the_exam_are_the_learners_own_by_the_forms_that_the_product_knows(model: etree._Element) -> None:
    for id, form in (("learn", turns.LEARN_FORM), ("exam", turns.EXAM_FORM)):
        assert extension(model, id, "assignmentDefinition") == {"assignee": "=employee.login"}
        assert extension(model, id, "formDefinition")["formId"] == form


@pytest.mark.requirement("F84")
def test_nothing_leads_out_of_a_failed_exam_but_learning_again(model: etree._Element) -> None:
    assert following(model, "exam") == {"passed"}
    assert following(model, "passed") == {"announce", "to_learn"}
    assert following(model, "to_learn") == {"learn"}
    assert following(model, "learn") == {"exam"}


@pytest.mark.requirement("F87")
def test_behind_the_pass_nothing_has_to_run(model: etree._Element) -> None:
    """Between the exam and the end stand no job and no timer: what is slow hangs on the signal."""
    assert found(model, "announce").find(f"{BPMN}signalEventDefinition") is not None
    assert following(model, "announce") == {"learned"}
    assert found(model, "learned").find(f"{BPMN}terminateEventDefinition") is not None
    assert following(model, "learning") == {"over"}


@pytest.mark.parametrize("file", sorted(FAMILY.glob("*.*mn")), ids=lambda path: path.name)
def test_every_element_of_training_is_drawn_and_every_task_says_why_it_is_there(file: Path) -> None:
    root = etree.parse(file).getroot()
    drawn = {shape.get("bpmnElement") or shape.get("dmnElementRef") for shape in root.iter(etree.Element)}
    kinds = ("Task", "Event", "Gateway", "subProcess", "callActivity", "sequenceFlow", "decision")
    there = {
        element.get("id") for element in root.iter(etree.Element) if etree.QName(element).localname.endswith(kinds)
    }
    assert there - drawn == set()
    silent = [task.get("id") for task in root.iter(f"{BPMN}userTask") if not task.findtext(f"{BPMN}documentation")]
    assert silent == []


@pytest.mark.requirement("F130")
@pytest.mark.parametrize(
    ("family", "level", "reason", "titles"),
    [
        pytest.param(
            "rnd",
            "middle",
            "entry",
            ["技术文档管理规范", "技术交流保密准则", "离职后竞业限制解读", "人工智能技术保密"],
            marks=pytest.mark.requirement("F75"),
        ),
        pytest.param(
            "rnd",
            "senior",
            "make-up",
            ["技术文档管理规范", "技术交流保密准则", "离职后竞业限制解读", "人工智能技术保密"],
            marks=pytest.mark.requirement("F18"),
        ),
        pytest.param(
            "sales",
            "junior",
            "role",
            ["客户信息存储要求", "客户沟通保密技巧", "离职客户交接流程"],
            marks=pytest.mark.requirement("F76"),
        ),
        pytest.param(
            "admin",
            "executive",
            "entry",
            ["人事信息保密规定", "财务数据访问权限管理", "办公设备使用规范"],
            marks=pytest.mark.requirement("F77"),
        ),
        ("other", "junior", "make-up", ["办公设备使用规范"]),
    ],
)
def test_the_work_says_which_courses_are_due(
    courses: feel.dmn.Model, family: str, level: str, reason: str, titles: list[str]
) -> None:
    assert due(courses, family, level, reason) == titles


@pytest.mark.requirement("F78")
@pytest.mark.parametrize(("family", "more"), [("rnd", "技术秘密保护"), ("sales", "客户信息保密")])
def test_who_is_senior_learns_more_while_they_work_here(courses: feel.dmn.Model, family: str, more: str) -> None:
    for level in ("senior", "executive"):
        assert due(courses, family, level, "entry") == [*due(courses, family, "middle", "entry"), more]
        assert more not in due(courses, family, level, "make-up")


def test_the_table_names_courses_that_ship_by_their_titles(courses: feel.dmn.Model) -> None:
    named = {title for family in ("rnd", "sales", "admin", "other") for title in due(courses, family, "senior", "role")}
    titles = {reader.read(path.read_text(encoding="utf-8"), path.stem).title for path in SHIPPED}
    assert named == titles
