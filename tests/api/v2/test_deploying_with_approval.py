"""Where a second person has to approve, or others publish, a deployment over HTTP is refused in words."""

from dataclasses import replace

import pytest
from fastapi import FastAPI

from tasks.house import House
from tests.api.v2.conftest import Ask
from tests.processes.proving import table

FILES = [("resources", ("leave.dmn", table().content))]


@pytest.mark.parametrize(
    ("setting", "login", "told"),
    [
        ({"publish_approval": True}, "admin", "without the approval of a second person"),
        ({"publish_approval": True}, "designer", "without the approval of a second person"),
        ({"publishers": "admin"}, "designer", "Publishing is for admin"),
    ],
)
def test_no_deployment_passes_by_the_settings(
    application: FastAPI, house: House, ask: Ask, setting: dict[str, object], login: str, told: str
) -> None:
    application.state.house = replace(house, settings=replace(house.settings, **setting))  # type: ignore[arg-type]  # names and values of settings
    refused = ask(login, "POST", "/deployments", files=FILES)
    assert refused.status_code == 403
    assert told in refused.json()["detail"]
    assert house.database.once().one("select count(*) from definition") == (0,)
    application.state.house = house
    assert ask(login, "POST", "/deployments", files=FILES).status_code == 200
