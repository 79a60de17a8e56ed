"""What came of the stories, for people and, as JUnit XML, for build servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story that was played. `failure` says which step, what was expected and what was found; empty if all held."""

    file: Path
    name: str
    failure: str = ""
    seconds: float = 0.0
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The elements of a process that some story came to. `missed` are the others, in document order."""

    process_id: str
    elements: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return 1 - len(self.missed) / self.elements if self.elements else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All stories of a run."""

    stories: tuple[Told, ...]
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True if every story held."""
        return not any(story.failure for story in self.stories)

    def lines(self) -> list[str]:
        """What the command prints."""
        told = [
            f"{'ok  ' if not story.failure else 'FAIL'} {story.file}: {story.name}"
            + (f"\n     {story.failure}" if story.failure else "")
            for story in self.stories
        ]
        for found in self.coverage.values():
            missed = f" (missed: {', '.join(found.missed)})" if found.missed else ""
            told.append(f"{found.process_id}: {found.share:.0%} of {found.elements} elements{missed}")
        good = sum(not story.failure for story in self.stories)
        return [*told, f"stories: {good} of {len(self.stories)}"]

    def write_junit(self, path: Path) -> None:
        """Write the report as JUnit XML."""
        failures = sum(bool(story.failure) for story in self.stories)
        suite = etree.Element("testsuite", name="stories", tests=str(len(self.stories)), failures=str(failures))
        for story in self.stories:
            case = etree.SubElement(
                suite, "testcase", classname=str(story.file), name=story.name, time=f"{story.seconds:.3f}"
            )
            if story.failure:
                etree.SubElement(case, "failure", message=_printable(story.failure))
        etree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
