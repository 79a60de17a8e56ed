"""What one evaluation may cost."""

from dataclasses import dataclass

SOURCE_CHARACTERS = 32_768
NESTING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The budget of one evaluation; a decision with all that it requires is one evaluation.

    `steps` counts loop turns, items touched and characters built (32 to a step), so it falls the same way on every
    machine; `seconds` is the net below it, in time of the processor, so that a machine that was busy with something
    else, or asleep, fails nothing. `string` and `items` bound a single value, `calls` the depth of functions calling
    functions, `pattern_seconds` one run of a regular expression.
    """

    steps: int = 250_000
    seconds: float = 0.15
    string: int = 1_000_000
    items: int = 100_000
    calls: int = 60
    pattern_seconds: float = 0.1
    warnings: int = 100


DEFAULT = Limits()
