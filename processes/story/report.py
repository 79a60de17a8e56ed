"""What came of the stories, and what they came to in the models: for people and, as JUnit XML or JSON, for servers."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from engine.spiff.model import Model
from kernel.text import Text, say

Place = tuple[str, str]  # a process by its id, and a node or flow of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story that was played.

    `why` says which step did not come out, what was expected and what was found, and `step` is its number, 0 where it
    was none of them; None and 0 if all held. `visited` is every place that its cases came to.
    """

    file: Path
    name: str
    why: Text | None = None
    step: int = 0
    seconds: float = 0.0
    requirements: tuple[str, ...] = ()
    visited: frozenset[Place] = frozenset()

    @property
    def failure(self) -> str:
        """Why it failed, in English; empty if it held."""
        return str(self.why) if self.why is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The nodes of a process, or its flows, in document order, and how many stories came to each."""

    all: tuple[str, ...]
    visits: Mapping[str, int]

    @property
    def missed(self) -> tuple[str, ...]:
        """Those that no story came to."""
        return tuple(name for name in self.all if name not in self.visits)

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there are none."""
        return 1 - len(self.missed) / len(self.all) if self.all else 1.0

    def to_json(self) -> dict[str, Any]:
        """As `jiaojie test --coverage` writes it."""
        return {
            "total": len(self.all),
            "visited": len(self.all) - len(self.missed),
            "share": round(self.share, 4),
            "missed": list(self.missed),
            "visits": dict(self.visits),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the stories came to in one process."""

    process_id: str
    nodes: Part
    flows: Part

    @property
    def missed(self) -> tuple[str, ...]:
        """The nodes, then the flows, that no story came to."""
        return (*self.nodes.missed, *self.flows.missed)

    @property
    def least(self) -> float:
        """The lower one of both shares, from 0 to 1."""
        return min(self.nodes.share, self.flows.share)


def covered(models: Iterable[Model], visited: Iterable[frozenset[Place]]) -> dict[str, Coverage]:
    """By process, what stories came to that visited these places; each set is one story's."""
    visits = Counter(place for places in visited for place in places)
    return {model.process_id: _covered(model, visits) for model in models}


def _covered(model: Model, visits: Mapping[Place, int]) -> Coverage:
    nodes = [element.id for element in model.elements.values() if element.type != "process"]
    flows = [id for id, _, _ in model.flows]
    return Coverage(process_id=model.process_id, nodes=_part(model, nodes, visits), flows=_part(model, flows, visits))


def _part(model: Model, names: Sequence[str], visits: Mapping[Place, int]) -> Part:
    found = {name: visits[model.process_id, name] for name in names if (model.process_id, name) in visits}
    return Part(all=tuple(names), visits=found)


def percent(share: float) -> int:
    """A share in whole percent; 100 only where nothing is missing."""
    return int(share * 100 + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All stories of a run."""

    stories: tuple[Told, ...]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True if every story held."""
        return not any(story.failure for story in self.stories)

    def under(self, least: float) -> list[Coverage]:
        """The processes of whose nodes, or of whose flows, less than this share was visited; from 0 to 1."""
        return [found for found in self.coverage.values() if found.least < least - 1e-9]

    def lines(self, language: str = "en") -> list[str]:
        """What the command prints."""
        good = sum(not story.failure for story in self.stories)
        told = [*self._stories(language), *self._coverage(language)]
        return [*told, say("stories: {good} of {all}", good=good, all=len(self.stories)).within(language)]

    def _stories(self, language: str) -> Iterator[str]:
        for story in self.stories:
            yield f"{'FAIL' if story.why else 'ok  '} {story.file}: {story.name}"
            if story.why:
                yield f"     {story.why.within(language)}"

    def _coverage(self, language: str) -> Iterator[str]:
        for found in self.coverage.values():
            yield say(
                "{process}: {nodes} % of {all_nodes} nodes, {flows} % of {all_flows} flows",
                process=found.process_id,
                nodes=percent(found.nodes.share),
                all_nodes=len(found.nodes.all),
                flows=percent(found.flows.share),
                all_flows=len(found.flows.all),
            ).within(language)
            for words, missed in (
                (
                    say("     no story comes to these nodes: {missed}", missed=", ".join(found.nodes.missed)),
                    found.nodes,
                ),
                (say("     no story takes these flows: {missed}", missed=", ".join(found.flows.missed)), found.flows),
            ):
                if missed.missed:
                    yield words.within(language)

    def write_coverage(self, path: Path) -> None:
        """Write what was visited and what was not, as JSON by process."""
        told = {
            id: {"nodes": found.nodes.to_json(), "flows": found.flows.to_json()} for id, found in self.coverage.items()
        }
        path.write_text(json.dumps({"processes": told}, ensure_ascii=False, indent=1), encoding="utf-8")

    def write_junit(self, path: Path) -> None:
        """Write the report as JUnit XML. The shares, from 0 to 1, are properties of the suite."""
        failures = sum(bool(story.failure) for story in self.stories)
        suite = etree.Element("testsuite", name="stories", tests=str(len(self.stories)), failures=str(failures))
        properties = etree.SubElement(suite, "properties")
        for id, found in self.coverage.items():
            for part, share in (("nodes", found.nodes.share), ("flows", found.flows.share)):
                etree.SubElement(properties, "property", name=f"coverage.{id}.{part}", value=f"{share:.4f}")
        for story in self.stories:
            case = etree.SubElement(
                suite, "testcase", classname=str(story.file), name=story.name, time=f"{story.seconds:.3f}"
            )
            if story.failure:
                etree.SubElement(case, "failure", message=_printable(story.failure))
        etree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
