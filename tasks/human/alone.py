"""What a person does alone: a signature, a course, its exam. Such a task is given to nobody else, by nobody."""

from kernel.db import Unit
from kernel.errors import Forbidden
from kernel.text import Text, say
from tasks.human.signing import turns as signing
from tasks.human.training import turns as training

_FORM = "select name, form_id from user_task where key = %s and form_id = any(%s)"


def refuse_handing_on(unit: Unit, key: int) -> None:
    """Raises Forbidden for a task that is someone's own."""
    _refuse(unit, key, (*signing.FORMS, *training.FORMS))


def refuse_giving_back(unit: Unit, key: int) -> None:
    """The same, but for the company's seal: one of those who hold it may leave it to the others."""
    _refuse(unit, key, (signing.SIGN_FORM, *training.FORMS))


def _refuse(unit: Unit, key: int, forms: tuple[str, ...]) -> None:
    row = unit.one(_FORM, (key, list(forms)))
    if row is None:
        return
    if row[1] in training.FORMS:
        raise Forbidden(
            say(
                "{name} is part of a training, which nobody does for another. Assign the course to whoever is to learn "
                "it, or waive it with a reason.",
                name=Text(row[0]),
            )
        )
    raise Forbidden(
        say(
            "{name} is a signature, which nobody makes for another. Take the agreement back and prepare a new one "
            "if someone else is to sign.",
            name=Text(row[0]),
        )
    )
