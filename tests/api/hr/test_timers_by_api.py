"""Timers by the API: found, moved, fired at once; who may, and what it leaves in the records."""

from datetime import timedelta
from typing import Any

import pytest

from engine.commands import start
from engine.model import Resource
from kernel.actor import Actor
from processes import publish
from tasks import worker
from tests.api.company import Company
from tests.api.hr.conftest import Call
from tests.api.sdk.models import PAUSE
from tests.api.v2.models import process

WEEKLY = process("weekly", "", "s e").replace(
    '<startEvent id="s"/>',
    '<startEvent id="s"><timerEventDefinition><timeCycle>R/P7D</timeCycle></timerEventDefinition></startEvent>',
)
ADMIN = Actor(id="role.admin", groups=frozenset({"admin"}))


@pytest.fixture
def resting(company: Company) -> str:
    """An instance that waits for its timer, and a process that starts every week."""
    files = [Resource("pause.bpmn", PAUSE.encode()), Resource("weekly.bpmn", WEEKLY.encode())]
    with company.house.database.transaction() as unit:
        publish.publish_files(company.house.engine, unit, files, ADMIN, "")
    once = company.house.database.once()
    return str(start.start(company.house.engine, once, actor=ADMIN, process_id="pause").instance_key)


def search(call: Call, **filter: Any) -> list[dict[str, Any]]:
    answer = call("role.admin", "POST", "/api/timers/search", filter=filter)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def state(call: Call, instance: str) -> str:
    return str(call("role.admin", "GET", f"/v2/process-instances/{instance}").json()["state"])


def test_timers_of_both_kinds_are_found(company: Company, call: Call, resting: str) -> None:
    (waiting,) = search(call, processInstanceKey=resting)
    in_a_month = (company.house.clock.now() + timedelta(days=30)).isoformat(timespec="seconds")
    assert (waiting["kind"], waiting["elementId"], waiting["dueDate"][:19]) == ("EVENT", "rest", in_a_month[:19])
    (starting,) = search(call, kind="START", processDefinitionId="weekly")
    assert (starting["processInstanceKey"], starting["elementId"]) == (None, "s")
    assert call("role.hr", "GET", f"/api/timers/{starting['timerKey']}").json() == starting
    assert call("role.hr", "GET", "/api/timers/1").status_code == 404


def test_a_moved_timer_fires_when_it_is_due_then(company: Company, call: Call, resting: str) -> None:
    (waiting,) = search(call, processInstanceKey=resting)
    path, wanted = f"/api/timers/{waiting['timerKey']}", "2026-11-03T05:00:00.000Z"
    moved = call("role.admin", "PATCH", path, dueDate=wanted, reason="The holiday is over earlier.")
    assert (moved.status_code, moved.json()["dueDate"]) == (200, wanted), moved.text
    worker.drain(company.house)
    assert state(call, resting) == "ACTIVE"
    company.house.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]  # the test's own clock
    worker.drain(company.house)
    assert state(call, resting) == "COMPLETED"
    told = company.house.database.once().one(
        "select data::jsonb ->> 'reason', actor from journal where instance_key = %s and kind = 'TIMER_MOVED'",
        (int(resting),),
    )
    assert told == ("The holiday is over earlier.", "role.admin")


def test_a_timer_fires_now(company: Company, call: Call, resting: str) -> None:
    (waiting,) = search(call, processInstanceKey=resting)
    path = f"/api/timers/{waiting['timerKey']}"
    assert call("role.admin", "POST", f"{path}/firing", reason="He is back.").status_code == 204
    assert state(call, resting) == "COMPLETED"
    assert call("role.admin", "GET", path).status_code == 404
    assert call("role.admin", "POST", f"{path}/firing").status_code == 404


def test_a_start_timer_is_moved_and_fired(company: Company, call: Call, resting: str) -> None:
    (starting,) = search(call, kind="START", processDefinitionId="weekly")
    path = f"/api/timers/{starting['timerKey']}"
    assert call("role.admin", "PATCH", path, dueDate="2027-01-01T00:00:00Z").json()["dueDate"].startswith("2027-01-01")
    assert call("role.admin", "POST", f"{path}/firing").status_code == 204
    found = call("role.admin", "POST", "/v2/process-instances/search", filter={"processDefinitionId": "weekly"}).json()
    assert [one["state"] for one in found["items"]][-1:] == ["COMPLETED"]


def test_only_administrators_change_timers(company: Company, call: Call, resting: str) -> None:
    (waiting,) = search(call, processInstanceKey=resting)
    path = f"/api/timers/{waiting['timerKey']}"
    for login in ("role.hr", "role.designer", company.cast.manager):
        assert call(login, "PATCH", path, dueDate="2026-11-03T01:00:00Z").status_code == 403
        assert call(login, "POST", f"{path}/firing").status_code == 403
    for wrong in ("tomorrow", "2026-11-03T01:00:00", None, 5):
        assert call("role.admin", "PATCH", path, dueDate=wrong).status_code == 400
    assert call(company.cast.manager, "POST", "/api/timers/search").status_code == 403
