"""From what a browser sent to values for the process: files stored, form checked, signatures kept as evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from forms import load, validate
from forms.model import Component, Errors, Form, Upload, WidgetCheck
from hr.documents.files import Stored, attach
from hr.offboarding import seal
from hr.people import identity, org
from kernel.actor import Actor
from kernel.clock import Clock, ZonedClock
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.house import House


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it arrived: the name that its sender gave it, and its bytes."""

    name: str
    content: bytes


Files = Mapping[str, Sequence[Sent]]


class FormRejected(Invalid):
    """A form breaks its rules. `errors` are sentences by component, as form-js lays them out."""

    code = "FORM_INVALID"

    def __init__(self, errors: Errors, sentence: Text | None = None) -> None:
        self.errors = errors
        told = sentence or say("The form was not accepted: correct the marked fields and send it again.")
        super().__init__(told, errors=errors)


def form(house: House, unit: Unit, key: int) -> Form:
    """The deployed form with this key, checked and parsed."""
    deployed = house.engine.definitions.get(unit, key)
    return load.load(deployed.content, deployed.resource_name)


def check(
    house: House,
    unit: Unit,
    wanted: Form,
    data: Mapping[str, Any],
    files: Files,
    *,
    context: Mapping[str, Any],
    actor: Actor,
    subject: str,
) -> dict[str, Any]:
    """The values for the process. Raises FormRejected. `subject` names the evidence chain that signatures go to."""
    uploads = {
        reference: [_upload(store(house, unit, sent, actor, subject, "form")) for sent in some]
        for reference, some in files.items()
    }
    submission = validate.validate(
        wanted,
        data,
        context=context,
        clock=local(house),
        files=uploads,
        widgets=widgets(unit),
        zone=house.settings.zone,
    )
    if not submission.accepted:
        raise FormRejected(submission.errors)
    values = dict(submission.values)
    _keep_signatures(house, unit, wanted, values, actor, subject)
    return values


def widgets(unit: Unit) -> Mapping[str, WidgetCheck]:
    """The checks of widgets that ask our own records."""
    return {
        "employee": lambda value: _employee(unit, value),
        "department": lambda value: _department(unit, value),
        "idNumber": lambda value: identity.fault(str(value)),
    }


def local(house: House) -> Clock:
    """The clock as forms read it: `today()` is the organisation's day, not that of Greenwich."""
    return ZonedClock(house.clock, ZoneInfo(house.settings.zone))


def store(house: House, unit: Unit, sent: Sent, actor: Actor, subject: str, purpose: str) -> Stored:
    """Take in a file for a case. Raises FileRefused with a sentence for one of the wrong kind or size."""
    stored = house.world.files.put(unit, sent.content, name=sent.name, actor=actor, at=house.clock.now())
    return attach(
        unit, stored.hash, name=stored.name, subject=subject, purpose=purpose, actor=actor, at=house.clock.now()
    )


def _upload(stored: Stored) -> Upload:
    return Upload(name=stored.name, media_type=stored.media_type, size=stored.size, hash=stored.hash)


def _employee(unit: Unit, value: Any) -> Text | None:
    if isinstance(value, str) and org.person(unit, value) is not None:
        return None
    return say("Choose a colleague from the list.")


def _department(unit: Unit, value: Any) -> Text | None:
    if isinstance(value, str) and org.department(unit, value) is not None:
        return None
    return say("Choose a department from the list.")


def signatures(wanted: Form) -> list[Component]:
    """The fields of a form that are signed by hand."""
    return [part for part in wanted.components() if part.property("widget") == "signature" and part.path]


def _keep_signatures(
    house: House, unit: Unit, wanted: Form, values: dict[str, Any], actor: Actor, subject: str
) -> None:
    """Replace every drawing among the values by the file that it is kept in, encrypted."""
    for field in signatures(wanted):
        holder = reduce(lambda at, part: at.get(part, {}), field.path[:-1], values)
        drawing = holder.get(field.path[-1])
        if not drawing:
            continue
        kept = seal.keep_drawing(unit, house.world.files, drawing, subject=subject, actor=actor, clock=house.clock)
        holder[field.path[-1]] = {
            "hash": kept.hash,
            "name": kept.name,
            "mediaType": kept.media_type,
            "size": kept.size,
            "signer": actor.id,
            "at": house.clock.now().isoformat(),
        }
