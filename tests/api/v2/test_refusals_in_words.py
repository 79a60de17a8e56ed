"""Whatever is sent, the answer is a problem in the reader's language with the right status, never a traceback."""

from collections.abc import Callable
from typing import Any

import orjson
import psycopg
import pytest
from httpx import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.door import BODY_MOST
from tasks.house import House
from tests.api.v2.conftest import Ask, basic
from tests.api.v2.models import APPROVAL

MEMBERS = {"type", "title", "status", "detail", "instance"}
CALLS = [
    "/process-instances",
    "/process-instances/search",
    "/user-tasks/search",
    "/user-tasks/1/completion",
    "/user-tasks/1/assignment",
    "/jobs/activation",
    "/jobs/search",
    "/jobs/1/completion",
    "/jobs/1/failure",
    "/jobs/1/error",
    "/messages/publication",
    "/messages/correlation",
    "/signals/broadcast",
    "/incidents/search",
    "/variables/search",
    "/process-definitions/search",
    "/expression/evaluation",
    "/decision-definitions/evaluation",
]
NAMES = [
    *("processDefinitionId", "processDefinitionKey", "processDefinitionVersion", "processInstanceKey", "businessId"),
    *("variables", "filter", "sort", "field", "order", "page", "limit", "from", "after", "tags", "key", "state"),
    *("assignee", "allowOverride", "candidateGroup", "priority", "startDate", "hasIncident", "type", "worker"),
    *("timeout", "maxJobsToActivate", "fetchVariable", "retries", "retryBackOff", "errorCode", "errorMessage"),
    *("name", "correlationKey", "timeToLive", "messageId", "signalName", "expression", "context"),
    *("decisionDefinitionId", "$eq", "$in", "$like", "$exists"),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["1", "ACTIVE", "*", "\0", "%s"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["instance"] == answer.request.url.path
    assert body["detail"]
    assert "Traceback" not in answer.text
    return body


def test_bodies_that_are_no_json_objects(ask: Ask) -> None:
    for raw in (b"{", b"[]", b"5", b'"x"', b"null", b"\xff\xfe", b'{"a": NaN}', b"{'a': 1}", b"[" * 5000):
        body = is_problem(ask("hr", "POST", "/user-tasks/search", content=raw), 400)
        assert body["title"] == "INVALID_ARGUMENT"
    assert ask("hr", "POST", "/user-tasks/search", content=b"").status_code == 200


def test_a_body_that_is_too_large(ask: Ask) -> None:
    large = b'{"filter": {"name": "' + b"x" * BODY_MOST + b'"}}'
    assert is_problem(ask("hr", "POST", "/user-tasks/search", content=large), 413)["title"] == (
        "REQUEST_ENTITY_TOO_LARGE"
    )


def test_a_file_that_is_too_large_is_not_read(ask: Ask) -> None:
    large = [("resources", ("a.bpmn", b"x" * (33 * 1024 * 1024)))]
    is_problem(ask("designer", "POST", "/deployments", files=large), 413)


def test_nobody_gets_in_without_credentials(site: Client) -> None:
    for header in ("", "Basic", "Basic !!!", "Bearer nothing", "Digest x", basic("hr")["Authorization"][:-6]):
        headers = {"Authorization": header} if header else {}
        answer = site.post("/v2/user-tasks/search", headers=headers)
        assert is_problem(answer, 401)["title"] == "UNAUTHORIZED"
        assert "Basic" in answer.headers["www-authenticate"]
    nul = {"Authorization": "Basic YQBiOmM="}
    is_problem(site.post("/v2/user-tasks/search", headers=nul), 401)


def test_what_is_not_built_says_so(ask: Ask) -> None:
    for method, path in (("POST", "/users/search"), ("GET", "/groups/hr"), ("PUT", "/roles/a/users/b")):
        body = is_problem(ask("hr", method, path), 501)
        assert body["title"] == "NOT_IMPLEMENTED"
        assert "here" in body["detail"]


def test_what_the_api_does_not_have_is_not_found(ask: Ask) -> None:
    for method, path in (("GET", "/nothing"), ("POST", "/jobs/1/2/3"), ("GET", "/process-instances/1/nothing")):
        assert path in is_problem(ask("hr", method, path), 404)["detail"]
    for method, path in (("DELETE", "/process-instances"), ("PATCH", "/users"), ("GET", "/deployments")):
        assert method in is_problem(ask("hr", method, path), 405)["detail"]


def test_a_refusal_speaks_the_readers_language(ask: Ask) -> None:
    def told(language: str) -> str:
        answer = ask("hr", "GET", "/process-instances/4711", headers={"Accept-Language": language})
        detail: str = is_problem(answer, 404)["detail"]
        return detail

    english = "There is no process instance 4711. Check the key."
    chinese = told("zh-CN,zh;q=0.9,en;q=0.8")
    assert told("en-GB,en;q=0.9") == english
    assert "4711" in chinese
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)
    assert told("fr") == english  # the organisation's language


@pytest.mark.parametrize("path", CALLS)
def test_any_values_at_all(house: House, site: Client, path: str) -> None:
    """Whatever the types: 2xx, 4xx or 501, and a problem where it is refused."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
    def any_body(body: dict[str, Any]) -> None:
        answer = site.post(f"/v2{path}", content=orjson.dumps(body), headers=basic("admin"))
        if answer.status_code >= 400:
            assert answer.status_code < 500, (body, answer.text)
            is_problem(answer, answer.status_code)

    any_body()


def test_a_database_that_went_away_is_told_and_found_again(
    post: Ask, deploy: Callable[..., dict[str, Any]], house: House, database_url: str
) -> None:
    deploy(a=APPROVAL)
    assert post("hr", "/user-tasks/search").status_code == 200
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    answers = [post("hr", "/user-tasks/search") for _ in range(3)]
    assert answers[-1].status_code == 200
    for answer in answers:
        if answer.status_code != 200:
            assert "did not answer" in is_problem(answer, 503)["detail"]
