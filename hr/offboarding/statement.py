"""What a leaving certificate states, and in which words (Implementing Regulations of the LCL, 24). Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hr.documents import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues. `verify_url` is the address of the page that checks a code, without one there is no QR code.

    The place of the seal is left free: the company seals the certificate when it is issued.
    """

    organisation: str
    verify_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the certificate states. Dates are calendar days; `contract_ends_on` is None for an open-ended contract."""

    number: str
    name: str
    id_number: str
    hired_on: date
    contract_starts_on: date
    contract_ends_on: date | None
    left_on: date
    position: str
    department: str
    verb: str
    dated_on: date

    def facts(self) -> dict[str, Any]:
        """As JSON values: what is hashed and kept."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), date) else value
            for name in self.__dataclass_fields__
        }


def printed(statement: Statement, code: str, letterhead: Letterhead) -> Mapping[str, Any]:
    """The statement in the words of the document."""
    verb, left = statement.verb, chinese(statement.left_on)
    starts, ends = chinese(statement.contract_starts_on), chinese(statement.contract_ends_on)
    years = served(statement.hired_on, statement.left_on)
    url = f"{letterhead.verify_url.rstrip('/')}/{code}" if letterhead.verify_url else ""
    return {
        "title": f"{verb}劳动合同证明",
        "organisation": letterhead.organisation,
        "number": statement.number,
        "name": statement.name,
        "id_number": statement.id_number,
        "left_on": left,
        "verb": verb,
        "items": [
            ["劳动合同期限", f"{starts}至{ends}" if ends else f"{starts}起，无固定期限"],
            [f"{verb}劳动合同日期", left],
            ["工作岗位", f"{statement.position}（{statement.department}）"],
            [
                "在本单位的工作年限",
                f"{years}（{chinese(statement.hired_on)}至{left}）",
            ],
        ],
        "dated_on": chinese(statement.dated_on),
        "verify_code": code,
        "verify_url": re.sub(r"^https?://", "", url),
        "qr": typeset.qr(url) if url else "",
    }


def chinese(day: date | None) -> str:
    """A day as Chinese documents write it; nothing for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def served(hired_on: date, left_on: date) -> str:
    """The years of service in words: whole years and months, both days included; days where there is no whole month."""
    end = left_on + timedelta(days=1)
    months = (end.year - hired_on.year) * 12 + end.month - hired_on.month - (end.day < hired_on.day)
    years, rest = divmod(months, 12)
    parts = ([f"{years}年"] if years else []) + ([f"{rest}个月"] if rest else [])
    return "".join(parts) or f"{(end - hired_on).days}天"
