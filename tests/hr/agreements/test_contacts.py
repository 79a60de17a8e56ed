"""A non-compete rests on a recorded contact with secrets (LCL 24): who, on which basis, from when to when."""

from datetime import date

import pytest

from hr.agreements import contacts
from hr.evidence import log
from hr.people import org
from kernel.errors import Conflict, Invalid, NotFound
from tests.hr.conftest import actor, found

HR = actor("hr", "hr")
TODAY = date(2026, 11, 2)
BASIS = "客户价格体系与折扣底价的查询权限"


@pytest.fixture
def file(unit, cipher, clock):
    found(unit, cipher)

    def record(login="zhang", basis=BASIS, since=date(2024, 5, 1)):
        return contacts.record(unit, login, basis, since, today=TODAY, actor=HR, clock=clock)

    return record


@pytest.fixture
def ended(unit, clock):
    def end(id, on=TODAY, login="zhang"):
        return contacts.end(unit, login, id, on, today=TODAY, actor=HR, clock=clock)

    return end


@pytest.mark.requirement("F73")
def test_a_record_counts_from_its_first_day_to_its_last(unit, file, ended):
    contact = file()
    ended(contact.id, date(2026, 3, 31))
    days = [date(2024, 4, 30), date(2024, 5, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [contacts.of(unit, "zhang", day) is not None for day in days] == [False, True, True, False]
    assert contacts.of(unit, "wu", days[1]) is None
    assert (contact.basis, contact.recorded_by) == (BASIS, "hr")


def test_the_oldest_of_several_is_the_one_that_is_told(unit, file):
    file(since=date(2025, 1, 1), basis="新产品路线图")
    file()
    assert contacts.of(unit, "zhang", TODAY).basis == BASIS
    assert [contact.basis for contact in contacts.history(unit, "zhang")] == [BASIS, "新产品路线图"]


def test_the_word_in_the_employee_file_follows_the_records(unit, file, ended):
    assert not org.required(unit, "zhang").knows_secrets
    first, second = file(), file(since=date(2025, 1, 1), basis="新产品路线图")
    assert org.required(unit, "zhang").knows_secrets
    ended(first.id)
    assert org.required(unit, "zhang").knows_secrets
    ended(second.id)
    assert not org.required(unit, "zhang").knows_secrets
    assert len(contacts.history(unit, "zhang")) == 2, "an ended record stays"


@pytest.mark.parametrize(
    ("basis", "since", "words"),
    [
        (" \n ", date(2024, 5, 1), "Say which secrets 张晓雯"),
        ("密" * 1001, date(2024, 5, 1), "at most 1000 characters"),
        (BASIS, date(2021, 6, 30), "between 2021-07-01 and today, not on 2021-06-30"),
        (BASIS, date(2026, 11, 3), "not on 2026-11-03"),
    ],
)
def test_what_proves_nothing_is_refused(basis, since, words, unit, file):
    with pytest.raises(Invalid, match=words):
        file(basis=basis, since=since)
    assert contacts.history(unit, "zhang") == []


def test_a_record_ends_once_and_not_before_it_began(file, ended):
    contact = file()
    for never in (date(2024, 4, 30), date(2026, 11, 3)):
        with pytest.raises(Invalid, match="between that day and today"):
            ended(contact.id, never)
    ended(contact.id)
    with pytest.raises(Conflict, match="2026-11-02 already"):
        ended(contact.id)
    with pytest.raises(NotFound):
        ended(contact.id + 1)
    with pytest.raises(NotFound):
        ended(contact.id, login="wu")
    with pytest.raises(NotFound):
        file(login="nobody")


def test_who_recorded_and_ended_it_stands_in_a_chain(unit, file, ended):
    ended(file().id)
    made, over = log.rows(unit, "contacts/zhang")
    assert (made.event, made.actor, made.detail["basis"]) == ("contact.recorded", "hr", BASIS)
    assert (over.event, over.detail) == ("contact.ended", {"id": made.detail["id"], "ended_on": "2026-11-02"})
    assert log.walk(unit, "contacts/zhang").broken_at is None


def test_the_same_is_recorded_again_only_once_it_is_ended(file, ended):
    first = file()
    with pytest.raises(Conflict, match="on record already"):
        file(since=date(2025, 1, 1), basis=f"  {BASIS}\n")
    ended(first.id, date(2025, 3, 31))
    assert file(since=date(2026, 1, 5)).id != first.id
