"""`jiaojie deploy`: lint, difference, scenarios and cases before anything is published; exit code 1 where it is not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api import proposals
from api.cli import main
from kernel.db import Database
from tests.processes.proving import form, model, opened, stories, table


@pytest.fixture
def home(migrated: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where cases of a deployed process have run, and a folder with its files."""
    with opened(migrated, tmp_path):
        pass
    monkeypatch.setenv("JIAOJIE_HOME", str(tmp_path))
    monkeypatch.setenv("JIAOJIE_DATABASE_URL", database_url)
    files = tmp_path / "leave"
    files.mkdir()
    for resource in (model(), table(), form(), stories()):
        (files / resource.name).write_bytes(resource.content)
    return files


def run(files: Path, *arguments: str, language: str = "en_US.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": language}).invoke(main, ["deploy", str(files), *arguments])


def deployments(database: Database) -> list[str]:
    return [comment for (comment,) in database.once().all("select comment from deployment order by key")][1:]


def test_what_is_deployed_already_is_said_so_and_nothing_is_played(home: Path, database: Database) -> None:
    done = run(home)
    assert (done.exit_code, done.exception) == (0, None)
    assert "Nothing is new" in done.stdout
    assert deployments(database) == []
    assert proposals.listed(database.once()) == []


def test_a_change_is_told_proved_and_deployed_with_its_comment(home: Path, database: Database) -> None:
    (home / "leave.dmn").write_bytes(table(6).content)
    renamed = (home / "leave.bpmn").read_bytes().replace("备案".encode(), "存档".encode())
    (home / "leave.bpmn").write_bytes(renamed)
    done = run(home, "--comment", "six days")
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert "~ userTask 存档 (hr)" in done.stdout
    assert "name: 备案 → 存档" in done.stdout
    assert 'expression: if days > 5 then "long" else "short" → if days > 6' in done.stdout
    assert "leave.form: unchanged" in done.stdout
    assert "scenarios: 1 of 1 come out" in done.stdout
    assert "version 1: 1 of 1 running cases could come along" in done.stdout
    assert "process leave v2" in done.stdout
    assert deployments(database) == ["six days"]


def test_a_scenario_that_fails_needs_a_reason(home: Path, database: Database) -> None:
    (home / "leave.dmn").write_bytes(table(8).content)
    english, chinese = run(home), run(home, language="zh_CN.UTF-8")
    assert (english.exit_code, chinese.exit_code) == (1, 1)
    assert "Nothing was deployed. Give --reason" in english.stdout
    assert "--reason" in chinese.stdout
    assert english.stdout != chinese.stdout
    assert deployments(database) == []
    done = run(home, "--reason", "the story is out of date")
    assert done.exit_code == 0
    told = database.once().all("select data ->> 'reason' from audit where data ? 'reason'")
    assert told == [("the story is out of date",)]


def test_errors_are_told_and_nothing_is_kept(home: Path, database: Database) -> None:
    broken = (home / "leave.bpmn").read_bytes().replace(b'targetRef="hr"', b'targetRef="nowhere"')
    (home / "leave.bpmn").write_bytes(broken)
    done = run(home, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [problem["file"] for problem in told["problems"] if problem["error"]] != []
    assert not told["published"]
    assert proposals.listed(database.once()) == []


def test_where_a_second_person_approves_a_proposal_is_left(
    home: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIAOJIE_PUBLISH_APPROVAL", "1")
    monkeypatch.setenv("JIAOJIE_PUBLIC_URL", "https://hr.example")
    (home / "leave.dmn").write_bytes(table(6).content)
    done = run(home, "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["published"], told["waits"]) == (0, False, True)
    assert told["approve_at"] == f"https://hr.example/studio/proposals/{told['proposal']}"
    assert deployments(database) == []
    (found,) = proposals.listed(database.once())
    assert (found.state, found.created_by, found.approved_by) == ("DONE", "cli", None)


def test_a_folder_without_files_is_refused_in_a_sentence(home: Path) -> None:
    done = run(home.parent / "nothing")
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert done.output.strip()
