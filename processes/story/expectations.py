"""What a step may expect of the case after it.

open: [a, b]           exactly these tasks are open, each as often as it is listed
includes: [a]          these are open among others;  closed: [a]: these are not open
passed: [a, b]         the case came to these elements or flows;  not_passed: [c]: never to these
variables: {x: 1}      by dotted name; null stands for absent as well
where: ["=count(x)=2"] conditions over the variables
sent: [{to: a, template: t, channel: sms, says: "…", times: 1}]   messages so far;  not_sent: the like never
incidents: [a]         exactly these elements are stuck; without it, none may be
ended: true            the case is over
"""

from collections.abc import Callable
from typing import Any

import feel
from engine.turn import LIVE
from kernel.clock import Clock
from kernel.db import Unit
from kernel.text import Text, say
from processes.story import sight
from processes.story.script import Step
from processes.story.sight import Failed


def check(step: Step, unit: Unit, instance: int, clock: Clock) -> None:
    """Raise Failed for the first expectation of the step that does not hold. No incident passes in silence."""
    look = _Look(step, unit, instance, clock)
    look.incidents(step.expect.get("incidents", []))
    for name, expected in step.expect.items():
        checks: dict[str, Callable[[Any], None]] = {
            "open": look.open,
            "includes": look.includes,
            "closed": look.closed,
            "passed": look.passed,
            "not_passed": look.not_passed,
            "variables": look.variables,
            "where": look.where,
            "sent": look.sent,
            "not_sent": look.not_sent,
            "incidents": look.incidents,
            "ended": look.ended,
        }
        checks[name](expected)


class _Look:
    def __init__(self, step: Step, unit: Unit, instance: int, clock: Clock) -> None:
        self._step, self._unit, self._instance, self._clock = step, unit, instance, clock

    def _fail(self, expected: Text, found: Text) -> None:
        raise Failed(self._step, expected, found)

    def _tasks(self) -> list[str]:
        return sorted(task.element for task in sight.open_tasks(self._unit, self._instance))

    def open(self, expected: list[str]) -> None:
        found = self._tasks()
        if found != sorted(expected):
            missing = [name for name in expected if name not in found]
            extra = [name for name in found if name not in expected]
            self._fail(
                say("open tasks {tasks}", tasks=str(sorted(expected))),
                say(
                    "{tasks} (missing {missing}, unexpected {extra})",
                    tasks=str(found),
                    missing=str(missing),
                    extra=str(extra),
                ),
            )

    def includes(self, expected: list[str]) -> None:
        found = self._tasks()
        if not set(expected) <= set(found):
            self._fail(say("open tasks with {tasks}", tasks=str(expected)), _plain(found))

    def closed(self, expected: list[str]) -> None:
        found = self._tasks()
        if set(expected) & set(found):
            self._fail(say("none of {tasks} open", tasks=str(expected)), _plain(found))

    def passed(self, expected: list[str]) -> None:
        missing = sorted(set(expected) - sight.passed(self._unit, self._instance))
        if missing:
            self._fail(
                say("a way through {elements}", elements=", ".join(expected)),
                say("it never came to {elements}", elements=", ".join(missing)),
            )

    def not_passed(self, expected: list[str]) -> None:
        came = sorted(set(expected) & sight.passed(self._unit, self._instance))
        if came:
            self._fail(
                say("a way without {elements}", elements=", ".join(expected)),
                say("it came to {elements}", elements=", ".join(came)),
            )

    def variables(self, expected: dict[str, Any]) -> None:
        found = sight.variables(self._unit, self._instance)
        for name, value in expected.items():
            here: Any = found
            for part in name.split("."):
                here = here.get(part) if isinstance(here, dict) else None
            if here != value:
                self._fail(_plain(f"{name} = {value!r}"), _plain(repr(here)))

    def where(self, expected: list[str]) -> None:
        found = sight.variables(self._unit, self._instance)
        for condition in expected:
            result = feel.examine(condition.removeprefix("="), found, clock=self._clock)
            if result.value is not True:
                warned = "; ".join(map(str, result.warnings))
                self._fail(
                    say("{condition} to hold", condition=condition), _plain(f"{feel.to_json(result.value)} ({warned})")
                )

    def sent(self, expected: list[dict[str, Any]]) -> None:
        for wanted in expected:
            found = self._matching(wanted)
            times = wanted.get("times")
            if (times is None and not found) or (times is not None and len(found) != times):
                everything = [(m["to"], m["channel"], m["template"]) for m in sight.sent(self._unit, self._instance)]
                self._fail(
                    say("a message {message}", message=str(wanted)),
                    say("{n} such among {messages}", n=len(found), messages=str(everything)),
                )

    def not_sent(self, expected: list[dict[str, Any]]) -> None:
        for wanted in expected:
            if self._matching(wanted):
                self._fail(say("no message {message}", message=str(wanted)), say("it was sent"))

    def _matching(self, wanted: dict[str, Any]) -> list[dict[str, str]]:
        return [
            message
            for message in sight.sent(self._unit, self._instance)
            if all(message[key] == value for key, value in wanted.items() if key in ("to", "channel", "template"))
            and str(wanted.get("says", "")) in f"{message['subject']} {message['body']}"
        ]

    def incidents(self, expected: list[str]) -> None:
        found = sight.incidents(self._unit, self._instance)
        if sorted(stuck.element for stuck in found) != sorted(expected):
            told = "; ".join(f"{stuck.element}: {stuck.kind}: {stuck.message}" for stuck in found)
            wanted = say("incidents at {elements}", elements=str(expected)) if expected else say("no incident")
            self._fail(wanted, _plain(told) if told else say("none"))

    def ended(self, expected: bool) -> None:
        found = sight.state(self._unit, self._instance)
        if (found not in LIVE) is not expected:
            open_tasks = sight.told(sight.open_tasks(self._unit, self._instance))
            wanted = say("the case to be over") if expected else say("the case to go on")
            self._fail(wanted, say("{state}, with {tasks}", state=found, tasks=open_tasks))


def _plain(found: object) -> Text:
    """What needs no words."""
    return Text("{found}", {"found": str(found)})
