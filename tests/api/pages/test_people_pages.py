"""People: the search behind a form's field, and files of people for HR."""

from collections.abc import Callable

import httpx
import pytest

from demo.organisation import Cast

SignIn = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}


def test_a_colleague_is_found_by_name_and_named_by_login(sign_in: SignIn, cast: Cast) -> None:
    anyone = sign_in(cast.employee.login)
    found = anyone.get("/people", params={"q": cast.employee.name}, headers=JSON).json()
    assert cast.employee.login in [person["login"] for person in found]
    named = anyone.get("/people", params={"login": cast.recipient}, headers=JSON).json()
    assert [person["login"] for person in named] == [cast.recipient]
    assert set(named[0]) == {"login", "name", "department", "position"}
    assert anyone.get("/people", params={"login": "nobody"}, headers=JSON).json() == []


def test_a_search_gives_a_handful(sign_in: SignIn, cast: Cast) -> None:
    assert len(sign_in(cast.employee.login).get("/people", params={"q": ""}, headers=JSON).json()) <= 8


@pytest.mark.requirement("F103")
def test_hr_reads_a_file_with_its_identity_number_masked(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("hr").get(f"/people/{cast.employee.login}").text
    assert cast.employee.name in page
    assert "990000" not in page
    assert sign_in(cast.recipient).get(f"/people/{cast.employee.login}").status_code == 403


def test_hr_searches_the_list_without_loading_the_page_again(sign_in: SignIn, cast: Cast) -> None:
    hr = sign_in("hr")
    rows = hr.get("/people", params={"q": cast.employee.name}, headers={"HX-Request": "true"}).text
    assert f'href="/people/{cast.employee.login}"' in rows
    assert "<html" not in rows


def test_a_level_is_told_in_the_language_of_the_reader(sign_in: SignIn) -> None:
    hr = sign_in("hr")
    assert "高管" in hr.get("/people").text
    assert "executive" not in hr.get("/people").text
