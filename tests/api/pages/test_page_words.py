"""Deadlines and instants in words, in the organisation's own days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages import words
from tasks.human.views import InboxRow

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)  # Wednesday 09:00 in Shanghai


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 by Shanghai's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "chinese", "tone"),
    [
        (at(3, 23, 59), "逾期 1 天", "bad"),
        (at(1, 0), "逾期 3 天", "bad"),
        (at(4, 8, 59), "已逾期", "bad"),
        (at(4, 9, 0), "今天", "warn"),
        (at(4, 23, 59), "今天", "warn"),
        (at(5, 0, 0), "剩 1 天", "warn"),
        (at(6, 18, 0), "剩 2 天", ""),
    ],
)
def test_a_deadline_is_told_in_days_of_the_organisation(due: datetime, chinese: str, tone: str) -> None:
    chip = words.due_chip(due, NOW, SHANGHAI)
    assert chip is not None
    assert (chip.text.within("zh-CN"), chip.tone) == (chinese, tone)


def test_no_deadline_no_chip() -> None:
    assert words.due_chip(None, NOW, SHANGHAI) is None


@given(st.integers(-600_000, 600_000))
def test_a_deadline_is_bad_exactly_when_it_has_passed(minutes: int) -> None:
    due = NOW + timedelta(minutes=minutes)
    chip = words.due_chip(due, NOW, SHANGHAI)
    assert chip is not None
    assert (chip.tone == "bad") == (due < NOW)


@pytest.mark.parametrize(
    ("then", "chinese"),
    [
        (at(4, 8, 5), "08:05"),
        (at(3, 23, 0), "昨天"),
        (at(2, 9, 0), "周一"),
        (datetime(2026, 10, 20, tzinfo=UTC), "10-20"),
        (datetime(2025, 10, 20, tzinfo=UTC), "2025-10-20"),
    ],
)
def test_the_nearer_an_instant_the_finer_it_is_told(then: datetime, chinese: str) -> None:
    assert words.when(then, NOW, SHANGHAI).within("zh-CN") == chinese


def test_a_moment_is_told_by_the_clock_of_the_organisation() -> None:
    assert words.moment(datetime(2026, 11, 20, 10, 0, tzinfo=UTC), NOW, SHANGHAI) == "11-20 18:00"
    assert words.moment(datetime(2026, 12, 31, 17, 0, tzinfo=UTC), NOW, SHANGHAI) == "2027-01-01 01:00"


def test_a_contract_tells_the_year_of_every_day() -> None:
    assert words.moment(date(2026, 9, 6), NOW, SHANGHAI) == "09-06"
    assert words.moment(date(2026, 9, 6), NOW, SHANGHAI, year=True) == "2026-09-06"


def test_rows_stand_under_the_urgency_they_have() -> None:
    dues = [at(3, 9), at(4, 18), at(8, 18), at(9, 9), None]
    rows = [
        InboxRow(key=n, name="t", process="p", instance_key=1, created_at=NOW, due_at=due) for n, due in enumerate(dues)
    ]
    found = [(heading.within("zh-CN"), len(under)) for heading, under in words.sections(rows, "mine", NOW, SHANGHAI)]
    assert found == [("已逾期", 1), ("今天到期", 1), ("本周", 1), ("以后", 1), ("无期限", 1)]


def test_finished_rows_stand_under_their_day() -> None:
    rows = [
        InboxRow(key=n, name="t", process="p", instance_key=1, created_at=NOW, completed_at=NOW - timedelta(days=n))
        for n in range(3)
    ]
    found = [heading.within("zh-CN") for heading, _ in words.sections(rows, "done", NOW, SHANGHAI)]
    assert found == ["今天", "更早"]


@pytest.mark.parametrize(("amount", "told"), [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1572864, "1.5 MB")])
def test_sizes(amount: int, told: str) -> None:
    assert words.size(amount) == told


def test_a_name_keeps_its_colour() -> None:
    assert words.tint("张晓燕") == words.tint("张晓燕")
    assert {words.tint(name) for name in "赵钱孙李周吴郑王冯陈褚卫"} <= {f"c{n}" for n in range(8)}
