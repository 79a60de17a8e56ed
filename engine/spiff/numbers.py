"""Whole numbers as they stand in files: written in the digits 0 to 9, and bounded before they are read.

`str.isdigit` holds for `²` and for numbers of a million digits, on which `int` gives up.
"""


def whole_number(text: str, most: int, *, least: int = 0) -> int | None:
    """The number, or None where the text is no number from `least` to `most`. Blanks around it do not count."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    digits = digits.lstrip("0") or "0"
    if len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if least <= number <= most else None
