"""Personal data: sealed, masked, answered for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr import privacy
from hr.people import identity, org, staff
from hr.privacy import Cipher, Unreadable
from kernel.config import Settings
from kernel.db import Unit
from kernel.errors import Invalid
from tests.hr.conftest import id_number


@pytest.mark.requirement("F52")
def test_every_table_says_owner_purpose_and_term(unit: Unit) -> None:
    stored = [name for (name,) in unit.all("select tablename from pg_tables where schemaname = 'public'")]
    assert len(stored) > 15
    assert privacy.unlisted(stored) == []
    assert privacy.unlisted(["a_new_table"]) == ["a_new_table"]
    for holding in privacy.HOLDINGS.values():
        assert holding.owner
        assert holding.purpose
        assert bool(holding.keep_days) == bool(holding.since) or holding.since == "last use"


@pytest.mark.requirement("F52")
def test_contracts_are_kept_at_least_two_years() -> None:
    assert (privacy.HOLDINGS["contract"].keep_days or 0) >= 2 * 365


@pytest.mark.requirement("F115")
def test_an_identity_number_is_sealed_in_the_table_and_masked_in_lists(company: Unit, cipher: Cipher) -> None:
    whole = id_number("99000019900315003")
    (sealed,) = company.one("select id_number_sealed from employee where login = 'zhang'")
    assert whole.encode() not in sealed
    person = org.required(company, "zhang")
    assert person.id_number == f"9900…{whole[-4:]}"
    assert org.identity_number(company, "zhang", cipher) == whole


@pytest.mark.requirement("F115")
def test_a_sealed_number_does_not_open_in_another_row(company: Unit, cipher: Cipher) -> None:
    company.run(
        "update employee set id_number_sealed = (select id_number_sealed from employee where login = 'zhang')"
        " where login = 'wu'"
    )
    with pytest.raises(Unreadable, match="altered"):
        org.identity_number(company, "wu", cipher)


@pytest.mark.requirement("F115")
def test_a_new_secret_seals_and_the_former_one_still_opens() -> None:
    old, both, new = Cipher(["old"]), Cipher(["new", "old"]), Cipher(["new"])
    sealed = old.seal("身份证".encode(), about="a/1")
    assert both.open(sealed, about="a/1").decode() == "身份证"
    assert not both.is_current(sealed)
    again = both.seal(both.open(sealed, about="a/1"), about="a/1")
    assert new.open(again, about="a/1").decode() == "身份证"
    with pytest.raises(Unreadable, match="JIAOJIE_SECRET"):
        new.open(sealed, about="a/1")


@given(st.binary(max_size=64), st.integers(0, 200), st.integers(1, 255))
def test_any_flipped_bit_is_found(plain: bytes, place: int, flip: int) -> None:
    cipher = Cipher(["secret"])
    sealed = bytearray(cipher.seal(plain, about="x"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(Unreadable):
        cipher.open(bytes(sealed), about="x")


def test_settings_hold_the_present_secret_and_the_former_ones() -> None:
    sealed = Cipher(["former"]).seal(b"x", about="y")
    assert privacy.cipher(Settings(secret="present former")).open(sealed, about="y") == b"x"
    with pytest.raises(ValueError, match="JIAOJIE_SECRET"):
        privacy.cipher(Settings(secret=""))


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])  # the examples of GB 11643-1999
def test_the_standards_own_examples_are_accepted(number: str) -> None:
    assert identity.fault(number) is None


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("11010519491231002", "18 characters"),
        ("1101051949123100２X", "18 characters"),
        ("110105194913310021", "day of birth"),
        ("110105194912310021", "does not match"),
    ],
)
def test_a_faulty_identity_number_is_refused_without_being_repeated(number: str, why: str) -> None:
    fault = identity.fault(number)
    assert fault is not None
    assert why in str(fault)
    assert number not in str(fault)


@given(st.dates(date(1930, 1, 1), date(2010, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(born: date, order: int, place: int, by: int) -> None:
    whole = id_number(f"990000{born:%Y%m%d}{order:03d}")
    wrong = whole[:place] + str((int(whole[place]) + by) % 10) + whole[place + 1 :]
    assert identity.fault(wrong) is not None


@pytest.mark.requirement("F103")
def test_a_faulty_number_does_not_enter_the_file(company: Unit, cipher: Cipher) -> None:
    with pytest.raises(Invalid, match="does not match"):
        staff.change(company, cipher, "zhang", id_number="110105194912310021")


def test_masks_show_only_the_ends() -> None:
    assert privacy.mask_id_number("11010519491231002X") == "1101…002X"
    assert privacy.mask_id_number("1234") == "…"
    assert privacy.mask_id_number("") == ""
    assert privacy.mask_phone("13812345678") == "138…5678"
