"""A form of a sandbox, as the person in whose name it is looked at sees it."""

from dataclasses import dataclass
from typing import Any

from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import Text, say
from processes.sandbox import look
from processes.sandbox.stages import Shown
from processes.story import starting
from tasks.human import task
from tasks.human.signing import turns
from tasks.human.training.turns import LEARN_FORM
from tasks.human.views import FormView

_SIGNED = """
select t.form_id, a.slug from user_task t join agreement a on a.number = %s where t.key = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form to fill in, None where nothing is asked; `step` is the step that sends it, without its values."""

    form: FormView | None
    step: dict[str, Any]


def of_start(shown: Shown, login: str) -> Asked:
    """The start form. Raises what the product refuses this person, and Invalid for nobody."""
    actor, house = shown.stage.actor(login), shown.stage.house
    given = shown.kept.beginnings.variables
    with house.database.transaction() as unit:
        form = starting.view(house, unit, actor, shown.kept.process, given)
    return Asked(form=form, step={"start": login})


def of_task(shown: Shown, key: str, login: str, language: str) -> Asked:
    """The form of an open task; a signature, a course and its exam ask for none: their steps do what is done on the
    pages of their own.

    Raises NotFound for one that is not open, or not theirs to see, Forbidden for another's, Invalid for nobody.
    """
    actor, house = shown.stage.actor(login), shown.stage.house
    with house.database.transaction() as unit:
        open_tasks = look.open_tasks(unit, shown.player.instance)
        found = next((one for one in open_tasks if one.key == key), None)
        if found is None:
            raise NotFound(say("The task {key} is not open any more. Look at where it stands now.", key=key))
        seen = task.open_task(house, unit, actor, found.own, language)
        if seen.signing:
            return Asked(form=None, step=_signature(unit, found.own, seen.signing, login))
        if seen.learning:
            return Asked(form=None, step=_training(unit, found.own, seen.learning, login))
        if not seen.may.complete:
            raise Forbidden(say("{name} is not with {who}.", name=Text(found.name), who=actor.name or login))
    index = [one.key for one in open_tasks if one.element == found.element].index(key)
    place = {"index": index} if index else {}
    return Asked(form=seen.form, step={"complete": found.element, "as": login, **place})


def _signature(unit: Unit, task_key: int, number: str, login: str) -> dict[str, Any]:
    """The step by which somebody signs or seals. The text names the agreement: numbers are others in another run."""
    form, text = unit.one(_SIGNED, (number, task_key))
    return {"seal" if form == turns.SEAL_FORM else "sign": login, "agreement": text}


def _training(unit: Unit, task_key: int, number: str, login: str) -> dict[str, Any]:
    """The step by which somebody learns a course, or takes its exam. The course is named: numbers differ by run."""
    form, course = unit.one(
        "select t.form_id, e.slug from user_task t join enrolment e on e.number = %s where t.key = %s",
        (number, task_key),
    )
    return {"learn" if form == LEARN_FORM else "examine": login, "course": course}
