"""The public suites of models hold as far as `tests/conformance` says they do; a folder of one's own works as well."""

from pathlib import Path

import pytest

from engine.model import Resource
from processes.catalog import Source
from tests.conformance import betsy, betsy_constraints, miwg
from tests.conformance.__main__ import main
from tests.conformance._zeebe_specs import Unmet
from tests.engine.spiff.drawing import ENDS, process, user


def suite(shared: Path, name: str) -> Path:
    folder = shared / "conformance" / name
    if not folder.is_dir():
        pytest.skip(f"{name} is absent: models that others wrote are not part of this repository")
    return folder


@pytest.mark.parametrize("every_node", [False, True], ids=["turns", "nodes"])
def test_of_betsy_exactly_the_explained_cases_fail(shared, capsys, every_node):
    code = betsy.run(suite(shared, "betsy"), every_node=every_node)
    *failures, count = capsys.readouterr().out.splitlines()
    assert code == 0, failures
    assert all("(expected: 10.3." in failure for failure in failures)
    assert count.startswith("betsy: ")


def test_no_constraint_of_betsy_is_broken_in_silence(shared, capsys):
    assert betsy_constraints.run(suite(shared, "betsy")) == 0, capsys.readouterr().out


def test_every_reference_model_is_read_whole_and_runs_or_is_refused_by_name(shared, capsys):
    assert miwg.run(suite(shared, "miwg")) == 0, capsys.readouterr().out


def test_a_file_that_our_reader_would_change_is_told(monkeypatch):
    drawn = process(ENDS + user("a"), "s a e")
    whole = Source(Path("a.bpmn"), Resource("a.bpmn", drawn.encode()))
    miwg.keeps_everything(whole)
    less = Resource("a.bpmn", drawn.replace('<userTask id="a"></userTask>', "").encode())
    monkeypatch.setattr(miwg, "read", lambda _, read=miwg.read: read(less))
    with pytest.raises(Unmet, match="elements differ"):
        miwg.keeps_everything(whole)


def test_the_runner_says_what_it_cannot_do(tmp_path, capsys):
    assert main(["betsy", str(tmp_path), "--sideways"]) == 2
    assert main(["betsy", str(tmp_path / "nowhere")]) == 2
    assert main(["nonsense", str(tmp_path)]) == 2
    assert main(["zeebe", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "no option sideways" in told
    assert "is not a folder" in told
    assert "usage" in told
    assert "has no" in told
