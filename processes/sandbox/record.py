"""What was done in a sandbox as a scenario of the project, with what it may expect after each step.

The steps are taken once more, in the world of the file that the story is written into: what is seen there is what it
expects. So a recorded story comes out when it is played again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import feel
from engine.turn import Engine
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from kernel.text import say
from processes import catalog
from processes.sandbox import flow, store
from processes.sandbox.beginnings import Beginnings
from processes.sandbox.observed import Seen, expectations, look
from processes.sandbox.stages import Stages
from processes.story import script, sight, yamls
from processes.story.player import Player
from processes.story.script import Step, Story
from processes.story.sight import Failed
from processes.story.stage import ZONE, Stage, instant
from processes.studio import drafts
from processes.studio.drafts import Draft

COLUMN = 2  # at which the stories of a new file stand
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recorded story: its own lines, the file with it, and the digest of what was saved, if it was."""

    yaml: str
    content: str
    digest: str | None = None


def record(
    stages: Stages,
    engine: Engine,
    key: int,
    name: str,
    *,
    requirements: Sequence[str] = (),
    file: str = catalog.STORIES,
    save: bool = False,
    actor: Actor,
) -> Recorded:
    """Write the steps of a sandbox as a story into a file of its project, which is kept as it is otherwise.

    Raises Invalid for a story without a name, and where the file cannot take it; Conflict for a name that is taken,
    for a sandbox without steps, and where the file was changed meanwhile.
    """
    if not name.strip():
        raise Invalid(say("The scenario needs a name."))
    with engine.database.transaction() as unit:
        kept, done, files = store.read(unit, key), store.steps(unit, key), store.files(unit, key)
        there = _there(unit, kept.project, file)
    if not done:
        raise Conflict(say("There is nothing to record yet: take a step first."))
    page = _Page(there, file, kept.beginnings)
    told = {"name": name.strip(), **({"requirements": list(requirements)} if requirements else {}), **page.head()}
    bare = page.read({**told, "steps": [one.step for one in done]})
    steps = list(_observed(stages, bare, files))
    text, content = page.written({**told, "steps": steps})
    if not save:
        return Recorded(yaml=text, content=content)
    with engine.database.transaction() as unit:
        expected = there.digest if there else None
        saved = drafts.save(engine, unit, kept.project, file, content.encode(), expected=expected, actor=actor)
    return Recorded(yaml=text, content=content, digest=saved.digest)


def _there(unit: Unit, project: int, file: str) -> Draft | None:
    try:
        return drafts.read(unit, project, file)
    except NotFound:
        return None


class _Page:
    """The file that a story goes into."""

    def __init__(self, there: Draft | None, file: str, began: Beginnings) -> None:
        self._path = Path(file)
        self._began = began
        self._before = script.read_bytes(there.content, self._path) if there else []  # refuses what is no UTF-8
        self._content = there.content.decode() if there else None

    def head(self) -> dict[str, Any]:
        """What the story says beside the file: its process, and where its world is another one."""
        if self._content is None:
            return {}
        whole = yamls.load(self._content.encode(), self._path)
        world = script.world(self._content.encode(), self._path, self._began.process)
        other = {} if whole.get("process") == self._began.process else {"process": self._began.process}
        given = {"at": self._at(world), "people": self._people(world), "systems": self._systems(world)}
        given["variables"] = {} if self._began.variables == world.variables else self._began.variables
        given = {name: value for name, value in given.items() if value}
        return {**other, **({"given": given} if given else {})}

    def _at(self, world: Story) -> str:
        same = world.at and instant(world.at, ZONE) == instant(self._began.at, ZONE)
        return "" if same else self._began.at

    def _people(self, world: Story) -> dict[str, Any]:
        there = world.organisation.get("people") or {}
        ours = self._began.organisation.get("people") or {}
        changed = {
            login: {name: value for name, value in facts.items() if there.get(login, {}).get(name, ...) != value}
            for login, facts in ours.items()
        }
        return {login: facts for login, facts in changed.items() if facts or login not in there}

    def _systems(self, world: Story) -> dict[str, Any]:
        return {name: known for name, known in self._began.systems.items() if world.systems.get(name) != known}

    def written(self, told: Mapping[str, Any]) -> tuple[str, str]:
        """The lines of the story, and the file with them. Raises Invalid where the file takes none."""
        if any(story.name == told["name"] for story in self._before):
            raise Conflict(say("There is a scenario called {name} already. Choose another name.", name=told["name"]))
        if self._content is None:
            text = flow.story(told, " " * COLUMN)
            return text, flow.new_file(self._world()) + text
        where = flow.place(self._content)
        if where is None:
            raise self._cannot()
        text = flow.story(told, " " * where.column)
        return text, flow.inserted(self._content, where, text)

    def read(self, told: Mapping[str, Any]) -> Story:
        """The story as the file will have it. Raises Invalid where it would be read as something else."""
        _, content = self.written(told)
        *others, found = script.read_bytes(content.encode(), self._path)
        if others != self._before or found.name != told["name"]:
            raise self._cannot()
        return found

    def _world(self) -> dict[str, Any]:
        began = self._began
        given = {"at": began.at, **({"variables": began.variables} if began.variables else {})}
        whole = {"process": began.process, "organisation": began.organisation, "systems": began.systems}
        return {name: value for name, value in {**whole, "given": given}.items() if value}

    def _cannot(self) -> Invalid:
        return Invalid(
            say(
                "{file} cannot take another scenario: its list of stories is not written as a plain list. Record into"
                " another file.",
                file=self._path.name,
            )
        )


def _observed(stages: Stages, story: Story, files: store.Files) -> Iterator[dict[str, Any]]:
    """The steps taken once more, each with what it expects."""
    with stages.room.stage(story, files) as stage:
        player, before = Player(story, stage, stages.step_most_s), Seen()
        for step, following in pairwise([*story.steps, None]):
            assert step is not None
            written = _timeless(step, stage, player.instance)
            try:
                player.take(script.step(written, step.number))
                player.settle(following)
            except (Refusal, Failed) as fault:
                why = fault.sentence if isinstance(fault, Failed) else fault.message
                raise Invalid(
                    say(
                        "The scenario cannot be recorded: {why} Correct the file of scenarios, or record into another.",
                        why=why,
                    )
                ) from fault
            after = look(stage, player.instance)
            expect = expectations(step, before, after)
            yield {**written, **({"expect": expect} if expect else {})}
            before = after


def _timeless(step: Step, stage: Stage, case: int) -> dict[str, Any]:
    """The step as it is recorded: an instant that is exactly one of the case's own is told by its name."""
    written = step.written()
    if step.action != "at" or not isinstance(step.subject, str) or step.subject.startswith("="):
        return written
    zone = stage.house.engine.zone
    at = instant(step.subject, ZONE)
    variables = sight.variables(stage.house.database.once(), case) if case else {}
    names = [".".join(path) for path, value in _instants(variables) if value == at]
    if len(names) == 1 and _reads(names[0], variables, at):
        return {**written, "at": f"={names[0]}"}
    return {**written, "at": at.astimezone(zone).isoformat()}


def _reads(name: str, variables: Mapping[str, Any], at: datetime) -> bool:
    """Whether FEEL reads the name as that instant: it may be a word of FEEL's own."""
    try:
        found = feel.to_json(feel.evaluate(name, variables))
    except feel.FeelError:
        return False
    return isinstance(found, str) and instant(found, ZONE) == at


def _instants(values: Any, path: _Path = ()) -> Iterator[tuple[_Path, datetime]]:
    """Every instant among variables whose way there is made of plain names."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            if str(name).isidentifier():
                yield from _instants(value, (*path, str(name)))
    elif isinstance(values, str) and len(values) > len("2026-01-01T00:00"):
        try:
            found = datetime.fromisoformat(values)
        except ValueError:
            return
        if found.tzinfo is not None:
            yield path, found
