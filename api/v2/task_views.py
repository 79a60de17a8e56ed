"""Beside a user task: its form, the variables that it sees, who did what to it; and planning it anew.

Who works on a task without being HR or an administrator sees of variables what the model hands to that task, and no
more: the rest of a case is told by its page, to each reader what their part needs.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import audit as log
from api.v2 import described, forms, search, shapes, variables
from api.v2.tasks import task_of
from engine import queries
from engine.commands import user_task
from engine.queries import Condition, UserTask, Variable, audit, elements
from engine.queries.listed import listed
from kernel.actor import Actor
from kernel.errors import Forbidden
from kernel.text import say
from tasks.house import House
from tasks.human import access, alone

hot = APIRouter(route_class=HotDoor, tags=["User task"])
router = APIRouter(route_class=HotDoor, tags=["User task"])

NAMES: search.Fields = {"name": ("name", shapes.word)}
SORTS: search.Fields = {
    **NAMES,
    "variableKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "scopeKey": ("scope", shapes.key),
}
OF_TABLE: search.Fields = {**variables.SORTS}
_TEXTS = described.several(described.TEXT)
CHANGES = described.body(
    dueDate={"anyOf": [described.INSTANT, {"const": ""}], "description": "An empty text takes it away."},
    followUpDate={"anyOf": [described.INSTANT, {"const": ""}], "description": "An empty text takes it away."},
    candidateUsers=_TEXTS,
    candidateGroups=_TEXTS,
    priority=described.whole(0, 100),
)
CHANGED = described.body(changeset=CHANGES, action=described.TEXT)


def form(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found = task_of(house, actor, path)
    if found.form_key is None:
        return Answer(204)
    return Answer(200, forms.shape(house.database.once(), found.form_key))


def _levels(house: House, actor: Actor, task: UserTask) -> list[int]:
    """The levels of variables that the asker may look at, innermost first."""
    if not actor.has(*access.READERS, "client"):
        return [task.token]
    return elements.scopes(house.engine, house.database.once(), task.instance_key, task.token)


def _held(house: House, task: UserTask, levels: Sequence[int]) -> list[Variable]:
    held = [Condition("instance_key", task.instance_key), Condition("scope", list(levels), "in")]
    return queries.search_variables(house.database.once(), held, [("name", False)], 10_000).items


def find_variables(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """All that the task sees, also what an inner level hides."""
    task = task_of(house, actor, path)
    also = [Condition("instance_key", task.instance_key), Condition("scope", _levels(house, actor, task), "in")]
    body, look = shapes.body(raw), partial(queries.search_variables, house.database.once())
    wanted = search.conditions(body, NAMES)
    shown = {**body, "filter": None}
    return Answer(200, search.look(shown, OF_TABLE, look, variables.shape(path), also=[*also, *wanted]))


def find_effective(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """What the task sees: of each name the innermost."""
    task = task_of(house, actor, path)
    levels = _levels(house, actor, task)
    nearest: dict[str, Variable] = {}
    for found in sorted(_held(house, task, levels), key=lambda one: levels.index(one.scope)):
        nearest.setdefault(found.name, found)
    body, items = shapes.body(raw), sorted(nearest.values(), key=lambda one: one.name)
    wanted = search.conditions(body, NAMES)
    shown = {**body, "filter": None}
    return Answer(200, search.look(shown, SORTS, partial(listed, items), variables.shape(path), also=wanted))


def acts(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    task = task_of(house, actor, path)
    also = [Condition("instance_key", task.instance_key), Condition("task_key", task.key)]
    return Answer(
        200, search.search(raw, log.OF_TASK, partial(audit.acts, house.database.once()), log.shape, also=also)
    )


def update(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found, body = task_of(house, actor, path), shapes.body(raw)
    shapes.text(body, "action", "")
    if not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("Only HR and administrators plan a task anew."))
    wanted = shapes.values(body, "changeset")
    if wanted.get("candidateGroups") is not None or wanted.get("candidateUsers") is not None:
        alone.refuse_handing_on(house.database.once(), found.key)
    user_task.update(
        house.engine,
        house.database.once(),
        found.key,
        actor=actor,
        candidate_groups=_texts(wanted, "candidateGroups"),
        candidate_users=_texts(wanted, "candidateUsers"),
        due_at=_moment(wanted, "dueDate"),
        follow_up_at=_moment(wanted, "followUpDate"),
        priority=None if wanted.get("priority") is None else shapes.between(wanted, "priority", 0, 0, 100),
    )
    return Answer(204)


def _texts(wanted: dict[str, Any], name: str) -> list[str] | None:
    return None if wanted.get(name) is None else shapes.texts(wanted, name)


def _moment(wanted: dict[str, Any], name: str) -> datetime | str | None:
    given = wanted.get(name)
    return given if given in (None, "") else shapes.moment(given, name)


_SEEN = described.filtered(NAMES, either=False)


@hot.get(
    "/user-tasks/{key}/form",
    name=may("v2.user_tasks.form", ANYONE),
    **described.described(key="user task", gives=forms.ITEM, nothing="The task has no form."),
)
@hot_path(form)
def get_user_task_form() -> None:
    """The form of a user task."""


@hot.post(
    "/user-tasks/{key}/variables/search",
    name=may("v2.user_tasks.variables", ANYONE),
    **described.described(
        key="user task",
        takes=described.paged(OF_TABLE, _SEEN),
        gives=described.listed(variables.ITEM),
        needed=False,
        asks=variables.TRUNCATE,
    ),
)
@hot_path(find_variables)
def search_user_task_variables() -> None:
    """Search the variables of every level that a user task sees."""


@hot.post(
    "/user-tasks/{key}/effective-variables/search",
    name=may("v2.user_tasks.effective", ANYONE),
    **described.described(
        key="user task",
        takes=described.paged(SORTS, _SEEN),
        gives=described.listed(variables.ITEM),
        needed=False,
        asks=variables.TRUNCATE,
    ),
)
@hot_path(find_effective)
def search_user_task_effective_variables() -> None:
    """Search the variables that a user task sees, the innermost of each name."""


@hot.post(
    "/user-tasks/{key}/audit-logs/search",
    name=may("v2.user_tasks.audit", ANYONE),
    **described.searched(log.ITEM, log.OF_TASK, key="user task"),
)
@hot_path(acts)
def search_user_task_audit_logs() -> None:
    """Search who did what to a user task."""


@hot.patch(
    "/user-tasks/{key}",
    name=may("v2.user_tasks.update", ANYONE),
    **described.described(key="user task", takes=CHANGED, needed=False),
)
@hot_path(update)
def update_user_task() -> None:
    """Plan a user task anew: its dates, its candidates, its priority."""
