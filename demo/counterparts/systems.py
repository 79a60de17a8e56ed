"""The systems' own endpoints. Each changes `State` and answers as `openapi.yaml` says; CRM deletes nothing."""

import hmac
import json
import re
from hashlib import sha256
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.counterparts.state import State, now

SCIM = "application/scim+json"
FILTER = re.compile(r'userName eq ("(?:[^"\\]|\\.)*")')


def state_of(request: Request) -> State:
    state: State = request.app.state.counterparts
    return state


async def crm_rights(request: Request) -> Response:
    return JSONResponse(_rights(state_of(request).crm(request.path_params["no"])))


async def crm_transfer(request: Request) -> Response:
    order = await body_of(request, "fromNo", "toNo")
    source, target = (state_of(request).crm(order[side]) for side in ("fromNo", "toNo"))
    moved = {name: source[name] for name in ("customers", "orders")}
    if source is not target:
        for name, rows in moved.items():
            target[name] = target[name] + rows
            source[name] = []
    return JSONResponse({"fromNo": order["fromNo"], "toNo": order["toNo"], **moved, "transferredAt": now()}, 201)


async def crm_revoke(request: Request) -> Response:
    held = state_of(request).crm(request.path_params["no"])
    roles = held["roles"]
    held["taken"], held["roles"] = held["taken"] + roles, []
    return JSONResponse({"employeeNo": held["employeeNo"], "roles": roles, "revokedAt": now()}, 201)


async def crm_restore(request: Request) -> Response:
    held = state_of(request).crm(request.path_params["no"])
    held["roles"], held["taken"] = held["roles"] + held["taken"], []
    return JSONResponse(_rights(held), 201)


def _rights(held: dict[str, Any]) -> dict[str, Any]:
    return {name: held[name] for name in ("employeeNo", "customers", "orders", "roles")}


async def finance_open_items(request: Request) -> Response:
    return JSONResponse({"items": state_of(request).finance(request.path_params["no"])})


async def assets_assigned(request: Request) -> Response:
    held = state_of(request).assets(request.path_params["no"])
    return JSONResponse({"assets": [{k: v for k, v in a.items() if k != "return"} for a in held if "return" not in a]})


async def assets_return(request: Request) -> Response:
    found = await body_of(request, "tag", "state", "at", "by")
    for held in state_of(request).records["assets"].values():
        for asset in held:
            if asset["tag"] == request.path_params["tag"]:
                asset["return"] = found
                return Response(status_code=204)
    raise HTTPException(404, "There is no asset with this tag.")


async def sms_send(request: Request) -> Response:
    message = await body_of(request, "key", "to", "text")
    texts = state_of(request).records["sms"]
    receipt = {"id": f"SMS-{len(texts) + 1:06}", "acceptedAt": now()}
    kept = texts.setdefault(message["key"], {**message, **receipt})
    return JSONResponse({name: kept[name] for name in receipt}, 201)


async def sms_sent(request: Request) -> Response:
    kept = state_of(request).records["sms"].get(request.path_params["key"])
    if kept is None:
        raise HTTPException(404, "There is no message with this key.")
    return JSONResponse({name: kept[name] for name in ("id", "acceptedAt")})


async def oa_event(request: Request) -> Response:
    body = await request.body()
    stamp = request.headers.get("X-Jiaojie-Timestamp", "")
    if not hmac.compare_digest(
        request.headers.get("X-Jiaojie-Signature", ""), sign(request.app.state.secret, stamp, body)
    ):
        raise HTTPException(401, "The signature is wrong.")
    event = await body_of(request, "externalId", "event", "caseNumber", "employeeNo", "at")
    state_of(request).records["oa"].setdefault(event["externalId"], []).append(event)
    return Response(status_code=204)


def sign(secret: str, stamp: str, body: bytes) -> str:
    """The signature of a message between OA and the product, as `openapi.yaml` describes it."""
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


async def scim_search(request: Request) -> Response:
    wanted = FILTER.fullmatch(request.query_params.get("filter", ""))
    if wanted is None:
        raise HTTPException(400, 'Only the filter userName eq "…" is supported here.')
    entry = state_of(request).account(json.loads(wanted[1]))
    schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
    return JSONResponse({"schemas": [schema], "totalResults": 1, "Resources": [entry]}, media_type=SCIM)


async def scim_patch(request: Request) -> Response:
    change = await body_of(request, "Operations")
    for entry in state_of(request).records["scim"].values():
        if entry["id"] == request.path_params["id"]:
            entry.update({op["path"]: op["value"] for op in change["Operations"] if op["op"] == "replace"})
            return Response(status_code=204)
    raise HTTPException(404, "There is no such user.")


async def body_of(request: Request, *names: str) -> dict[str, Any]:
    """The JSON object of a request. Refuses one that lacks a name."""
    try:
        body = json.loads(await request.body())
    except json.JSONDecodeError:
        raise HTTPException(400, "The body is not JSON.") from None
    missing = [name for name in names if name not in body]
    if missing:
        raise HTTPException(422, f"The body lacks {missing[0]}.")
    found: dict[str, Any] = body
    return found


ROUTES = [
    Route("/crm/employees/{no}/rights", crm_rights),
    Route("/crm/transfers", crm_transfer, methods=["POST"]),
    Route("/crm/employees/{no}/revocation", crm_revoke, methods=["POST"]),
    Route("/crm/employees/{no}/restoration", crm_restore, methods=["POST"]),
    Route("/finance/employees/{no}/open-items", finance_open_items),
    Route("/assets/employees/{no}/assets", assets_assigned),
    Route("/assets/assets/{tag}/return", assets_return, methods=["POST"]),
    Route("/sms/messages", sms_send, methods=["POST"]),
    Route("/sms/messages/{key}", sms_sent),
    Route("/oa/events", oa_event, methods=["POST"]),
    Route("/scim/v2/Users", scim_search),
    Route("/scim/v2/Users/{id}", scim_patch, methods=["PATCH"]),
]
