"""The OpenAPI document names every call with its body and its answer."""

from typing import Any

import pytest
from httpx import Client
from openapi_core import OpenAPI

from api.v2 import DOORS

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(site: Client) -> dict[str, Any]:
    answer = site.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_is_sound(document: dict[str, Any]) -> None:
    OpenAPI.from_dict(document).check_spec()


def test_every_hot_door_is_described(document: dict[str, Any]) -> None:
    for path, door in DOORS:
        if not door.include_in_schema:
            continue
        for method in door.methods or ():
            operation = document["paths"][path][method.lower()]
            assert operation["summary"].endswith(".")
            assert {"400", "401", "403", "404"} <= operation["responses"].keys() - {"422", "default"}
            places = [parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
            assert ("{key}" in path) == (places == ["key"])
            done = operation["responses"].get("200") or operation["responses"]["204"]
            assert "204" in operation["responses"] or done["content"]["application/json"]["schema"]


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]
    assert len(names) == len(set(names))
    assert {"createProcessInstance", "searchUserTasks", "completeUserTask", "activateJobs"} <= set(names)


def test_a_search_lists_its_filters(document: dict[str, Any]) -> None:
    body = document["paths"]["/v2/user-tasks/search"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"assignee", "candidateGroup", "dueDate", "state"} <= body["properties"]["filter"]["properties"].keys()
    assert "userTaskKey" in body["properties"]["sort"]["items"]["properties"]["field"]["enum"]
