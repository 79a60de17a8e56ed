"""What the operation pages lay out: tables of texts, links and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.pages.words import Tone
from kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: a value, where it leads, the colour of its chip (empty: no chip), a second line.

    `clip` cuts off what is too long for its column; the whole is told on hovering.
    """

    value: str | int | Text | datetime
    href: str = ""
    tone: Tone | None = None
    below: str | Text = ""
    clip: bool = False

    @property
    def whole(self) -> bool:
        """Whether the value never breaks into two lines: an instant or a number."""
        return isinstance(self.value, int | datetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done: its button leads to the question that comes before it, or to a `page` of its own."""

    label: Text
    href: str
    icon: str
    danger: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table. `key` can be chosen, where the table lets one choose."""

    cells: Sequence[Cell]
    acts: Sequence[Act] = ()
    key: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its column names. `more` tells that there are more rows than these."""

    heads: Sequence[Text]
    rows: Sequence[Row]
    total: int = 0
    more: bool = False

    def without(self, head: Text) -> "Table":
        """The same, without the column of this name: where the page tells it already."""
        kept = [number for number, name in enumerate(self.heads) if name != head]
        rows = [replace(row, cells=[row.cells[number] for number in kept]) for row in self.rows]
        return replace(self, heads=[self.heads[number] for number in kept], rows=rows)
