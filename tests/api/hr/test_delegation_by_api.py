"""A manager gives a task to a colleague, who hands it back or does it."""

from typing import Any

import pytest

from tests.api.company import Company
from tests.api.hr.conftest import Call


@pytest.fixture
def path(company: Company) -> str:
    return f"/api/user-tasks/{company.task}/delegation"


@pytest.fixture
def colleague(company: Company) -> str:
    """Somebody who has nothing to do with the case."""
    cast = company.cast
    taken = (cast.manager, cast.employee.login, cast.recipient)
    row = company.house.database.once().one(
        "select e.login from employee e join account a on a.employee = e.login and a.active"
        " where e.left_on is null and not e.login = any(%s) and a.groups = '{employee}' order by e.no limit 1",
        (list(taken),),
    )
    return str(row[0])


def messages(company: Company, login: str) -> list[str]:
    return [row[0] for row in company.house.database.once().all(
        "select subject from delivery where recipient = %s and template = 'delegation' order by id", (login,)
    )]  # fmt: skip


def inbox(call: Call, login: str) -> list[str]:
    found = call(login, "POST", "/v2/user-tasks/search", filter={"state": "CREATED", "assignee": login}).json()
    return [task["userTaskKey"] for task in found["items"]]


def test_a_colleague_sees_the_task_and_hands_it_back(company: Company, call: Call, path: str, colleague: str) -> None:
    manager, task = company.cast.manager, str(company.task)
    assert call(colleague, "GET", f"/v2/user-tasks/{task}").status_code == 404
    given = call(manager, "POST", path, to=colleague, note="I am away this week.")
    assert given.status_code == 200, given.text
    assert (given.json()["owner"], given.json()["delegate"]) == (manager, colleague)
    assert (inbox(call, manager), inbox(call, colleague)) == ([], [task])
    assert call(colleague, "GET", f"/api/user-tasks/{task}/draft").json()["detail"].startswith("You have no draft")
    assert len(messages(company, colleague)) == 1
    assert call(manager, "GET", path).status_code == 200  # who is answerable keeps seeing it
    assert call(manager, "POST", path, to="role.hr").status_code in (403, 409)
    back = call(colleague, "POST", f"{path}/return", note="I do not know him.")
    assert back.json()["returnedAt"] is not None
    assert (inbox(call, manager), inbox(call, colleague)) == ([task], [])
    assert len(messages(company, manager)) == 1
    assert call(colleague, "GET", path).status_code == 404  # and with the task goes the sight of it
    assert [one["note"] for one in call(manager, "GET", path).json()["items"]] == ["I am away this week."]
    kinds = company.house.database.once().all(
        "select kind, actor from journal where instance_key = %s and kind = 'USER_TASK_ASSIGNED' order by seq",
        (company.instance,),
    )
    assert [row[1] for row in kinds][-2:] == [manager, colleague]


def test_the_owner_may_take_it_back(company: Company, call: Call, path: str, colleague: str) -> None:
    call(company.cast.manager, "POST", path, to=colleague)
    assert call(company.cast.manager, "POST", f"{path}/return").status_code == 200
    assert inbox(call, company.cast.manager) == [str(company.task)]
    assert call(company.cast.manager, "POST", f"{path}/return").status_code == 409


def test_who_may_not(company: Company, call: Call, path: str, colleague: str) -> None:
    manager, employee = company.cast.manager, company.cast.employee.login
    refused: list[tuple[str, dict[str, Any], int]] = [
        (colleague, {"to": colleague}, 404),  # not theirs to see
        ("role.hr", {"to": colleague}, 403),  # sees it, does not have it
        (manager, {"to": "no.one"}, 404),
        (manager, {"to": manager}, 400),
        (manager, {"to": employee}, 403),  # nobody decides about their own case
        (manager, {"to": colleague, "note": "x" * 2000}, 400),
        (manager, {}, 400),
    ]
    for login, body, status in refused:
        answer = call(login, "POST", path, **body)
        assert answer.status_code == status, (login, body, answer.text)
    assert inbox(call, manager) == [str(company.task)]
    assert call("role.admin", "POST", path, to=colleague).status_code == 200


def test_what_the_employee_declares_is_given_to_nobody(company: Company, call: Call, colleague: str) -> None:
    """The manager's task stands in for one of the employee's own: it is with the person whom the case is about."""
    employee = company.cast.employee.login
    admin = call("role.admin", "POST", f"/v2/user-tasks/{company.task}/assignment", assignee=employee)
    assert admin.status_code == 204, admin.text
    answer = call(employee, "POST", f"/api/user-tasks/{company.task}/delegation", to=colleague)
    assert answer.status_code == 403
    assert "declares alone" in answer.json()["detail"]


def test_somebody_who_has_left_gets_nothing(company: Company, call: Call, path: str, colleague: str) -> None:
    once = company.house.database.once()
    once.run("update employee set left_on = '2026-01-31' where login = %s", (colleague,))
    assert call(company.cast.manager, "POST", path, to=colleague).status_code == 404
    once.run("update employee set left_on = null where login = %s", (colleague,))
