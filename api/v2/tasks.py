"""User tasks: search, get, complete, assign. A person sees the tasks that concern them; HR and administrators all."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import shapes
from engine import queries, rows
from engine.commands import user_task
from engine.queries import UserTask
from engine.rows import UserTaskRow
from kernel.actor import Actor
from kernel.errors import Forbidden, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, submit

hot = APIRouter(route_class=HotDoor, tags=["User task"])
router = APIRouter(route_class=HotDoor, tags=["User task"])

FIELDS: shapes.Fields = {
    "userTaskKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.as_is),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "elementId": ("element", shapes.as_is),
    "name": ("name", shapes.as_is),
    "state": ("state", shapes.as_is),
    "assignee": ("assignee", shapes.as_is),
    "priority": ("priority", shapes.as_is),
    "dueDate": ("due_at", shapes.as_is),
    "followUpDate": ("follow_up_at", shapes.as_is),
    "creationDate": ("created_at", shapes.as_is),
    "completionDate": ("ended_at", shapes.as_is),
}


def shape(found: UserTask) -> dict[str, Any]:
    return {
        "userTaskKey": str(found.key),
        "name": found.name,
        "state": found.state,
        "assignee": found.assignee,
        "elementId": found.element,
        "elementInstanceKey": str(found.key),
        "candidateGroups": found.candidate_groups,
        "candidateUsers": found.candidate_users,
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "processName": found.process_name,
        "processDefinitionVersion": found.process_version,
        "formKey": None if found.form_key is None else str(found.form_key),
        "externalFormReference": found.external_form,
        "creationDate": shapes.instant(found.created_at),
        "completionDate": shapes.instant(found.ended_at),
        "dueDate": shapes.instant(found.due_at),
        "followUpDate": shapes.instant(found.follow_up_at),
        "priority": found.priority,
        "customHeaders": found.headers,
        "tenantId": "<default>",
        "tags": [],
    }


def _seen(actor: Actor, task: UserTask | UserTaskRow) -> bool:
    return access.may_see(actor, task, task.ended_by == actor.id)


def search(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    body = shapes.body(raw)
    limit, offset = shapes.page(body)
    found = queries.search_user_tasks(
        house.database.once(), shapes.conditions(body, FIELDS), shapes.sorting(body, FIELDS), limit, offset
    )
    mine = [shape(task) for task in found.items if _seen(actor, task)]
    total = found.total - (len(found.items) - len(mine))
    return Answer(200, {"items": mine, "page": {"totalItems": total, "hasMoreTotalItems": found.more}})


missing = rows.USER_TASK.missing  # the same words for a task that is not there and for another's


def _task(house: House, actor: Actor, path: Any) -> UserTask:
    key = shapes.key(path["key"], "userTaskKey")
    found = queries.user_task(house.database.once(), key)
    if not _seen(actor, found):
        raise NotFound(missing(key))
    return found


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(_task(house, actor, path)))


def complete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """A task with a form is checked as on its page; one without takes any variables."""
    key, variables = shapes.key(path["key"], "userTaskKey"), shapes.values(shapes.body(raw))
    try:
        user_task.complete(
            house.engine,
            house.database.once(),
            key,
            variables=variables,
            actor=actor,
            admit=partial(_admit, actor),
        )
    except _HasForm:
        with house.database.transaction() as unit:
            submit.submit(house, unit, actor, key, variables, {})
    return Answer(204)


class _HasForm(Exception):
    """The task is completed by its form."""


def _admit(actor: Actor, task: UserTaskRow) -> None:
    if not _seen(actor, task):
        raise NotFound(missing(task.key))
    if task.state != "CREATED":
        return  # the command says who completed it, and when
    if not access.may_complete(actor, task) and not actor.has("admin"):
        with_whom = task.assignee or ", ".join([*task.candidate_groups, *task.candidate_users])
        raise Forbidden(say("{name} is with {who}. Only they can complete it.", name=task.name, who=with_whom))
    if task.form_key is not None:
        raise _HasForm


def assign(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found, body = _task(house, actor, path), shapes.body(raw)
    assignee = shapes.text(body, "assignee")
    if assignee != actor.id and not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("Only HR and administrators hand tasks to others."))
    override = body.get("allowOverride", True) is not False and actor.has(*access.ASSIGNERS)
    user_task.assign(house.engine, house.database.once(), found.key, assignee, actor=actor, allow_override=override)
    return Answer(204)


def unassign(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found = _task(house, actor, path)
    if found.assignee != actor.id and not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("The task {name} is not with you.", name=found.name))
    user_task.unclaim(house.engine, house.database.once(), found.key, actor=actor)
    return Answer(204)


@hot.post("/user-tasks/search", name=may("v2.user_tasks.search", ANYONE))
@hot_path(search)
def search_user_tasks() -> None:
    """Search user tasks."""


@hot.post("/user-tasks/{key}/completion", name=may("v2.user_tasks.complete", ANYONE), status_code=204)
@hot_path(complete)
def complete_user_task() -> None:
    """Complete a user task."""


@router.get("/user-tasks/{key}", name=may("v2.user_tasks.get", ANYONE))
@hot_path(get)
def get_user_task() -> None:
    """A user task by its key."""


@router.post("/user-tasks/{key}/assignment", name=may("v2.user_tasks.assign", ANYONE), status_code=204)
@hot_path(assign)
def assign_user_task() -> None:
    """Assign a user task."""


@router.delete("/user-tasks/{key}/assignee", name=may("v2.user_tasks.unassign", ANYONE), status_code=204)
@hot_path(unassign)
def unassign_user_task() -> None:
    """Take the assignee off a user task."""
