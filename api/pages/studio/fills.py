"""A form filled in before it is deployed: checked by what checks every submission. Nothing is kept."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import DESIGNERS, may
from api.door import Door
from api.pages import received, render
from api.pages.tasks import rejected, unfit
from api.v2 import shapes
from forms import load, validate
from forms.model import Fault, Form, FormRefused, Submission, Upload
from hr.documents import kinds
from kernel.db import Unit
from processes.studio import projects
from tasks.house import House
from tasks.human import forms

router = APIRouter(route_class=Door)

Received = Annotated[tuple[dict[str, Any], forms.Files], Depends(received.values_and_files)]


@router.post("/studio/{project}/fill", name=may("pages.studio.fill", DESIGNERS))
def fill(request: Request, project: int, sent: Received) -> Response:
    """What a submission of the form in the editor would come to.

    Takes a form whose part `data` is `{name, content, values, context}` and whose files stand under the references in
    `values`; `context` is what the process has. Gives `{values}`, the variables that would come of it; 422 with
    `{errors, detail}` as a task's form has it, or with `{problems, detail}` where the form itself is not accepted.
    """
    house, (body, files) = deps.house(request), sent
    with house.database.transaction() as unit:
        projects.read(unit, project)
        try:
            form = load.load(shapes.text(body, "content").encode(), shapes.text(body, "name", ""))
            found = _checked(house, unit, form, body, files)
        except FormRefused as refused:
            return _no_form(request, refused)
        except kinds.FileRefused as refused:
            return unfit(request, refused, files)
    if not found.accepted:
        return rejected(request, forms.FormRejected(found.errors))
    return JSONResponse({"values": found.values})


def _checked(house: House, unit: Unit, form: Form, body: dict[str, Any], files: forms.Files) -> Submission:
    return validate.validate(
        form,
        shapes.values(body, "values"),
        context=shapes.values(body, "context"),
        clock=forms.local(house),
        files={reference: [_upload(one) for one in some] for reference, some in files.items()},
        widgets=forms.widgets(unit),
        zone=house.settings.zone,
    )


def _upload(sent: forms.Sent) -> Upload:
    """A file as it would be taken in. Raises FileRefused."""
    named = kinds.examine(sent.name, sent.content)
    digest = hashlib.sha256(sent.content).hexdigest()
    return Upload(name=named.name, media_type=named.media_type, size=len(sent.content), hash=digest)


def _no_form(request: Request, refused: FormRefused) -> Response:
    tongue = render.tongue(request)

    def told(fault: Fault) -> dict[str, str]:
        return {"element": fault.component, "rule": fault.rule, "sentence": tongue.show(fault.sentence)}

    problems = [told(fault) for fault in refused.problems]
    return JSONResponse({"problems": problems, "detail": tongue.show(refused.message)}, 422)
