"""Starting by a form: a resignation as the product files it, any other process with what its start form gives."""

from collections.abc import Mapping
from typing import Any

from engine.commands import start
from engine.definitions import Loaded
from forms import load, prepare
from forms.model import Form
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from tasks.house import House
from tasks.human import start as human_start
from tasks.human.forms import Files, check, local
from tasks.human.views import FormView

SUBJECT = "application/{login}"  # the evidence that signatures on a start form go to


def form_of(house: House, unit: Unit, process: Loaded) -> Form | None:
    """The form of the plain start event, None where it has none. Raises NotFound for one that is not deployed."""
    wanted = next((s.form for s in process.model.starts if s.kind == "none" and s.form is not None), None)
    if wanted is None:
        return None
    deployed = house.engine.definitions.bound(unit, "form", wanted, process.deployment_key)
    return load.load(deployed.content, deployed.resource_name)


def view(house: House, unit: Unit, actor: Actor, process_id: str, given: Mapping[str, Any]) -> FormView | None:
    """The start form as the person gets it; `given` are the variables that it starts on beside."""
    if process_id == human_start.OFFBOARDING:
        return human_start.open_start(house, unit, actor, process_id).form
    form = form_of(house, unit, house.engine.definitions.latest(unit, process_id))
    if form is None:
        return None
    data = prepare.prepare(form, _context(unit, actor, given), local(house))
    return FormView(id=form.id, schema=form.schema, data=data)


def by_form(
    house: House,
    unit: Unit,
    actor: Actor,
    process_id: str,
    given: Mapping[str, Any],
    values: Mapping[str, Any],
    files: Files,
) -> int:
    """Start a process with a form's values; the key of the instance.

    Raises FormRejected with sentences by component, and what the start itself refuses.
    """
    if process_id == human_start.OFFBOARDING:
        return human_start.start(house, unit, actor, process_id, values, files).instance_key or 0
    process = house.engine.definitions.latest(unit, process_id)
    form = form_of(house, unit, process)
    context = _context(unit, actor, given)
    entered = dict(values)
    if form is not None:
        subject = SUBJECT.format(login=actor.id)
        entered = check(house, unit, form, values, files, context=context, actor=actor, subject=subject)
    begun = start.start(house.engine, unit, process_id=process_id, variables={**given, **entered}, actor=actor)
    return begun.instance_key


def _context(unit: Unit, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a start form may read: what is given, and who fills it in."""
    person = org.person(unit, actor.id)
    return {"employee": {"login": person.login, "name": person.name} if person else None, **given}
