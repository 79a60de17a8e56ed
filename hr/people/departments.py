"""The organisation from a table (CSV): departments, the one above each, and who leads it."""

from collections.abc import Mapping

from hr.people import sheet, staff
from hr.people.sheet import Fault, Row
from kernel.db import Unit
from kernel.text import Text, say

HEADINGS = {
    "id": ("部门编码", "id"),
    "name": ("部门名称", "name"),
    "parent": ("上级部门编码", "parent"),
    "head": ("负责人", "head"),
}
REQUIRED = ("id", "name")


def take_in(unit: Unit, content: bytes) -> int:
    """Add the departments that are new and change those that differ; how many lines there were.

    Lines stand in any order, and a head need not be on file yet: a login. A department that the table does not tell of
    stays. Raises SheetRefused, and writes nothing, where a line has a fault: one above that is nowhere, or a circle.
    """
    rows = sheet.read(content, HEADINGS, REQUIRED)
    known: dict[str, str | None] = dict(unit.all("select id, parent from department"))
    above = known | {row["id"]: row.get("parent") or None for row in rows.values() if row.get("id")}
    sheet.refuse(_faults(rows, above))
    for place, row in enumerate(rows.values()):
        if row["id"] not in known:
            staff.add_department(unit, row["id"], row["name"], place=place)
    for row in rows.values():
        unit.run(
            "update department set name = %s, parent = %s, head = coalesce(%s, head) where id = %s",
            (row["name"], above[row["id"]], row.get("head") or None, row["id"]),
        )
    return len(rows)


def _faults(rows: Mapping[int, Row], above: Mapping[str, str | None]) -> list[Fault]:
    faults, seen = [], set[str]()
    for number, row in rows.items():
        problems = sheet.empty(row, HEADINGS, REQUIRED) or _problems(row["id"], above, seen)
        seen.add(row.get("id", ""))
        if problems:
            faults.append(Fault(number=number, problems=tuple(problems)))
    return faults


def _problems(id: str, above: Mapping[str, str | None], seen: set[str]) -> list[Text]:
    if id in seen:
        return [say("The department {department} stands in two lines.", department=id)]
    parent = above[id]
    if parent is not None and parent not in above:
        return [say("There is no department {department}.", department=parent)]
    way: set[str] = set()
    while parent is not None and parent not in way:
        if parent == id:
            return [say("The department {department} would stand above itself.", department=id)]
        way.add(parent)
        parent = above.get(parent)
    return []
