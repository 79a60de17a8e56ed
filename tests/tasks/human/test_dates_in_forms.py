"""Days that HR and finance enter hold to the case: its last day, and the organisation's today."""

from typing import Any

import pytest

from tasks.human import submit
from tasks.human.forms import FormRejected
from tests.tasks.human.conftest import FILED, Tale

LAST = "2026-12-02"


def told(tale: Tale, element: str, login: str, values: dict[str, Any]) -> str:
    """What the form says of these values, in Chinese; nothing where it takes them."""
    (key,) = tale.unit.one("select key from user_task where element = %s and state = 'CREATED'", (element,))
    with tale.house.database.transaction() as unit:
        try:
            submit.submit(tale.house, unit, tale.actor(login), key, values, {})
        except FormRejected as refused:
            return " ".join(text.within("zh-CN") for texts in refused.errors.values() for text in texts)
    return ""


@pytest.mark.requirement("F10")
@pytest.mark.parametrize(
    ("paid_on", "fault"),
    [
        ("2030-01-01", "不晚于今天"),
        ("2026-12-03", "不晚于今天"),
        ("2026-11-01", "三十日"),
        (LAST, ""),
        ("2026-11-02", ""),
    ],
)
def test_wages_are_confirmed_as_paid_once_they_are(tale: Tale, paid_on: str, fault: str) -> None:
    tale.tell(FILED, {"at": f"{LAST}T00:30:00+08:00"})  # in Greenwich it is the day before
    said = told(tale, "final_pay", "finance", {"finalPay": {"paidOn": paid_on, "inFull": True}})
    assert fault in said
    assert bool(said) == bool(fault)


@pytest.mark.requirement("F12")
@pytest.mark.parametrize(
    ("social", "fund", "fault"),
    [
        ("2020-01-01", LAST, "漏缴"),
        (LAST, "2099-01-01", "多缴"),
        ("2026-12-01", "2026-12-18", "第五十条"),
        (LAST, "2026-12-17", ""),
    ],
)
def test_insurance_stops_on_the_last_day_or_within_the_fifteen_after(
    tale: Tale, social: str, fund: str, fault: str
) -> None:
    tale.tell(FILED)
    said = told(tale, "insurance_stop", "he.fang", {"insuranceStop": {"socialOn": social, "fundOn": fund}})
    assert fault in said
    assert bool(said) == bool(fault)


@pytest.mark.requirement("F12")
@pytest.mark.parametrize(("on", "fault"), [("2026-12-01", "不早于"), ("2026-12-10", "不晚于今天"), ("2026-12-08", "")])
def test_a_transfer_is_confirmed_once_it_is_done(tale: Tale, on: str, fault: str) -> None:
    tale.tell(FILED, {"at": "2026-12-08T10:00:00+08:00"})
    said = told(tale, "insurance_transfer", "he.fang", {"insuranceTransfer": {"fileOn": on, "socialOn": on}})
    assert fault in said
    assert bool(said) == bool(fault)
