"""Every route of the product as the application serves it."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI

from api.access import ACCESS, Who
from api.app import create_app


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One way in: a method on a path, under the name that its line in `api.access` has."""

    path: str
    method: str
    name: str

    @property
    def who(self) -> Who:
        return ACCESS[self.name]


def bare_application() -> FastAPI:
    """The application with nothing behind it: enough to ask for its routes."""
    return create_app(SimpleNamespace(database=None, clock=None))  # type: ignore[arg-type]  # no request is made


def routes(application: FastAPI) -> list[Route]:
    """Every route behind a door."""
    return sorted(
        Route(context.path, method, context.name)
        for router in application.routes
        if hasattr(router, "effective_route_contexts")
        for context in router.effective_route_contexts()
        for method in context.methods - {"HEAD"}
    )


def without_door(application: FastAPI) -> dict[str, Any]:
    """What the application serves beside the doors, by path."""
    return {route.path: route for route in application.routes if not hasattr(route, "effective_route_contexts")}
