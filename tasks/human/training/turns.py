"""The task in the process that goes with a course: completed by learning or the exam, in the same commit, and in no
other way.
"""

from collections.abc import Mapping
from typing import Any

from engine.commands import message, signal, user_task
from engine.turn import LIVE
from hr.training.tables import Enrolment
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict
from kernel.text import say
from tasks.handlers import training
from tasks.house import House
from tasks.wire import write

LEARN_FORM = "training-learn"
EXAM_FORM = "training-exam"
FORMS = (LEARN_FORM, EXAM_FORM)
OVER = "training-over"  # to processes that wait for a course which is learned for another one
WAIVED = "training-waived"
PASSED = "training-passed"  # a signal: the certificate hangs on it
CERTIFIED = "training-certified"  # a signal that the process of the certificate throws: the next year hangs on it
REMEMBERED_S = 86400.0  # for a process that joins in just then

_OPEN = """
select key from user_task
 where instance_key = %s and state = 'CREATED' and form_id = %s and assignee = %s order by key limit 1
"""
_WAITING = "select count(*) from subscription where kind = 'message' and name = %s and correlation_key = %s"
_HEIR = """
select i.key from subscription s join instance i on i.key = s.instance_key
 where s.kind = 'message' and s.name = %s and s.correlation_key = %s and i.state = any(%s) order by i.key limit 1
"""
_ENROLMENT = """
select e.number from user_task t join enrolment e on e.instance_key = t.instance_key and e.employee = t.assignee
 where t.key = %s and t.form_id = any(%s) order by e.number desc limit 1
"""


def complete(
    house: House, unit: Unit, enrolment: Enrolment, form: str, actor: Actor, variables: Mapping[str, Any] | None = None
) -> None:
    """Move the process on in this transaction, and whoever called it. `form` is LEARN_FORM or EXAM_FORM.

    What else waits for this course goes on right after. For an enrolment that no process looks after, or none any more,
    or one that only waits for it, a pass is announced here, so that its certificate is issued all the same. Raises
    Conflict while its process has no such task.
    """
    passed, led = enrolment.status == "passed", _looked_after(unit, enrolment) and not _only_waits(unit, enrolment)
    if passed:
        _tell(house, unit, OVER, enrolment, actor)
    if passed and not led:
        _announce(house, unit, enrolment, actor)
    if not led:
        return
    key = _open(unit, enrolment, form) or _caught_up(house, unit, enrolment, form, actor)
    if key is None:
        raise Conflict(
            say(
                "The process of {number} does not wait for this step at the moment. Reload the page in a minute; "
                "nothing of it was counted.",
                number=enrolment.number,
            )
        )
    user_task.complete(house.engine, unit, key, variables=dict(variables or {}), actor=actor, answer_callers=True)


def _open(unit: Unit, enrolment: Enrolment, form: str) -> int | None:
    row = unit.one(_OPEN, (enrolment.instance_key, form, enrolment.employee))
    return row[0] if row else None


def _caught_up(house: House, unit: Unit, enrolment: Enrolment, form: str, actor: Actor) -> int | None:
    """The task of the exam in a process that took this training over when all was learned already: it begins with
    learning, of which nothing is left to do.
    """
    learned = _open(unit, enrolment, LEARN_FORM) if form == EXAM_FORM else None
    if learned is None:
        return None
    user_task.complete(house.engine, unit, learned, actor=actor)
    return _open(unit, enrolment, form)


def waived(house: House, unit: Unit, enrolment: Enrolment, actor: Actor) -> None:
    """Tell the processes that wait for a course, in this transaction, that it need not be learned: they go on after."""
    waiver = {"by": actor.id, "reason": enrolment.ended_reason}
    _tell(house, unit, WAIVED, enrolment, actor, waiver=waiver)
    _tell(house, unit, OVER, enrolment, actor)


def _announce(house: House, unit: Unit, enrolment: Enrolment, actor: Actor) -> None:
    """The signal that the process throws behind a pass, right after this transaction."""
    stands = training.Answer(training=training.document(unit, enrolment, enrolment.instance_key))
    told = {**write(stands), "employee": {"login": enrolment.employee}}
    signal.broadcast(house.engine, unit, PASSED, told, actor=actor)


def _tell(house: House, unit: Unit, name: str, enrolment: Enrolment, actor: Actor, **more: Any) -> None:
    """A message reaches one instance of a process: one is published for each that waits, or for who comes to wait."""
    stands = training.Answer(training=training.document(unit, enrolment, enrolment.instance_key))
    told = {**write(stands), **more}
    (waiting,) = unit.one(_WAITING, (name, enrolment.number))
    for _ in range(max(1, waiting)):
        message.publish(house.engine, unit, name, enrolment.number, variables=told, ttl_s=REMEMBERED_S, actor=actor)


def abandoned(unit: Unit, enrolment: Enrolment) -> bool:
    """Whether the process that looked after it is gone. One that never had any is not: it is learned without."""
    return enrolment.instance_key is not None and not _looked_after(unit, enrolment)


def heir(unit: Unit, number: str) -> int | None:
    """A process that waits as the course is learned for another one: it looks after it once that one is gone."""
    row = unit.one(_HEIR, (OVER, number, list(LIVE)))
    return row[0] if row else None


def _only_waits(unit: Unit, enrolment: Enrolment) -> bool:
    return heir(unit, enrolment.number) == enrolment.instance_key


def _looked_after(unit: Unit, enrolment: Enrolment) -> bool:
    row = unit.one("select state from instance where key = %s", (enrolment.instance_key,))
    return row is not None and row[0] in LIVE


def enrolment_of(unit: Unit, key: int) -> str:
    """The number of the enrolment that a task of learning or of its exam belongs to; empty for every other task."""
    row = unit.one(_ENROLMENT, (key, list(FORMS)))
    return row[0] if row else ""
