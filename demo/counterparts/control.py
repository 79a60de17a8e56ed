"""The demonstrator's own endpoints, below `/_…`: see what came in, make faults, act as the other side."""

import json
import time
from typing import Any

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.counterparts.state import SYSTEMS, now
from demo.counterparts.systems import sign, state_of


async def faults(request: Request) -> Response:
    """Make the next `times` calls of a `system` fail with `status` after `delay` seconds.

    With `"after": true` the work is done and only the answer is lost. Without a status the call is only slow.
    """
    state = state_of(request)
    if request.method == "DELETE":
        state.faults.clear()
        return Response(status_code=204)
    asked = json.loads(await request.body())
    if asked.get("system") not in SYSTEMS:
        raise HTTPException(422, f"A system is one of {', '.join(SYSTEMS)}.")
    fault = {"system": asked["system"], "status": asked.get("status"), "delay": float(asked.get("delay", 0))}
    state.faults.append({**fault, "times": int(asked.get("times", 1)), "after": bool(asked.get("after", False))})
    return Response(status_code=204)


async def calls(request: Request) -> Response:
    """Every call of this run in order, or those of one `?system=`."""
    system = request.query_params.get("system")
    return JSONResponse([call for call in state_of(request).calls if system in (None, call["system"])])


async def mail(request: Request) -> Response:
    """Every letter that came in, newest last."""
    return JSONResponse(state_of(request).mail)


async def records(request: Request) -> Response:
    """What a system holds under a key (employee number, login, message key); PUT replaces it."""
    state = state_of(request)
    system, key = request.path_params["system"], request.path_params["key"]
    if system not in SYSTEMS:
        raise HTTPException(404, f"A system is one of {', '.join(SYSTEMS)}.")
    if request.method == "PUT":
        state.records[system][key] = json.loads(await request.body())
        state.save()
    return JSONResponse(state.records[system].get(key))


async def resign(request: Request) -> Response:
    """File a resignation in OA: it is signed and sent to the product. Answers with what the product said."""
    hook: str = request.app.state.hook
    if not hook:
        raise HTTPException(409, "No address of the product is known. Start with --hook URL.")
    body = json.dumps(json.loads(await request.body()), ensure_ascii=False).encode()
    answer = await _send(f"{hook}/oa/resignations", body, request.app.state.secret)
    return JSONResponse({"status": answer.status_code, "body": answer.text})


async def settle(request: Request) -> Response:
    """Finance has settled everything with a person, and tells the product where it knows its address."""
    state = state_of(request)
    number: str = request.path_params["no"]
    state.records["finance"][number] = []
    state.save()
    hook: str = request.app.state.hook
    if not hook:
        return Response(status_code=204)
    body = json.dumps({"employeeNo": number, "settledAt": now()}).encode()
    answer = await _send(f"{hook}/finance/settlements", body, request.app.state.token)
    return JSONResponse({"status": answer.status_code, "body": answer.text})


async def _send(hook: str, body: bytes, secret: str) -> httpx.Response:
    stamp = str(int(time.time()))  # noqa: TID251  # outside the product, whose clock it cannot see
    headers: dict[str, Any] = {
        "Content-Type": "application/json",
        "X-Jiaojie-Timestamp": stamp,
        "X-Jiaojie-Signature": sign(secret, stamp, body),
    }
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        return await client.post(hook, content=body, headers=headers)


ROUTES = [
    Route("/_faults", faults, methods=["POST", "DELETE"]),
    Route("/_calls", calls),
    Route("/_mail", mail),
    Route("/_records/{system}/{key}", records, methods=["GET", "PUT"]),
    Route("/_oa/resignations", resign, methods=["POST"]),
    Route("/_finance/{no}/settle", settle, methods=["POST"]),
]
