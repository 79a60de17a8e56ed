"""User tasks: search, get, complete, assign. A person sees the tasks that concern them; HR and administrators all."""

from functools import partial
from typing import Any

from fastapi import APIRouter

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from api.v2 import described, related, search, shapes
from engine import queries, rows
from engine.commands import user_task
from engine.queries import Condition, Either, UserTask, keys
from engine.rows import UserTaskRow
from kernel.actor import Actor
from kernel.errors import Forbidden, NotFound
from kernel.text import say
from tasks.house import House
from tasks.human import access, alone, submit

hot = APIRouter(route_class=HotDoor, tags=["User task"])
router = APIRouter(route_class=HotDoor, tags=["User task"])

STATES = (
    *("CREATED", "COMPLETED", "CANCELED"),
    *("CREATING", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING", "FAILED"),
)
FIELDS: search.Fields = {
    "userTaskKey": ("key", shapes.key),
    "processInstanceKey": ("instance_key", shapes.key),
    "processDefinitionKey": ("definition_key", shapes.key),
    "processDefinitionId": ("process_id", shapes.word),
    "rootProcessInstanceKey": ("root_key", shapes.key),
    "elementId": ("element", shapes.word),
    "name": ("name", shapes.word),
    "state": ("state", shapes.OneOf(*STATES)),
    "assignee": ("assignee", shapes.word),
    "priority": ("priority", shapes.whole),
    "dueDate": ("due_at", shapes.moment),
    "followUpDate": ("follow_up_at", shapes.moment),
    "creationDate": ("created_at", shapes.moment),
    "completionDate": ("ended_at", shapes.moment),
    "elementInstanceKey": ("element_key", shapes.key),
    "businessId": ("business_id", shapes.word),
    "tenantId": ("tenant", shapes.word),
}
OWN: search.Own = {
    "candidateGroup": related.member("candidate_groups"),
    "candidateUser": related.member("candidate_users"),
    "processInstanceVariables": related.variables("variables"),
    "localVariables": related.variables("locals"),
    "tags": search.Filter(related.tags, described.several(described.TEXT), plain=False),
}
ITEM = described.result(
    userTaskKey=described.KEY,
    name=described.TEXT,
    state=described.choice("CREATED", "COMPLETED", "CANCELED"),
    assignee=described.MAYBE,
    elementId=described.TEXT,
    elementInstanceKey=described.KEY,
    candidateGroups=described.several(described.TEXT),
    candidateUsers=described.several(described.TEXT),
    processInstanceKey=described.KEY,
    rootProcessInstanceKey=described.KEY,
    processDefinitionKey=described.KEY,
    processDefinitionId=described.TEXT,
    processName=described.MAYBE,
    processDefinitionVersion=described.WHOLE,
    businessId=described.MAYBE,
    formKey=described.MAYBE_KEY,
    externalFormReference=described.MAYBE,
    creationDate=described.INSTANT,
    completionDate=described.MAYBE_INSTANT,
    dueDate=described.MAYBE_INSTANT,
    followUpDate=described.MAYBE_INSTANT,
    priority=described.WHOLE,
    customHeaders=described.OBJECT,
    tenantId=described.TENANT,
    tags=described.several(described.TEXT),
)


def shape(found: UserTask) -> dict[str, Any]:
    return {
        "userTaskKey": str(found.key),
        "name": found.name,
        "state": found.state,
        "assignee": found.assignee,
        "elementId": found.element,
        "elementInstanceKey": str(keys.make(found.instance_key, found.token)),
        "candidateGroups": found.candidate_groups,
        "candidateUsers": found.candidate_users,
        "processInstanceKey": str(found.instance_key),
        "rootProcessInstanceKey": str(found.root_key),
        "processDefinitionKey": str(found.definition_key),
        "processDefinitionId": found.process_id,
        "processName": found.process_name,
        "processDefinitionVersion": found.process_version,
        "businessId": found.business_id,
        "formKey": None if found.form_key is None else str(found.form_key),
        "externalFormReference": found.external_form,
        "creationDate": shapes.instant(found.created_at),
        "completionDate": shapes.instant(found.ended_at),
        "dueDate": shapes.instant(found.due_at),
        "followUpDate": shapes.instant(found.follow_up_at),
        "priority": found.priority,
        "customHeaders": found.headers,
        "tenantId": "<default>",
        "tags": found.tags,
    }


def _seen(actor: Actor, task: UserTask | UserTaskRow) -> bool:
    return access.may_see(actor, task, task.ended_by == actor.id)


def _visible(actor: Actor) -> list[Either]:
    """What `access.may_see` says, for the database."""
    if actor.has(*access.READERS):
        return []
    return [
        Either(
            (
                Condition("assignee", actor.id),
                Condition("candidate_groups", sorted(actor.groups), "overlaps"),
                Condition("candidate_users", actor.id, "has"),
                Condition("ended_by", actor.id),
            )
        )
    ]


def find(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    look = partial(queries.search_user_tasks, house.database.once())
    return Answer(200, search.search(raw, FIELDS, look, shape, own=OWN, also=_visible(actor)))


missing = rows.USER_TASK.missing  # the same words for a task that is not there and for another's


def task_of(house: House, actor: Actor, path: Any) -> UserTask:
    """The task that a path names. Raises NotFound, also where it is not theirs to see."""
    key = shapes.key(path["key"], "userTaskKey")
    found = queries.user_task(house.database.once(), key)
    if not _seen(actor, found):
        raise NotFound(missing(key))
    return found


def get(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    return Answer(200, shape(task_of(house, actor, path)))


def complete(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    """A task with a form is checked as on its page; one without takes any variables."""
    body = shapes.body(raw)
    key, variables = shapes.key(path["key"], "userTaskKey"), shapes.values(body)
    shapes.text(body, "action", "")
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
        with_whom = task.assignee or ", ".join([*task.candidate_groups, *task.candidate_users]) or say("nobody")
        raise Forbidden(say("{name} is with {who}. Only they can complete it.", name=task.name, who=with_whom))
    if task.form_key is not None:
        raise _HasForm


def assign(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found, body = task_of(house, actor, path), shapes.body(raw)
    assignee, _ = shapes.text(body, "assignee"), shapes.text(body, "action", "")
    if assignee != actor.id and not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("Only HR and administrators hand tasks to others."))
    override = shapes.yes(body, "allowOverride", True) and actor.has(*access.ASSIGNERS)
    if override or assignee != actor.id or not access.is_candidate(actor, found):
        alone.refuse_handing_on(house.database.once(), found.key)
    user_task.assign(house.engine, house.database.once(), found.key, assignee, actor=actor, allow_override=override)
    return Answer(204)


def unassign(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    found = task_of(house, actor, path)
    if found.assignee != actor.id and not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("The task {name} is not with you.", name=found.name))
    alone.refuse_giving_back(house.database.once(), found.key)
    user_task.unclaim(house.engine, house.database.once(), found.key, actor=actor)
    return Answer(204)


@hot.post("/user-tasks/search", name=may("v2.user_tasks.search", ANYONE), **described.searched(ITEM, FIELDS, OWN))
@hot_path(find)
def search_user_tasks() -> None:
    """Search user tasks."""


@hot.post(
    "/user-tasks/{key}/completion",
    name=may("v2.user_tasks.complete", ANYONE),
    **described.described(
        key="user task", takes=described.body(variables=described.VARIABLES, action=described.TEXT), needed=False
    ),
)
@hot_path(complete)
def complete_user_task() -> None:
    """Complete a user task."""


@router.get(
    "/user-tasks/{key}", name=may("v2.user_tasks.get", ANYONE), **described.described(key="user task", gives=ITEM)
)
@hot_path(get)
def get_user_task() -> None:
    """A user task by its key."""


@router.post(
    "/user-tasks/{key}/assignment",
    name=may("v2.user_tasks.assign", ANYONE),
    **described.described(
        key="user task",
        takes=described.body("assignee", assignee=described.NAMED, allowOverride=described.FLAG, action=described.TEXT),
    ),
)
@hot_path(assign)
def assign_user_task() -> None:
    """Assign a user task."""


@router.delete(
    "/user-tasks/{key}/assignee", name=may("v2.user_tasks.unassign", ANYONE), **described.described(key="user task")
)
@hot_path(unassign)
def unassign_user_task() -> None:
    """Take the assignee off a user task."""
