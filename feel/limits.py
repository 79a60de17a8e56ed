"""What one evaluation may cost."""

from dataclasses import dataclass

SOURCE_CHARACTERS = 65_536
NESTING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The budget of one evaluation; a decision with all that it requires is one evaluation.

    `steps` counts loop turns, items touched and characters built (64 to a step), so it falls the same way on every
    machine; `seconds` is the net below it. `string` and `items` bound a single value, `calls` the depth of functions
    calling functions, `pattern_seconds` one run of a regular expression.
    """

    steps: int = 500_000
    seconds: float = 2.0
    string: int = 1_000_000
    items: int = 100_000
    calls: int = 60
    pattern_seconds: float = 0.25
    warnings: int = 100


DEFAULT = Limits()
