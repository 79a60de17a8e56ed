"""HR's own resources, what Camunda's API lacks, and what other systems send us."""

from fastapi import APIRouter

from api.hr import comments, delegations, drafts, hooks, login, timers

router = APIRouter()
for part in (login, hooks, timers, comments, delegations, drafts):
    router.include_router(part.router)
