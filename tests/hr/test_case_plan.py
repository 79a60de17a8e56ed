"""The two clocks of a case, with make-up days and holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.offboarding import clocks
from hr.offboarding.clocks import Plan, Policy
from hr.people.calendar import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def planned(filed_at: str, leaving_on: date, **more: object) -> Plan:
    return clocks.plan(filed_at=shanghai(filed_at), leaving_on=leaving_on, calendar=WorkCalendar(), **more)  # type: ignore[arg-type]  # a policy or a start


@pytest.mark.requirement("F15")
@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-11-02T09:00", "2026-11-05T18:00"),  # Monday to Thursday
        ("2026-11-05T09:00", "2026-11-10T18:00"),  # over a plain weekend
        ("2026-09-28T09:00", "2026-10-08T18:00"),  # National Day, 1 to 7 October off
        ("2026-10-08T09:00", "2026-10-12T18:00"),  # Saturday 10 October is worked
        ("2026-02-13T09:00", "2026-02-25T18:00"),  # Saturday 14 February worked, then Spring Festival until the 23rd
        ("2026-09-19T10:00", "2026-09-22T18:00"),  # filed on a Saturday, 20 September worked
    ],
)
def test_handover_is_due_after_three_working_days_with_make_up_days(filed: str, due: str) -> None:
    assert planned(filed, date(2026, 12, 31)).handover_due_at == shanghai(due)


@pytest.mark.requirement("F15")
def test_no_internal_limit_reaches_past_the_last_day() -> None:
    plan = planned("2026-11-06T17:00", date(2026, 11, 9))
    assert plan.handover_due_at == plan.certificate_due_at == shanghai("2026-11-09T18:00")


@pytest.mark.requirement("F12")
def test_insurance_stops_on_the_last_day_and_moves_within_fifteen_calendar_days() -> None:
    plan = planned("2026-11-02T09:00", date(2026, 12, 2))
    assert plan.insurance_stop_on == date(2026, 12, 2)
    assert plan.transfer_due_at == shanghai("2026-12-17T18:00")
    longer = planned("2026-11-02T09:00", date(2026, 12, 2), policy=Policy(transfer_days=30))
    assert longer.transfer_due_at == plan.transfer_due_at


@pytest.mark.requirement("F16")
def test_the_certificate_is_due_one_working_day_after_clearance_or_on_the_last_day() -> None:
    def due(cleared: str) -> datetime:
        return clocks.certificate_due(
            cleared_at=shanghai(cleared), leaving_on=date(2026, 12, 2), calendar=WorkCalendar()
        )

    assert due("2026-11-13T15:00") == shanghai("2026-11-16T18:00")  # Friday: Monday
    assert due("2026-12-02T09:30") == shanghai("2026-12-02T18:00")  # the last day itself
    assert due("2026-12-05T09:30") == shanghai("2026-12-02T18:00")  # cleared too late: it was due all the same


@pytest.mark.requirement("F49")
def test_the_last_day_begins_in_the_morning_and_the_certificate_is_due_that_evening() -> None:
    plan = planned("2026-11-02T09:00", date(2026, 12, 2))
    assert plan.last_day_at == shanghai("2026-12-02T09:00")
    assert plan.certificate_due_at == plan.freeze_at == shanghai("2026-12-02T18:00")


@pytest.mark.requirement("F32")
def test_the_countdown_starts_three_days_before_the_handover_is_due() -> None:
    plan = planned("2026-11-02T09:00", date(2026, 12, 2), policy=Policy(handover_working_days=10))
    assert plan.handover_due_at - plan.handover_countdown_at == timedelta(days=3)


def test_days_are_those_of_the_organisations_zone() -> None:
    late = datetime(2026, 11, 2, 17, tzinfo=UTC)  # already the 3rd in Shanghai
    plan = clocks.plan(filed_at=late, leaving_on=date(2026, 12, 31), calendar=WorkCalendar())
    assert plan.handover_due_at == shanghai("2026-11-06T18:00")


@pytest.mark.requirement("F28")
def test_the_limits_are_policy() -> None:
    plan = planned(
        "2026-11-02T09:00", date(2026, 12, 31), policy=Policy(handover_working_days=5, manager_working_days=2)
    )
    assert plan.handover_due_at == shanghai("2026-11-09T18:00")
    assert plan.manager_due_at == shanghai("2026-11-04T18:00")


def test_variables_carry_instants_with_the_zones_offset() -> None:
    values = planned("2026-11-02T09:00", date(2026, 12, 2)).variables()
    assert values["handoverDueAt"] == "2026-11-05T18:00:00+08:00"
    assert values["insuranceStopOn"] == "2026-12-02"
    assert set(values) == {
        "managerDueAt", "handoverDueAt", "handoverCountdownAt", "lastDayAt", "freezeAt", "certificateDueAt",
        "insuranceStopOn", "transferDueAt", "closesAt",
    }  # fmt: skip


@given(
    minutes=st.integers(0, 660 * 24 * 60),
    days=st.integers(0, 120),
)
def test_every_plan_keeps_its_order(minutes: int, days: int) -> None:
    filed = shanghai("2025-01-01T00:00") + timedelta(minutes=minutes)
    leaving_on = filed.date() + timedelta(days=days)
    plan = clocks.plan(filed_at=filed, leaving_on=leaving_on, calendar=WorkCalendar())
    assert filed <= plan.handover_countdown_at <= plan.handover_due_at <= plan.freeze_at
    assert filed <= plan.manager_due_at <= plan.certificate_due_at
    assert plan.last_day_at <= plan.certificate_due_at <= plan.transfer_due_at < plan.closes_at
