"""Resident identity numbers (GB 11643-1999): six digits of area, eight of birth, three of order, one of check."""

from datetime import date

from kernel.text import Text, say

_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"


def check_character(digits: str) -> str:
    """The 18th character for the first 17 digits (ISO 7064, MOD 11-2)."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11]


def born_on(number: str) -> date | None:
    """The birthday in the number, or None where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def fault(number: str) -> Text | None:
    """What is wrong with an identity number, as a sentence without the number itself; None if nothing is."""
    body, last = number[:17], number[17:].upper()
    if len(number) != 18 or not body.isascii() or not body.isdigit() or last not in _CHECKS:
        return say("An identity number has 18 characters: 17 digits, then a digit or X.")
    if born_on(number) is None:
        return say("Digits 7 to 14 of the identity number are no day of birth.")
    if check_character(body) != last:
        return say(
            "The last character of the identity number does not match the digits before it. Compare it with the card."
        )
    return None
