"""HR puts on record who knows secrets of the company: from then on a non-compete can be agreed, until it is ended."""

from collections.abc import Callable, Mapping

import httpx
import pytest

from demo.organisation import Cast
from hr.agreements import facts
from hr.agreements.contacts import Contact, history
from kernel.db import Database
from tests.api.pages.conftest import TODAY

SignIn = Callable[[str], httpx.Client]
BASIS = "核心客户名单与报价底价的查询权限"


@pytest.fixture
def secrets(cast: Cast, database: Database) -> Callable[[], list[Contact]]:
    def told() -> list[Contact]:
        with database.transaction() as unit:
            return history(unit, cast.employee.login)

    return told


@pytest.fixture
def url(cast: Cast, secrets: Callable[[], list[Contact]]) -> str:
    assert secrets() == [], "the story begins with nothing on record"
    return f"/people/{cast.employee.login}"


def recorded(hr: httpx.Client, url: str, **more: str) -> httpx.Response:
    return hr.post(f"{url}/contacts", data={"basis": BASIS, "since": "2026-10-12", **more})


@pytest.mark.requirement("F73")
def test_what_is_recorded_stands_in_the_file_and_the_agreement_quotes_it(
    sign_in: SignIn, cast: Cast, url: str, database: Database
) -> None:
    hr = sign_in("hr")
    assert "没有涉密接触记录" in hr.get(url).text
    asked = hr.get(f"{url}/contacts", headers={"HX-Request": "true"}).text
    assert f"登记{cast.employee.name}的涉密接触" in asked
    assert f'type="date" name="since" value="{TODAY}"' in asked
    assert "<html" not in asked
    assert "<html" in hr.get(f"{url}/contacts").text
    told = recorded(hr, url)
    assert (told.status_code, told.headers["location"]) == (303, url)
    page = hr.get(url).text
    assert BASIS in page
    assert "2026-10-12起" in page
    with database.transaction() as unit:
        stated = facts.of(unit, None, cast.employee.login, organisation="启明", number="A-1", dated_on=TODAY)
    assert stated["employee"]["secretContact"] == BASIS


def test_it_is_ended_once_and_stays(sign_in: SignIn, url: str, secrets: Callable[[], list[Contact]]) -> None:
    hr = sign_in("hr")
    recorded(hr, url)
    (one,) = secrets()
    asked = hr.get(f"{url}/contacts/{one.id}", headers={"HX-Request": "true"}).text
    assert f"结束“{BASIS}”的涉密接触记录？" in asked
    hr.post(f"{url}/contacts/{one.id}", data={"on": "2026-10-31"})
    page = hr.get(url).text
    assert "2026-10-12至2026-10-31" in page
    assert f'href="{url}/contacts/{one.id}"' not in page
    again = hr.post(f"{url}/contacts/{one.id}", data={"on": "2026-10-31"})
    assert again.status_code == 409
    (kept,) = secrets()
    assert kept.ended_by == "hr"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"basis": "秘密"}, "请写明"),
        ({"since": "昨天"}, "不是日期"),
        ({"since": "2026-11-03"}, "至今天之间"),
        ({"since": "1990-01-01"}, "至今天之间"),
    ],
)
def test_what_proves_nothing_is_refused_in_words(
    given: Mapping[str, str], words: str, sign_in: SignIn, url: str, secrets: Callable[[], list[Contact]]
) -> None:
    refused = recorded(sign_in("hr"), url, **given)
    assert refused.status_code == 400
    assert words in refused.text
    assert secrets() == []


def test_others_do_not_keep_it_and_nobody_their_own(
    sign_in: SignIn, cast: Cast, url: str, secrets: Callable[[], list[Contact]]
) -> None:
    for login in (cast.manager, "admin"):
        assert recorded(sign_in(login), url).status_code == 403
    assert "登记涉密接触" not in sign_in("admin").get(url).text
    own = recorded(sign_in("hr"), "/people/hr")
    assert (own.status_code, "本人" in own.text) == (403, True)
    assert secrets() == []
    other = sign_in("hr").post(f"/people/{cast.recipient}/contacts/1", data={"on": "2026-10-31"})
    assert other.status_code == 404
