"""What the texts of agreements may say of a person, the company and a case: from the master data, at one moment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hr.agreements import contacts
from hr.people import org
from hr.privacy import Cipher
from kernel.db import Unit


def of(
    unit: Unit,
    cipher: Cipher | None,
    login: str,
    *,
    organisation: str,
    number: str,
    dated_on: date,
    case: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The contexts `employee`, `company`, `agreement` and `case` for one person. Raises NotFound for an unknown login.

    Without a cipher, for a look at the text alone, the identity number is masked.

    `employee.secretContact` is the recorded basis on which the person knows secrets, null without one (LCL 24).
    `case` holds what a leaver's agreement may tell of the case: see `hr.agreements.formulas.CONTEXTS`.
    """
    person = org.required(unit, login)
    secret = contacts.of(unit, login, dated_on)
    manager = org.manager_of(unit, login)
    return {
        "employee": {
            "login": person.login,
            "no": person.no,
            "name": person.name,
            "idNumber": org.identity_number(unit, login, cipher) if cipher else person.id_number or None,
            "department": person.department_name,
            "position": person.position,
            "level": person.level,
            "family": person.family,
            "manager": manager.name if manager else None,
            "phone": person.phone,
            "mail": person.mail,
            "hiredOn": person.hired_on,
            "contractStartsOn": person.contract_starts_on,
            "contractEndsOn": person.contract_ends_on,
            "secretContact": secret.basis if secret else None,
            "secretSince": secret.since if secret else None,
        },
        "company": {"name": organisation},
        "agreement": {"number": number, "date": dated_on},
        "case": dict(case or {}),
    }


def sample(organisation: str, dated_on: date) -> dict[str, Any]:
    """The same of a person who does not exist, to look at a text before anyone signs it."""
    return {
        "employee": {
            "login": "sample",
            "no": "QM0000",
            "name": "示例员工",
            "idNumber": "990000199001010000",
            "department": "示例部门",
            "position": "高级工程师",
            "level": "senior",
            "family": "rnd",
            "manager": "示例主管",
            "phone": "10000000000",
            "mail": "sample@example.com",
            "hiredOn": date(dated_on.year - 3, 3, 1),
            "contractStartsOn": date(dated_on.year - 3, 3, 1),
            "contractEndsOn": date(dated_on.year + 2, 2, 28),
            "secretContact": "参与核心算法的研发，掌握源代码",
            "secretSince": date(dated_on.year - 2, 1, 1),
        },
        "company": {"name": organisation},
        "agreement": {"number": "XY-0000-000000", "date": dated_on},
        "case": {
            "number": "OFF-0000-0000",
            "leavingOn": dated_on,
            "filedOn": dated_on,
            "recipient": "示例接收人",
            "handoverVersion": 1,
            "handoverHash": "0" * 64,
            "handedOver": True,
        },
    }
