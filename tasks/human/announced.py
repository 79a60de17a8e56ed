"""What the product tells processes of its own acts: the second half of each, told in the same transaction by the act.

Whoever could tell it from outside would have the process go on as if the act had been done, without the act and its
evidence: a training let off without a waiver, a course that counts as passed without an exam.
"""

from collections.abc import Mapping

from kernel.errors import Forbidden
from kernel.text import Text, say
from tasks.human.signing import signing
from tasks.human.training import turns

MESSAGES: Mapping[str, Text] = {
    signing.WITHDRAWN: say("take the agreement back on its page"),
    turns.WAIVED: say("waive the training at /training"),
    turns.OVER: say("it comes with a pass and with a waiver"),
}
SIGNALS: Mapping[str, Text] = {
    signing.SEALED: say("it comes with the company's seal"),
    turns.PASSED: say("it comes with a passed exam"),
    turns.CERTIFIED: say("it comes with the certificate"),
}


def refuse(name: str, told: Mapping[str, Text]) -> None:
    """Raise Forbidden where `name` is among `told`, which is MESSAGES or SIGNALS."""
    if name in told:
        raise Forbidden(
            say(
                "{name} is told by the product itself, together with the act that it stands for, and not from outside: "
                "{instead}.",
                name=name,
                instead=told[name],
            )
        )
