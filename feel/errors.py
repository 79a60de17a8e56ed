"""What an evaluation can raise. Everything else that goes wrong is null and a warning (DMN 1.5, 10.3.2.13.1).

FeelError
├── FeelSyntaxError      the text is not an expression
├── FeelLimitExceeded    the expression would cost more than its `Limits` allow
└── FeelAssertionFailed  `assert(value, condition, cause)` did not hold

Unfit does not come out: it is how a function says why it has no result.
"""

from unicodedata import east_asian_width

from feel.sentences import Sentence, say, sentence_of

_SHOWN = 76  # characters of the line at fault that are shown around it


class Unfit(ValueError):
    """Nothing can be made of a value. The call becomes null, and the sentence the end of its warning."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(told)
        self.told = told


def reason_of(error: Exception) -> Sentence | str:
    """Why there is no result: what `Unfit` tells, or the text of another exception as it is."""
    return error.told if isinstance(error, Unfit) else str(error)


class FeelError(Exception):
    """An expression that has no value, not even null. `told` is the sentence, `whole` the same with its place."""

    def __init__(self, told: Sentence | str) -> None:
        super().__init__(told)
        self.told = sentence_of(told)

    @property
    def whole(self) -> Sentence:
        return self.told


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression.

    `position` is the offset of the first character that does not fit, from 0; `line` and `column` are the same from 1.
    `expected` holds what could stand there, where that is known. `message` is `told` in English, `sentence` is `whole`
    in English; the text of the error is that sentence, the line at fault and a caret below it.
    """

    def __init__(
        self, position: int, message: Sentence | str, source: str = "", expected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.args = (position, message, source, expected)  # what pickle calls it with
        self.position = position
        self.source = source
        self.expected = expected
        before = source[:position]
        self.line = before.count("\n") + 1
        self.column = position - before.rfind("\n")

    @property
    def message(self) -> str:
        return str(self.told)

    @property
    def whole(self) -> Sentence:
        return say("Line {line}, column {column}: {message}", line=self.line, column=self.column, message=self.told)

    @property
    def sentence(self) -> str:
        return str(self.whole)

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.excerpt}" if self.source else self.sentence

    @property
    def excerpt(self) -> str:
        """The line at fault, cut to what is near, and a caret; it stands right where Chinese is two columns wide."""
        text = self.source.split("\n")[self.line - 1]
        start = max(0, self.column - 1 - _SHOWN // 2)
        near = text[start : start + _SHOWN]
        pad = "".join(_blank(character) for character in near[: self.column - 1 - start])
        return f"  {near}\n  {pad}^"


def _blank(character: str) -> str:
    if character == "\t":
        return "\t"
    return "\u3000" if east_asian_width(character) in ("W", "F") else " "


class FeelLimitExceeded(FeelError):
    """The expression would cost more steps, time or memory than it may. Make it smaller, or its input."""


class FeelAssertionFailed(FeelError):
    """An `assert` in the expression did not hold. The message is the cause that its author wrote."""
