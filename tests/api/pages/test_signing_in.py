"""Coming in: wrong words, other sites, strangers, and the way back to what was asked for."""

from collections.abc import Callable

import httpx
import pytest

from api.pages.entry import within_site
from tasks.house import House


def test_a_wrong_password_is_told_and_what_was_typed_is_kept(site: str, house: House) -> None:
    answer = httpx.post(
        f"{site}/login", data={"login": "hr", "password": "wrong"}, headers={"accept-language": "zh-CN"}
    )
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert 'value="hr"' in answer.text
    assert "session" not in answer.cookies


def test_a_stranger_is_led_to_the_login_and_back(site: str, house: House) -> None:
    answer = httpx.get(f"{site}/cases?scope=mine")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/cases%3Fscope%3Dmine"


def test_a_script_of_a_page_whose_session_is_over_is_led_to_the_login(site: str, house: House) -> None:
    came_from = {"HX-Request": "true", "HX-Current-URL": f"{site}/inbox?tab=group"}
    answer = httpx.get(f"{site}/counts", headers=came_from)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=/inbox%3Ftab%3Dgroup"
    assert "www-authenticate" not in answer.headers


def test_a_form_of_another_site_does_not_sign_in(site: str, house: House) -> None:
    answer = httpx.post(
        f"{site}/login",
        data={"login": "hr", "password": "handover-2026"},
        headers={"origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\telsewhere", "javascript:1"]
)
def test_a_login_never_leads_to_another_site(url: str) -> None:
    assert within_site(url) == "/inbox"


def test_a_login_leads_back_to_a_page_of_ours() -> None:
    assert within_site("/cases/OFF-2026-0001?x=1") == "/cases/OFF-2026-0001?x=1"


def test_signing_out_ends_the_session(sign_in: Callable[[str], httpx.Client]) -> None:
    hr = sign_in("hr")
    cookie = hr.cookies["session"]
    assert hr.post("/logout").headers["location"] == "/login"
    answer = hr.get("/inbox", headers={"cookie": f"session={cookie}"})
    assert answer.headers["location"].startswith("/login")


def test_a_change_without_the_page_token_is_refused(sign_in: Callable[[str], httpx.Client]) -> None:
    hr = sign_in("hr")
    del hr.headers["x-csrf-token"]
    assert hr.post("/logout").status_code == 403
    assert hr.get("/inbox").status_code == 200


def test_the_session_cookie_is_out_of_reach_of_scripts(site: str, house: House) -> None:
    answer = httpx.post(f"{site}/login", data={"login": "hr", "password": "handover-2026"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_pages_speak_the_chosen_language(sign_in: Callable[[str], httpx.Client]) -> None:
    hr = sign_in("hr")
    assert '<html lang="zh-CN"' in hr.get("/inbox").text
    hr.get("/language/en?next=/inbox")
    page = hr.get("/inbox").text
    assert '<html lang="en"' in page
    assert "Search name, process, number" in page


def test_a_login_that_no_column_can_hold_is_refused_in_words(site: str, house: House) -> None:
    answer = httpx.post(f"{site}/login", data={"login": "hr\x00", "password": "x"})
    assert answer.status_code == 400


def test_a_form_nested_beyond_measure_is_refused_in_words(sign_in: Callable[[str], httpx.Client]) -> None:
    answer = sign_in("hr").post("/start/offboarding", files={"data": (None, "[" * 100_000)})
    assert answer.status_code == 400
