"""Everybody changes their own password: with the present one, and every other browser is signed out."""

from collections.abc import Callable

import httpx
import pytest

from api.pages.me import TRIES
from hr.evidence import log
from hr.people import accounts
from kernel.db import Database
from tests.api.pages.browsing import PASSWORD

SignIn = Callable[[str], httpx.Client]
NEW = "a new one for 2026"


def change(client: httpx.Client, present: str = PASSWORD, new: str = NEW, again: str = NEW) -> httpx.Response:
    return client.post("/me/password", data={"present": present, "new": new, "again": again})


@pytest.fixture
def opens(database: Database) -> Callable[[str], bool]:
    def tried(password: str) -> bool:
        with database.transaction() as unit:
            return accounts.verify(unit, "hr", password) is not None

    return tried


def test_it_is_changed_here_and_other_browsers_are_out(
    sign_in: SignIn, opens: Callable[[str], bool], database: Database
) -> None:
    here, _ = sign_in("hr"), sign_in("hr")
    assert 'href="/me/password"' in here.get("/me").text
    assert "至少 8 个字符" in here.get("/me/password").text
    told = change(here)
    assert (told.status_code, told.headers["location"]) == (303, "/me")
    assert (opens(NEW), opens(PASSWORD)) == (True, False)
    assert here.get("/me").status_code == 200
    with database.transaction() as unit:
        assert unit.one("select count(*) from session where login = 'hr'") == (1,)
        (row,) = log.rows(unit, "account/hr")
    assert (row.event, row.actor) == ("password.changed", "hr")
    assert NEW not in str(row.detail)


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"present": "wrong horse"}, 403, "当前密码不正确"),
        ({"again": "another one"}, 400, "不一致"),
        ({"new": "short", "again": "short"}, 400, "8"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    given: dict[str, str], status: int, words: str, sign_in: SignIn, opens: Callable[[str], bool]
) -> None:
    refused = change(sign_in("hr"), **given)
    assert refused.status_code == status
    assert words in refused.text
    assert opens(PASSWORD)


def test_it_cannot_be_guessed_for_long(sign_in: SignIn, opens: Callable[[str], bool]) -> None:
    hr = sign_in("hr")
    for _ in range(TRIES.most):
        change(hr, present="a guess at it")
    assert "尝试次数过多" in change(hr).text
    assert opens(PASSWORD)
