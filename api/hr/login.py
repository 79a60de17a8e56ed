"""Bearer tokens for programs: client credentials (RFC 6749 §4.4)."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from kernel.errors import Invalid
from kernel.text import say

router = APIRouter(route_class=Door, tags=["Authentication"])


@router.post("/oauth/token", name=may("oauth.token", EVERYBODY))
def token(
    request: Request,
    grant_type: Annotated[str, Form()],
    client_id: Annotated[str, Form()],
    client_secret: Annotated[str, Form()],
) -> dict[str, Any]:
    """A bearer token for the credentials of a client."""
    if grant_type != "client_credentials":
        raise Invalid(say("Only the grant client_credentials is given here."))
    with deps.house(request).database.transaction() as unit:
        made, seconds = deps.gate(request).grant(unit, client_id, client_secret)
    return {"access_token": made, "token_type": "Bearer", "expires_in": seconds}
