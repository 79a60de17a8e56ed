"""Look at one thing, or search for many."""

from typing import Any, TypeVar

from engine.queries import nouns
from engine.queries.nouns import Definition, Incident, Instance, Job, UserTask, Variable
from engine.queries.search import Condition, Noun, Search, search
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say

T = TypeVar("T")


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


search_instances = Search(nouns.INSTANCE)
search_user_tasks = Search(nouns.USER_TASK)
jobs = Search(nouns.JOB)
incidents = Search(nouns.INCIDENT)
timers = Search(nouns.TIMER)
subscriptions = Search(nouns.SUBSCRIPTION)
search_variables = Search(nouns.VARIABLE)
definitions = Search(nouns.DEFINITION)


def variables(unit: Unit, instance_key: int, scope: int = 0) -> dict[str, Any]:
    """The variables that one scope of an instance holds itself: by default those of the process."""
    rows = unit.all(
        "select name, value from variable where instance_key = %s and scope = %s order by name", (instance_key, scope)
    )
    return dict(rows)


_CALLED = """with recursive c as (
    select key from instance where parent_key = %s and (%s::bigint is null or parent_token = %s)
    union all select i.key from c join instance i on i.parent_key = c.key)
  select key from c order by key"""


def called(unit: Unit, instance_key: int, token: int | None = None) -> list[int]:
    """The instances that an instance called, and those that they did; of one step's where its token is given."""
    return [key for (key,) in unit.all(_CALLED, (instance_key, token, token))]


def callers(unit: Unit, instance_key: int) -> list[Instance]:
    """The instance that began it all, and every one on the way to this one, which is the last. Raises NotFound."""
    found = [instance(unit, instance_key)]
    while (parent := found[0].parent_key) is not None:
        found.insert(0, instance(unit, parent))
    return found


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
