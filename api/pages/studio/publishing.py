"""Publish: what a project's files would change, then a proposal: proved, approved where that is set, published."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from api import approvals, deps, proposals, publishers
from api.access import DESIGNERS, OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin import kinds
from api.pages.admin.compare import KINDS
from api.pages.admin.proposals import STATES, VERDICTS
from api.pages.studio import shell
from api.pages.told import told
from api.proposals import Proposed
from engine.model import ModelRefused, Problem, Resource
from engine.queries import overview
from engine.turn import Engine
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say
from processes import compare as comparing
from processes import labels, lint, publish
from processes.compare import Change
from processes.proof import SAMPLE, ProcessProof
from processes.proof.prove import deployable
from processes.publish import Difference
from processes.studio import projects
from processes.studio.rules import kind_of

router = APIRouter(route_class=Door)

COMMENT_MOST = 1000
PLACE = "/studio/proposals/{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A file beside what is deployed. `versions` are the numbers that its definitions would get, None each unchanged.

    `diagrams` is where both drawings come from, where there are two.
    """

    name: str
    state: str
    versions: Sequence[tuple[str, int, bool]]
    changes: Sequence[tuple[Change, Text, Text]]
    counts: Counter[str]
    diagrams: str


FILES = {
    "new": (say("new file"), "ok"),
    "changed": (say("changed"), "info"),
    "bound": (say("unchanged, deployed anew with the files it is bound to"), "warn"),
    "same": (say("unchanged"), ""),
}


@router.get("/studio/{project}/publish", name=may("pages.studio.publish", DESIGNERS))
def show(request: Request, project: int) -> Response:
    """What would change, what lint says, the proposals that there are, and the form for another one."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = projects.read(unit, project)
        files = projects.resources(unit, project)
        problems, rows = _looked_at(house.engine, unit, files, shell.url(project, rest="/publish/compare"))
        listed = proposals.of_project(unit, project)
        return shell.page(
            request,
            unit,
            "studio-publish.html",
            project=found,
            tab="publish",
            problems=problems,
            called=_called(files),
            refused=lint.errors(problems),
            rows=rows,
            changed=[row for row in rows if row.state != "same"],
            listed=listed,
            open=next((one for one in listed if one.state != "PUBLISHED" and proposals.is_current(unit, one)), None),
            states=STATES,
            people=shell.names(unit, [login for one in listed for login in (one.created_by, one.approved_by or "")]),
            approval=house.settings.publish_approval,
            **_words(),
        )


@router.post("/studio/{project}/publish", name=may("pages.studio.propose", DESIGNERS))
def propose(request: Request, project: int, comment: Annotated[str, Form()] = "") -> Response:
    """Keep the files as they are now as a proposal, and prove them."""
    house, said = deps.house(request), comment.strip()[:COMMENT_MOST]
    if not said:
        raise Invalid(say("Say what is new: it stands beside the version for everybody who comes after."))
    with house.database.transaction() as unit:
        files = projects.resources(unit, project)
    key = proposals.create(house, files, actor=deps.actor(request), sample=SAMPLE, comment=said, project=project)
    proposals.begin(house, key)
    return render.go(request, PLACE.format(key=key))


@router.get("/studio/{project}/publish/compare/{name}", name=may("pages.studio.publish.diagrams", DESIGNERS))
def diagrams(request: Request, project: int, name: str) -> Response:
    """The drawing that is deployed and the one of the draft, with what happened to each element."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        return _diagrams(request, unit, projects.resources(unit, project), name)


@router.get(PLACE, name=may("pages.studio.proposal", DESIGNERS))
def show_proposal(request: Request, key: int) -> Response:
    """A proposal: what it changes, how far its proof is, what that found, who approves. For a script, the progress."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = proposals.read(unit, key)
        given: dict[str, Any] = {
            "proposal": found,
            "share": 100 * found.done // found.total if found.total else 0,
            "state": STATES[found.state],
        }
        if render.by_htmx(request):
            if found.state != "RUNNING":
                return render.go(request, PLACE.format(key=key))
            return render.page(request, unit, "parts/studio-proving.html", **given)
        open = found.state != "PUBLISHED"
        files = proposals.files(unit, key)
        _, rows = _looked_at(house.engine, unit, files, f"{PLACE.format(key=key)}/compare") if open else ([], [])
        return shell.page(
            request,
            unit,
            "studio-proposal.html",
            project=projects.read(unit, found.project) if found.project is not None else None,
            tab="publish",
            rows=rows,
            changed=[row for row in rows if row.state != "same"],
            current=proposals.is_current(unit, found) if open else True,
            people=shell.names(unit, [found.created_by, found.approved_by or ""]),
            editors=[*shell.names(unit, found.edited_by).values()],
            approval=house.settings.publish_approval,
            hindrance=approvals.hindrance(house, found, actor),
            publishes=publishers.may_publish(house, actor),
            verdicts=VERDICTS,
            differing=_differing,
            called=_called(files),
            wizards=[*_wizards(unit, found)] if found.state == "PUBLISHED" and actor.has(*OPERATORS) else [],
            **given,
            **_words(),
        )


@router.get(PLACE + "/compare/{name}", name=may("pages.studio.proposal.diagrams", DESIGNERS))
def proposed_diagrams(request: Request, key: int, name: str) -> Response:
    """The same for a proposal."""
    with deps.house(request).database.transaction() as unit:
        proposals.read(unit, key)
        return _diagrams(request, unit, proposals.files(unit, key), name)


@router.post(PLACE + "/{act}", name=may("pages.studio.proposal.act", DESIGNERS))
def act_on_proposal(request: Request, key: int, act: str, reason: Annotated[str, Form()] = "") -> Response:
    """Prove it again, stop its proof, approve it, or publish it."""
    house, actor = deps.house(request), deps.actor(request)
    acts: dict[str, Callable[[], Any]] = {
        "again": lambda: proposals.begin(house, key),
        "stop": lambda: proposals.cancel(house, key),
        "approve": lambda: approvals.approve(house, key, actor=actor),
        "publish": lambda: proposals.publish(house, key, actor=actor, reason=reason.strip()[:COMMENT_MOST]),
    }
    if act not in acts:
        raise NotFound(say("There is no such act. Reload the page."))
    with told(house):
        acts[act]()
    done = {"approve": say("Approved."), "publish": say("It is published.")}
    return render.go(request, PLACE.format(key=key), done.get(act))


def _words() -> dict[str, Any]:
    return {"files": FILES, "kinds": KINDS, "file_url": shell.url, "comment_most": COMMENT_MOST}


def _looked_at(engine: Engine, unit: Unit, files: Sequence[Resource], place: str) -> tuple[list[Problem], list[Row]]:
    """What lint says, and each file beside what is deployed; none where they cannot be run."""
    kept = deployable(files)
    problems = publish.checked(engine, unit, kept)
    try:
        differences = publish.differences(engine, unit, kept)
    except ModelRefused as refused:
        known = {(problem.file, problem.element, problem.rule) for problem in problems}
        more = [one for one in refused.problems if (one.file, one.element, one.rule) not in known]
        return [*problems, *more], []
    return problems, [_row(one, place) for one in sorted(differences, key=_by_kind)]


def _called(files: Sequence[Resource]) -> Callable[[str], str]:
    """What people call an element of these files: its name, or else its id."""
    drawn = [file for file in files if kind_of(file.name) in ("bpmn", "dmn")]
    called = {id: name for file in drawn for id, name in labels.names(file.content).items()}
    return lambda element: called.get(element, element)


def _by_kind(one: Difference) -> tuple[int, str]:
    return ("bpmn", "dmn", "form").index(str(kind_of(one.name))), one.name


def _row(one: Difference, place: str) -> Row:
    changes = comparing.in_order(one.changes or ())
    both = kind_of(one.name) == "bpmn" and one.before is not None and changes
    return Row(
        name=one.name,
        state=_state(one),
        versions=[(found.id, found.version, found.new) for found in one.definitions],
        changes=[(change, kinds.element_kind(change.tag), change.title) for change in changes],
        counts=Counter(change.kind for change in changes),
        diagrams=f"{place}/{one.name}" if both else "",
    )


def _state(one: Difference) -> str:
    if not one.new:
        return "same"
    if one.before is None:
        return "new"
    return "bound" if one.changes == () else "changed"


def _diagrams(request: Request, unit: Unit, files: Sequence[Resource], name: str) -> Response:
    kept = deployable(files)
    for one in publish.differences(deps.house(request).engine, unit, kept):
        if one.name == name and one.before is not None and kind_of(name) == "bpmn":
            after = next(file.content for file in kept if file.name == name)
            return JSONResponse(_both(one.before, after, deps.language(request)))
    raise NotFound(say("{name} has no two drawings: it is no BPMN file here, or nothing of it is deployed.", name=name))


def _both(before: bytes, after: bytes, language: str) -> dict[str, Any]:
    changes = comparing.compare(before, after)
    return {
        side: {
            "xml": labels.translated(content, language).decode(),
            "marks": {change.element: change.kind for change in changes if change.kind != absent},
        }
        for side, content, absent in (("before", before, "added"), ("after", after, "removed"))
    }


def _differing(process: ProcessProof, verdict: str) -> list[tuple[str, int]]:
    """At which elements cases first go another way, or cannot be replayed, and how many: nothing of any case."""
    return Counter(case.element or "-" for case in process.cases if case.verdict == verdict).most_common(10)


def _wizards(unit: Unit, found: Proposed) -> Iterator[tuple[str, int, str]]:
    """For each process that it published: its name, how many cases run on older versions, and where they are moved."""
    for process in found.proof.processes if found.proof else ():
        rows = overview.versions(unit, process.process_id)
        newest = next((row for row in rows if row.latest), None)
        older = [row for row in rows if newest is not None and row.key != newest.key and row.running]
        if newest is not None and older and process.along:
            place = f"/admin/migrations/new?source={older[0].key}&target={newest.key}"
            yield process.name, sum(row.running for row in older), place
