"""What a request says of where it comes from is an address of one spelling, or nothing."""

import pytest

from api import addresses


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%any word", None),
        ("203.0.113.7:80", None),
        ("<script>", None),
        ("", None),
    ],
)
def test_only_an_ip_address_is_taken_for_one(word: str, told: str | None) -> None:
    assert addresses.ip({"client": (word, 0)}) == told
    assert addresses.ip({"client": None}) is None


def test_what_is_no_address_has_no_parts() -> None:
    assert addresses.parts("http://[") == addresses.NOWHERE
    assert addresses.parts("https://hr.example/a").netloc == "hr.example"


def test_what_a_browser_calls_itself_is_cut() -> None:
    assert addresses.agent("x" * 501) == "x" * 500
    assert addresses.agent(None) is None
