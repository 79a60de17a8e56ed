"""People's work: found by those whom it concerns, completed once, checked by its form, handed on."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.v2.conftest import Ask
from tests.api.v2.models import APPROVAL, FORM, MINE, SIGNED

Begin = Callable[..., str]
Deploy = Callable[..., dict[str, Any]]


def task_of(post: Ask, instance: str) -> dict[str, Any]:
    (found,) = post("hr", "/user-tasks/search", filter={"processInstanceKey": instance}).json()["items"]
    made: dict[str, Any] = found
    return made


@pytest.fixture
def offered(post: Ask, deploy: Deploy, begin: Begin) -> str:
    """A task that is offered to HR."""
    deploy(a=APPROVAL)
    key: str = task_of(post, begin("approval"))["userTaskKey"]
    return key


@pytest.fixture
def mine(post: Ask, deploy: Deploy, begin: Begin) -> str:
    """A task of zhang.wei's."""
    deploy(a=MINE)
    key: str = task_of(post, begin("mine"))["userTaskKey"]
    return key


def test_a_task_tells_who_may_do_it_and_where_it_belongs(ask: Ask, offered: str) -> None:
    found = ask("hr", "GET", f"/user-tasks/{offered}").json()
    assert (found["name"], found["elementId"], found["state"]) == ("Approve", "approve", "CREATED")
    assert (found["candidateGroups"], found["assignee"], found["priority"]) == (["hr"], None, 50)
    assert (found["processDefinitionId"], found["processName"]) == ("approval", "Approval")
    assert found["creationDate"] == "2026-11-02T01:00:00.000Z"
    assert found["formKey"] is None


def test_completing_twice_names_who_was_first_and_when(post: Ask, ask: Ask, offered: str) -> None:
    assert post("hr", f"/user-tasks/{offered}/completion", variables={"approved": True}).status_code == 204
    again = post("hr", f"/user-tasks/{offered}/completion")
    assert again.status_code == 409
    body = again.json()
    assert body["title"] == "INVALID_STATE"
    assert body["detail"] == (f"Task {offered} (Approve) was completed by hr at 2026-11-02 01:00Z. Reload your inbox.")
    done = ask("hr", "GET", f"/user-tasks/{offered}").json()
    assert (done["state"], done["completionDate"]) == ("COMPLETED", "2026-11-02T01:00:00.000Z")


def test_of_many_at_once_one_completes(post: Ask, offered: str) -> None:
    answers: list[int] = []

    def complete() -> None:
        answers.append(post("hr", f"/user-tasks/{offered}/completion").status_code)

    threads = [threading.Thread(target=complete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [204, 409, 409, 409, 409, 409]


def test_a_task_of_others_is_not_found(post: Ask, ask: Ask, mine: str) -> None:
    unknown = post("li.na", "/user-tasks/4711/completion")
    for method, path in (("GET", ""), ("POST", "/completion"), ("POST", "/assignment"), ("DELETE", "/assignee")):
        answer = ask("li.na", method, f"/user-tasks/{mine}{path}", json={"assignee": "li.na"})
        assert answer.status_code == 404
        assert answer.json()["detail"] == unknown.json()["detail"].replace("4711", mine)
    assert ask("zhang.wei", "GET", f"/user-tasks/{mine}").json()["state"] == "CREATED"


def test_hr_sees_a_task_of_others_but_does_not_complete_it(post: Ask, mine: str) -> None:
    answer = post("hr", f"/user-tasks/{mine}/completion")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Sign is with zhang.wei. Only they can complete it."
    assert post("zhang.wei", f"/user-tasks/{mine}/completion").status_code == 204


NO_KEYS = ["x", "-1", "1.5", "9" * 19, "9" * 40, "%00", "1%202"]


def test_a_key_that_is_none_is_told(post: Ask) -> None:
    for key in NO_KEYS:
        answer = post("hr", f"/user-tasks/{key}/completion")
        assert answer.status_code == 400
        assert "which is no key" in answer.json()["detail"]


def test_a_form_is_checked_as_on_its_page(post: Ask, ask: Ask, begin: Begin) -> None:
    parts = [("resources", ("signed.bpmn", SIGNED.encode())), ("resources", ("reason.form", FORM.encode()))]
    assert ask("designer", "POST", "/deployments", files=parts).status_code == 200
    instance = begin("signed")
    task = task_of(post, instance)
    assert task["formKey"] is not None
    refused = post("hr", f"/user-tasks/{task['userTaskKey']}/completion", variables={"why": ""})
    assert refused.status_code == 400
    body = refused.json()
    assert body["title"] == "FORM_INVALID"
    assert list(body["errors"]) == ["why"]
    assert body["errors"]["why"][0]
    assert task_of(post, instance)["state"] == "CREATED"

    accepted = post("hr", f"/user-tasks/{task['userTaskKey']}/completion", variables={"why": "moving", "other": 1})
    assert accepted.status_code == 204, accepted.text
    found = post("hr", "/variables/search", filter={"processInstanceKey": instance}).json()["items"]
    assert {v["name"]: v["value"] for v in found} == {"why": '"moving"'}  # a form lets in what it asks for

    twice = post("hr", f"/user-tasks/{task['userTaskKey']}/completion", variables={"why": "moving"})
    assert twice.status_code == 409
    assert "completed by hr" in twice.json()["detail"]


def test_a_search_shows_each_reader_their_own(post: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL, b=MINE)
    for _ in range(3):
        begin("approval")
        begin("mine")

    def total(login: str, **wanted: Any) -> tuple[int, int]:
        body = post(login, "/user-tasks/search", filter=wanted, page={"limit": 2}).json()
        return len(body["items"]), body["page"]["totalItems"]

    assert total("hr") == (2, 6)
    assert total("zhang.wei") == (2, 3)
    assert total("li.na") == (0, 0)
    assert total("hr", candidateGroup="hr") == (2, 3)
    assert total("hr", candidateGroup="it") == (0, 0)
    assert total("hr", candidateUser="zhang.wei") == (0, 0)
    assert total("hr", assignee="zhang.wei") == (2, 3)
    assert total("hr", assignee={"$exists": False}, state="CREATED") == (2, 3)
    assert total("zhang.wei", elementId="approve") == (0, 0)


def test_whoever_completed_a_task_still_finds_it(post: Ask, offered: str) -> None:
    post("hr", f"/user-tasks/{offered}/assignment", assignee="li.na")
    assert post("li.na", f"/user-tasks/{offered}/completion").status_code == 204
    (found,) = post("li.na", "/user-tasks/search", filter={"state": "COMPLETED"}).json()["items"]
    assert found["userTaskKey"] == offered


def test_a_candidate_takes_a_task_and_gives_it_back(post: Ask, ask: Ask, deploy: Deploy, begin: Begin) -> None:
    deploy(a=APPROVAL.replace('candidateGroups="hr"', 'candidateGroups="it"'))
    key = task_of(post, begin("approval"))["userTaskKey"]
    assert post("it", f"/user-tasks/{key}/assignment", assignee="it").status_code == 204
    assert ask("it", "GET", f"/user-tasks/{key}").json()["assignee"] == "it"
    to_another = post("it", f"/user-tasks/{key}/assignment", assignee="li.na")
    assert to_another.status_code == 403
    assert ask("it", "DELETE", f"/user-tasks/{key}/assignee").status_code == 204
    assert ask("it", "GET", f"/user-tasks/{key}").json()["assignee"] is None
    again = ask("it", "DELETE", f"/user-tasks/{key}/assignee")
    assert again.status_code in (403, 409)


def test_hr_hands_a_task_on_unless_told_not_to_take_it_away(post: Ask, ask: Ask, mine: str) -> None:
    kept = post("hr", f"/user-tasks/{mine}/assignment", assignee="li.na", allowOverride=False)
    assert kept.status_code == 409
    assert "already with zhang.wei" in kept.json()["detail"]
    assert post("hr", f"/user-tasks/{mine}/assignment", assignee="li.na").status_code == 204
    assert ask("li.na", "GET", f"/user-tasks/{mine}").json()["assignee"] == "li.na"
    assert ask("zhang.wei", "GET", f"/user-tasks/{mine}").status_code == 404


NOBODY: list[dict[str, Any]] = [{}, {"assignee": ""}, {"assignee": 5}, {"assignee": "it", "allowOverride": "no"}]


def test_an_assignment_that_names_nobody_is_refused(post: Ask, mine: str) -> None:
    for body in NOBODY:
        assert post("hr", f"/user-tasks/{mine}/assignment", **body).status_code == 400
