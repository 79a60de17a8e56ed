"""What a proof has found, as it is kept and shown: plain values that go into JSON and come back.

Sentences are kept with their values, not as words, so that they read in the language of whoever looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model import Problem
from kernel.text import Text

Verdict = Literal["SAME", "OTHER", "CANNOT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A story that was played on the proposed files. `failure` says which step did not come out; empty if all did."""

    file: str
    name: str
    failure: Text | str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A place where a running case could not be moved to the proposed version, and why."""

    element: str
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case that was replayed on the proposed version: the same way, another way, or not to be replayed to its end.

    `element` is where it first differs, or how far it could be replayed, by its id in the version that the case runs
    on; `sentence` tells it. `beside` are elements of the proposed version that it also passed and that are new.
    `stuck` is why it could not migrate: empty for a case that can, and for one that is over.
    """

    key: int
    business_id: str | None
    version: int
    state: str
    verdict: Verdict
    element: str = ""
    sentence: Text | None = None
    beside: tuple[str, ...] = ()
    stuck: tuple[Stuck, ...] = ()

    @property
    def running(self) -> bool:
        """Whether the case was not over when it was looked at."""
        return self.state not in ("COMPLETED", "TERMINATED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """How many of the running cases of one version could come along: numbers and reasons, and nothing of any case.

    `checked` of them were looked at. `reasons` are what holds the others: the element, the sentence, how many.
    """

    version: int
    running: int
    checked: int
    able: int
    reasons: tuple[tuple[str, Text, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessProof:
    """What was found for one process of the files. `version` is the deployed one that new cases start with, 0 if none.

    `unplayed` says why no scenario was run, where none was. `finished` and `running` count the cases that there are;
    `cases` are those that were looked at, the finished ones first. `along` is by version, where there is a new one.
    """

    process_id: str
    name: str
    version: int = 0
    scenarios: tuple[Scenario, ...] = ()
    unplayed: Text | None = None
    finished: int = 0
    running: int = 0
    cases: tuple[Case, ...] = ()
    along: tuple[Along, ...] = ()

    @property
    def failed(self) -> tuple[Scenario, ...]:
        """The scenarios that did not come out."""
        return tuple(scenario for scenario in self.scenarios if scenario.failure)

    def count(self, verdict: Verdict, *, running: bool) -> int:
        """How many of the cases that were looked at, running or over, have this verdict."""
        return sum(case.verdict == verdict and case.running is running for case in self.cases)

    @property
    def immovable(self) -> tuple[Case, ...]:
        """The running cases that could not migrate."""
        return tuple(case for case in self.cases if case.stuck)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All that was found. `standing` is the latest deployed key of every definition that the files bring, by
    `kind id`, 0 for a new one: where that has moved on, the proof no longer holds.
    """

    sample: int
    problems: tuple[Problem, ...] = ()
    processes: tuple[ProcessProof, ...] = ()
    standing: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems for which the files cannot be published at all."""
        return tuple(problem for problem in self.problems if problem.error)

    @property
    def passed(self) -> bool:
        """True if the files can be published and every scenario came out. Whether cases may go another way is for
        people to judge.
        """
        return not self.refused and not any(process.failed for process in self.processes)

    def to_json(self) -> dict[str, Any]:
        """As it is kept: `from_json` gives an equal proof."""
        return {
            "sample": self.sample,
            "problems": [_problem(problem) for problem in self.problems],
            "processes": [_process(process) for process in self.processes],
            "standing": dict(self.standing),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Proof":
        """The proof that was kept."""
        return cls(
            sample=kept["sample"],
            problems=tuple(
                Problem(**{**problem, "sentence": heard_sentence(problem["sentence"])}) for problem in kept["problems"]
            ),
            processes=tuple(_process_of(process) for process in kept["processes"]),
            standing=kept["standing"],
        )


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "element": problem.element,
        "rule": problem.rule,
        "sentence": kept_sentence(problem.sentence),
        "error": problem.error,
    }


def _process(found: ProcessProof) -> dict[str, Any]:
    return {
        "process_id": found.process_id,
        "name": found.name,
        "version": found.version,
        "scenarios": [
            {**_fields(scenario), "failure": kept_sentence(scenario.failure)} for scenario in found.scenarios
        ],
        "unplayed": kept_sentence(found.unplayed),
        "finished": found.finished,
        "running": found.running,
        "cases": [_case(case) for case in found.cases],
        "along": [
            {**_fields(one), "reasons": [[id, kept_sentence(why), times] for id, why, times in one.reasons]}
            for one in found.along
        ],
    }


def _case(case: Case) -> dict[str, Any]:
    stuck = [{"element": place.element, "sentence": kept_sentence(place.sentence)} for place in case.stuck]
    return {**_fields(case), "sentence": kept_sentence(case.sentence), "beside": list(case.beside), "stuck": stuck}


def _fields(found: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def _process_of(kept: Mapping[str, Any]) -> ProcessProof:
    return ProcessProof(
        **{
            **kept,
            "scenarios": tuple(
                Scenario(**{**scenario, "failure": heard_sentence(scenario["failure"])})
                for scenario in kept["scenarios"]
            ),
            "unplayed": heard_sentence(kept["unplayed"]),
            "cases": tuple(_case_of(case) for case in kept["cases"]),
            "along": tuple(_along_of(one) for one in kept.get("along", ())),
        }
    )


def _along_of(kept: Mapping[str, Any]) -> Along:
    reasons = tuple((id, heard_sentence(why), times) for id, why, times in kept["reasons"])
    return Along(**{**kept, "reasons": reasons})


def _case_of(kept: Mapping[str, Any]) -> Case:
    stuck = tuple(
        Stuck(element=place["element"], sentence=heard_sentence(place["sentence"])) for place in kept["stuck"]
    )
    return Case(
        **{**kept, "sentence": heard_sentence(kept["sentence"]), "beside": tuple(kept["beside"]), "stuck": stuck}
    )


def kept_sentence(sentence: Any) -> Any:
    """A sentence as its template and its values, sentences among them alike; anything else as it is written."""
    if isinstance(sentence, Text):
        return {
            "say": sentence.template,
            "with": {name: kept_sentence(value) for name, value in sentence.values.items()},
        }
    return sentence if sentence is None or isinstance(sentence, str | int | float | bool) else str(sentence)


def heard_sentence(kept: Any) -> Any:
    """What `kept_sentence` kept."""
    if isinstance(kept, dict):
        return Text(kept["say"], {name: heard_sentence(value) for name, value in kept["with"].items()})
    return kept
