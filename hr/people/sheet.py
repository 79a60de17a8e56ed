"""A table (CSV) from an older system: its columns by their headings in either language, refused as a whole."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.errors import Invalid
from kernel.text import Text, say

Headings = Mapping[str, tuple[str, str]]  # heading of a file, in Chinese and English, by the name of the fact
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one line. Its number counts the heading as 1."""

    number: int
    problems: tuple[Text, ...]


class SheetRefused(Invalid):
    """A table cannot be taken in, and nothing of it was. `faults` tells the lines, where the table could be read."""

    def __init__(self, message: Text, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(message)


def read(content: bytes, headings: Headings, required: Sequence[str]) -> dict[int, Row]:
    """The rows of a table by the line of the file on which they begin, and their cells by the names of facts, without
    spaces around them. Empty lines are left out.

    The file is CSV in UTF-8 or GB 18030 with a line of headings. Raises SheetRefused if it is not, or if a required
    column is missing.
    """
    lines = _lines(content)
    heading = lines.pop(1, [])
    names = {heading: name for name, known in headings.items() for heading in known}
    columns = [names.get(column.strip().lower(), "") for column in heading]
    missing = [headings[name][0] for name in required if name not in columns]
    if missing:
        raise SheetRefused(say("The file lacks the columns {missing}. Add them.", missing=", ".join(missing)))
    cells = {number: [cell.strip() for cell in row] for number, row in lines.items()}
    return {number: dict(zip(columns, row, strict=False)) for number, row in cells.items() if any(row)}


def refuse(faults: Sequence[Fault]) -> None:
    """Raise SheetRefused if there is any fault, with the first one in words."""
    if faults:
        raise SheetRefused(
            say(
                "{count} lines cannot be taken in, the first is line {number}: {why} Correct the file and send it "
                "again.",
                count=len(faults),
                number=faults[0].number,
                why=faults[0].problems[0],
            ),
            faults,
        )


def empty(row: Row, headings: Headings, required: Sequence[str]) -> list[Text]:
    """The required facts that a line does not tell."""
    return [say("{column} is empty.", column=headings[name][0]) for name in required if not row.get(name)]


def day(text: str) -> date | None:
    """A day such as 2024-03-01 or 2024/03/01; None for anything else."""
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def no_day(text: str) -> Text:
    return say("{text} is no date such as 2024-03-01.", text=text)


def _lines(content: bytes) -> dict[int, list[str]]:
    """The cells of every row, by the line on which it begins: one in quotation marks may go over several."""
    reader, found, begins = csv.reader(io.StringIO(_text(content))), dict[int, list[str]](), 1
    try:
        for row in reader:
            found[begins] = row
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise SheetRefused(say("The file is no CSV: {fault}. Export it again.", fault=str(fault))) from fault
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused(say("The file is no text in UTF-8 or GB 18030. Export it as CSV again."))
