"""The runner of the compatibility kit, on a kit of two cases."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="m" name="m">
<decision id="a" name="a"><variable name="a"/><literalExpression><text>1 + x</text></literalExpression></decision>
</definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="right"><inputNode name="x"><value xsi:type="xsd:decimal">2</value></inputNode>
<resultNode name="a"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
<testCase id="wrong"><resultNode name="a"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode>
</testCase></testCases>"""


def conformance(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.conformance", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_each_failure_is_a_line_and_the_last_line_counts(tmp_path: Path) -> None:
    (tmp_path / "m.dmn").write_text(MODEL)
    (tmp_path / "m-test-01.xml").write_text(CASES)
    done = conformance("tck", str(tmp_path))
    failure, count = done.stdout.splitlines()
    assert failure.endswith("m-test-01.xml wrong: a: expected 3, found None")
    assert count == "tck: 1 of 2"
    assert done.returncode == 1


def test_an_unknown_suite_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    done = conformance("tkc", str(tmp_path))
    assert done.returncode == 2
    assert "tck" in done.stderr
