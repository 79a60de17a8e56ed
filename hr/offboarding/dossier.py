"""Reading cases: what a process needs of one, how to find one, and everything of one in one view."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import select

from hr.documents import files
from hr.documents.files import Stored
from hr.evidence import log
from hr.evidence.tables import Evidence
from hr.grams import wanted
from hr.offboarding import cases
from hr.offboarding.tables import (
    AssetLine,
    AssetNote,
    Case,
    Certificate,
    HandoverItem,
    HandoverList,
    ItemComment,
    OpenRecord,
    Signature,
)
from hr.people import org
from kernel.db import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything of one case: application, every version of the handover, assets, certificate, records, proof."""

    case: Case
    lists: list[HandoverList]
    items: list[HandoverItem]
    comments: list[ItemComment]
    signatures: list[Signature]
    assets: list[AssetLine]
    asset_notes: list[AssetNote]
    certificate: Certificate | None
    records: list[OpenRecord]
    files: list[Stored]
    evidence: list[Evidence]
    chain: log.Walk


def archive(unit: Unit, number: str) -> Archive:
    """The case with all that belongs to it, in a fixed number of statements. Raises NotFound."""
    case = cases.find(unit, number)
    chain = log.rows(unit, number)
    certificates = _of(unit, Certificate, number, "number")
    return Archive(
        case=case,
        lists=_of(unit, HandoverList, number, "version"),
        items=_of(unit, HandoverItem, number, "version", "place"),
        comments=_of(unit, ItemComment, number, "id"),
        signatures=_of(unit, Signature, number, "id"),
        assets=_of(unit, AssetLine, number, "tag"),
        asset_notes=_of(unit, AssetNote, number, "id"),
        certificate=certificates[0] if certificates else None,
        records=_of(unit, OpenRecord, number, "id"),
        files=files.uses(unit, number),
        evidence=chain,
        chain=log.walk_rows(chain),
    )


def _of(unit: Unit, row: type[Any], number: str, *order: str) -> list[Any]:
    chosen = select(row).where(row.case_number == number).order_by(*(getattr(row, name) for name in order))
    return list(unit.session.exec(chosen))


def variables(unit: Unit, number: str) -> dict[str, Any]:
    """A case as process variables, in the names of the offboarding process."""
    case = cases.find(unit, number)
    recipient = org.person(unit, case.recipient) if case.recipient else None
    facts = case.facts
    return {
        "caseNumber": case.number,
        "employee": {name: value for name, value in facts.items() if name not in ("manager", "departmentHead")},
        "manager": facts["manager"],
        "departmentHead": facts["departmentHead"],
        "reason": case.reason,
        "reasonText": case.reason_text,
        "leavingOn": case.leaving_on.isoformat(),
        "leavingType": case.leaving_type,
        "mutualConsent": case.mutual_consent,
        "filedAt": case.filed_at.isoformat(),
        "channel": case.channel,
        "externalId": case.external_id,
        "plan": case.plan,
        "notice": case.notice,
        "recipient": {"login": recipient.login, "name": recipient.name} if recipient else None,
        "absent": case.absent,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case in a list of results."""

    number: str
    employee: str
    name: str
    no: str
    department: str
    department_name: str
    position: str
    reason: str
    leaving_on: date
    filed_at: datetime
    status: str
    absent: bool
    instance_key: int | None


_FOUND = """
select number, employee, name, facts->>'no', department, facts->>'departmentName', facts->>'position', reason,
leaving_on, filed_at, status, absent, instance_key from offboarding_case
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What to look for. `text` meets number, name, employee number, login, department and day of filing in parts."""

    text: str = ""
    status: str | None = None
    departments: Sequence[str] | None = None
    employees: Sequence[str] | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    leaving_from: date | None = None
    leaving_to: date | None = None


def search(unit: Unit, criteria: Criteria = Criteria(), *, limit: int = 50, offset: int = 0) -> tuple[list[Found], int]:
    """A page of cases, the latest filing first, and how many there are in all."""
    where, values = _where(criteria)
    rows = unit.all(
        f"{_FOUND} {where} order by filed_at desc, number desc limit %s offset %s", (*values, limit, offset)
    )
    (total,) = unit.one(f"select count(*) from offboarding_case {where}", values)
    names = Found.__dataclass_fields__
    return [Found(**dict(zip(names, row, strict=True))) for row in rows], total


def _where(criteria: Criteria) -> tuple[str, list[Any]]:
    """The conditions as constants of ours, the values apart."""
    letters = wanted(criteria.text)
    asked: list[tuple[str, Any]] = [
        ("grams @> %s::text[]", letters or None),
        ("status = %s", criteria.status),
        ("department = any(%s)", criteria.departments and list(criteria.departments)),
        ("employee = any(%s)", None if criteria.employees is None else list(criteria.employees)),
        ("filed_at >= %s::date", criteria.filed_from),
        ("filed_at < %s::date + 1", criteria.filed_to),
        ("leaving_on >= %s", criteria.leaving_from),
        ("leaving_on <= %s", criteria.leaving_to),
    ]
    kept = [(condition, value) for condition, value in asked if value is not None]
    sql = " where " + " and ".join(condition for condition, _ in kept) if kept else ""
    return sql, [value for _, value in kept]


def by_number(unit: Unit, numbers: Sequence[str]) -> dict[str, Found]:
    """Several cases at once, for lists that hold their numbers."""
    names = Found.__dataclass_fields__
    rows = unit.all(f"{_FOUND} where number = any(%s)", (list(numbers),))
    return {row[0]: Found(**dict(zip(names, row, strict=True))) for row in rows}
