"""What no employer's process may do, however it is worded; and what only sounds like it."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from processes import catalog, law, red_lines
from processes.catalog import Source

From = Callable[[str, bytes], Source]
Model = Callable[..., bytes]

CROSSING = [
    ("审批离职：不同意则驳回", "law-resignation"),
    ("离职审批", "law-resignation"),
    ("主管不批准辞职，退回申请", "law-resignation"),
    ("主管批准后方可离职", "law-resignation"),
    ("驳回离职申请", "law-resignation"),
    ("离职申请被退回", "law-resignation"),
    ("Approve the resignation", "law-resignation"),
    ("未交接不发薪", "law-wages"),
    ("未完成交接的，不予结算工资", "law-wages"),
    ("交接完成后才发放工资", "law-wages"),
    ("工资待交接完成后发放", "law-wages"),
    ("拒不归还电脑，扣工资", "law-wages"),
    ("扣留离职证明", "law-certificate"),
    ("暂扣档案", "law-certificate"),
    ("欠款未清，不予出具离职证明", "law-certificate"),
    ("交接完毕后才能领取离职证明", "law-certificate"),
    ("离职证明待还款后发放", "law-certificate"),
    ("withhold the leaving certificate", "law-certificate"),
    ("未完成交接罚款 2000 元", "law-penalty"),
    ("离职须支付违约金", "law-penalty"),
    ("逾期归还，罚款五百", "law-penalty"),
]
HARMLESS = [
    "不得扣留离职证明",
    "任何人不得因未交接而扣发工资",
    "严禁罚款 2000 元",
    "辞职无须批准",
    "辞职无须用人单位批准；如希望面谈，可在办理页面发起",
    "辞职到期即生效，不需要审批",
    "离职不以批准为条件",
    "上级确认知悉离职申请",
    "扣留离职证明属于违法",
    "未交接不影响工资发放",
    "经济补偿在办结交接时支付",
    "离职证明照常出具",
    "核对离职证明",
    "竞业限制违约金 5000 元",
    "专项培训服务期违约金 3000 元",
    "退回交接清单补充",
    "没有任何一步可以拒绝辞职、扣住证明或影响工资",
    "丢失、损坏只作记录，不罚款",
    "生成离职证明",
    "Nobody can refuse the resignation",
]


@pytest.mark.requirement("F10")
@pytest.mark.requirement("F4")
@pytest.mark.requirement("F49")
@pytest.mark.parametrize(("text", "rule"), CROSSING)
def test_a_line_is_crossed_however_it_is_worded(text: str, rule: str) -> None:
    assert rule in {found.line.rule for found in red_lines.crossed(text, about_leaving=True)}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_forbids_it_or_only_sounds_like_it_is_let_through(text: str) -> None:
    assert [(found.line.rule, found.words) for found in red_lines.crossed(text, about_leaving=True)] == []


def test_other_families_may_approve_and_fine() -> None:
    for text in ("审批离职：不同意则驳回", "未完成交接罚款 2000 元"):
        assert list(red_lines.crossed(text, about_leaving=False)) == []


@pytest.mark.parametrize("text", [text for text, _ in CROSSING])
def test_models_and_forms_are_refused_with_the_article(bpmn: Model, source: From, text: str) -> None:
    model = source("x.bpmn", bpmn(f'<bpmn:userTask id="step" name="{text}"/>'))
    form = {"type": "default", "id": "f", "components": [{"type": "text", "id": "t", "text": f"离职：{text}"}]}
    found = [*law.problems(model), *law.problems(source("x.form", orjson.dumps(form)))]
    assert {problem.element for problem in found} == {"step", "t"}
    assert all("LCL" in str(problem.sentence) or "Wage" in str(problem.sentence) for problem in found)


def test_each_element_is_told_once_for_each_rule(bpmn: Model, source: From) -> None:
    model = source("x.bpmn", bpmn('<bpmn:userTask id="step" name="未交接不发工资"/>'))
    assert [problem.rule for problem in law.problems(model)] == ["law-wages"]


SHIPPED = sorted((*catalog.home().rglob("*.*mn"), *(catalog.home().parent / "forms").rglob("*.form")))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.name)
def test_nothing_that_is_shipped_sounds_like_it(file: Path) -> None:
    told = [
        (number, found.line.rule, found.words)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        for found in red_lines.crossed(line, about_leaving=True)
    ]
    assert told == []
