"""The process API: Camunda 8's Orchestration Cluster REST API, v2. The hot routes come first."""

from fastapi import APIRouter

from api.door import HotDoor
from api.v2 import clock, deployments, evaluation, instances, jobs, messages, operate, tasks, unbuilt

PREFIX = "/v2"
router = APIRouter(prefix=PREFIX)
DOORS: list[tuple[str, HotDoor]] = []  # with their whole path, for `api.door.Shortcut`
for part in (instances, tasks, jobs, deployments, messages, operate, evaluation, clock, unbuilt):
    for routes in (part.hot, part.router):
        router.include_router(routes)
        DOORS += [(PREFIX + route.path, route) for route in routes.routes if isinstance(route, HotDoor)]
