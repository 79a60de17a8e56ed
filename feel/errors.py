"""What an evaluation can raise. Everything else that goes wrong is null and a warning (DMN 1.5, 10.3.2.13.1).

FeelError
├── FeelSyntaxError      the text is not an expression
├── FeelLimitExceeded    the expression would cost more than its `Limits` allow
└── FeelAssertionFailed  `assert(value, condition, cause)` did not hold
"""


class FeelError(Exception):
    """An expression that has no value, not even null."""


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression. `position` is the offset of the first character that does not fit, from 0."""

    def __init__(self, position: int, message: str) -> None:
        self.position = position
        self.message = message
        super().__init__(f"{message} (at character {position + 1})")


class FeelLimitExceeded(FeelError):
    """The expression would cost more steps, time or memory than it may. Make it smaller, or its input."""


class FeelAssertionFailed(FeelError):
    """An `assert` in the expression did not hold. The message is the cause that its author wrote."""
