"""`jiaojie feel` and `jiaojie decide`: JSON on standard output, warnings beside it, a sentence where nothing comes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main

NOTICE = Path(__file__).resolve().parents[2] / "processes/offboarding/notice.dmn"
CLASH = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="n">
<decision id="d" name="d"><decisionTable><input><inputExpression><text>a</text></inputExpression></input>
<output name="o"/><rule><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
<rule><inputEntry><text>&lt; 9</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
IMPORTING = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="m" name="m">
<import name="other" namespace="n" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
<decision id="e" name="e"><informationRequirement><requiredDecision href="n#d"/></informationRequirement>
<literalExpression><text>other.d + 10</text></literalExpression></decision></definitions>"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_value_is_json_and_warnings_stand_beside_it() -> None:
    done = run("feel", '{day: date("2026-11-30"), sum: 0.1 + 0.2, gone: nobody}', "--context", '{"a": 1}')
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"day": "2026-11-30", "sum": 0.3, "gone": None}
    assert done.stderr == "NO_VARIABLE_FOUND at 49: There is no variable 'nobody'.\n"


def test_a_context_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"name": "王小明"}', "utf-8")
    assert run("feel", "string length(name)", "--context", f"@{tmp_path / 'case.json'}").stdout == "3\n"


def test_working_days_are_counted() -> None:
    """Three working days after 30 September 2026 is the Saturday that is worked instead, 10 October."""
    assert run("feel", 'working days after(date("2026-09-30"), 3)').stdout == '"2026-10-10"\n'


def test_a_mistake_is_shown_with_its_place_and_a_caret() -> None:
    done = run("feel", "if days > 30 thn 1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Line 1, column 14: Here should be an operator or 'then', not 'thn'." in done.stderr
    assert done.stderr.splitlines()[-1].index("^") == done.stderr.splitlines()[-2].index("thn")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("feel", "for i in 1..999999999 return i"), "more than 100000 items"),
        (("feel", 'assert(1, false, "not today")'), "not today"),
        (("feel", "1", "--context", "[1]"), "The context is no JSON object"),
        (("feel", "1", "--context", "{"), "The context is no JSON"),
        (("feel", "1", "--context", "@/nowhere.json"), "The context is no JSON"),
        (("decide", str(NOTICE), "--decision", "nothing"), "has no decision 'nothing'. It has 'notice-period'"),
        (("decide", str(NOTICE.parent / "README.md"), "--decision", "x"), "The file is not XML"),
    ],
)
def test_what_has_no_value_ends_with_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_decision_is_made_with_what_it_requires() -> None:
    inputs = {
        "leavingType": "37",
        "employee": {"inProbation": True, "contractEndsOn": "2028-01-01"},
        "filedAt": "2026-11-30T09:00:00+08:00",
        "leavingOn": "2026-12-10",
    }
    done = run("decide", str(NOTICE), "--decision", "notice-period", "--input", json.dumps(inputs))
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout)["days"] == 3


def test_a_broken_hit_policy_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "clash.dmn").write_text(CLASH)
    done = run("decide", str(tmp_path / "clash.dmn"), "--decision", "d", "--input", '{"a": 1}')
    assert (done.exit_code, done.stdout) == (1, "null\n")
    assert "In decision 'd': The hit policy is unique. Rules 1, 2 fire together." in done.stderr


def test_a_model_may_import_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "clash.dmn").write_text(CLASH)
    (tmp_path / "importing.dmn").write_text(IMPORTING)
    (tmp_path / "broken.dmn").write_text("no model")
    done = run("decide", str(tmp_path / "importing.dmn"), "--decision", "e", "--input", '{"a": 7}')
    assert (done.exit_code, done.stdout) == (0, "12\n")
