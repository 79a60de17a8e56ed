"""What is printed about a training: in the words of Chinese documents, and never as markup. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hr.documents import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues. `verify_url` is the address of the page that checks a code, without one there is no QR code.

    `trial` marks every page as a test, while only the trial authority vouches for the seal.
    """

    organisation: str
    verify_url: str = ""
    trial: bool = False
    zone: str = "Asia/Shanghai"


def certificate(stated: Mapping[str, Any], letterhead: Letterhead) -> dict[str, Any]:
    """What the template `training-certificate` prints of `hr.training.certificate.Content.facts()`."""
    code = str(stated["verify_code"])
    url = f"{letterhead.verify_url.rstrip('/')}/{code}" if letterhead.verify_url else ""
    until = stated["valid_until"]
    return {
        "title": "培训合格证书",
        "organisation": letterhead.organisation,
        "number": stated["number"],
        "name": stated["name"],
        "no": stated["no"],
        "course": stated["course"],
        "time": learned(int(stated["seconds"])),
        "score": stated["score"],
        "passed_on": chinese(date.fromisoformat(stated["passed_on"])),
        "valid_until": chinese(date.fromisoformat(until)) if until else "长期有效",
        "dated_on": chinese(date.fromisoformat(stated["dated_on"])),
        "verify_code": code,
        "verify_url": re.sub(r"^https?://", "", url),
        "qr": typeset.qr(url) if url else "",
        "trial": letterhead.trial,
    }


def learned(seconds: int) -> str:
    """A time of learning in words: hours and minutes, one minute at least."""
    minutes = max(round(seconds / 60), 1)
    hours, rest = divmod(minutes, 60)
    return "".join(([f"{hours}小时"] if hours else []) + ([f"{rest}分钟"] if rest else []))


def chinese(day: date) -> str:
    """A day as Chinese documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
