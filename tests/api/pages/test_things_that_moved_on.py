"""Someone came first, or may look no longer: told by name, by the local clock, and with a way to go on."""

import re
from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import httpx

from demo.organisation import Cast
from hr.people import org
from tasks.house import House
from tests.api.pages.test_resignation_by_pages import resign, send, tasks_of

SignIn = Callable[[str], httpx.Client]
SCRIPT = {"HX-Request": "true"}


def test_a_manager_puts_a_task_back_and_sees_it_no_more(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    resign(sign_in(cast.employee.login))
    work()
    manager = sign_in(cast.manager)
    key = tasks_of(manager)[0]
    answer = manager.post(f"/tasks/{key}/release", headers=SCRIPT)
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/inbox"
    assert "已退回" in unquote(answer.headers["x-said"])
    assert key not in tasks_of(manager)
    assert key in tasks_of(sign_in("hr"), "group")


def test_a_second_answer_hears_who_was_first_and_when(
    sign_in: SignIn, cast: Cast, work: Callable[[], int], house: House
) -> None:
    resign(sign_in(cast.employee.login))
    work()
    hr, other = sign_in("hr"), sign_in("hr-head")
    key = next(key for key in tasks_of(hr, "group") if "停缴" in hr.get(f"/tasks/{key}").text)
    values = {"insuranceStop": {"socialOn": "2026-12-31", "fundOn": "2026-12-31"}}
    assert send(hr, f"/tasks/{key}/complete", values).status_code == 200
    answer = send(other, f"/tasks/{key}/complete", values)
    assert answer.status_code == 409
    detail = answer.json()["detail"]
    with house.database.transaction() as unit:
        name = org.names(unit, ["hr"])["hr"]
    now = house.clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    assert name in detail
    assert f"{now:%Y-%m-%d %H:%M}" in detail
    assert "Z" not in detail


def test_an_open_case_is_told_before_a_form_is_filled_in(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    leaver = sign_in(cast.employee.login)
    number = resign(leaver)
    page = leaver.get("/start/offboarding").text
    assert f'href="/cases/{number}"' in page
    assert "form-given" not in page
    assert number in leaver.get("/start").text


def test_a_task_is_handed_to_somebody(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    resign(sign_in(cast.employee.login))
    work()
    hr = sign_in("hr")
    key = tasks_of(hr, "group")[0]
    refused = hr.post(f"/tasks/{key}/assign", headers=SCRIPT)
    assert "请选择要转交的同事" in unquote(refused.headers["x-refusal"])


def test_a_row_of_the_inbox_names_the_person_first(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    resign(sign_in(cast.employee.login))
    work()
    row = re.search(r'<a class="row".*?</a>', sign_in(cast.manager).get("/inbox").text, re.DOTALL)
    assert row is not None
    assert f"<b>{cast.employee.name}</b>" in row[0]


def test_the_menu_stands_at_all_cases_for_a_case_of_another(sign_in: SignIn, cast: Cast) -> None:
    number = resign(leaver := sign_in(cast.employee.login))
    lit = re.compile(r'href="(/cases[^"]*)" aria-current="page"')
    assert lit.findall(sign_in("hr").get(f"/cases/{number}").text)[0] == "/cases?scope=all"
    assert lit.findall(leaver.get(f"/cases/{number}").text)[0] == "/cases"


def test_company_property_is_told_in_words(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("hr").get(f"/people/{cast.employee.login}").text
    assert "门禁卡" in page
    assert "<dt>card</dt>" not in page
    assert re.search(r"<dd>20\d\d-\d\d-\d\d</dd>", page)


def test_operation_names_steps_and_processes(sign_in: SignIn, cast: Cast, work: Callable[[], int]) -> None:
    resign(sign_in(cast.employee.login))
    work()
    page = sign_in("admin").get("/admin?tab=timers").text
    assert "离职交接</a>" in page
    assert re.search(r'<span class="clipped" title="[^"]+ · \w+">[^<]*[\u4e00-\u9fff][^<]*<small>', page)
