"""The scenarios of a project: what came of each the last time, run again in the background, and what they came to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api import deps, rehearsals
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import render
from api.pages.admin import kinds
from api.pages.studio import shell
from api.rehearsals import Played
from engine.model import Resource
from engine.spiff.model import Model
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say
from processes import labels, references
from processes.catalog import Source
from processes.story import script
from processes.story.report import Coverage, covered, percent
from processes.story.script import Story
from processes.studio import projects
from processes.studio.rules import kind_of

router = APIRouter(route_class=Door)

LISTED_MOST = 200  # elements without a story that are listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A story of a file, with what came of it the last time; None where it was never run."""

    story: Story
    played: Played | None

    @property
    def state(self) -> str:
        """As a key of STATES."""
        if self.played is None:
            return "never"
        if self.played.why is not None:
            return "failed"
        return "outdated" if self.played.outdated else "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An element that no story came to: what it is, and where it is edited."""

    kind: Text
    name: Text
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """What the stories came to in one process of a file."""

    file: str
    name: str
    coverage: Coverage
    missed: Sequence[Missed]
    more: int
    diagram: str


STATES = {
    "passed": (say("passed"), "ok"),
    "failed": (say("fails"), "bad"),
    "outdated": (say("passed, files have changed since"), "warn"),
    "never": (say("not run yet"), ""),
}


@router.get("/studio/{project}/scenarios", name=may("pages.studio.scenarios", DESIGNERS))
def show(request: Request, project: int) -> Response:
    """Each story and the coverage of each process. For a script that waits, how far the run is."""
    with deps.house(request).database.transaction() as unit:
        found = projects.read(unit, project)
        runs = rehearsals.read(unit, found)
        if render.by_htmx(request):
            return _progress(request, unit, found, runs)
        files = projects.resources(unit, project)
        rows, faults = _rows(files, runs.played)
        people = shell.names(unit, [row.played.by for row in rows if row.played])
        return shell.page(
            request,
            unit,
            "studio-runs.html",
            project=found,
            tab="scenarios",
            runs=runs,
            share=_share(runs),
            rows=rows,
            faults=faults,
            states=STATES,
            people=people,
            painted=[*_painted(project, files, rows)],
            percent=percent,
            file_url=shell.url,
        )


@router.post("/studio/{project}/scenarios/run", name=may("pages.studio.scenarios.run", DESIGNERS))
def run(request: Request, project: int, name: Annotated[list[str] | None, Form()] = None) -> Response:
    """Run the stories of these names, or all."""
    rehearsals.begin(deps.house(request), project, name or None, actor=deps.actor(request))
    return render.go(request, shell.url(project, rest="/scenarios"))


@router.post("/studio/{project}/scenarios/stop", name=may("pages.studio.scenarios.stop", DESIGNERS))
def stop(request: Request, project: int) -> Response:
    """Stop after the story that is being run."""
    rehearsals.cancel(deps.house(request), project)
    return render.go(request, shell.url(project, rest="/scenarios"), say("Stopped. Nothing was kept of this run."))


@router.get("/studio/{project}/scenarios/{process_id}/diagram", name=may("pages.studio.coverage", DESIGNERS))
def diagram(request: Request, project: int, process_id: str) -> Response:
    """The drawing of a process, how many stories came to each element, and which elements none came to."""
    tongue = render.tongue(request)
    with deps.house(request).database.transaction() as unit:
        found = projects.read(unit, project)
        files = projects.resources(unit, project)
        rows, _ = _rows(files, rehearsals.read(unit, found).played)
    for file, models in _models(files):
        for model in models:
            if model.process_id == process_id:
                coverage = _covered([model], rows)[process_id]
                told = {
                    "xml": labels.translated(file.content, tongue.language).decode(),
                    "visits": {**coverage.nodes.visits, **coverage.flows.visits},
                    "missed": list(coverage.missed),
                    "never": tongue.show(say("never")),
                }
                return JSONResponse(told)
    raise NotFound(say("This project has no process {id} that can be read.", id=process_id))


def _progress(request: Request, unit: Unit, project: projects.Project, runs: rehearsals.Runs) -> Response:
    if not runs.running:
        return render.go(request, shell.url(project.key, rest="/scenarios"))
    return render.page(
        request, unit, "parts/studio-running.html", project=project, runs=runs, share=_share(runs), file_url=shell.url
    )


def _share(runs: rehearsals.Runs) -> int:
    return 100 * runs.done // runs.total if runs.total else 0


def _rows(files: Sequence[Resource], played: Mapping[str, Played]) -> tuple[list[Row], list[tuple[str, Text]]]:
    """The stories in the order of their files, and why a file cannot be read."""
    rows: list[Row] = []
    faults: list[tuple[str, Text]] = []
    for file in files:
        if kind_of(file.name) != "scenarios" or not file.content.strip():
            continue
        try:
            stories = script.read_bytes(file.content, Path(file.name))
        except Invalid as invalid:
            faults.append((file.name, invalid.message))
            continue
        rows += [Row(story=story, played=played.get(story.name)) for story in stories]
    return rows, faults


def _models(files: Sequence[Resource]) -> Iterator[tuple[Resource, list[Model]]]:
    for file in files:
        if kind_of(file.name) == "bpmn":
            yield file, references.models(Source(Path(file.name), file))


def _covered(models: Sequence[Model], rows: Sequence[Row]) -> dict[str, Coverage]:
    return covered(models, [row.played.visited for row in rows if row.played is not None])


def _painted(project: int, files: Sequence[Resource], rows: Sequence[Row]) -> Iterator[Painted]:
    for file, models in _models(files):
        found = _covered(models, rows)
        for model in models:
            coverage = found[model.process_id]
            yield Painted(
                file=file.name,
                name=model.name or model.process_id,
                coverage=coverage,
                missed=[_missed(project, file.name, model, id) for id in coverage.missed[:LISTED_MOST]],
                more=max(0, len(coverage.missed) - LISTED_MOST),
                diagram=shell.url(project, rest=f"/scenarios/{model.process_id}/diagram"),
            )


def _missed(project: int, file: str, model: Model, id: str) -> Missed:
    url = f"{shell.url(project, file)}#element={id}"
    element = model.elements.get(id)
    if element is not None:
        return Missed(kind=kinds.element_kind(element.type), name=Text(element.name or id), url=url)
    source, target = next((source, target) for flow, source, target in model.flows if flow == id)
    name = say("from {source} to {target}", source=_called(model, source), target=_called(model, target))
    return Missed(kind=kinds.element_kind("sequenceFlow"), name=name, url=url)


def _called(model: Model, id: str) -> Text:
    element = model.elements.get(id)
    return Text(element.name) if element is not None and element.name else Text(id)
