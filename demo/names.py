"""Names for people who do not exist: common surnames by weight, given names, logins by pinyin, identity numbers."""

import random
from datetime import date, timedelta

from hr.people import identity

# Per mille of the population, roughly.
SURNAMES = {
    "王": 72, "李": 71, "张": 67, "刘": 54, "陈": 45, "杨": 31, "黄": 22, "赵": 22,
    "吴": 20, "周": 20, "徐": 15, "孙": 15, "马": 13, "朱": 12, "胡": 12, "郭": 12,
    "何": 11, "林": 11, "高": 10, "罗": 9, "郑": 9, "梁": 8, "谢": 7, "宋": 7,
    "唐": 7, "许": 6, "邓": 6, "韩": 6, "冯": 6, "曹": 5, "彭": 5, "曾": 5,
    "肖": 5, "田": 4, "董": 4, "潘": 4, "袁": 4, "蔡": 4, "蒋": 4, "余": 4,
    "于": 4, "杜": 4, "叶": 4, "程": 4, "魏": 4, "苏": 4, "吕": 4, "丁": 3,
    "任": 3, "沈": 3, "欧阳": 2, "司马": 1, "单": 1, "解": 1, "仇": 1,
}  # fmt: skip
MALE = "伟 强 磊 军 洋 勇 杰 涛 明 超 浩然 子轩 俊杰 志强 建国 宇航 天宇 博文 文博 嘉豪 晨阳 思远 家辉 鹏飞 泽宇"
FEMALE = "芳 娜 静 敏 艳 丽 娟 霞 秀英 欣怡 梓涵 雨桐 诗涵 佳怡 晓雯 思琪 婷婷 雅静 若曦 梦洁 可馨 慧敏 玉兰 琳 悦"
# Characters that fonts and input methods often lack: each must print, sort and be found.
RARE = ("欧阳龘", "司马㛃", "王𬎆")

# Surnames that are read otherwise than the common reading of their character.
_READ = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "吕": "lyu"}
AREA = "990000"  # no place has this code, so that no number is a real person's


def name(chance: random.Random, female: bool) -> tuple[str, str]:
    """A surname and a given name."""
    (surname,) = chance.choices(list(SURNAMES), weights=list(SURNAMES.values()))
    return surname, chance.choice((FEMALE if female else MALE).split())


def split(full: str) -> tuple[str, str]:
    """A full name as surname and given name; two-character surnames are known."""
    width = 2 if full[:2] in SURNAMES else 1
    return full[:width], full[width:]


def login(surname: str, given: str, taken: set[str]) -> str:
    """A login such as `ouyang.da`, with a number where it is taken. Adds it to `taken`."""
    from pypinyin import lazy_pinyin  # its dictionary takes half a second to load, and most programs name nobody

    stem = f"{_READ.get(surname) or ''.join(lazy_pinyin(surname))}.{''.join(lazy_pinyin(given))}"
    found, count = stem, 1
    while found in taken:
        count += 1
        found = f"{stem}{count}"
    taken.add(found)
    return found


def id_number(chance: random.Random, place: int, born: date, female: bool) -> str:
    """A well-formed identity number in an area that does not exist; `place` keeps numbers of one day apart."""
    order = (place * 2) % 1000 + (0 if female else 1)
    body = f"{AREA}{born:%Y%m%d}{order:03d}"
    return body + identity.check_character(body)


def birthday(chance: random.Random, hired_on: date) -> date:
    """A day 22 to 45 years before somebody joined."""
    return hired_on - timedelta(days=chance.randint(22 * 365, 45 * 365))


def phone(place: int) -> str:
    """A number that no operator gives out."""
    return f"1000000{place:04d}"
