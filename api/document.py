"""The OpenAPI document: what the framework reads off the routes, and what holds for all of them.

Every refusal stands under its own status, so that an answer with another one is a fault; how one signs in is said too.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from api.access import ACCESS, EVERYBODY
from api.auth import COOKIE
from api.v2.described import PROBLEM

SIGNING_IN = {
    "basic": {"type": "http", "scheme": "basic", "description": "A person's login and password."},
    "client": {
        "type": "oauth2",
        "description": "A program's credentials, for a token that lasts an hour.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "The pages' session; what changes something also carries X-CSRF-Token.",
    },
}
REFUSALS = {
    400: "The request cannot be read, or asks for what cannot be.",
    401: "Nobody is signed in, or the credentials are wrong.",
    403: "It is for others.",
    404: "It is not there, or not the caller's to see.",
    409: "What is there stands against it.",
    413: "It is larger than what is taken at once.",
    503: "The database or a system beside it does not answer. Try again.",
}
READING = (400, 401, 403, 404, 503)
THE_FRAMEWORKS = ("422", "default")  # a request that does not fit is refused with 400 here
ITS_SCHEMAS = ("HTTPValidationError", "ValidationError")


class Application(FastAPI):
    """The framework's application with the document as it is described above."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            found = super().openapi()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for name in ITS_SCHEMAS:
                schemas.pop(name, None)
            schemas["Problem"] = PROBLEM
            found["components"]["securitySchemes"] = SIGNING_IN
            names = {(path, method): name for path, method, name in routes(self)}
            for path, operations in found["paths"].items():
                for method, operation in operations.items():
                    _complete(operation, method, ACCESS[names[path, method]] == EVERYBODY)
        return super().openapi()


def routes(application: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Path, method in small letters and name of every route behind a door."""
    for router in application.routes:
        if hasattr(router, "effective_route_contexts"):
            for route in router.effective_route_contexts():
                yield from ((route.path, method.lower(), route.name) for method in route.methods)


def _complete(operation: dict[str, Any], method: str, for_everybody: bool) -> None:
    answers = operation["responses"]
    for name in THE_FRAMEWORKS:
        answers.pop(name, None)
    for status in READING if method == "get" else REFUSALS:
        answers.setdefault(str(status), _refusal(REFUSALS[status]))
    operation["security"] = [] if for_everybody else [{name: []} for name in SIGNING_IN]


def _refusal(sentence: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": sentence, "content": {"application/problem+json": {"schema": schema}}}
