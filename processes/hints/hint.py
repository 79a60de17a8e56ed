"""One thing that the problems panel tells."""

from dataclasses import dataclass

from kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """As `engine.model.Problem`, with the field that holds it.

    `property` is the id of the field in the properties panel of the BPMN editor, the id of the cell in a decision
    table, the dotted name of the property in a form. `line` and `column` count from 1, within that field (in a file
    of stories within the file); 0 where there is no such place.
    """

    file: str
    element: str
    rule: str
    sentence: Text
    error: bool = True
    property: str = ""
    line: int = 0
    column: int = 0
