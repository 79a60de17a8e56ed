"""What lint says of expressions is told in the reader's language, FEEL's own words with it."""

import json
from pathlib import Path

from processes import lint

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" namespace="n" name="d">
<decision id="days" name="通知期"><decisionTable><input label="级别"><inputExpression><text>level</text>
</inputExpression></input><output name="days"/><rule><inputEntry><text>1 +</text></inputEntry>
<outputEntry><text>30</text></outputEntry></rule></decisionTable></decision></definitions>"""
FORM = {
    "type": "default",
    "id": "f",
    "schemaVersion": 18,
    "components": [{"type": "textfield", "id": "a", "key": "a", "label": "a", "conditional": {"hide": "=b +"}}],
}


def told(path: Path, rule: str) -> list[str]:
    found = [problem for problem in lint.lint([path]) if problem.rule == rule]
    return [lint.line(problem, "zh-CN").removeprefix(f"{path}:") for problem in found]


def test_a_broken_cell_of_a_decision_table(tmp_path: Path) -> None:
    path = tmp_path / "days.dmn"
    path.write_text(TABLE, encoding="utf-8")
    assert told(path, "decision") == [
        "days: decision: 决策“通知期”，规则 1，输入列“级别”，第 4 个字符：此处应为值，而不是结尾。请更正表达式。"
    ]


def test_a_decision_model_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "days.dmn"
    path.write_text("<a/>", encoding="utf-8")
    assert told(path, "decision") == [": decision: 无法读取决策模型：文件不是 DMN 1.2 或更新的版本：它以 a 开头。"]


def test_a_broken_condition_of_a_form(tmp_path: Path) -> None:
    path = tmp_path / "f.form"
    path.write_text(json.dumps(FORM), encoding="utf-8")
    assert told(path, "feel") == ["a: feel: a 有无法读取的表达式 =b +：第 1 行第 4 列：此处应为值，而不是结尾。"]
