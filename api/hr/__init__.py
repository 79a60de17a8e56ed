"""HR's own resources, and what other systems send us."""

from fastapi import APIRouter

from api.hr import hooks, login

router = APIRouter()
router.include_router(login.router)
router.include_router(hooks.router)
