"""`jiaojie prove`: what files would do as new versions, before they are deployed; the exit code is for a pipeline."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from kernel.db import Database
from tests.processes.proving import form, model, opened, stories, table


@pytest.fixture
def home(migrated: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home over a database in which three cases have ended and one runs, and a folder for files."""
    with opened(migrated, tmp_path):
        pass
    monkeypatch.setenv("JIAOJIE_HOME", str(tmp_path))
    monkeypatch.setenv("JIAOJIE_DATABASE_URL", database_url)
    files = tmp_path / "leave"
    files.mkdir()
    return files


def run(files: Path, *arguments: str, language: str = "en_US.UTF-8") -> Result:
    return CliRunner(env={"LC_ALL": language}).invoke(main, ["prove", str(files), *arguments])


def write(files: Path, limit: int) -> None:
    for resource in (model(), table(limit), form(), stories()):
        (files / resource.name).write_bytes(resource.content)


def test_files_that_change_nothing_pass(home: Path) -> None:
    write(home, 5)
    done = run(home)
    assert (done.exit_code, done.exception) == (0, None)
    assert "1 of 1" in done.stdout


def test_a_story_that_fails_is_told_in_both_languages_and_stops_a_pipeline(home: Path) -> None:
    write(home, 8)
    english, chinese = run(home), run(home, language="zh_CN.UTF-8")
    assert (english.exit_code, chinese.exit_code) == (1, 1)
    assert "A long leave goes to the boss" in english.stdout
    assert english.stdout != chinese.stdout


def test_all_that_was_found_is_json_for_programs(home: Path) -> None:
    write(home, 8)
    done = run(home, "--json", "--sample", "2")
    (found,) = json.loads(done.stdout)["processes"]
    assert done.exit_code == 1
    assert (found["process_id"], len(found["cases"])) == ("leave", 3)
    assert "OTHER" in {case["verdict"] for case in found["cases"]}


def test_a_folder_without_files_is_refused_in_a_sentence(home: Path) -> None:
    done = run(home)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert done.output.strip()
