"""The files of a project as hints read them: forms, decisions and processes by their ids, examples of its stories."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

import feel
from engine.model import Resource
from processes.hints import shapes, written
from processes.hints.drawing import Drawing, drawing
from processes.hints.shapes import Shape
from processes.hints.tables import tables
from processes.studio.rules import kind_of


@dataclass(frozen=True, kw_only=True)  # without slots: what is read is kept
class Family:
    """`resources` are all files of a project, one perhaps as it stands unsaved; `functions` those of the product."""

    resources: tuple[Resource, ...]
    functions: feel.Functions = field(default_factory=feel.Functions)

    @cached_property
    def drawings(self) -> dict[str, Drawing]:
        """The BPMN files by name."""
        return {file.name: drawing(file) for file in self.resources if file.name.lower().endswith(".bpmn")}

    @cached_property
    def forms(self) -> dict[str, Any]:
        """The JSON of the forms by their id."""
        return {id: loaded(file.content) for id, file in self.form_files.items()}

    @cached_property
    def form_files(self) -> dict[str, Resource]:
        """The form files by the id of their form; one that is no form has none."""
        found = {}
        for file in self.of(".form"):
            schema = loaded(file.content)
            if isinstance(schema, dict) and isinstance(schema.get("id"), str):
                found[schema["id"]] = file
        return found

    @cached_property
    def filled(self) -> dict[str, dict[str, Shape]]:
        """What each form fills in."""
        return {id: shapes.of_form(schema) for id, schema in self.forms.items()}

    @cached_property
    def decided(self) -> dict[str, Shape]:
        """What each decision gives, by its id."""
        return {one.id: one.gives for file in self.of(".dmn") for one in tables(file).decisions}

    @property
    def told(self) -> list[Resource]:
        """The files of stories."""
        return [file for file in self.resources if kind_of(file.name) == "scenarios"]

    @cached_property
    def stories(self) -> list[Any]:
        """The stories as they are written, unchecked."""
        found: list[Any] = []
        for file in self.told:
            stories = written.loaded(file).get("stories")
            found += stories if isinstance(stories, list) else []
        return [story for story in found if isinstance(story, dict)]

    @cached_property
    def examples(self) -> dict[str, Any]:
        """Values that the stories give to variables, the first of each name."""
        found: dict[str, Any] = {}
        for values in _given(self.stories):
            for name, value in values.items():
                found.setdefault(str(name), value)
        return found

    def of(self, ending: str) -> list[Resource]:
        """The files of one kind."""
        return [file for file in self.resources if file.name.lower().endswith(ending)]

    def process(self, id: str) -> Drawing | None:
        """The drawing that has a process."""
        return next((drawn for drawn in self.drawings.values() if id in drawn.processes), None)


def loaded(content: bytes) -> Any:
    """The JSON of a file, None where it is none."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _given(stories: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The variables that stories set, with the values of forms."""
    for story in stories:
        given = story.get("given")
        if isinstance(given, dict) and isinstance(given.get("variables"), dict):
            yield given["variables"]
        steps = story.get("steps")
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, dict):
                yield from (step[key] for key in ("variables", "values", "set") if isinstance(step.get(key), dict))
