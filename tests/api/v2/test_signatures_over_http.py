"""The process API completes no signature and hands none on: an agreement is signed in its room alone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.v2.conftest import Ask
from tests.api.v2.models import process, user_task

FORM = '{"type": "default", "id": "%s", "components": []}'
SIGNING = process(
    "signing",
    user_task("sign", 'assignee="zhang.wei"', '<zeebe:formDefinition formId="agreement-sign"/>')
    + user_task("seal", 'candidateGroups="hr"', '<zeebe:formDefinition formId="agreement-seal"/>'),
    "s sign seal e",
)


@pytest.fixture
def key(ask: Ask, post: Ask, begin: Callable[..., str]) -> str:
    """The open task of a signature of zhang.wei's."""
    parts = [("resources", (f"{id}.form", (FORM % id).encode())) for id in ("agreement-sign", "agreement-seal")]
    parts.append(("resources", ("signing.bpmn", SIGNING.encode())))
    assert ask("designer", "POST", "/deployments", files=parts).status_code == 200
    (found,) = post("admin", "/user-tasks/search", filter={"processInstanceKey": begin("signing")}).json()["items"]
    return str(found["userTaskKey"])


@pytest.mark.requirement("F70")
def test_a_signature_is_not_completed_over_the_interface(post: Ask, key: str) -> None:
    for login in ("zhang.wei", "admin"):
        answer = post(login, f"/user-tasks/{key}/completion", variables={"decision": "signed"})
        assert answer.status_code == 403, answer.text
    assert "signed on its own page" in post("zhang.wei", f"/user-tasks/{key}/completion").json()["detail"]


HANDING_ON: list[tuple[str, str, dict[str, Any] | None]] = [
    ("POST", "/assignment", {"assignee": "li.na"}),
    ("POST", "/assignment", {"assignee": "hr", "allowOverride": False}),
    ("POST", "/assignment", {"assignee": "admin", "allowOverride": False}),
    ("DELETE", "/assignee", None),
    ("PATCH", "", {"changeset": {"candidateUsers": ["li.na"]}}),
    ("PATCH", "", {"changeset": {"candidateGroups": ["hr"]}}),
]


def test_a_signature_is_handed_on_to_nobody(ask: Ask, key: str) -> None:
    for login in ("hr", "admin"):
        for method, path, body in HANDING_ON:
            answer = ask(login, method, f"/user-tasks/{key}{path}", **({"json": body} if body else {}))
            assert answer.status_code == 403, answer.text
            assert "nobody makes for another" in answer.json()["detail"]
    found = ask("admin", "GET", f"/user-tasks/{key}").json()
    assert (found["assignee"], found["candidateUsers"], found["candidateGroups"]) == ("zhang.wei", [], [])


def test_a_deadline_of_a_signature_may_be_planned(ask: Ask, key: str) -> None:
    body = {"changeset": {"priority": 80}}
    assert ask("hr", "PATCH", f"/user-tasks/{key}", json=body).status_code == 204


def test_a_task_that_is_offered_to_nobody_says_so(ask: Ask, post: Ask, begin: Callable[..., str]) -> None:
    """Whoever may look and not complete is refused in words, with a form and without."""
    forms = {"with_form": '<zeebe:formDefinition formId="plain"/>', "without": ""}
    parts = [("resources", ("plain.form", (FORM % "plain").encode()))]
    parts += [
        ("resources", (f"{name}.bpmn", process(name, user_task("t", "", form), "s t e").encode()))
        for name, form in forms.items()
    ]
    assert ask("designer", "POST", "/deployments", files=parts).status_code == 200
    for name in forms:
        (found,) = post("admin", "/user-tasks/search", filter={"processInstanceKey": begin(name)}).json()["items"]
        answer = post("hr", f"/user-tasks/{found['userTaskKey']}/completion", variables={})
        assert answer.status_code == 403, answer.text
        assert "is with nobody" in answer.json()["detail"]
