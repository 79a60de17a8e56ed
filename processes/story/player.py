"""Plays a story: each step through the same doors as a click, a message or the passing of time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import feel
from engine import due
from engine.commands import message, operate, signal, start
from forms.widgets import PREFIX
from hr.offboarding.cases import Filing
from kernel.actor import system
from kernel.clock import ZonedClock
from kernel.errors import Invalid, Refusal
from kernel.text import say
from processes.story import expectations, sight
from processes.story.script import Step, Story
from processes.story.sight import Failed
from processes.story.stage import Stage, instant, tell
from tasks import wire, worker
from tasks.handlers import registry
from tasks.human import start as human_start
from tasks.human import submit
from tasks.human.forms import FormRejected, Sent

TELLER = system("story")
SIGNED = "✍"
STROKE = PREFIX + "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjxwYXRoIGQ9Ik0wIDBMOSA5Ii8+PC9zdmc+"
FILES = {
    ".png": bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489000000"
        "0b49444154789c63f80f040009fb03fdfb5e6b2b0000000049454e44ae426082"
    ),
    ".pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    ".txt": b"text\n",
}
MOST_WAITS = 10_000


class Player:
    """One story on its stage. `play` raises Failed at the first step that does not come out as told."""

    def __init__(self, story: Story, stage: Stage) -> None:
        self._story = story
        self._stage = stage
        self._house = stage.house
        self._read_clock = ZonedClock(stage.clock, stage.house.engine.zone)  # as the process reads it
        self.instance = 0

    def play(self) -> None:
        """All steps in order."""
        for step in self._story.steps:
            try:
                self._take(step)
                worker.drain(self._house)
                self._find_instance()
                with self._house.database.transaction() as unit:
                    expectations.check(step, unit, self.instance, self._read_clock)
            except Refusal as refusal:
                raise Failed(step, "that it is done", f"{type(refusal).__name__}: {_sentence(refusal)}") from refusal

    def _take(self, step: Step) -> None:
        refused = step.details.get("refused")
        if refused is None:
            getattr(self, f"_{step.action}")(step)
            return
        try:
            getattr(self, f"_{step.action}")(step)
        except Refusal as refusal:
            if str(refused) not in _sentence(refusal):
                raise Failed(step, f"a refusal that says {refused}", _sentence(refusal)) from refusal
            return
        raise Failed(step, f"a refusal that says {refused}", "nothing was refused")

    def _find_instance(self) -> None:
        if not self.instance:
            self.instance = sight.newest_instance(self._house.database.once(), self._story.process)

    def _start(self, step: Step) -> None:
        actor = self._stage.actor(step.subject)
        given = {**self._story.variables, **step.details.get("variables", {})}
        if "values" in step.details:
            values, files = self._values(step, given)
            with self._house.database.transaction() as unit:
                submitted = human_start.start(self._house, unit, actor, self._story.process, values, files)
            self.instance = submitted.instance_key or 0
            return
        with self._house.database.transaction() as unit:
            begun = start.start(self._house.engine, unit, process_id=self._story.process, variables=given, actor=actor)
        self.instance = begun.instance_key

    def _file(self, step: Step) -> None:
        filing = wire.read(Filing, {"channel": "oa", **step.subject})
        with self._house.database.transaction() as unit:
            case = human_start.file(self._house, unit, filing, system("oa"))
        self.instance = case.instance_key or 0

    def _complete(self, step: Step) -> None:
        unit = self._house.database.once()
        tasks = sight.open_tasks(unit, self.instance, step.subject)
        place = step.details.get("index", 0)
        if place >= len(tasks):
            raise Failed(step, f"an open task {step.subject}", sight.told(sight.open_tasks(unit, self.instance)))
        task = tasks[place]
        actor = self._stage.actor(step.details.get("as") or task.assignee or "")
        values, files = self._values(step, sight.variables(unit, self.instance))
        with self._house.database.transaction() as inside:
            submit.submit(self._house, inside, actor, task.key, values, files)

    def _message(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            message.publish(
                self._house.engine,
                unit,
                step.subject,
                str(self._value(step.details.get("key", ""))),
                variables=self._value(step.details.get("variables", {})),
                message_id=step.details.get("id"),
                actor=TELLER,
            )

    def _signal(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            signal.broadcast(
                self._house.engine,
                unit,
                step.subject,
                variables=self._value(step.details.get("variables", {})),
                actor=TELLER,
            )

    def _wait(self, step: Step) -> None:
        span = feel.to_json(feel.evaluate("now() + duration(d)", {"d": step.subject}, clock=self._stage.clock))
        if span is None:
            raise Failed(step, "a duration such as P3D or PT2H", str(step.subject))
        self._pass(datetime.fromisoformat(span))

    def _at(self, step: Step) -> None:
        moment = self._value(step.subject)
        if not isinstance(moment, str):
            raise Failed(step, f"an instant at {step.subject}", repr(moment))
        self._pass(instant(moment, self._house.settings.zone))

    def _pass(self, until: datetime) -> None:
        """Let time go by: what comes due on the way is done at its own time, then the rest at the end."""
        if until < self._stage.clock.now():
            raise Invalid(say("A story cannot go back to {at}.", at=until.isoformat()))
        unit = self._house.database.once()
        for _ in range(MOST_WAITS):
            worker.drain(self._house)
            ahead = due.next_due(unit, registry.types())
            if ahead is None or ahead > until:
                self._stage.clock.set(until)
                return
            self._stage.clock.set(max(ahead, self._stage.clock.now() + timedelta(microseconds=1)))
        raise Invalid(say("More than {n} things came due on the way to {at}.", n=MOST_WAITS, at=until.isoformat()))

    def _system(self, step: Step) -> None:
        twin = self._stage.twins.get(step.subject)
        if twin is None:
            raise Invalid(say("There is no system {name}.", name=step.subject))
        twin.down = step.details.get("down", twin.down)
        if "knows" in step.details:
            tell(self._stage, step.subject, step.details["knows"])

    def _set(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            operate.set_variables(self._house.engine, unit, self.instance, self._value(step.subject), actor=TELLER)

    def _cancel(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            operate.cancel(self._house.engine, unit, self.instance, actor=TELLER)

    def _retry(self, step: Step) -> None:
        unit = self._house.database.once()
        for incident in sight.incidents(unit, self.instance):
            if step.subject in (True, incident.element):
                operate.retry_incident(self._house.engine, unit, incident.key, actor=TELLER)

    def _look(self, step: Step) -> None:
        """Nothing happens; the step only expects."""

    def _values(self, step: Step, context: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Sent]]]:
        """Form values with expressions worked out, signatures drawn and files attached."""
        files: dict[str, list[Sent]] = {}
        values = _filled(step.details.get("values", {}), context, self._read_clock, files)
        return values, files

    def _value(self, written: Any) -> Any:
        context = sight.variables(self._house.database.once(), self.instance) if self.instance else {}
        return _filled(written, {**self._story.variables, **context}, self._read_clock, {})


def _filled(written: Any, context: Mapping[str, Any], clock: Any, files: dict[str, list[Sent]]) -> Any:
    if isinstance(written, str) and written.startswith("="):
        return feel.to_json(feel.evaluate(written[1:], context, clock=clock))
    if written == SIGNED:
        return STROKE
    if isinstance(written, dict) and set(written) == {"file"}:
        names = written["file"] if isinstance(written["file"], list) else [written["file"]]
        reference = f"files::{len(files)}"
        files[reference] = [Sent(name, FILES.get(name[name.rfind(".") :], FILES[".txt"])) for name in names]
        return reference
    if isinstance(written, dict):
        return {key: _filled(value, context, clock, files) for key, value in written.items()}
    return [_filled(value, context, clock, files) for value in written] if isinstance(written, list) else written


def _sentence(refusal: Refusal) -> str:
    """What a refusal says, with every sentence of a form's fields."""
    if isinstance(refusal, FormRejected):
        fields = [f"{component}: {_all(told)}" for component, told in refusal.errors.items()]
        return "; ".join([str(refusal), *fields])
    return str(refusal)


def _all(told: Any) -> str:
    if isinstance(told, dict):
        return ", ".join(f"row {row + 1}: {_all(inner)}" for row, inner in told.items())
    return " ".join(map(str, told))
