"""What a step may do, with which details, and of which kinds they are. What each means is told in `script.py`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.errors import Invalid
from kernel.text import say

ACTIONS = (
    "start",
    "file",
    "complete",
    "job",
    "message",
    "signal",
    "wait",
    "at",
    "system",
    "sign",
    "seal",
    "decline",
    "withdraw",
    "learn",
    "examine",
    "waive",
    "set",
    "cancel",
    "retry",
    "look",
)
SIGNING = ("sign", "seal", "decline", "withdraw")  # what is done in the signing room
TRAINING = ("learn", "examine", "waive")  # what is done where courses are learned
OUTCOMES = ("answers", "fails", "throws")  # of a job
DETAILS: dict[str, frozenset[str]] = {
    "start": frozenset({"values", "variables", "refused"}),
    "file": frozenset({"refused"}),
    "complete": frozenset({"as", "values", "refused", "index"}),
    "job": frozenset(OUTCOMES),
    "message": frozenset({"key", "variables", "id"}),
    "signal": frozenset({"variables"}),
    "wait": frozenset(),
    "at": frozenset(),
    "system": frozenset({"down", "knows"}),
    "sign": frozenset({"agreement", "code", "channel", "read", "refused"}),
    "seal": frozenset({"agreement", "code", "channel", "refused"}),
    "decline": frozenset({"agreement", "reason", "refused"}),
    "withdraw": frozenset({"agreement", "reason", "refused"}),
    "learn": frozenset({"course", "lessons", "heed", "refused"}),
    "examine": frozenset({"course", "score", "refused"}),
    "waive": frozenset({"of", "course", "reason", "refused"}),
    "set": frozenset(),
    "cancel": frozenset(),
    "retry": frozenset(),
    "look": frozenset(),
}
_NAMED = (str,)
_GIVEN_VALUES = (dict, str)  # or an expression that gives them
SUBJECTS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("start", "complete", "job", "message", "signal", "wait", "at", "system"), _NAMED),
    **dict.fromkeys((*SIGNING, *TRAINING), _NAMED),
    **dict.fromkeys(("file", "set"), (dict,)),
    "retry": (str, bool),
}
KINDS: Mapping[str, tuple[type, ...]] = {
    "as": _NAMED,
    "values": (dict,),
    "variables": _GIVEN_VALUES,
    "answers": _GIVEN_VALUES,
    "index": (int,),
    "key": (str, int, float, bool),
    "id": _NAMED,
    "fails": _NAMED,
    "throws": (str, int),
    "agreement": _NAMED,
    "code": (str, int),
    "channel": _NAMED,
    "read": (bool,),
    "reason": _NAMED,
    "course": _NAMED,
    "lessons": (int,),
    "heed": (bool,),
    "score": (int,),
    "of": _NAMED,
    "refused": (str, int, float),
    "down": (bool,),
    "knows": (dict,),
}
EXPECTATIONS = frozenset(
    {
        "open",
        "includes",
        "closed",
        "passed",
        "not_passed",
        "variables",
        "where",
        "sent",
        "not_sent",
        "incidents",
        "ended",
    }
)


def check_kinds(written: Mapping[str, Any], path: Path, where: str, action: str) -> None:
    """Raises Invalid for a value of a step that is of the wrong kind, and for a job without one outcome."""
    kinds = {**KINDS, action: SUBJECTS.get(action, (object,))}
    for name, value in written.items():
        if name != "expect" and not isinstance(value, kinds[name]):
            raise Invalid(
                say(
                    "{file}: {name} of {where} is of a kind that means nothing here.",
                    file=path.name,
                    name=name,
                    where=where,
                )
            )
    if written.get("index", 0) < 0:
        raise Invalid(say("{file}: {name} of {where} counts from 0.", file=path.name, name="index", where=where))
    if action == "job" and sum(outcome in written for outcome in OUTCOMES) != 1:
        raise Invalid(say("{file}: {where} must say either answers, fails or throws.", file=path.name, where=where))
