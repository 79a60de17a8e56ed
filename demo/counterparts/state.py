"""What the counterparts remember: records, replies by idempotency key, calls, faults, mail."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.counterparts import made_up

SYSTEMS = ("oa", "crm", "finance", "assets", "sms", "scim", "mail", "licensed", "identity")


def now() -> str:
    """This instant as the systems write it. A separate program has a clock of its own."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251  # outside the product, whose clock it cannot see


class State:
    """Everything of one run. `file` keeps records and replies across restarts; the rest is of one run.

    `register` is a file with what each employee holds, by number, that the demo writes once its people are there; of
    whom it says nothing, things are made up.
    """

    def __init__(self, file: Path | None = None, register: Path | None = None) -> None:
        self._file = file
        self._register = register
        self.calls: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.mail: list[dict[str, Any]] = []
        kept = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {}
        self.records: dict[str, dict[str, Any]] = {
            system: kept.get("records", {}).get(system, {}) for system in SYSTEMS
        }
        self.replies: dict[str, dict[str, Any]] = kept.get("replies", {})

    def save(self) -> None:
        """Write the file whole, then put it in place of the old one."""
        if self._file is None:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"records": self.records, "replies": self.replies}), encoding="utf-8")
        fresh.replace(self._file)

    def crm(self, employee_no: str) -> dict[str, Any]:
        record: dict[str, Any] = self.records["crm"].setdefault(employee_no, made_up.crm(employee_no))
        return record

    def finance(self, employee_no: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.records["finance"].setdefault(employee_no, made_up.finance(employee_no))
        return items

    def assets(self, employee_no: str) -> list[dict[str, Any]]:
        if employee_no not in self.records["assets"]:
            there = self._register is not None and self._register.exists()
            known = json.loads(self._register.read_text(encoding="utf-8")) if self._register and there else {}
            self.records["assets"][employee_no] = known.get(employee_no, made_up.assets(employee_no))
        held: list[dict[str, Any]] = self.records["assets"][employee_no]
        return held

    def account(self, login: str) -> dict[str, Any]:
        entry: dict[str, Any] = self.records["scim"].setdefault(login, made_up.account(login))
        return entry

    def fault(self, system: str) -> dict[str, Any] | None:
        """The fault that the next call of a system meets, counted down."""
        for fault in self.faults:
            if fault["system"] == system and fault["times"] > 0:
                fault["times"] -= 1
                return fault
        return None
