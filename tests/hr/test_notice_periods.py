"""How early a labour relation may end."""

from datetime import date, timedelta

import pytest

from hr.offboarding import notice
from hr.offboarding.notice import TooEarly
from kernel.errors import Invalid

FILED = date(2026, 11, 2)


@pytest.mark.requirement("F13")
@pytest.mark.parametrize(
    ("probation", "days", "lawful"),
    [(False, 29, False), (False, 30, True), (False, 31, True), (True, 2, False), (True, 3, True), (True, 4, True)],
)
def test_notice_runs_thirty_days_and_three_in_probation(probation: bool, days: int, lawful: bool) -> None:
    leaving_on = FILED + timedelta(days=days)
    if lawful:
        given = notice.check(filed_on=FILED, leaving_on=leaving_on, in_probation=probation)
        assert given.article == "LCL 37"
        assert given.leaving_type == ("37-probation" if probation else "37")
    else:
        with pytest.raises(TooEarly):
            notice.check(filed_on=FILED, leaving_on=leaving_on, in_probation=probation)


@pytest.mark.requirement("F13")
def test_the_statutory_last_day_is_counted_in_calendar_days_over_the_turn_of_the_year() -> None:
    assert notice.earliest_last_day(date(2026, 12, 15), False) == date(2027, 1, 14)
    assert notice.earliest_last_day(date(2026, 12, 30), True) == date(2027, 1, 2)


@pytest.mark.requirement("F14")
def test_the_refusal_names_article_date_and_remedy() -> None:
    with pytest.raises(TooEarly) as refused:
        notice.check(filed_on=FILED, leaving_on=date(2026, 12, 1), in_probation=False)
    sentence = str(refused.value)
    assert "LCL 37" in sentence
    assert "2026-12-02" in sentence
    assert "mutual consent (LCL 36)" in sentence
    assert refused.value.details == {"earliest": "2026-12-02", "article": "LCL 37"}


@pytest.mark.requirement("F14")
def test_mutual_consent_makes_an_earlier_day_lawful() -> None:
    given = notice.check(filed_on=FILED, leaving_on=FILED, in_probation=False, mutual_consent=True)
    assert (given.leaving_type, given.article, given.days) == ("36", "LCL 36", 0)


def test_a_resignation_for_the_companys_breach_needs_no_notice() -> None:
    given = notice.check(filed_on=FILED, leaving_on=FILED, in_probation=False, leaving_type="38")
    assert given.variables() == {"days": 0, "article": "LCL 38", "statutoryLastDay": "2026-11-02"}


def test_the_companys_notice_can_be_paid_instead() -> None:
    with pytest.raises(TooEarly, match="LCL 40 asks the company for 30 days"):
        notice.check(filed_on=FILED, leaving_on=FILED, in_probation=False, leaving_type="40")
    given = notice.check(filed_on=FILED, leaving_on=FILED, in_probation=False, leaving_type="40", paid_instead=True)
    assert given.statutory_last_day == FILED


@pytest.mark.requirement("F14")
def test_a_contract_that_runs_out_within_the_notice_ends_by_its_term() -> None:
    ends_on = date(2026, 11, 20)
    given = notice.check(filed_on=FILED, leaving_on=ends_on, in_probation=False, contract_ends_on=ends_on)
    assert given.statutory_last_day == date(2026, 12, 2)
    later = notice.check(filed_on=FILED, leaving_on=date(2026, 12, 2), in_probation=False, contract_ends_on=ends_on)
    assert "2026-11-20" in str(later.remarks[0])
    with pytest.raises(TooEarly):
        notice.check(filed_on=FILED, leaving_on=date(2026, 11, 19), in_probation=False, contract_ends_on=ends_on)


def test_a_last_day_before_the_notice_is_refused_on_any_ground() -> None:
    with pytest.raises(TooEarly, match="before the notice"):
        notice.check(filed_on=FILED, leaving_on=date(2026, 11, 1), in_probation=False, mutual_consent=True)


def test_an_unknown_leaving_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="36, 37, 37-probation, 38, 39, 40, 41, 44"):
        notice.check(filed_on=FILED, leaving_on=FILED, in_probation=False, leaving_type="99")
