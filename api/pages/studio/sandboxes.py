"""Drafts that are tried: a sandbox opened, its steps taken and taken back, what was done recorded as a scenario.

What is sent and given back is told in `docs/howto/try-a-draft.md`; the page that uses it is `studio-try.html`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import DESIGNERS, may
from api.door import Door, read
from api.pages import render
from api.pages.tasks import rejected, submit_label
from api.v2 import shapes
from forms import labels
from hr.documents.kinds import FileRefused
from kernel.errors import Invalid, Refusal
from kernel.text import say
from processes import catalog
from processes.sandbox import beginnings, forms, opening, record, store, view
from processes.story.sight import Failed
from processes.studio import projects
from tasks.human.forms import FormRejected

router = APIRouter(route_class=Door)


async def _body(request: Request) -> dict[str, Any]:
    return shapes.body(await read(request.receive))


Body = Annotated[dict[str, Any], Depends(_body)]


@router.post("/studio/{project}/sandboxes", name=may("pages.studio.sandbox.open", DESIGNERS))
def open_sandbox(request: Request, project: int, body: Body) -> Response:
    """Try a process of the project: `{process, story?, at?}`. A story is played as far as it comes out; where it does
    not, `failure` says at which step and why.
    """
    process, story, at = (_text(body, name) for name in ("process", "story", "at"))
    key, failed = opening.begin(
        deps.sandboxes(request),
        deps.house(request).engine,
        project,
        process,
        story=story,
        at=at,
        actor=deps.actor(request),
    )
    return _answer(request, key, failed)


@router.get("/studio/{project}/sandboxes", name=may("pages.studio.sandboxes", DESIGNERS))
def listed(request: Request, project: int) -> Response:
    """The sandboxes of a project, the last used first: `{sandboxes: [{key, process, steps, createdAt, createdBy,
    usedAt}], processes: [id]}`.
    """
    with deps.house(request).database.transaction() as unit:
        processes = beginnings.processes(projects.resources(unit, project))
        found = [
            {
                "key": one.key,
                "process": one.process,
                "steps": one.steps,
                "createdAt": one.created_at.isoformat(),
                "createdBy": one.created_by,
                "usedAt": one.used_at.isoformat(),
            }
            for one in store.listed(unit, project)
        ]
    return JSONResponse({"sandboxes": found, "processes": processes})


@router.get("/studio/sandboxes/{sandbox}", name=may("pages.studio.sandbox", DESIGNERS))
def show(request: Request, sandbox: int) -> Response:
    """The sandbox as it stands."""
    return _answer(request, sandbox)


@router.delete("/studio/sandboxes/{sandbox}", name=may("pages.studio.sandbox.remove", DESIGNERS))
def remove(request: Request, sandbox: int) -> Response:
    """Put it away, with everything that was kept of it."""
    with deps.house(request).database.transaction() as unit:
        store.read(unit, sandbox)
        store.remove(unit, sandbox)
    deps.sandboxes(request).forget(sandbox)
    return Response(status_code=204)


@router.post("/studio/sandboxes/{sandbox}/steps", name=may("pages.studio.sandbox.step", DESIGNERS))
def take(request: Request, sandbox: int, body: Body) -> Response:
    """One step: `{step, after}`. 409 where others were done meanwhile, 422 where it is refused; then nothing has
    happened.
    """
    step, after = body.get("step"), body.get("after")
    if not isinstance(step, dict) or not isinstance(after, int):
        raise Invalid(say("Send a step, and after how many steps it is meant."))
    try:
        deps.sandboxes(request).take(sandbox, step, after, actor=deps.actor(request))
    except FormRejected as refused:
        return rejected(request, refused)
    except store.Moved:
        raise
    except Failed as failed:
        return _refused(request, failed.sentence)
    except (FileRefused, Refusal) as refused:
        return _refused(request, refused.message)
    return _answer(request, sandbox)


@router.post("/studio/sandboxes/{sandbox}/back", name=may("pages.studio.sandbox.back", DESIGNERS))
def back(request: Request, sandbox: int, body: Body) -> Response:
    """Undo the last step: `{after?}`, the number of steps that were looked at."""
    after = body.get("after")
    deps.sandboxes(request).back(sandbox, after if isinstance(after, int) else None)
    return _answer(request, sandbox)


@router.post("/studio/sandboxes/{sandbox}/record", name=may("pages.studio.sandbox.record", DESIGNERS))
def write_down(request: Request, sandbox: int, body: Body) -> Response:
    """The steps as a scenario: `{name, requirements?, file?, save}`; gives `{yaml, saved?: {digest, file}}`."""
    wanted = body.get("requirements") or []
    if not isinstance(wanted, list):
        raise Invalid(say("{name} must be a list of texts.", name="requirements"))
    file = _text(body, "file") or catalog.STORIES
    found = record.record(
        deps.sandboxes(request),
        deps.house(request).engine,
        sandbox,
        _text(body, "name"),
        requirements=[str(one) for one in wanted],
        file=file,
        save=body.get("save") is True,
        actor=deps.actor(request),
    )
    saved = {"saved": {"digest": found.digest, "file": file}} if found.digest else {}
    return JSONResponse({"yaml": found.yaml, **saved})


@router.get("/studio/sandboxes/{sandbox}/form", name=may("pages.studio.sandbox.form", DESIGNERS))
def form(request: Request, sandbox: int, task: str = "", start: str = "") -> Response:
    """A form as somebody of the sandbox sees it: `?task=<key>&as=<login>`, or `?start=1&as=<login>`.

    `{schema, data, uploads, submit: {label, step}}`, `schema` null where nothing is asked; the step still needs its
    `values`.
    """
    login, language = request.query_params.get("as", ""), deps.language(request)
    with deps.sandboxes(request).shown(sandbox) as shown:
        asked = forms.of_start(shown, login) if start else forms.of_task(shown, task, login, language)
    return JSONResponse(
        {
            "schema": labels.translated(asked.form.schema, language) if asked.form else None,
            "data": dict(asked.form.data) if asked.form else {},
            "uploads": render.uploads(deps.house(request).settings),
            "submit": {"label": submit_label(request, asked.form), "step": asked.step},
        }
    )


@router.get("/studio/sandboxes/{sandbox}/files/{name}", name=may("pages.studio.sandbox.file", DESIGNERS))
def file(request: Request, sandbox: int, name: str, deployment: int = 0) -> Response:
    """A file of the project as it was when the sandbox was opened, or one that was deployed before."""
    with deps.house(request).database.transaction() as unit:
        found = store.file(unit, sandbox, name, deployment)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(found.content, media_type="application/octet-stream", headers=headers)


def _answer(request: Request, key: int, failed: Failed | None = None) -> Response:
    language = deps.language(request)
    with deps.sandboxes(request).shown(key) as shown:
        told = view.view(shown, language)
    if failed is not None:
        told["failure"] = {"number": failed.step.number, "sentence": failed.sentence.within(language)}
    return JSONResponse(told)


def _refused(request: Request, sentence: Any) -> Response:
    return JSONResponse({"detail": render.tongue(request).show(sentence)}, 422)


def _text(body: dict[str, Any], name: str) -> str:
    found = body.get(name) or ""
    if not isinstance(found, str):
        raise Invalid(say("{name} must be a text.", name=name))
    return found
