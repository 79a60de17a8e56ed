"""Look at one thing, or search for many."""

from collections.abc import Sequence
from typing import Any, TypeVar

from engine.queries import nouns
from engine.queries.nouns import Definition, Incident, Instance, Job, Subscription, Timer, UserTask, Variable
from engine.queries.search import Condition, Either, Noun, Page, search
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say

T = TypeVar("T")
Order = Sequence[tuple[str, bool]]


def instance(unit: Unit, key: int) -> Instance:
    """Raises NotFound."""
    return _one(unit, nouns.INSTANCE, key, say("There is no process instance {key}. Check the key.", key=key))


def user_task(unit: Unit, key: int) -> UserTask:
    """Raises NotFound."""
    return _one(unit, nouns.USER_TASK, key, say("There is no user task {key}. Reload the inbox.", key=key))


def job(unit: Unit, key: int) -> Job:
    """Raises NotFound."""
    return _one(unit, nouns.JOB, key, say("There is no job {key}. Check the key.", key=key))


def incident(unit: Unit, key: int) -> Incident:
    """Raises NotFound."""
    return _one(unit, nouns.INCIDENT, key, say("There is no incident {key}. Check the key.", key=key))


def variable(unit: Unit, key: int) -> Variable:
    """Raises NotFound."""
    return _one(unit, nouns.VARIABLE, key, say("There is no variable {key}. Check the key.", key=key))


def definition(unit: Unit, key: int) -> Definition:
    """Raises NotFound."""
    return _one(unit, nouns.DEFINITION, key, say("There is no definition {key}. Check the key.", key=key))


def search_instances(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Instance]:
    """Process instances, by the fields of `nouns.Instance`."""
    return search(unit, nouns.INSTANCE, conditions, order, limit, offset)


def search_user_tasks(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[UserTask]:
    """User tasks, by the fields of `nouns.UserTask`."""
    return search(unit, nouns.USER_TASK, conditions, order, limit, offset)


def jobs(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Job]:
    """Jobs, by the fields of `nouns.Job`."""
    return search(unit, nouns.JOB, conditions, order, limit, offset)


def incidents(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Incident]:
    """Incidents, by the fields of `nouns.Incident`."""
    return search(unit, nouns.INCIDENT, conditions, order, limit, offset)


def timers(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Timer]:
    """Timers that are open, by the fields of `nouns.Timer`."""
    return search(unit, nouns.TIMER, conditions, order, limit, offset)


def subscriptions(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Subscription]:
    """Messages and signals that are waited for, by the fields of `nouns.Subscription`."""
    return search(unit, nouns.SUBSCRIPTION, conditions, order, limit, offset)


def search_variables(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Variable]:
    """Variables, by the fields of `nouns.Variable`."""
    return search(unit, nouns.VARIABLE, conditions, order, limit, offset)


def definitions(
    unit: Unit, conditions: Sequence[Condition | Either] = (), order: Order = (), limit: int = 100, offset: int = 0
) -> Page[Definition]:
    """Processes, decisions and forms that are deployed, by the fields of `nouns.Definition`."""
    return search(unit, nouns.DEFINITION, conditions, order, limit, offset)


def variables(unit: Unit, instance_key: int, scope: int = 0) -> dict[str, Any]:
    """The variables that one scope of an instance holds itself: by default those of the process."""
    rows = unit.all(
        "select name, value from variable where instance_key = %s and scope = %s order by name", (instance_key, scope)
    )
    return dict(rows)


def content(unit: Unit, definition_key: int) -> bytes:
    """The file of a definition, byte for byte. Raises NotFound."""
    row = unit.one(
        "select r.content from definition d join resource r on r.key = d.resource_key where d.key = %s",
        (definition_key,),
    )
    if row is None:
        raise NotFound(say("There is no definition {key}. Check the key.", key=definition_key))
    found: bytes = row[0]
    return found


def _one(unit: Unit, noun: Noun[T], key: int, missing: Text) -> T:
    found = search(unit, noun, [Condition("key", key)], limit=2).items
    if not found:
        raise NotFound(missing)
    return found[0]
