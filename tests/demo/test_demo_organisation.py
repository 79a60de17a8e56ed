"""The demo organisation: the same every time, well-formed, nobody real."""

from collections import Counter
from datetime import date

import pytest

from demo import chart, names, organisation
from hr.people import accounts, identity, org
from hr.privacy import Cipher
from kernel.clock import ManualClock
from kernel.db import Unit

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize("size", [100, 1000])
def test_the_same_size_seed_and_day_give_the_same_people(size: int) -> None:
    made = chart.members(size, 42, TODAY)
    assert made == chart.members(size, 42, TODAY)
    assert made != chart.members(size, 43, TODAY)
    assert size <= len(made) <= size * 1.06


@pytest.mark.parametrize("size", [100, 1000])
def test_people_are_well_formed_and_nobody_real(size: int) -> None:
    made = chart.members(size, 42, TODAY)
    hires = [member.hire for member in made]
    assert all(identity.fault(hire.id_number) is None and hire.id_number.startswith("990000") for hire in hires)
    assert all(hire.phone.startswith("1000000") and len(hire.phone) == 11 for hire in hires)
    for values in ([h.login for h in hires], [h.no for h in hires], [h.id_number for h in hires]):
        assert max(Counter(values).values()) == 1
    known = {None}
    for hire in hires:
        assert hire.manager in known
        known.add(hire.login)
    assert {"欧阳龘", "司马㛃", "王𬎆"} <= {hire.name for hire in hires}


def test_departments_have_their_shares() -> None:
    count = Counter(member.hire.department for member in chart.members(1000, 42, TODAY))
    rnd = sum(count[name] for name in ("rnd-algorithm", "rnd-platform", "rnd-test"))
    assert 390 <= rnd <= 410
    assert 215 <= count["sales-1"] + count["sales-2"] <= 225


def test_contracts_follow_the_law() -> None:
    for member in chart.members(300, 42, TODAY):
        first, *later = member.terms
        assert first.probation_ends_on is not None
        assert all(term.probation_ends_on is None for term in later)  # LCL 19: once
        assert len(member.terms) <= 3
        assert [term.ends_on is None for term in member.terms] == [place == 2 for place in range(len(member.terms))]


@pytest.mark.requirement("F113")
def test_it_is_seeded_once_with_logins_and_a_cast_for_every_story(unit: Unit, clock: ManualClock) -> None:
    cipher = Cipher(["secret"])
    seeded = organisation.seed(unit, 100, today=TODAY, password="demo password", cipher=cipher, clock=clock)
    assert seeded is not None
    assert seeded.people == seeded.accounts == unit.one("select count(*) from employee")[0]
    again = organisation.seed(unit, 100, today=TODAY, password="demo password", cipher=cipher, clock=clock)
    assert again is None

    hr_head = accounts.verify(unit, "hr-head", "demo password")
    assert hr_head is not None
    assert hr_head.belongs_to("hr-head")
    for group in ("hr", "hr-head", "it", "administration", "finance", "designer", "admin"):
        assert org.members(unit, group), group
    cast = organisation.people_for_cases(unit, TODAY)
    assert [part.story for part in cast] == [story for story, _, _ in organisation.STORIES]
    leavers = {part.employee.login for part in cast}
    assert len(leavers) == len(cast)
    assert not leavers & {part.recipient for part in cast}
    assert not leavers & {part.manager for part in cast}
    assert next(part for part in cast if part.story == "probation").employee.in_probation(TODAY)


def test_logins_are_pinyin_with_a_number_where_taken() -> None:
    taken: set[str] = set()
    assert [names.login("曾", "伟", taken), names.login("欧阳", "龘", taken), names.login("曾", "伟", taken)] == [
        "zeng.wei",
        "ouyang.da",
        "zeng.wei2",
    ]
    assert names.split("欧阳龘") == ("欧阳", "龘")
    assert names.split("王𬎆") == ("王", "𬎆")
