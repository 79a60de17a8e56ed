"""Patterns mean here what they mean in a browser, and none of them can hang the server."""

import pytest

from forms.pattern import PatternRefused, found, translate


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^1[3-9]\d{9}$", "13912345678", "13912345678\n"),
        (r"^\d+$", "12", "１２"),  # a browser's \d is ASCII
        (r"^\w+$", "ab_1", "名"),
        (r"^[一-龥·]{2,20}$", "欧阳·娜", "A"),
        (r"^[\d.]+$", "1.2", "a"),
        (r"^[^\s@]+@[^\s@]+$", "a@b", "a b"),
        (r"^(?=.*\d)[a-z\d]{4,}$", "abc1", "abcd"),
        (r"^.$", "a", "\n"),
        ("^\\u4e00$", "一", "二"),
        (r"^[a&&b]+$", "a&b", "c"),
        (r"^a{2}b*?$", "aab", "ab"),
        (r"^\D\W\S$", "a!b", "1!b"),
        (r"^(abc)+x$", "abcabcx", "ab"),
        (r"^\{\}$", "{}", "{"),
        (r"^.{2}$", "𬎆", "名"),
    ],
)
def test_a_pattern_means_what_a_browser_reads(pattern: str, good: str, bad: str) -> None:
    translated = translate(pattern)
    assert found(translated, good)
    assert not found(translated, bad)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?<=a)b",
        r"(?<n>a)",
        r"(?i)a",
        r"(a)\1",
        r"\p{L}",
        r"(a+)+",
        r"((a*)b?)*",
        r"(a{2,})*",
        r"a**",
        r"*a",
        r"a{2}{3}",
        r"a*+",
        "[𠀀]",
        "a{x}",
        "(a",
        "a)",
        "[a",
        "a" * 501,
        r"[\W]",
        "\\",
        "[]",
    ],
)
def test_a_pattern_that_differs_or_explodes_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        translate(pattern)
    assert str(refused.value.sentence)


def test_a_slow_pattern_is_cut_off() -> None:
    with pytest.raises(TimeoutError):
        found(translate("^.*a.*a.*a.*a.*a.*a.*b$"), "a" * 5000)
