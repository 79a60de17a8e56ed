"""What the documents say of FEEL is so."""

import ast
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import feel
from feel import limits
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions

ROOT = Path(__file__).resolve().parents[2]
MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="n">
<decision id="notice" name="notice"><literalExpression><text>if inProbation then 3 else 30</text></literalExpression>
</decision></definitions>"""


class Days:
    def add_working_days(self, day: date, count: int) -> date:
        return day + timedelta(days=count)


def test_the_examples_of_the_package_run_and_give_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notice-period.dmn").write_text(MODEL)
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", (ROOT / "feel/README.md").read_text("utf-8"), re.DOTALL)
    assert code is not None
    scope: dict[str, Any] = {"calendar": Days(), "today": date(2026, 11, 30)}
    checked = sum(_hold(code[1], statement, scope) for statement in ast.parse(code[1]).body)
    assert checked >= 6


def _hold(code: str, statement: ast.stmt, scope: dict[str, Any]) -> int:
    """Run a statement; 1 where the comment behind it says what comes of it, and it does."""
    source = ast.get_source_segment(code, statement) or ""
    line = code.splitlines()[(statement.end_lineno or 1) - 1]
    said = line[len(source.splitlines()[-1]) :].strip().removeprefix("# ")
    if said.startswith("raises FeelSyntaxError"):
        with pytest.raises(feel.FeelSyntaxError):
            exec(source, scope)
        return 1
    if not isinstance(statement, ast.Expr):
        exec(compile(ast.Module([statement], []), "README", "exec"), scope)
        return 0
    found = eval(source, scope)
    told = re.match(r"('[^']*'|\{[^}]*\}|True|None)", said)
    if told:
        assert found == ast.literal_eval(told[1]), source
    elif "at 5" in said:
        assert found == said
    return 1 if told or "at 5" in said else 0


def test_every_function_of_the_house_is_described() -> None:
    page = (ROOT / "docs/reference/feel.md").read_text("utf-8")
    for function in functions(WorkCalendar()).described():
        assert function.description in page
        assert all(f"`{signature}`" in page for signature in function.signatures)


def test_the_bounds_are_those_of_the_page() -> None:
    page = (ROOT / "docs/reference/feel.md").read_text("utf-8")
    given = limits.DEFAULT
    for figure in (f"{given.steps:,}", f"{given.seconds} s", f"{given.string:,}", f"{given.items:,}"):
        assert figure in page
    for figure in (f"{given.calls} deep", f"{given.pattern_seconds} s", f"{limits.SOURCE_CHARACTERS:,}"):
        assert figure in page
