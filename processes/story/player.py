"""Plays a story: each step through the same doors as a click, a message or the passing of time."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import feel
from engine import due
from engine.commands import message, operate, signal, start
from hr.offboarding.cases import Filing
from kernel.actor import system
from kernel.clock import ZonedClock
from kernel.errors import Invalid, Refusal
from kernel.text import Text, say
from processes.story import expectations, jobs, sight, signing, starting, training
from processes.story.script import Step, Story
from processes.story.sight import Failed
from processes.story.stage import Stage, instant, tell
from processes.story.values import filled
from tasks import wire, worker
from tasks.handlers import registry
from tasks.human import start as human_start
from tasks.human import submit
from tasks.human.forms import FormRejected, Sent

TELLER = system("story")
MOST_WAITS = 10_000
MOST_ROUNDS = 1_000


class Player:
    """One story on its stage: all of it by `play`, or one step by `take`.

    `instance` is the case that the story is about, 0 before there is one. `most_s` is how many seconds a step may take.
    """

    def __init__(self, story: Story, stage: Stage, most_s: float = float("inf")) -> None:
        self._story = story
        self._stage = stage
        self._house = stage.house
        self._read_clock = ZonedClock(stage.clock, stage.house.engine.zone)  # as the process reads it
        self._most_s = most_s
        self._until = float("inf")
        self.instance = 0

    def play(self) -> None:
        """All steps in order. Raises Failed at the first one that does not come out as told."""
        for step, following in pairwise([*self._story.steps, None]):
            assert step is not None
            try:
                self.take(step)
                self.settle(following)
                self.check(step)
            except Refusal as refusal:
                raise Failed(step, say("that it is done"), refusal_told(refusal)) from refusal

    def take(self, step: Step) -> None:
        """One step, with what follows of it by itself. Raises what refuses it, and Failed where it cannot be done.

        Jobs with an example wait for the next step, which may be the one that answers them: any other has them
        answered by their example first.
        """
        self._until = time.monotonic() + self._most_s
        if step.action != "job":
            self._answer_by_examples()
        self._take(step)
        self._drain()
        self._find_instance()

    def settle(self, following: Step | None = None) -> None:
        """Answer jobs by their examples, unless a step follows that answers one."""
        if following is None or following.action != "job":
            self._answer_by_examples()

    def check(self, step: Step) -> None:
        """Raises Failed for what the step expects and did not come to be."""
        with self._house.database.transaction() as unit:
            expectations.check(step, unit, self.instance, self._read_clock)

    def _drain(self) -> None:
        """Run jobs and timers until nothing is due. Raises Invalid where that has no end."""
        for _ in range(MOST_ROUNDS):
            if not worker.run_due(self._house, "story"):
                return
            self._hurry()
        raise Invalid(say("Work was still due after {n} rounds: the model goes round without waiting.", n=MOST_ROUNDS))

    def _hurry(self) -> None:
        if time.monotonic() > self._until:
            raise Invalid(
                say(
                    "The step was given up after {n} seconds: too much follows of it by itself. Look for a loop that"
                    " never waits, or wait for a shorter time.",
                    n=round(self._most_s),
                )
            )

    def _answer_by_examples(self) -> None:
        for _ in range(MOST_ROUNDS):
            if not self.instance or not jobs.answer_by_examples(self._house, self.instance):
                return
            self._drain()
        raise Invalid(say("Work was still due after {n} rounds: the model goes round without waiting.", n=MOST_ROUNDS))

    def _take(self, step: Step) -> None:
        refused = step.details.get("refused")
        if refused is None:
            getattr(self, f"_{step.action}")(step)
            return
        try:
            getattr(self, f"_{step.action}")(step)
        except Refusal as refusal:
            if str(refused) not in str(_sentence(refusal)):
                raise Failed(
                    step, say("a refusal that says {words}", words=str(refused)), _sentence(refusal)
                ) from refusal
            return
        raise Failed(step, say("a refusal that says {words}", words=str(refused)), say("nothing was refused"))

    def _find_instance(self) -> None:
        if not self.instance:
            self.instance = sight.newest_instance(self._house.database.once(), self._story.process)

    def _start(self, step: Step) -> None:
        actor = self._stage.actor(step.subject)
        given = {**self._story.variables, **_checked(step.details.get("variables", {}))}
        if "values" in step.details:
            values, files = self._values(step, given)
            with self._house.database.transaction() as unit:
                self.instance = starting.by_form(self._house, unit, actor, self._story.process, given, values, files)
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
            found = sight.told(sight.open_tasks(unit, self.instance))
            raise Failed(step, say("an open task {task}", task=str(step.subject)), found)
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
                variables=self._named(step.details.get("variables", {})),
                message_id=step.details.get("id"),
                actor=TELLER,
            )

    def _signal(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            signal.broadcast(
                self._house.engine,
                unit,
                step.subject,
                variables=self._named(step.details.get("variables", {})),
                actor=TELLER,
            )

    def _wait(self, step: Step) -> None:
        span = feel.to_json(feel.evaluate("now() + duration(d)", {"d": step.subject}, clock=self._stage.clock))
        if span is None:
            raise Failed(step, say("a duration such as P3D or PT2H"), Text("{text}", {"text": str(step.subject)}))
        self._pass(instant(str(span), self._house.settings.zone))

    def _at(self, step: Step) -> None:
        moment = self._value(step.subject)
        if not isinstance(moment, str):
            found = Text("{value}", {"value": repr(moment)})
            raise Failed(step, say("an instant at {place}", place=str(step.subject)), found)
        self._pass(instant(moment, self._house.settings.zone))

    def _pass(self, until: datetime) -> None:
        """Let time go by: what comes due on the way is done at its own time, then the rest at the end."""
        if until < self._stage.clock.now():
            raise Invalid(say("A story cannot go back to {at}.", at=until.isoformat()))
        unit = self._house.database.once()
        for _ in range(MOST_WAITS):
            self._drain()
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

    def _sign(self, step: Step) -> None:
        named = {name: self._value(step.details[name]) for name in step.details.keys() & {"agreement"}}
        actor = self._stage.actor(step.subject)
        signing.ACTS[step.action](self._stage, self.instance, actor, {**step.details, **named})

    _seal = _decline = _withdraw = _sign

    def _learn(self, step: Step) -> None:
        named = {name: self._value(step.details[name]) for name in step.details.keys() & {"course"}}
        actor = self._stage.actor(step.subject)
        training.ACTS[step.action](self._stage, actor, {**step.details, **named})

    _examine = _waive = _learn

    def _job(self, step: Step) -> None:
        unit = self._house.database.once()
        found = jobs.waiting(unit, self.instance, step.subject)
        if not found:
            everything = ", ".join(job.element for job in jobs.waiting(unit, self.instance))
            there = Text("{elements}", {"elements": everything}) if everything else say("none")
            raise Failed(step, say("a job at {element} that no handler performs", element=step.subject), there)
        outcome = dict(step.details)
        if "answers" in outcome:
            outcome["answers"] = self._named(outcome["answers"])
        jobs.answer(self._house, found[0].key, outcome)

    def _set(self, step: Step) -> None:
        with self._house.database.transaction() as unit:
            operate.set_variables(self._house.engine, unit, self.instance, self._named(step.subject), actor=TELLER)

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
        values = filled(step.details.get("values", {}), context, self._read_clock, files)
        return _checked(values), files

    def _named(self, written: Any) -> dict[str, Any]:
        """Variables, worked out. Raises Invalid for what has no names."""
        return _checked(self._value(written))

    def _value(self, written: Any) -> Any:
        context = sight.variables(self._house.database.once(), self.instance) if self.instance else {}
        return filled(written, {**self._story.variables, **context}, self._read_clock, {})


def _checked(values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise Invalid(say("Values and variables of a step are an object with their names."))
    return values


def refusal_told(refusal: Refusal) -> Text:
    """What a refusal says, by its kind and with every sentence of a form's fields."""
    return Text("{kind}: {sentence}", {"kind": type(refusal).__name__, "sentence": _sentence(refusal)})


def _sentence(refusal: Refusal) -> Text:
    """What a refusal says, with every sentence of a form's fields."""
    if isinstance(refusal, FormRejected):
        fields = [Text("{field}: {told}", {"field": id, "told": _all(told)}) for id, told in refusal.errors.items()]
        return _joined("; ", [refusal.message, *fields])
    return refusal.message


def _all(told: Any) -> Text:
    if isinstance(told, dict):
        return _joined(", ", [say("row {n}: {told}", n=row + 1, told=_all(inner)) for row, inner in told.items()])
    return _joined(" ", list(told))


def _joined(between: str, parts: Sequence[Text]) -> Text:
    return Text(between.join(f"{{p{n}}}" for n in range(len(parts))), {f"p{n}": part for n, part in enumerate(parts)})
