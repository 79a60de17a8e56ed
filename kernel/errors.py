"""The error tree. It knows no HTTP: `api/errors.py` alone turns a kind into a status.

Refusal                  a sentence for the person who asked; nothing was changed
├── Invalid              the request does not make sense (a form breaks a rule, a model is not accepted)
├── NotFound             there is no such thing, or the actor may not know of it
├── Forbidden            the actor may see it but not do this
├── Conflict             it was right a moment ago: someone else came first, or the state has moved on
└── Unavailable          an outside system or a limit is in the way; asking again later can help

A refusal's sentence says what, which, why and what next. Every class that is raised is listed in
`docs/reference/errors.md`, and a test holds it to that.
"""

from kernel.text import Text


class Refusal(Exception):
    """A request that is not carried out, with the reason as a sentence that can be translated."""

    code = "REFUSED"

    def __init__(self, message: Text | str, **details: object) -> None:
        self.message = message if isinstance(message, Text) else Text(message)
        self.details = details
        super().__init__(str(self.message))


class Invalid(Refusal):
    """The request does not make sense as it stands. Correct it and send it again."""

    code = "INVALID_ARGUMENT"


class NotFound(Refusal):
    """There is no such thing, or not for this actor."""

    code = "NOT_FOUND"


class Forbidden(Refusal):
    """The actor may see the thing but not do this with it."""

    code = "FORBIDDEN"


class Conflict(Refusal):
    """The state has moved on since the actor looked. Reload, then decide again."""

    code = "INVALID_STATE"


class Unavailable(Refusal):
    """An outside system or a limit is in the way. The same request can succeed later."""

    code = "UNAVAILABLE"
