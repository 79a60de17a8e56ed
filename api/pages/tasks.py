"""One task: read it, claim it, hand it on, finish it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import ANYONE, may
from api.door import Door
from api.pages import received, render
from api.pages.told import told
from hr.documents.kinds import FileRefused
from kernel.db import Unit
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say
from tasks.human import forms, inbox, submit, task
from tasks.human.views import FormView, Submitted, Tab, TaskView

router = APIRouter(route_class=Door)

Received = Annotated[tuple[dict[str, Any], forms.Files], Depends(received.values_and_files)]


@router.get("/tasks/{key}", name=may("pages.task", ANYONE))
def show(request: Request, key: int) -> Response:
    """The task beside the list; for a script the task alone."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        found = task.open_task(house, unit, actor, key, deps.language(request))
        if render.by_htmx(request):
            return _work(request, unit, found)
        rows = inbox.inbox(unit, actor, _tab(found, actor.id))
        label = submit_label(request, found.form)
        return render.page(
            request, unit, "inbox.html", here="inbox", found=rows, current=key, task=found, submit_label=label
        )


@router.post("/tasks/{key}/claim", name=may("pages.task.claim", ANYONE))
def claim(request: Request, key: int) -> Response:
    return _change(request, key, task.claim)


@router.post("/tasks/{key}/release", name=may("pages.task.release", ANYONE))
def release(request: Request, key: int) -> Response:
    return _change(request, key, task.release)


@router.post("/tasks/{key}/assign", name=may("pages.task.assign", ANYONE))
def assign(request: Request, key: int, login: Annotated[str, Form()] = "") -> Response:
    if not login.strip():
        raise Invalid(say("Choose a colleague to hand this to."))
    house = deps.house(request)
    with told(house), house.database.transaction() as unit:
        task.assign(house, unit, deps.actor(request), key, login.strip())
    return render.go(request, f"/tasks/{key}")


@router.post("/tasks/{key}/complete", name=may("pages.task.complete", ANYONE))
def complete(request: Request, key: int, sent: Received) -> Response:
    """Finish the task with a form's values. Errors come back by component, as 422."""
    house, (data, files) = deps.house(request), sent
    try:
        with told(house), house.database.transaction() as unit:
            done = submit.submit(house, unit, deps.actor(request), key, data, files)
    except forms.FormRejected as refused:
        return rejected(request, refused)
    except FileRefused as refused:
        return unfit(request, refused, files)
    return accepted(request, done)


def accepted(request: Request, done: Submitted) -> Response:
    """What the browser does next: the person's next task of the same case, else their inbox."""
    location = f"/tasks/{done.next_task}" if done.next_task else "/inbox"
    if render.by_htmx(request):
        return render.go(request, location)
    return JSONResponse({"location": location, "sentence": render.tongue(request).show(done.sentence)})


def rejected(request: Request, refused: forms.FormRejected) -> Response:
    """Sentences by component, in the reader's language, in the shape in which form-js keeps its own."""
    tongue = render.tongue(request)

    def told(errors: Any) -> Any:
        if isinstance(errors, dict):
            return {name: told(inner) for name, inner in errors.items()}
        return [tongue.show(sentence) for sentence in errors]

    return JSONResponse({"errors": told(refused.errors), "detail": tongue.show(refused.message)}, 422)


def unfit(request: Request, refused: FileRefused, files: forms.Files) -> Response:
    """A file that is not what it says, by the key that it was sent under: the browser knows the field."""
    sentence = render.tongue(request).show(refused.message)
    named = refused.message.values.get("name")
    keys = [key for key, some in files.items() if any(sent.name.endswith(str(named)) for sent in some)]
    return JSONResponse({"errors": {}, "files": {key: [sentence] for key in keys}, "detail": sentence}, 422)


def submit_label(request: Request, form: FormView | None) -> str:
    """What the page's button says: the words of the form's own submit button, where it has one."""
    buttons = [c for c in (form.schema.get("components", []) if form else []) if c.get("type") == "button"]
    own = next((str(b["label"]) for b in buttons if b.get("action", "submit") == "submit" and b.get("label")), "")
    tongue = render.tongue(request)
    return tongue.show(Text(own)) if own else tongue.say("Submit")


def _tab(found: TaskView, login: str) -> Tab:
    """The list that has the task in it, to stand beside it."""
    if found.completed_at is not None:
        return "done"
    return "group" if found.may.claim and (found.assignee is None or found.assignee.login != login) else "mine"


def _change(request: Request, key: int, change: Any) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    with told(house), house.database.transaction() as unit:
        change(house, unit, actor, key)
        try:
            found = task.open_task(house, unit, actor, key, deps.language(request))
        except NotFound:  # whoever puts a task back may not be one of those who can see it there
            return render.go(request, "/inbox", say("Put back. It waits for its group now."))
        return _work(request, unit, found)


def _work(request: Request, unit: Unit, found: TaskView) -> Response:
    label = submit_label(request, found.form)
    return render.page(request, unit, "parts/work.html", here="inbox", task=found, submit_label=label)
