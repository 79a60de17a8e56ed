"""Steps told as sentences."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from kernel.text import Text, recognised, say
from processes.story import script


def sentence(
    written: Mapping[str, Any], names: Mapping[str, str], labels: Mapping[str, str], zone: tzinfo, at: datetime
) -> Text:
    """What a step did, by the names of people and elements. `at` is the instant after it."""
    step = script.step(written, 1)
    what = _plain(labels.get(str(step.subject), step.subject))
    who = _plain(names.get(str(step.details.get("as", "")), step.details.get("as", "")))
    told = _told(step.action, step.subject, step.details, what, who, names, at.astimezone(zone))
    if "refused" in step.details:
        return say("{what}, and is refused", what=told)
    return told


def _told(
    action: str, subject: Any, details: Mapping[str, Any], what: Text, who: Text, names: Mapping[str, str], at: datetime
) -> Text:
    match action:
        case "start":
            return say("{who} starts the process", who=_plain(names.get(str(subject), subject)))
        case "complete" if str(who):
            return say("{who} completes {task}", who=who, task=what)
        case "complete":
            return say("{task} is completed", task=what)
        case "job":
            return _answered(details, what)
        case "wait" | "at":
            return say("Time goes by until {at}", at=f"{at:%Y-%m-%d %H:%M}")
        case "file" | "message" | "signal":
            return _came_in(action, what)
        case _:
            return _operated(action, subject, details, what)


def _came_in(action: str, what: Text) -> Text:
    if action == "file":
        return say("A resignation comes in from OA")
    if action == "message":
        return say("The message {name} comes in", name=what)
    return say("The signal {name} is broadcast", name=what)


def _answered(details: Mapping[str, Any], what: Text) -> Text:
    if "fails" in details:
        return say("{element} fails: {why}", element=what, why=str(details["fails"]))
    if "throws" in details:
        return say("{element} ends with the error {code}", element=what, code=str(details["throws"]))
    return say("{element} is answered", element=what)


def _operated(action: str, subject: Any, details: Mapping[str, Any], what: Text) -> Text:
    match action:
        case "system" if details.get("down"):
            return say("The system {name} goes down", name=what)
        case "system" if "down" in details:
            return say("The system {name} is back", name=what)
        case "system":
            return say("The system {name} learns something", name=what)
        case "set":
            return say("Variables are set: {names}", names=", ".join(map(str, subject)))
        case "cancel":
            return say("The process is cancelled")
        case "retry" if subject is True:
            return say("What stopped is tried again")
        case "retry":
            return say("{element} is tried again", element=what)
        case _:
            return say("Nothing is done: what waits for an example is answered")


def heard(kept: str, language: str) -> str:
    """A sentence that the engine kept in English, in the reader's language."""
    return recognised(kept).within(language)


def _plain(found: object) -> Text:
    return Text("{found}", {"found": found})
