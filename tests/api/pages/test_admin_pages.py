"""The operation pages: processes with their versions, instances found by anything, what is done to one of them."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import httpx
import pytest

from engine.commands import deploy, start, user_task
from engine.model import Resource
from engine.queries import Condition, incidents, timers, variables
from kernel.actor import Actor
from kernel.clock import ManualClock
from tasks.house import House
from tests.api.pages.browsing import LEAVE

SignIn = Callable[[str], httpx.Client]

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://here/admin/instances"}
HR = Actor(id="hr", groups=frozenset({"hr"}))
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))


def publish(house: House, text: str, comment: str = "") -> int:
    """Deploy a version; its key."""
    with house.database.transaction() as unit:
        found = [Resource("leave.bpmn", text.encode())]
        return deploy.deploy(house.engine, unit, found, DESIGNER, comment=comment).definitions[0].key


def begin(house: House, **values: object) -> int:
    with house.database.transaction() as unit:
        begun = start.start(house.engine, unit, process_id="leave", variables=values, actor=HR)
    return begun.instance_key


def finish(house: House, instance: int, element: str, **values: object) -> None:
    with house.database.transaction() as unit:
        row = unit.one("select key from user_task where instance_key = %s and element = %s", (instance, element))
        user_task.complete(house.engine, unit, row[0], variables=values, actor=HR)


@pytest.fixture
def leave(house: House) -> int:
    """The key of the only version of a small process."""
    return publish(house, LEAVE, "Erste Fassung")


@pytest.fixture
def admin(sign_in: SignIn) -> httpx.Client:
    return sign_in("admin")


def said(answer: httpx.Response) -> str:
    return unquote(answer.headers.get("x-said", "") or answer.headers.get("x-refusal", ""))


# ---- processes -------------------------------------------------------------------------------------------------------


def test_a_process_tells_its_versions_and_how_many_run_on_each(house: House, leave: int, admin: httpx.Client) -> None:
    begin(house, days=3)
    publish(house, LEAVE.replace("主管审批", "部门主管审批"), "改名")
    listed = admin.get("/admin/processes").text
    assert "长期休假" in listed
    assert "v2" in listed
    page = admin.get("/admin/processes/leave?version=1").text
    assert "改名" in page
    assert "Erste Fassung" in page
    assert f"/admin/versions/{leave}/roll-back" in page
    assert admin.get("/admin/processes/leave?version=7").status_code == 404
    assert admin.get("/admin/processes/nothing").status_code == 404


def test_the_diagram_of_a_version_counts_what_waits_and_has_stopped(
    house: House, leave: int, admin: httpx.Client
) -> None:
    for _ in range(3):
        begin(house, days=3)
    finish(house, begin(house), "approve")
    told = admin.get(f"/admin/processes/leave/{leave}/diagram").json()
    assert told["active"] == {"approve": 3, "late": 3, "calc": 1}
    assert told["incidents"] == {"calc": 1}
    assert told["heat"] == {"duration": {}, "waiting": {}}


def test_the_heat_map_has_the_median_of_what_ended(
    house: House, leave: int, admin: httpx.Client, clock: ManualClock
) -> None:
    for hours in (1, 2, 9):
        instance = begin(house, days=3)
        clock.advance(timedelta(hours=hours))
        finish(house, instance, "approve")
        clock.advance(timedelta(minutes=20))
        finish(house, instance, "archive")
    heat = admin.get(f"/admin/processes/leave/{leave}/diagram").json()["heat"]["duration"]
    assert heat["approve"]["badge"] == "2 小时"
    assert heat["approve"]["shade"] == 5
    assert heat["archive"]["badge"] == "20 分钟"
    assert heat["archive"]["shade"] < 5
    assert "calc" not in heat


def test_two_versions_are_compared_in_words_and_colours(house: House, leave: int, admin: httpx.Client) -> None:
    newer = publish(house, LEAVE.replace('candidateGroups="hr"', 'candidateGroups="hr-head"').replace("PT72H", "PT48H"))
    page = admin.get("/admin/processes/leave/compare").text
    assert "<del>PT72H</del> → <ins>PT48H</ins>" in page
    assert "候选组" in page
    told = admin.get(f"/admin/compare/{leave}/{newer}").json()
    assert told["before"]["marks"] == told["after"]["marks"] == CHANGED
    assert "没有差异" in admin.get("/admin/processes/leave/compare?before=2&after=2").text


# ---- search ----------------------------------------------------------------------------------------------------------


CHANGED = {"approve": "changed", "late": "changed", "archive": "changed"}


def found(client: httpx.Client, query: str) -> set[int]:
    page = client.get(f"/admin/instances?{query}", headers=HTMX).text
    return {int(key) for key in re.findall(r'name="key" value="(\d+)"', page)}


def test_instances_are_found_by_anything(house: House, leave: int, sign_in: SignIn, clock: ManualClock) -> None:
    early = begin(house, days=3, who={"name": "李"})
    clock.advance(timedelta(days=2))
    late = begin(house, days=5)
    stopped = begin(house)
    finish(house, stopped, "approve")
    everything, admin = {early, late, stopped}, sign_in("admin")  # by now: a session does not last for two days
    assert found(admin, "process=leave") == everything
    assert found(admin, f"q={early}") == {early}
    assert found(admin, "q=长期") == everything
    assert found(admin, "process=leave&version=v1") == everything
    assert found(admin, "version=2") == set()
    assert found(admin, "state=INCIDENT") == {stopped}
    assert found(admin, "element=approve") == {early, late}
    assert found(admin, "element=calc") == {stopped}
    assert found(admin, "variable=days") == {early, late}
    assert found(admin, "variable=days=5") == {late}
    assert found(admin, "since=2026-11-03&process=leave") == {late, stopped}
    assert found(admin, "until=2026-11-02&process=leave") == {early}
    assert found(admin, "person=hr&process=leave") == everything
    assert found(admin, "person=nobody") == set()
    assert admin.get("/admin/instances?since=yesterday", headers=HTMX).status_code == 400
    assert "不是版本号" in said(admin.get("/admin/instances?version=x", headers=HTMX))


def test_a_search_is_saved_shared_renamed_and_deleted(sign_in: SignIn, leave: int, admin: httpx.Client) -> None:
    kept = {"query": "state=INCIDENT&evil=1", "name": "停住的", "shared": ""}
    answer = admin.post("/admin/filters", data=kept, headers=HTMX)
    assert answer.headers["hx-redirect"] == "/admin/instances?state=INCIDENT"
    page = admin.get("/admin/instances").text
    (key,) = re.findall(r'href="/admin/filters/(\d+)"', page)
    assert "停住的" in page
    assert "已有名为" in said(admin.post("/admin/filters", data=kept, headers=HTMX))
    assert "命名" in said(admin.post("/admin/filters", data=kept | {"name": " "}, headers=HTMX))
    admin.post(f"/admin/filters/{key}", data={"name": "有异常的", "shared": "1"}, headers=HTMX)
    assert "有异常的" in admin.get("/admin/instances").text
    admin.post(f"/admin/filters/{key}/delete", headers=HTMX)
    assert "有异常的" not in admin.get("/admin/instances").text


# ---- one instance ----------------------------------------------------------------------------------------------------


def test_an_instance_tells_what_stands_before_its_end(house: House, leave: int, admin: httpx.Client) -> None:
    instance = begin(house, days=3)
    page = admin.get(f"/admin/instances/{instance}").text
    ahead = re.findall(r'<li class="(now|certain|possible)"><div><span>([^<]+)', page)
    certain = [("certain", "计算余额"), ("certain", "归档")]
    assert sorted(ahead) == sorted([("now", "主管审批"), ("possible", "记录提醒"), *certain])


def test_a_variable_is_shown_old_and_new_before_it_is_set(house: House, leave: int, admin: httpx.Client) -> None:
    instance = begin(house, days=3)
    url = f"/admin/instances/{instance}/variable"
    first = admin.get(f"{url}?scope=0&name=days", headers=HTMX).text
    assert ">3</textarea>" in first
    second = admin.get(f"{url}?scope=0&name=days&value=7", headers=HTMX).text
    assert "修改前：3" in second
    assert "修改后：7" in second
    assert "JSON" in said(admin.get(f"{url}?scope=0&name=days&value=seven", headers=HTMX))
    sent = {"scope": "0", "name": "days", "value": "7"}
    assert "原因" in said(admin.post(url, data=sent, headers=HTMX))
    answer = admin.post(url, data=sent | {"reason": "登记有误"}, headers=HTMX)
    assert answer.headers["hx-redirect"] == f"/admin/instances/{instance}"
    with house.database.transaction() as unit:
        assert variables(unit, instance) == {"days": 7}
    assert "登记有误" in admin.get(f"/admin/instances/{instance}").text


def test_an_instance_is_suspended_resumed_and_canceled_with_a_reason(
    house: House, leave: int, admin: httpx.Client
) -> None:
    instance = begin(house, days=3)
    base = f"/admin/instances/{instance}"
    for act, state in (("suspend", "SUSPENDED"), ("resume", "ACTIVE"), ("cancel", "TERMINATED")):
        question = admin.get(f"{base}/{act}", headers=HTMX).text
        assert f'hx-post="{base}/{act}"' in question
        assert admin.post(f"{base}/{act}", data={"reason": " "}, headers=HTMX).status_code == 400
        assert admin.post(f"{base}/{act}", data={"reason": "核实中"}, headers=HTMX).status_code == 204
        with house.database.transaction() as unit:
            assert unit.one("select state from instance where key = %s", (instance,)) == (state,)
    assert admin.get(f"{base}/explode", headers=HTMX).status_code == 404
    assert admin.get(base).text.count("核实中") == 3


def test_a_token_is_moved_from_a_list_of_steps(house: House, leave: int, admin: httpx.Client) -> None:
    instance = begin(house, days=3)
    url = f"/admin/instances/{instance}/move"
    question = admin.get(url, headers=HTMX).text
    assert '<option value="approve">主管审批 · approve</option>' in question
    assert '<option value="archive">' in question
    sent = {"source": "approve", "target": "archive", "reason": "线下已批"}
    assert admin.post(url, data=sent, headers=HTMX).status_code == 204
    with house.database.transaction() as unit:
        rows = unit.all("select element from user_task where instance_key = %s and state = 'CREATED'", (instance,))
    assert rows == [("archive",)]


def test_a_timer_is_moved_and_fires_then(
    house: House, leave: int, admin: httpx.Client, clock: ManualClock, work: Callable[[], int]
) -> None:
    instance = begin(house, days=3)
    with house.database.transaction() as unit:
        (timer,) = timers(unit, [Condition("instance_key", instance)]).items
    url = f"/admin/timers/{timer.key}/move"
    assert 'value="2026-11-05T09:00"' in admin.get(url, headers=HTMX).text
    assert "不是日期时间" in said(admin.post(url, data={"due": "soon", "reason": "x"}, headers=HTMX))
    answer = admin.post(url, data={"due": "2026-11-02T10:00", "reason": "提前提醒"}, headers=HTMX)
    assert "11-02 10:00" in said(answer)
    work()
    with house.database.transaction() as unit:
        assert timers(unit, [Condition("instance_key", instance)]).total == 1
    clock.advance(timedelta(hours=1, minutes=1))
    work()
    with house.database.transaction() as unit:
        assert timers(unit, [Condition("instance_key", instance)]).total == 0
        assert variables(unit, instance)["reminded"] == 1


def test_a_timer_is_fired_by_hand_once(house: House, leave: int, admin: httpx.Client) -> None:
    instance = begin(house, days=3)
    with house.database.transaction() as unit:
        (timer,) = timers(unit, [Condition("instance_key", instance)]).items
    url = f"/admin/timers/{timer.key}/fire"
    assert admin.post(url, data={"reason": "演示"}, headers=HTMX).status_code == 204
    assert admin.get(url, headers=HTMX).status_code == 409
    assert "人工触发定时器" in admin.get(f"/admin/instances/{instance}").text


def test_an_incident_is_told_in_the_readers_language(house: House, leave: int, admin: httpx.Client) -> None:
    finish(house, begin(house), "approve")
    with house.database.transaction() as unit:
        (incident,) = incidents(unit, [Condition("state", "ACTIVE")]).items
    page = admin.get("/admin").text
    assert f"/admin/incidents/{incident.key}/retry" in page
