"""What the systems know of a person who was never told to them: made up from the number, the same each time."""

from hashlib import sha256
from typing import Any

CUSTOMERS = (
    "华东智造有限公司",
    "海川物流集团",
    "明德教育科技",
    "北辰医疗器械",
    "金穗农业发展",
    "云帆软件股份",
    "恒泰电子商务",
)
CONTACTS = ("陈女士", "李先生", "周经理", "吴总监", "郑主任", "钱女士", "孙先生")
STAGES = ("合作中", "洽谈", "续签", "回款")
EXPENSES = (("travel", "差旅报销：杭州客户拜访"), ("loan", "备用金借款"), ("reimbursement", "市场活动垫付"))
ASSETS = (("laptop", "笔记本电脑 ThinkPad X1", 9800), ("monitor", "27 英寸显示器", 1999), ("key", "办公室钥匙", 50))
MANY = 3


def _numbers(system: str, employee_no: str) -> bytes:
    return sha256(f"{system}/{employee_no}".encode()).digest()


def crm(employee_no: str) -> dict[str, Any]:
    """Two persons in three have customers; an order comes with every second customer."""
    numbers = _numbers("crm", employee_no)
    count = numbers[0] % MANY * 2
    customers = [
        {
            "id": f"C-{employee_no}-{n + 1}",
            "name": CUSTOMERS[(numbers[1] + n) % len(CUSTOMERS)],
            "contact": CONTACTS[(numbers[2] + n) % len(CONTACTS)],
            "stage": STAGES[(numbers[3] + n) % len(STAGES)],
        }
        for n in range(count)
    ]
    orders = [f"SO-{employee_no}-{n + 1}" for n in range(count // 2)]
    roles = ["contacts.read", "orders.read"] if count else []
    return {"employeeNo": employee_no, "customers": customers, "orders": orders, "roles": roles, "taken": []}


def finance(employee_no: str) -> list[dict[str, Any]]:
    """One person in two has something open."""
    numbers = _numbers("finance", employee_no)
    count = numbers[0] % 4 // 2 * (1 + numbers[1] % 2)
    return [
        {
            "reference": f"FI-{employee_no}-{n + 1}",
            "kind": EXPENSES[(numbers[2] + n) % MANY][0],
            "title": EXPENSES[(numbers[2] + n) % MANY][1],
            "amount": 100 * (1 + numbers[3 + n] % 40) + 0.5,
            "since": f"2026-{1 + numbers[4 + n] % 9:02}-{1 + numbers[5 + n] % 28:02}",
        }
        for n in range(count)
    ]


def assets(employee_no: str) -> list[dict[str, Any]]:
    """Everybody has a laptop, some more."""
    count = 1 + _numbers("assets", employee_no)[0] % MANY
    return [
        {
            "tag": f"A-{employee_no}-{n + 1}",
            "kind": kind,
            "name": name,
            "serial": f"SN{employee_no}{n + 1:03}",
            "value": value,
            "issuedOn": "2024-03-01",
        }
        for n, (kind, name, value) in enumerate(ASSETS[:count])
    ]


def account(login: str) -> dict[str, Any]:
    """A directory entry (RFC 7643 §4.1)."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": _numbers("scim", login).hex()[:16],
        "userName": login,
        "active": True,
    }
