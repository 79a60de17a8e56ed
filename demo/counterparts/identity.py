"""A provider of identity checks, played: it hands out tokens as a device would bring them, and spends each once."""

import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.counterparts.state import now
from demo.counterparts.systems import body_of, state_of

NAME = "演示身份核验"


async def token(request: Request) -> Response:
    """What a device gets after it has looked at a person's face or finger: for a name, a number and a method."""
    seen = await body_of(request, "name", "idNumber", "method")
    made = secrets.token_urlsafe(16)
    state_of(request).records["identity"][made] = seen
    return JSONResponse({"token": made}, 201)


async def proof(request: Request) -> Response:
    """Whether a token belongs to this person. It is spent by the question."""
    asked = await body_of(request, "token", "name", "idNumber")
    seen: dict[str, Any] | None = state_of(request).records["identity"].pop(asked["token"], None)
    if seen is None:
        raise HTTPException(404, "There is no such token, or it was used before.")
    same = all(seen[fact] == asked[fact] for fact in ("name", "idNumber"))
    answer = {
        "provider": NAME,
        "tokenId": asked["token"][:8],
        "matched": same,
        "method": seen["method"],
        "checkedAt": now(),
    }
    return JSONResponse(answer, 201)


CONTROL = [Route("/_identity/tokens", token, methods=["POST"])]
ROUTES = [Route("/identity/v1/proofs", proof, methods=["POST"])]
