"""What a person has filled in and not sent: kept for them alone, sealed, gone with the task."""

from typing import Any

import pytest

from engine.model import Resource
from kernel.actor import Actor
from processes import publish
from tests.api.company import Company
from tests.api.hr.conftest import Call
from tests.api.sdk.models import FORM, FORMAL

ADMIN = Actor(id="role.admin", groups=frozenset({"admin"}))
ANSWERS = {"opinion": "Her identity number is 11010519491231002X", "recipientLogin": None}


@pytest.fixture
def path(company: Company) -> str:
    return f"/api/user-tasks/{company.task}/draft"


def stored(company: Company) -> list[Any]:
    return company.house.database.once().all("select login, answers from task_draft")


def formal(company: Company, call: Call) -> str:
    """A task with a form that HR may complete."""
    files = [Resource("formal.bpmn", FORMAL.encode()), Resource("reason.form", FORM)]
    with company.house.database.transaction() as unit:
        publish.publish_files(company.house.engine, unit, files, ADMIN, "")
    instance = call("role.admin", "POST", "/v2/process-instances", processDefinitionId="formal").json()
    wanted = {"processInstanceKey": instance["processInstanceKey"]}
    found = call("role.hr", "POST", "/v2/user-tasks/search", filter=wanted).json()
    return str(found["items"][0]["userTaskKey"])


def test_a_draft_comes_back_to_who_kept_it_and_to_nobody_else(company: Company, call: Call, path: str) -> None:
    manager = company.cast.manager
    assert call(manager, "GET", path).status_code == 404
    assert call(manager, "PUT", path, answers={"opinion": "First"}).status_code == 200
    assert call(manager, "PUT", path, answers=ANSWERS).json()["answers"] == ANSWERS
    assert call(manager, "GET", path).json()["answers"] == ANSWERS
    for reader in ("role.hr", "role.admin"):  # they see the task, and not what somebody else has begun to write
        assert call(reader, "GET", path).status_code == 404
    assert call(company.stranger, "PUT", path, answers=ANSWERS).status_code == 404
    assert [row[0] for row in stored(company)] == [manager]


def test_the_database_does_not_show_what_was_written(company: Company, call: Call, path: str) -> None:
    call(company.cast.manager, "PUT", path, answers=ANSWERS)
    ((_, kept),) = stored(company)
    assert kept.keys() == {"sealed"}
    assert "11010519491231002X" not in str(kept)
    # Moved to another person's row it does not open: it is sealed for the task and the person.
    company.house.database.once().run("update task_draft set login = 'role.hr'")
    assert call("role.hr", "GET", path).status_code == 503


def test_a_draft_goes_by_hand_and_with_the_task(company: Company, call: Call, path: str) -> None:
    manager = company.cast.manager
    call(manager, "PUT", path, answers=ANSWERS)
    assert call(manager, "DELETE", path).status_code == 204
    assert call(manager, "GET", path).status_code == 404
    assert call(manager, "DELETE", path).status_code == 204


def test_a_draft_goes_with_the_task(company: Company, call: Call) -> None:
    task = formal(company, call)
    path = f"/api/user-tasks/{task}/draft"
    assert call("role.hr", "PUT", path, answers={"why": "because of"}).status_code == 200
    done = call("role.hr", "POST", f"/v2/user-tasks/{task}/completion", variables={"why": "because"})
    assert done.status_code == 204, done.text
    assert stored(company) == []
    for method in ("GET", "PUT"):
        assert call("role.hr", method, path, answers={}).status_code == 409


def test_more_than_fits_is_refused(company: Company, call: Call, path: str) -> None:
    answer = call(company.cast.manager, "PUT", path, answers={"opinion": "x" * 300_000})
    assert answer.status_code == 400
    assert "256 kB" in answer.json()["detail"]
    assert call(company.cast.manager, "PUT", path, answers=[1]).status_code == 400
