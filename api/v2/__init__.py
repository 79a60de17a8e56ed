"""The process API: Camunda 8's Orchestration Cluster REST API, v2. The hot routes come first."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.door import HotDoor
from api.v2 import (
    audit,
    batches,
    clock,
    cluster,
    creation,
    decision_evaluation,
    decision_instances,
    decisions,
    definitions,
    deployments,
    documents,
    elements,
    evaluation,
    forms,
    incidents,
    instance_acts,
    instance_batches,
    instance_views,
    instances,
    job_search,
    job_statistics,
    jobs,
    messages,
    resources,
    statistics,
    subscriptions,
    task_views,
    tasks,
    unbuilt,
    variables,
)

PREFIX = "/v2"
PARTS = (
    *(creation, instances, tasks, jobs, messages, deployments, definitions, resources, forms, decisions),
    *(decision_evaluation, decision_instances, evaluation, incidents, variables, elements, statistics),
    *(instance_views, instance_acts, instance_batches, batches, task_views, job_search, job_statistics),
    *(subscriptions, documents, audit, cluster, clock, unbuilt),
)
router = APIRouter(prefix=PREFIX)
DOORS: list[tuple[str, HotDoor]] = []  # with their whole path, for `api.v2.shortcut`
for part in PARTS:
    for routes in (part.hot, part.router):
        router.include_router(routes)
        found = [route for route in routes.routes if isinstance(route, APIRoute)]
        DOORS += [(PREFIX + route.path, route) for route in found if isinstance(route, HotDoor)]
        if part is not unbuilt:
            unbuilt.BUILT += [(frozenset(route.methods or ()), unbuilt.pattern(route.path[1:])) for route in found]
