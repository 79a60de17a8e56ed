"""What the process API has and this release does not: 501, in words. What it does not have at all is not found."""

import re
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from api.access import ANYONE, may
from api.door import Answer, HotDoor
from api.door import hot as hot_path
from kernel.actor import Actor
from kernel.errors import NotFound, Refusal
from kernel.text import Text, say
from tasks.house import House

hot = APIRouter(route_class=HotDoor, include_in_schema=False)
router = APIRouter(route_class=HotDoor, include_in_schema=False)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class NotBuilt(Refusal):
    """The API has this operation, this product does not; the sentence says what stands in its place."""

    code = "NOT_IMPLEMENTED"
    status = 501


PEOPLE = say("People and groups are not kept here as Camunda keeps them: they come from the HR system.")
TENANTS = say("There are no tenants here: one organisation is one database.")
RIGHTS = say("Rights follow from groups here, by a table in the documentation. None are granted one by one.")
AGENTS = say("There are no agents here.")
LISTENERS = say("There are no listeners here. Take a service task in the process instead.")
CLUSTER = say("There is no cluster here: one PostgreSQL database is backed up, moved and restored by its own tools.")
SHARED = say("There are no variables or secrets shared by all processes. Give a case its own when it starts.")
HISTORY = say("The history of decisions only grows here: none is deleted by itself.")
CONDITIONS = say("Processes do not start by a condition here. Start them by their id.")
ADHOC = say(
    "The activities of an ad-hoc sub-process are chosen by its own expression here. Modify the instance instead."
)
LINKS = say("Documents are only given to who signs in: there are no links that open without.")

# Each line: what it is told by, the methods, the path below /v2. A place in braces is one part of a path.
OPERATIONS: tuple[tuple[Text, str, str], ...] = (
    (AGENTS, "GET", "agent-definitions/{key}"),
    (AGENTS, "POST", "agent-definitions/search"),
    (AGENTS, "POST", "agent-instances"),
    (AGENTS, "GET PATCH", "agent-instances/{key}"),
    (AGENTS, "POST", "agent-instances/{key}/history/search"),
    (AGENTS, "POST", "agent-instances/search"),
    (RIGHTS, "POST", "authorizations"),
    (RIGHTS, "GET PUT DELETE", "authorizations/{key}"),
    (RIGHTS, "POST", "authorizations/search"),
    (RIGHTS, "POST", "mapping-rules"),
    (RIGHTS, "GET PUT DELETE", "mapping-rules/{id}"),
    (RIGHTS, "POST", "mapping-rules/search"),
    (RIGHTS, "POST", "roles"),
    (RIGHTS, "GET PUT DELETE", "roles/{id}"),
    (RIGHTS, "POST", "roles/search"),
    (RIGHTS, "PUT DELETE", "roles/{id}/{members}/{member}"),
    (RIGHTS, "POST", "roles/{id}/{members}/search"),
    (CLUSTER, "GET POST", "backups/history"),
    (CLUSTER, "GET DELETE", "backups/history/{id}"),
    (CLUSTER, "GET POST", "backups/runtime"),
    (CLUSTER, "GET DELETE", "backups/runtime/{id}"),
    (CLUSTER, "POST", "backups/runtime/state/sync"),
    (CLUSTER, "GET", "exporting"),
    (CLUSTER, "POST", "exporting/pause"),
    (CLUSTER, "POST", "exporting/resume"),
    (CLUSTER, "PATCH", "mode"),
    (CLUSTER, "GET POST", "restore"),
    (CLUSTER, "GET", "system/configuration"),
    (CLUSTER, "GET", "system/usage-metrics"),
    (SHARED, "POST", "cluster-variables/global"),
    (SHARED, "GET PUT DELETE", "cluster-variables/global/{name}"),
    (SHARED, "POST", "cluster-variables/search"),
    (SHARED, "POST", "cluster-variables/tenants/{id}"),
    (SHARED, "GET PUT DELETE", "cluster-variables/tenants/{id}/{name}"),
    (SHARED, "POST", "secrets/list"),
    (SHARED, "POST", "secrets/resolve"),
    (CONDITIONS, "POST", "conditionals/evaluation"),
    (HISTORY, "POST", "decision-instances/{key}/deletion"),
    (HISTORY, "POST", "decision-instances/deletion"),
    (LINKS, "POST", "documents/{id}/links"),
    (ADHOC, "POST", "element-instances/ad-hoc-activities/{key}/activation"),
    (LISTENERS, "POST", "global-task-listeners"),
    (LISTENERS, "GET PUT DELETE", "global-task-listeners/{id}"),
    (LISTENERS, "POST", "global-task-listeners/search"),
    (PEOPLE, "POST", "groups"),
    (PEOPLE, "GET PUT DELETE", "groups/{id}"),
    (PEOPLE, "POST", "groups/search"),
    (PEOPLE, "PUT DELETE", "groups/{id}/{members}/{member}"),
    (PEOPLE, "POST", "groups/{id}/{members}/search"),
    (PEOPLE, "POST", "setup/user"),
    (PEOPLE, "POST", "users"),
    (PEOPLE, "GET PUT DELETE", "users/{name}"),
    (PEOPLE, "POST", "users/search"),
    (TENANTS, "POST", "tenants"),
    (TENANTS, "GET PUT DELETE", "tenants/{id}"),
    (TENANTS, "POST", "tenants/search"),
    (TENANTS, "PUT DELETE", "tenants/{id}/{members}/{member}"),
    (TENANTS, "POST", "tenants/{id}/{members}/search"),
)
_PLACE = re.compile(r"\{\w+\}")


def pattern(path: str) -> re.Pattern[str]:
    """A path's template as what its paths look like."""
    return re.compile(_PLACE.sub("[^/]+", path))


_UNBUILT = [(told, methods.split(), pattern(path)) for told, methods, path in OPERATIONS]
BUILT: list[tuple[frozenset[str], re.Pattern[str]]] = []  # the routes of this package, filled in where they are joined


def unbuilt(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    asked, method = path["path"], path["method"]
    known = False
    for told, methods, like in _UNBUILT:
        if like.fullmatch(asked):
            known = True
            if method in methods:
                raise NotBuilt(told)
    if known or any(like.fullmatch(asked) for _, like in BUILT):
        raise HTTPException(405)
    raise NotFound(say("There is no {path} here. Check the address.", path=f"/v2/{asked}"))


def _of(method: str) -> Any:
    """The handler for one method, which a hot handler is not told otherwise."""

    def handle(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
        return unbuilt(house, actor, {**path, "method": method}, raw)

    return handle


for _method in METHODS:

    @router.api_route("/{path:path}", methods=[_method], name=may("v2.unbuilt", ANYONE))
    @hot_path(_of(_method))
    def not_implemented(path: str) -> None:
        """Everything else."""


def no_cluster(house: House, actor: Actor, path: Any, raw: bytes) -> Answer:
    raise NotBuilt(CLUSTER)


outside = APIRouter(prefix="/cluster/v2", route_class=HotDoor, include_in_schema=False)  # beside /v2, as it is there


@outside.api_route("/{path:path}", methods=list(METHODS), name=may("v2.unbuilt.cluster", ANYONE))
@hot_path(no_cluster)
def not_clustered(path: str) -> None:
    """What operators of a cluster ask."""
