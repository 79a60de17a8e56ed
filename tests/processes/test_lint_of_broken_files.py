"""Files that nobody could mean: lint tells what is wrong in words, whatever they hold, and soon."""

import json
from pathlib import Path

import pytest

from kernel.errors import NotFound
from processes import lint

TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="x" name="x" namespace="n">'
    '<decision id="d" name="d"><decisionTable id="t" hitPolicy="{policy}"{more}><input id="i"><inputExpression id="ie">'
    '<text>a</text></inputExpression></input><output id="o" name="o"/><rule id="r">{cell}'
    '<outputEntry id="w"><text>2</text></outputEntry></rule></decisionTable></decision></definitions>'
)
CELL = '<inputEntry id="q"><text>{test}</text></inputEntry>'


def told(path: Path) -> list[str]:
    return [lint.line(problem) for problem in lint.lint([path])]


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a":' * 50_000])
def test_a_form_nested_beyond_measure_is_no_form(tmp_path: Path, content: str) -> None:
    (tmp_path / "deep.form").write_text(content)
    assert [problem.rule for problem in lint.lint([tmp_path])] == ["json"]


@pytest.mark.parametrize("components", [1, [{"type": "group", "id": "g", "components": 1}]])
def test_components_that_are_no_list_are_told(tmp_path: Path, components: object) -> None:
    form = {"type": "default", "id": "f", "components": components}
    (tmp_path / "odd.form").write_text(json.dumps(form))
    assert [problem.rule for problem in lint.lint([tmp_path])] == ["components"]


def test_a_folder_named_like_a_model_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "odd.bpmn").mkdir()
    with pytest.raises(NotFound, match="has no"):
        lint.lint([tmp_path])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            TABLE.format(policy="UNIQUE", more="", cell=CELL.format(test="1 +")),
            "rule 1, input 'a', character 4: Here should be a value, not the end.",
        ),
        (TABLE.format(policy="BEST", more="", cell=CELL.format(test="1")), "no hit policy BEST"),
        (TABLE.format(policy="COLLECT", more=' aggregation="AVG"', cell=CELL.format(test="1")), "no aggregation AVG"),
        (TABLE.format(policy="UNIQUE", more="", cell=""), "rule 1: It has 0 and 1 cells for 1 inputs"),
    ],
)
def test_a_decision_table_that_cannot_decide_is_told(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "odd.dmn").write_text(table)
    [line] = told(tmp_path)
    assert ":d: decision: " in line
    assert words in line


def test_a_decision_table_that_decides_passes(tmp_path: Path) -> None:
    (tmp_path / "good.dmn").write_text(TABLE.format(policy="UNIQUE", more="", cell=CELL.format(test="1")))
    assert told(tmp_path) == []
