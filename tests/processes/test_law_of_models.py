"""No model may hold wages, refuse a resignation, keep back the certificate or fine for a course."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from processes import law
from processes.catalog import Source

From = Callable[[str, bytes], Source]
Model = Callable[..., bytes]


def job(identity: str, name: str, type: str = "x") -> str:
    return (
        f'<bpmn:serviceTask id="{identity}" name="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{type}"/>'
        f"</bpmn:extensionElements></bpmn:serviceTask>"
    )


def user(identity: str, name: str) -> str:
    return f'<bpmn:userTask id="{identity}" name="{name}"/>'


def gate(identity: str, name: str = "") -> str:
    return f'<bpmn:exclusiveGateway id="{identity}" name="{name}"/>'


def rules(source: Source) -> list[tuple[str, str]]:
    return [(problem.element, problem.rule) for problem in law.problems(source)]


@pytest.mark.requirement("F10")
@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("暂停工资发放", "x"),
        ("暂停发放工资，直至完成交接", "x"),
        ("扣发当月工资", "x"),
        ("工资暂停", "x"),
        ("冻结薪资", "x"),
        ("Hold wages", "x"),
        ("withhold the final salary", "x"),
        ("步骤", "payroll.hold"),
        ("步骤", "holdWages"),
        ("步骤", "salary-freeze"),
        ("扣工资", "x"),
        ("未交接不发工资", "x"),
        ("Put salary on hold", "x"),
    ],
)
def test_a_step_that_holds_wages_is_refused(bpmn: Model, source: From, name: str, type: str) -> None:
    found = law.problems(source("x.bpmn", bpmn(job("pay", name, type))))
    assert [(problem.element, problem.rule, problem.error) for problem in found] == [("pay", "law-wages", True)]
    assert "Wage Provisions" in str(found[0].sentence)


@pytest.mark.parametrize(
    "name",
    [
        "不得扣发工资",
        "严禁暂停工资发放",
        "结清工资",
        "工资证明",
        "never hold wages",
        "Household wages table",
        "冻结账号",
        "不扣工资",
    ],
)
def test_words_that_forbid_it_or_mean_something_else_are_let_be(bpmn: Model, source: From, name: str) -> None:
    assert rules(source("x.bpmn", bpmn(user("pay", name)))) == []


@pytest.mark.requirement("F10")
def test_wages_are_found_in_conditions_forms_and_decisions(bpmn: Model, source: From) -> None:
    flows = "f: g > b : 是 : =payroll.hold = true"
    assert rules(source("x.bpmn", bpmn(gate("g") + user("b", "b"), flows))) == [("f", "law-wages")]
    form = {
        "type": "default",
        "id": "f",
        "components": [{"type": "checkbox", "id": "c", "key": "c", "label": "暂停工资"}],
    }
    assert rules(source("x.form", json.dumps(form).encode())) == [("c", "law-wages")]
    dmn = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d"><decision id="t">'
        '<decisionTable id="dt">'
        '<rule id="r"><outputEntry id="o"><text>"扣发工资"</text></outputEntry></rule>'
        "</decisionTable></decision></definitions>"
    )
    assert rules(source("x.dmn", dmn.encode())) == [("o", "law-wages")]


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        ({"type": "checkbox", "id": "c", "key": "holdWages", "label": "处理"}, "law-wages"),
        ({"type": "expression", "id": "c", "key": "x", "expression": "=payroll.hold"}, "law-wages"),
        (
            {
                "type": "radio",
                "id": "c",
                "key": "opinion",
                "label": "审批意见",
                "values": [{"label": "同意", "value": "yes"}, {"label": "驳回", "value": "no"}],
            },
            "law-resignation",
        ),
        (
            {
                "type": "radio",
                "id": "c",
                "key": "dateAgreed",
                "label": "是否同意提前离职",
                "values": [{"label": "同意", "value": True}, {"label": "不同意", "value": False}],
            },
            "",
        ),
    ],
)
def test_forms_are_read_with_keys_choices_and_expressions(source: From, component: dict[str, Any], rule: str) -> None:
    form = {"type": "default", "id": "f", "components": [{"type": "text", "id": "t", "text": "离职申请"}, component]}
    found = rules(source("x.form", json.dumps(form, ensure_ascii=False).encode()))
    assert found == ([("c", rule)] if rule else [])


@pytest.mark.requirement("F4")
@pytest.mark.parametrize(
    ("gateway", "name", "condition"),
    [
        ("", "驳回", "=a"),
        ("", "不同意", "=a"),
        ("", "", "=not(approved)"),
        ("", "", "=approved = false"),
        ("", "", '=decision = "reject"'),
        ("", "rejected", "=a"),
    ],
)
def test_a_resignation_cannot_be_refused(bpmn: Model, source: From, gateway: str, name: str, condition: str) -> None:
    body = user("manager", "直接主管审批") + gate("g", gateway) + user("b", "b") + user("c", "c")
    flows = f"f0: manager > g\nno: g > b : {name} : {condition}\nyes: g > c"
    assert rules(source("x.bpmn", bpmn(body, flows))) == [("no", "law-resignation")]


@pytest.mark.requirement("F4")
def test_asking_for_consent_is_found_by_the_question(bpmn: Model, source: From) -> None:
    body = user("m", "领导") + gate("g", "是否同意离职？") + user("b", "b") + user("c", "c")
    assert rules(source("x.bpmn", bpmn(body, "f0: m > g\nno: g > b : 否 : =a\nyes: g > c : 是"))) == [
        ("g", "law-resignation")
    ]


@pytest.mark.parametrize(
    ("step", "name", "process"),
    [
        ("接收人核对交接清单", "退回补充", "离职"),
        ("接收人核对交接清单", "拒绝签字", "离职"),
        ("主管确认", "希望面谈", "离职"),
        ("主管审批", "驳回", "采购"),
    ],
)
def test_other_steps_may_be_refused(bpmn: Model, source: From, step: str, name: str, process: str) -> None:
    body = user("s", step) + gate("g") + user("b", "b") + user("c", "c")
    flows = f"f0: s > g\nno: g > b : {name} : =a\nyes: g > c"
    assert rules(source("x.bpmn", bpmn(body, flows, process="p", name=process))) == []


TIMER = "<bpmn:timerEventDefinition><bpmn:timeDate>=plan.lastDayAt</bpmn:timeDate></bpmn:timerEventDefinition>"


def certificate(bpmn: Model, interrupting: str, timer: str = TIMER, way: str = "t2: timer > cert") -> bytes:
    body = (
        user("work", "交接")
        + job("cert", "出具离职证明", "certificate.issue")
        + f'<bpmn:boundaryEvent id="timer" attachedToRef="work" cancelActivity="{interrupting}">'
        + f"{timer}</bpmn:boundaryEvent>"
        + user("other", "其他")
    )
    return bpmn(body, f"t1: work > cert\n{way}")


@pytest.mark.requirement("F49")
def test_a_certificate_needs_a_timer_of_the_last_day_that_leads_to_it(bpmn: Model, source: From) -> None:
    late = TIMER.replace("plan.lastDayAt", "plan.handoverDueAt")
    assert rules(source("x.bpmn", certificate(bpmn, "false"))) == []
    assert rules(source("x.bpmn", certificate(bpmn, "true"))) == [("cert", "law-certificate")]
    assert rules(source("x.bpmn", certificate(bpmn, "false", late))) == [("cert", "law-certificate")]
    assert rules(source("x.bpmn", certificate(bpmn, "false", way="t2: timer > other"))) == [("cert", "law-certificate")]


@pytest.mark.requirement("F49")
def test_the_timer_may_stand_on_a_sub_process_or_beside_it(bpmn: Model, source: From) -> None:
    inner = f'<bpmn:subProcess id="sub">{user("work", "交接")}{job("cert", "签发离职证明")}</bpmn:subProcess>'
    event = f'<bpmn:startEvent id="timer" isInterrupting="false">{TIMER}</bpmn:startEvent>'
    beside = f'<bpmn:subProcess id="ev" triggeredByEvent="true">{event}{job("cert2", "签发离职证明")}</bpmn:subProcess>'
    assert rules(source("x.bpmn", bpmn(inner, "a: work > cert"))) == [("cert", "law-certificate")]
    assert rules(source("x.bpmn", bpmn(inner + beside, "a: work > cert\nb: timer > cert2"))) == []


@pytest.mark.requirement("F49")
def test_the_timer_may_call_the_process_that_issues_it(bpmn: Model, source: From) -> None:
    issue = source("c.bpmn", bpmn(job("cert", "签发离职证明"), process="certificate"))
    call = (
        '<bpmn:callActivity id="call" name="证明"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="certificate"/></bpmn:extensionElements></bpmn:callActivity>'
    )
    event = f'<bpmn:intermediateCatchEvent id="timer">{TIMER}</bpmn:intermediateCatchEvent>'
    caller = source("a.bpmn", bpmn(event + call, "a: timer > call"))
    assert [problem.rule for problem in law.problems(issue)] == ["law-certificate"]
    assert law.problems(issue, [issue, caller]) == []


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("培训未通过收取违约金", True),
        ("课程服务期两年", True),
        ("training penalty", True),
        ("专项培训服务期", False),
        ("竞业限制违约金", False),
        ("培训不得约定违约金", False),
        ("培训", False),
    ],
)
def test_ordinary_training_carries_no_penalty(bpmn: Model, source: From, name: str, refused: bool) -> None:
    found = rules(source("x.bpmn", bpmn(user("t", name), process="training", name="培训")))
    assert found == ([("t", "law-penalty")] if refused else [])


def test_a_file_that_cannot_be_read_is_not_for_the_law(source: From) -> None:
    assert rules(source("x.bpmn", b"<not xml")) == []
    assert rules(source("x.form", b"{")) == []
    assert rules(source("x.form", b"[]")) == []


def test_entities_and_doctypes_are_not_followed(source: From) -> None:
    evil = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d xmlns="u" id="d" name="&x;"/>'
    assert rules(source("x.bpmn", evil)) == []
