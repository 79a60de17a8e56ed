"""A resignation from the first page to the manager's confirmation, as the people see it."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from demo.organisation import Cast
from engine.commands import operate
from kernel.actor import system
from kernel.errors import Conflict
from tasks.house import House

SignIn = Callable[[str], httpx.Client]
APPLICATION = {"reason": "growth", "reasonText": "", "leavingOn": "2026-12-31", "mutualConsent": False}


def send(client: httpx.Client, url: str, data: dict[str, Any]) -> httpx.Response:
    return client.post(url, files={"data": (None, json.dumps(data))}, headers={"accept": "application/json"})


def resign(leaver: httpx.Client) -> str:
    """File the application; the number of the case."""
    answer = send(leaver, "/start/offboarding", APPLICATION)
    assert answer.status_code == 200, answer.text
    return re.findall(r"OFF-\d{4}-\d{4,}", leaver.get("/cases").text)[0]


def tasks_of(client: httpx.Client, tab: str = "mine") -> list[int]:
    return [int(key) for key in re.findall(r'class="row" href="/tasks/(\d+)"', client.get(f"/inbox?tab={tab}").text)]


@pytest.mark.requirement("F1")
def test_an_application_without_a_date_is_refused_at_its_field(sign_in: SignIn, cast: Cast) -> None:
    leaver = sign_in(cast.employee.login)
    assert 'id="form-given"' in leaver.get("/start/offboarding").text
    answer = send(leaver, "/start/offboarding", {"reason": "growth"})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["leaving_on"]
    assert answer.json()["detail"]
    assert tasks_of(leaver) == []


@pytest.mark.requirement("F22")
@pytest.mark.requirement("F23")
def test_employee_and_hr_read_the_same_status(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    leaver, hr = sign_in(cast.employee.login), sign_in("hr")
    number = resign(leaver)
    work()
    pages = [client.get(f"/cases/{number}").text for client in (leaver, hr)]
    told = [re.findall(r'class="sentence[^>]*>([^<]+)<', page)[0] for page in pages]
    assert told[0] == told[1] != ""


@pytest.mark.requirement("F3")
def test_a_case_shows_its_four_stages(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    leaver = sign_in(cast.employee.login)
    number = resign(leaver)
    work()
    page = leaver.get(f"/cases/{number}").text
    assert len(re.findall(r'<li class="stage ', page)) == 4


@pytest.mark.requirement("F4")
def test_the_manager_confirms_in_the_inbox(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    number = resign(sign_in(cast.employee.login))
    work()
    manager = sign_in(cast.manager)
    key = tasks_of(manager)[0]
    page = manager.get(f"/tasks/{key}").text
    assert number in page
    refused = send(manager, f"/tasks/{key}/complete", {})
    assert refused.status_code == 422
    assert refused.json()["errors"]


def test_others_do_not_find_a_case_or_a_task(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    number = resign(sign_in(cast.employee.login))
    work()
    key = tasks_of(sign_in(cast.manager))[0]
    stranger = sign_in(cast.recipient)
    for url in (f"/cases/{number}", f"/cases/{number}/diagram", f"/tasks/{key}"):
        answer = stranger.get(url)
        assert answer.status_code == 404, url
        assert "<h1" in answer.text
    assert send(stranger, f"/tasks/{key}/complete", {}).status_code == 404


@pytest.mark.requirement("F59")
def test_a_conversation_is_written_and_read(sign_in: SignIn, cast: Cast, house: House) -> None:
    leaver, hr = sign_in(cast.employee.login), sign_in("hr")
    number = resign(leaver)
    key = re.findall(r'hx-post="/conversations/(\d+)"', leaver.get(f"/cases/{number}").text)[0]
    posted = leaver.post(
        f"/conversations/{key}",
        data={"text": "<b>何时</b>归还电脑？"},
        files={"files": ("清单.txt", "笔记本电脑一台".encode(), "text/plain")},
    )
    assert posted.status_code == 200, posted.text
    assert "&lt;b&gt;何时" in posted.text
    assert "清单.txt" in hr.get(f"/conversations/{key}").text
    assert "已读" in leaver.get(f"/conversations/{key}").text


def test_an_empty_comment_is_refused_in_a_sentence(sign_in: SignIn, cast: Cast) -> None:
    leaver = sign_in(cast.employee.login)
    number = resign(leaver)
    key = re.findall(r'hx-post="/conversations/(\d+)"', leaver.get(f"/cases/{number}").text)[0]
    answer = leaver.post(f"/conversations/{key}", data={"text": " "}, headers={"HX-Request": "true"})
    assert answer.status_code == 400
    assert answer.headers["x-refusal"]


def test_a_diagram_shows_where_the_case_stands(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    hr = sign_in("hr")
    number = resign(sign_in(cast.employee.login))
    work()
    found = hr.get(f"/cases/{number}/diagram").json()
    assert "bpmndi:BPMNDiagram" in found["xml"]
    assert found["active"]
    assert found["completed"]


@pytest.mark.requirement("F11")
def test_hr_alone_goes_on_without_an_employee_who_cannot_be_reached(
    sign_in: SignIn, cast: Cast, work: Callable[[], int]
) -> None:
    leaver, hr = sign_in(cast.employee.login), sign_in("hr")
    number = resign(leaver)
    work()
    assert "转失联处理" in hr.get(f"/cases/{number}").text
    assert "转失联处理" not in leaver.get(f"/cases/{number}").text
    assert leaver.post(f"/cases/{number}/absent", data={"reason": "x"}).status_code == 403
    assert hr.post(f"/cases/{number}/absent", data={"reason": "三次电话未接通"}).status_code == 303
    assert "员工已恢复联系" in hr.get(f"/cases/{number}").text


@pytest.mark.requirement("F9")
def test_hr_takes_the_record_along(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    hr = sign_in("hr")
    number = resign(sign_in(cast.employee.login))
    work()
    pdf = hr.get(f"/cases/{number}/record.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"] == f'attachment; filename="{number}.pdf"'
    assert hr.get(f"/cases/{number}/record.json").json()
    assert f"{number}-2026" not in hr.get(f"/cases/{number}").text, "reading keeps nothing"


@pytest.mark.requirement("F9")
def test_hr_puts_the_record_into_evidence_on_purpose(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    leaver, hr = sign_in(cast.employee.login), sign_in("hr")
    number = resign(leaver)
    work()
    assert "生成案卷存证" in hr.get(f"/cases/{number}").text
    assert leaver.post(f"/cases/{number}/record").status_code == 403
    assert hr.post(f"/cases/{number}/record").status_code == 303
    assert f"{number}-20261102-090000-01.pdf" in hr.get(f"/cases/{number}").text


@pytest.mark.requirement("F112")
@pytest.mark.parametrize("url", ["/people", "/cases?scope=all", "/admin", "/admin/instances/1"])
def test_pages_of_hr_and_operation_are_not_for_everyone(sign_in: SignIn, cast: Cast, url: str) -> None:
    answer = sign_in(cast.employee.login).get(url)
    assert answer.status_code == 403
    assert "<h1" in answer.text


@pytest.mark.requirement("F2")
def test_a_case_is_withdrawn_by_its_employee_and_hr_and_never_by_ending_its_process(
    sign_in: SignIn, cast: Cast, house: House
) -> None:
    leaver, hr, admin = (sign_in(login) for login in (cast.employee.login, "hr", "admin"))
    number = resign(leaver)
    with house.database.transaction() as unit:
        (key,) = unit.one("select instance_key from offboarding_case where number = %s", (number,))
        with pytest.raises(Conflict, match=number):
            operate.cancel(house.engine, unit, key, actor=system("test"))
    assert hr.post(f"/cases/{number}/withdrawal", data={"reason": "x"}).status_code == 403
    assert leaver.post(f"/cases/{number}/withdrawal", data={"reason": "决定留任"}).status_code == 303
    assert "决定留任" in hr.get(f"/cases/{number}").text
    assert admin.post(f"/cases/{number}/withdrawal-agreed", data={"reason": "x"}).status_code == 403
    assert hr.post(f"/cases/{number}/withdrawal-agreed", data={"reason": "已谈妥"}).status_code == 303
    assert "已撤回" in leaver.get(f"/cases/{number}").text
