"""A list of people as HR has it: a column of logins or numbers, pasted, or a table with values for each person."""

import csv
import io

from hr.agreements.batches import Wanted
from hr.agreements.parts import AgreementText
from kernel.errors import Invalid
from kernel.text import listed, say

WHO = ("登录名", "工号", "login", "no")
MOST_CELL = 2000


def read(content: str, text: AgreementText) -> list[Wanted]:
    """The people of a list, one a line; empty lines are passed over.

    A line alone is a login or an employee number. A table (commas, semicolons or tabs between) begins with headings:
    one of WHO, and the fields of the text by key or label. Raises Invalid naming the headings that are no fields.
    """
    lines = [line for line in content.lstrip("\ufeff").splitlines() if line.strip()]
    if not lines:
        return []
    split = next((mark for mark in "\t;," if mark in lines[0]), None)
    if split is None:
        return [Wanted(who=line.strip()) for line in lines if line.strip() not in WHO]
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=split))
    keys = _keys([heading.strip() for heading in rows[0]], text)
    return [_wanted(keys, row) for row in rows[1:]]


def _keys(headings: list[str], text: AgreementText) -> list[str]:
    """What each column holds: `""` for the person, else the key of a field."""
    fields = {name: field.key for field in text.fields for name in (field.label, field.key)}
    strange = [heading for heading in headings if heading not in fields and heading not in WHO]
    if strange or not any(heading in WHO for heading in headings):
        raise Invalid(
            say(
                "The headings of the list have to be 登录名 or 工号, and fields of {title}: {known}.{strange}",
                title=text.title,
                known="、".join(field.label for field in text.fields) or "–",
                strange=say(" Not known: {names}.", names=listed([say("“{name}”", name=name) for name in strange]))
                if strange
                else "",
            )
        )
    return ["" if heading in WHO else fields[heading] for heading in headings]


def _wanted(keys: list[str], row: list[str]) -> Wanted:
    cells = [(key, cell.strip()[:MOST_CELL]) for key, cell in zip(keys, row, strict=False)]
    who = next((cell for key, cell in cells if not key), "")
    return Wanted(who=who, values={key: cell for key, cell in cells if key and cell})
