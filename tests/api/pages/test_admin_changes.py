"""What operators change over many cases: versions, migrations, batches, proposals; and what they read afterwards."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import httpx
import pytest

from api import proposals
from engine.commands import deploy, operate, start, user_task
from engine.model import Resource
from engine.upkeep import batches
from kernel.actor import Actor
from kernel.clock import ManualClock
from tasks.house import House
from tests.api.pages.browsing import LEAVE

SignIn = Callable[[str], httpx.Client]

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://here/admin"}
HR = Actor(id="hr", groups=frozenset({"hr"}))
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))
NEWER = LEAVE.replace('name="主管审批"', 'name="部门主管审批"').replace("PT72H", "PT48H")
WITHOUT_CALC = NEWER.replace('id="calc"', 'id="sum"').replace('Ref="calc"', 'Ref="sum"').replace('"calc"', '"sum"')


def publish(house: House, text: str) -> int:
    with house.database.transaction() as unit:
        return deploy.deploy(house.engine, unit, [Resource("leave.bpmn", text.encode())], DESIGNER).definitions[0].key


def begin(house: House, **values: object) -> int:
    with house.database.transaction() as unit:
        return start.start(house.engine, unit, process_id="leave", variables=values, actor=HR).instance_key


def finish(house: House, instance: int, element: str) -> None:
    with house.database.transaction() as unit:
        row = unit.one("select key from user_task where instance_key = %s and element = %s", (instance, element))
        user_task.complete(house.engine, unit, row[0], variables={}, actor=HR)


def states(house: House, *instances: int) -> list[str]:
    with house.database.transaction() as unit:
        rows = dict(unit.all("select key, state from instance where key = any(%s)", (list(instances),)))
    return [rows[key] for key in instances]


def version_of(house: House, instance: int) -> int:
    with house.database.transaction() as unit:
        return int(unit.one("select process_version from instance where key = %s", (instance,))[0])


def ran(house: House) -> None:
    """Everything that batches have still to do."""
    while batches.run_some(house.engine, house.database, 100):
        pass


def said(answer: httpx.Response) -> str:
    return unquote(answer.headers.get("x-said", "") or answer.headers.get("x-refusal", ""))


@pytest.fixture
def leave(house: House) -> int:
    return publish(house, LEAVE)


@pytest.fixture
def admin(sign_in: SignIn) -> httpx.Client:
    return sign_in("admin")


# ---- versions --------------------------------------------------------------------------------------------------------


def test_rolling_back_says_what_stays_and_leads_to_the_migration(house: House, leave: int, admin: httpx.Client) -> None:
    newer = publish(house, NEWER)
    stays = begin(house, days=3)
    url = f"/admin/versions/{leave}/roll-back"
    question = admin.get(url, headers=HTMX).text
    assert "新案件将使用版本 1" in question
    assert "1 个运行中的案件留在版本 2" in question
    assert "原因" in said(admin.post(url, headers=HTMX))
    answer = admin.post(url, data={"reason": "新版有误"}, headers=HTMX)
    assert answer.headers["hx-redirect"] == f"/admin/migrations/new?source={newer}&target={leave}"
    assert version_of(house, begin(house, days=3)) == 1
    assert version_of(house, stays) == 2
    assert "已停用" in admin.get("/admin/processes/leave").text
    assert admin.post(f"/admin/versions/{newer}/restore", data={"reason": "已修复"}, headers=HTMX).status_code == 204
    assert version_of(house, begin(house, days=3)) == 2


def test_only_a_version_that_nobody_used_can_be_deleted(house: House, leave: int, admin: httpx.Client) -> None:
    begin(house, days=3)
    newer = publish(house, NEWER)
    page = admin.get("/admin/processes/leave").text
    assert f"/admin/versions/{newer}/delete" in page
    assert f"/admin/versions/{leave}/delete" not in page
    assert admin.post(f"/admin/versions/{leave}/delete", data={"reason": "x"}, headers=HTMX).status_code == 409
    question = admin.get(f"/admin/versions/{newer}/delete", headers=HTMX).text
    assert "新案件现在使用版本 1" in question
    assert admin.post(f"/admin/versions/{newer}/delete", data={"reason": "误传"}, headers=HTMX).status_code == 204
    assert "误传" in admin.get("/admin/audit?what=RESOURCE").text
    assert admin.get(f"/admin/versions/{leave}/burn", headers=HTMX).status_code == 404


# ---- many at once ----------------------------------------------------------------------------------------------------


def test_all_that_were_found_are_canceled_as_one_batch(house: House, leave: int, admin: httpx.Client) -> None:
    running = [begin(house, days=3) for _ in range(3)]
    other = begin(house, days=9)
    question = admin.get("/admin/batches/new/cancel?variable=days=3", headers=HTMX).text
    assert "终止：3 个实例" in question
    sent = {"query": "variable=days=3", "reason": "批量撤销"}
    answer = admin.post("/admin/batches/cancel", data=sent, headers=HTMX)
    ran(house)
    assert states(house, *running, other) == ["TERMINATED"] * 3 + ["ACTIVE"]
    page = admin.get(answer.headers["hx-redirect"]).text
    assert 'aria-valuenow="100"' in page
    assert "批量撤销" in page
    assert "批量撤销" in admin.get("/admin/batches").text
    assert "不适用此操作" in said(admin.get("/admin/batches/new/cancel?variable=days=3", headers=HTMX))


def test_chosen_ones_alone_are_suspended_and_resumed(house: House, leave: int, admin: httpx.Client) -> None:
    one, other = begin(house, days=3), begin(house, days=3)
    admin.post("/admin/batches/suspend", data={"key": str(one), "reason": "核查"}, headers=HTMX)
    ran(house)
    assert states(house, one, other) == ["SUSPENDED", "ACTIVE"]
    admin.post("/admin/batches/resume", data={"query": "process=leave", "reason": "核查完毕"}, headers=HTMX)
    ran(house)
    assert states(house, one, other) == ["ACTIVE", "ACTIVE"]


def test_a_batch_is_paused_and_its_refused_ones_tried_again(house: House, leave: int, admin: httpx.Client) -> None:
    stopped = [begin(house) for _ in range(2)]
    for instance in stopped:
        finish(house, instance, "approve")
    answer = admin.post("/admin/batches/retry", data={"query": "state=INCIDENT", "reason": "重试"}, headers=HTMX)
    url = answer.headers["hx-redirect"]
    assert "剩余的 2 个等待" in admin.get(f"{url}/pause", headers=HTMX).text
    assert admin.post(f"{url}/pause", headers=HTMX).status_code == 204
    ran(house)
    assert "已暂停" in admin.get(url).text
    admin.post(f"{url}/resume", headers=HTMX)
    ran(house)
    progress = admin.get(url, headers=HTMX).text
    assert "every 2s" not in progress
    assert admin.post(f"{url}/cancel", headers=HTMX).status_code == 409
    assert admin.get("/admin/batches/1", headers=HTMX).status_code == 404


def test_reasons_that_say_the_same_are_told_once(house: House, leave: int, admin: httpx.Client) -> None:
    running = [begin(house, days=3) for _ in range(3)]
    sent = {"query": "process=leave", "reason": "清理"}
    url = admin.post("/admin/batches/suspend", data=sent, headers=HTMX).headers["hx-redirect"]
    for instance in running:
        with house.database.transaction() as unit:
            operate.cancel(house.engine, unit, instance, actor=HR)
    ran(house)
    page = admin.get(url).text
    assert page.count("3 ×") == 1
    assert page.count("1 ×") == 0
    assert all(f'href="/admin/instances/{instance}"' in page for instance in running)
    again = admin.post(f"{url}/again", headers=HTMX).headers["hx-redirect"]
    assert again != url
    ran(house)
    assert "全部被拒" in admin.get(again).text


# ---- migration -------------------------------------------------------------------------------------------------------


def plan(admin: httpx.Client, source: int, target: int, more: str = "") -> dict[str, str]:
    """The wizard's form as a browser would send it."""
    page = admin.get(f"/admin/migrations/new?source={source}&target={target}{more}").text
    found = {"source": str(source), "target": str(target), "query": "", "reason": "换版"}
    found["query"] = re.findall(r'name="query" value="([^"]*)"', page)[0].replace("&amp;", "&")
    for name, options in re.findall(r'<select class="plain" name="(map\.[^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.findall(r'value="([^"]+)" selected', options)
        found[name] = chosen[0] if chosen else ""
    return found


def test_cases_are_checked_then_moved(house: House, leave: int, admin: httpx.Client) -> None:
    cases = [begin(house, days=3) for _ in range(3)]
    newer = publish(house, NEWER)
    sent = plan(admin, leave, newer)
    assert sent["map.approve"] == "approve"
    checked = admin.post("/admin/migrations/check", data=sent, headers=HTMX).text
    assert "3 个中有 3 个可以迁移" in checked
    assert {version_of(house, case) for case in cases} == {1}
    assert "原因" in said(admin.post("/admin/migrations", data=sent | {"reason": ""}, headers=HTMX))
    answer = admin.post("/admin/migrations", data=sent, headers=HTMX)
    ran(house)
    assert {version_of(house, case) for case in cases} == {2}
    assert "全部完成" in admin.get(answer.headers["hx-redirect"]).text


def test_what_cannot_move_is_told_and_listed(house: House, leave: int, admin: httpx.Client) -> None:
    moves, stays = begin(house, days=3), begin(house)
    finish(house, stays, "approve")
    newer = publish(house, WITHOUT_CALC)
    sent = plan(admin, leave, newer) | {"map.calc": ""}
    checked = admin.post("/admin/migrations/check", data=sent, headers=HTMX).text
    assert "2 个中有 1 个可以迁移" in checked
    assert "计算余额" in checked
    answer = admin.post("/admin/migrations", data=sent, headers=HTMX)
    ran(house)
    assert (version_of(house, moves), version_of(house, stays)) == (2, 1)
    report = admin.get(answer.headers["hx-redirect"]).text
    assert f'href="/admin/instances/{stays}"' in report
    assert "部分被拒" in report


def test_one_case_and_found_cases_come_into_the_wizard(house: House, leave: int, admin: httpx.Client) -> None:
    one = begin(house, days=3)
    begin(house, days=4)
    publish(house, NEWER)
    assert "选中的 1 个案件" in admin.get(f"/admin/migrations/new?instance={one}").text
    assert "搜索到的 1 个案件" in admin.get("/admin/migrations/new?variable=days=4").text
    assert admin.get("/admin/migrations/new?q=nothing-like-it").status_code == 400


# ---- redeploy with proof ---------------------------------------------------------------------------------------------


@pytest.fixture
def proved(house: House) -> Iterator[Callable[[int], proposals.Proposed]]:
    """Waits for the proof of a proposal."""

    def wait(key: int) -> proposals.Proposed:
        proposals.begin(house, key).join(120)
        return proposals.read(house.database.once(), key)

    return wait


def test_files_are_proposed_proved_and_published(
    house: House, leave: int, admin: httpx.Client, proved: Callable[[int], proposals.Proposed]
) -> None:
    running = begin(house, days=3)
    files = {"files": ("leave.bpmn", NEWER.encode())}
    answer = admin.post("/admin/proposals", files=files, data={"comment": "换审批人", "sample": "5"}, headers=HTMX)
    url = answer.headers["hx-redirect"]
    assert proved(int(url.rsplit("/", 1)[1])).state == "DONE"
    page = admin.get(url).text
    assert "换审批人" in page
    assert "已结束 0 个、运行中 1 个，共回放 1 个" in page
    assert "的新案件将使用版本 2" in admin.get(f"{url}/publish", headers=HTMX).text
    done = admin.post(f"{url}/publish", headers=HTMX)
    assert re.fullmatch(rf"/admin/migrations/new\?source={leave}&target=\d+", done.headers["hx-redirect"])
    assert version_of(house, running) == 1
    assert version_of(house, begin(house, days=3)) == 2
    assert admin.post(f"{url}/publish", headers=HTMX).status_code == 409
    assert "换审批人" in admin.get("/admin/proposals").text


def test_files_that_are_refused_say_why(admin: httpx.Client, proved: Callable[[int], proposals.Proposed]) -> None:
    broken = LEAVE.replace('targetRef="end"', 'targetRef="nowhere"')
    files = {"files": ("leave.bpmn", broken.encode())}
    url = admin.post("/admin/proposals", files=files, data={"sample": "5"}, headers=HTMX).headers["hx-redirect"]
    proved(int(url.rsplit("/", 1)[1]))
    page = admin.get(url).text
    assert "未通过检查" in page
    assert f"{url}/publish" not in page
    assert "先选择文件" in said(admin.post("/admin/proposals", data={"sample": "5"}, files={"x": b""}, headers=HTMX))


# ---- records ---------------------------------------------------------------------------------------------------------


def test_retention_is_set_and_holds_are_placed_and_lifted(
    house: House, leave: int, admin: httpx.Client, clock: ManualClock
) -> None:
    instance = begin(house, days=3)
    assert admin.post("/admin/retention/leave", data={"days": "30"}, headers=HTMX).status_code == 204
    assert "30 天" in admin.get("/admin/retention").text
    assert admin.post("/admin/retention/leave", data={"days": "soon"}, headers=HTMX).status_code == 400
    url = f"/admin/holds/{instance}"
    assert admin.post(f"{url}/place", data={"reason": "劳动仲裁"}, headers=HTMX).status_code == 204
    assert "法律保全" in admin.get(f"/admin/instances/{instance}").text
    assert "劳动仲裁" in admin.get("/admin/retention").text
    assert admin.post(f"{url}/place", data={"reason": "再来"}, headers=HTMX).status_code == 409
    assert admin.post(f"{url}/lift", data={"reason": "已结案"}, headers=HTMX).status_code == 204
    assert "已结案" in admin.get("/admin/retention").text
    assert admin.post("/admin/retention/leave", data={"days": ""}, headers=HTMX).status_code == 204


def test_the_audit_tells_who_did_what_and_is_searched(house: House, leave: int, admin: httpx.Client) -> None:
    instance = begin(house, days=3)
    admin.post(f"/admin/instances/{instance}/suspend", data={"reason": "核查中"}, headers=HTMX)
    assert "核查中" in admin.get("/admin/audit").text
    assert "核查中" in admin.get(f"/admin/audit?key={instance}&who=admin&what=PROCESS_INSTANCE", headers=HTMX).text
    assert "核查中" not in admin.get("/admin/audit?who=nobody", headers=HTMX).text
    assert "核查中" not in admin.get("/admin/audit?until=2020-01-01", headers=HTMX).text


def test_the_workers_page_tells_types_that_wait(admin: httpx.Client) -> None:
    assert "没有等待的作业" in admin.get("/admin/workers").text


def test_the_timer_that_starts_a_process_gets_another_date(house: House, admin: httpx.Client) -> None:
    timed = LEAVE.replace(
        '<bpmn:startEvent id="start"/>',
        '<bpmn:startEvent id="start" name="每周"><bpmn:timerEventDefinition id="weekly">'
        '<bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R/P7D</bpmn:timeCycle></bpmn:timerEventDefinition>'
        "</bpmn:startEvent>",
    )
    publish(house, timed)
    (key,) = re.findall(r'hx-get="/admin/timers/(\d+)/move"', admin.get("/admin/processes/leave").text)
    sent = {"due": "2026-12-01T09:00", "reason": "改到下月"}
    assert "12-01 09:00" in said(admin.post(f"/admin/timers/{key}/move", data=sent, headers=HTMX))
    assert "12-01 09:00" in admin.get("/admin/processes/leave").text
    assert "修改了定时发起时间" in admin.get("/admin/audit?what=TIMER").text
