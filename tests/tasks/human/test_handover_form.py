"""The handover list as it is filled in: what must be in it is asked when it is sent, not by a job later on."""

from typing import Any

import pytest

from tasks.human import submit
from tasks.human.forms import FormRejected
from tests.tasks.human.conftest import CONFIRMED, FILED, Tale


def rows(tale: Tale) -> list[dict[str, Any]]:
    """The rows of the list, all filled in, with nothing but what a browser sends of them."""
    (handover,) = tale.unit.one(
        "select value from variable where instance_key = %s and name = 'handover'", (tale.instance,)
    )
    return [{"title": row["title"], "kind": row["kind"], "content": "已说明"} for row in handover["items"]]


def send(tale: Tale, items: list[dict[str, Any]]) -> None:
    (key,) = tale.unit.one("select key from user_task where element = 'handover_list' and state = 'CREATED'")
    with tale.house.database.transaction() as unit:
        data = {"items": items, "confirmedComplete": True}
        submit.submit(tale.house, unit, tale.actor("zhang.yan"), key, data, {})


@pytest.mark.requirement("F39")
def test_a_required_item_that_was_taken_out_is_refused_at_the_list_by_its_name(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    whole = rows(tale)
    gone = whole.pop(2)
    with pytest.raises(FormRejected) as refused:
        send(tale, whole)
    assert list(refused.value.errors) == ["items"]
    assert [told.within("zh-CN") for told in refused.value.errors["items"]] == [
        f"“{gone['title']}”是必交项，清单中不能缺少。请刷新页面后补上。"
    ]
    assert gone["title"] in refused.value.message.within("zh-CN")
    assert tale.unit.one("select count(*) from user_task where element = 'handover_list' and state = 'CREATED'") == (1,)
    assert tale.unit.one("select status from handover_list") == ("draft",)


@pytest.mark.requirement("F39")
def test_a_row_of_ones_own_may_go_and_the_list_is_accepted(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    send(tale, [*rows(tale), {"title": "展会物料", "kind": "other", "content": "在二楼"}])
    tale.tell({"look": True, "expect": {"includes": ["handover_review"]}})
    assert tale.unit.one("select count(*) from handover_item where title = '展会物料' and not required") == (1,)


def test_an_empty_list_is_refused_at_the_list(tale: Tale) -> None:
    tale.tell(FILED, CONFIRMED)
    with pytest.raises(FormRejected) as refused:
        send(tale, [])
    assert list(refused.value.errors) == ["items"]


@pytest.mark.requirement("F43")
def test_an_emoji_in_an_item_neither_stops_the_case_nor_changes_in_the_record(tale: Tale) -> None:
    odd = "👍 龘𬎆 שלום \u202e乱序 👨‍👩‍👧 \x07"
    tale.tell(FILED, CONFIRMED)
    send(tale, [row | {"content": odd} for row in rows(tale)])
    signed = {"agreed": True, "signature": "✍"}
    confirmed = '=for i in handover.items return context put(i, "status", "confirmed")'
    tale.tell(
        {"look": True},
        {"complete": "handover_review", "as": "lin.tao", "values": {"items": confirmed}},
        {"complete": "handover_sign_recipient", "as": "lin.tao", "values": signed},
        {"complete": "handover_sign_employee", "as": "zhang.yan", "values": {**signed, "satisfaction": "5"}},
        {"look": True, "expect": {"passed": ["handover_done"]}},
    )
    assert set(tale.unit.all("select content from handover_item")) == {(odd,)}
