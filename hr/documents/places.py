"""Where on a document's pages somebody signs."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of one signature: `page` counts from 0; `box` is left, bottom, right, top in PDF points, from the
    page's bottom left corner. `kind` says whose mark goes there: one drawn by hand, or an organisation's seal.
    """

    field: str
    page: int
    box: tuple[float, float, float, float]
    kind: Literal["hand", "seal"]
