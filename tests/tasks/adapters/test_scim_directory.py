"""Freezing accounts in a SCIM 2.0 server that others wrote."""

import httpx
import pytest

from kernel.errors import Invalid
from tasks.adapters.http import Peer
from tasks.adapters.scim import MEDIA, ScimAccounts

USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def accounts(directory):
    peer = Peer("SCIM", "JIAOJIE_SCIM_URL", directory, timeout=10, media=MEDIA)
    yield ScimAccounts(peer)
    peer.close()


def create(directory: str, login: str) -> None:
    body = {"schemas": [USER], "userName": login, "displayName": "张晓雯", "active": True}
    answer = httpx.post(f"{directory}/Users", json=body, headers={"content-type": "application/scim+json"})
    assert answer.status_code == 201, answer.text


def shown(directory: str, login: str) -> bool:
    answer = httpx.get(f"{directory}/Users", params={"filter": f'userName eq "{login}"'}).json()
    active: bool = answer["Resources"][0]["active"]
    return active


@pytest.mark.requirement("F97")
def test_the_directory_shows_the_account_as_frozen(directory, accounts):
    create(directory, "zhang.xiaowen")
    assert accounts.freeze("zhang.xiaowen", key="k1").active is False
    assert shown(directory, "zhang.xiaowen") is False
    assert accounts.freeze("zhang.xiaowen", key="k1").active is False
    assert accounts.unfreeze("zhang.xiaowen", key="k2").active is True
    assert shown(directory, "zhang.xiaowen") is True


def test_an_account_that_does_not_exist_has_nothing_to_freeze(accounts):
    state = accounts.freeze("nobody.here", key="k")
    assert (state.exists, state.active) == (False, False)


def test_a_login_with_quotes_finds_nobody_else(directory, accounts):
    create(directory, "li.na")
    assert not accounts.freeze('x" or userName eq "li.na', key="k").exists
    assert shown(directory, "li.na") is True


def test_a_name_that_two_accounts_bear_is_left_to_a_person():
    class Two:
        name = "SCIM"

        def get(self, path: str, **query: str) -> object:
            return {"totalResults": 2, "Resources": [{"id": "1"}, {"id": "2"}]}

    with pytest.raises(Invalid, match="SCIM knows 2 accounts named wang.fang; none was touched"):
        ScimAccounts(Two()).freeze("wang.fang", key="k")
