"""Numbers as Chinese papers write them, both ways: 二十四, 百分之三十, 壹万贰仟元整."""

import re
from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "零一二三四五六七八九"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_VALUES = {c: n for letters in (_DIGITS, _CAPITALS) for n, c in enumerate(letters)} | {
    "〇": 0,
    "两": 2,
    "貳": 2,
    "陸": 6,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MYRIADS, _HUNDRED_MILLIONS = "万萬", "亿億"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
MOST = 10**12  # below it a sum has words

# One number, in figures or in words. `两` and `半` count: 两年, 半年.
NUMBER = (
    r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,4}(?:[.．][0-9０-９]{1,4})?|[0-9０-９]{1,15}(?:[.．][0-9０-９]{1,4})?"
    r"|[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]{1,24}|半)"
)


def number(text: str) -> Decimal | None:
    """The value of a number in figures (1,200.50, full width too) or in words (一千二百, 贰拾肆, 两, 半); else None."""
    plain = text.strip().translate(_FULL_WIDTH).replace(",", "")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain):
        return Decimal(plain)
    if plain == "半":
        return Decimal("0.5")
    return _in_words(plain) if plain else None


def _in_words(text: str) -> Decimal | None:
    total = section = digit = 0
    for letter in text:
        if letter in _VALUES:
            digit = _VALUES[letter] if not digit else digit * 10 + _VALUES[letter]
        elif letter in _UNITS:
            section += (digit or 1) * _UNITS[letter]
            digit = 0
        elif letter in _HUNDRED_MILLIONS:
            total = (total + section + digit or 1) * 10**8
            section = digit = 0
        elif letter in _MYRIADS:
            total += (section + digit or 1) * 10**4
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)


def words(value: int) -> str:
    """A whole number from 0 to below 10¹² in words, as articles and periods are counted: 12 is 十二, 105 一百零五."""
    found = _spelled(value, _DIGITS, "十百千")
    return found.removeprefix("一") if found.startswith("一十") else found


def capitals(amount: Decimal) -> str:
    """A sum of yuan in capitals, as cheques and contracts bear it: 12000.50 is 壹万贰仟元伍角. From 0 to below 10¹²."""
    cents = int((amount * 100).to_integral_value(ROUND_HALF_UP))
    yuan, rest = divmod(cents, 100)
    tenths, hundredths = divmod(rest, 10)
    whole = f"{_spelled(yuan, _CAPITALS, '拾佰仟')}元" if yuan or not rest else ""
    if not rest:
        return f"{whole}整"
    gap = "零" if yuan and not tenths else ""
    return whole + (f"{_CAPITALS[tenths]}角" if tenths else gap) + (f"{_CAPITALS[hundredths]}分" if hundredths else "")


def _spelled(value: int, digits: str, units: str) -> str:
    if not 0 <= value < MOST:
        raise ValueError(f"{value} has no words here: they go from 0 to below {MOST}.")
    if value == 0:
        return digits[0]
    parts: list[str] = []
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section, value = divmod(value, power)
        if section:
            gap = digits[0] if parts and section < 1000 else ""
            parts.append(gap + _section(section, digits, units) + unit)
    return "".join(parts)


def _section(value: int, digits: str, units: str) -> str:
    """1 to 9999."""
    made, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            made += (digits[0] if gap and made else "") + digits[digit] + (units[place - 1] if place else "")
        gap = digit == 0
    return made
