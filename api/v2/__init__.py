"""The process API: Camunda 8's Orchestration Cluster REST API, v2. The hot routes come first."""

from fastapi import APIRouter

from api.v2 import clock, deployments, evaluation, instances, jobs, messages, operate, tasks, unbuilt

router = APIRouter(prefix="/v2")
for part in (instances, tasks, jobs, deployments, messages, operate, evaluation, clock, unbuilt):
    router.include_router(part.hot)
    router.include_router(part.router)
