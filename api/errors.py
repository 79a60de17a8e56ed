"""The only place where an error becomes a status: RFC 9457 problems for programs, pages in words for people."""

import logging
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
import psycopg
import sqlalchemy.exc
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import addresses, deps
from api.access import PROGRAMS
from api.auth import COOKIE, Unauthenticated
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable
from kernel.text import Text, say

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (Unauthenticated, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 400),
    (Unavailable, 503),
)
TOLD = ("problems", "errors")  # the details of a refusal that go out: a file's faults, a form's fields

UNREADABLE: Mapping[str, Text] = {  # the kinds of error that pydantic names, as far as our routes can raise them
    "missing": say("it is missing"),
    "int_parsing": say("it is no whole number"),
    "int_type": say("it is no whole number"),
    "float_parsing": say("it is no number"),
    "bool_parsing": say("it is neither true nor false"),
    "int_from_float": say("it is no whole number"),
    "int_parsing_size": say("it is too large a number"),
    "float_type": say("it is no number"),
    "finite_number": say("it is no number"),
    "bool_type": say("it is neither true nor false"),
    "string_type": say("it is no text"),
    "string_pattern_mismatch": say("it has characters that cannot stand there"),
    "list_type": say("it is no list"),
    "dict_type": say("it is no object with names and values"),
    "model_type": say("it is no object with names and values"),
    "model_attributes_type": say("it is no object with names and values"),
    "extra_forbidden": say("nothing of this name can stand there"),
    "date_type": say("it is no date"),
    "date_parsing": say("it is no date"),
    "datetime_type": say("it is no date with a time"),
    "datetime_parsing": say("it is no date with a time"),
    "datetime_from_date_parsing": say("it is no date with a time"),
    "literal_error": say("it is none of the values that can stand there"),
    "enum": say("it is none of the values that can stand there"),
    "date_from_datetime_parsing": say("it is no date"),
    "json_invalid": say("it is no JSON"),
    "value_error": say("it does not fit"),
}
NOTHING: Mapping[str, Any] = {}
GONE = (psycopg.OperationalError, sqlalchemy.exc.OperationalError)  # the database stopped, or was started again
TELLABLE = (Refusal, HTTPException, *GONE)

log = logging.getLogger(__name__)


def status_of(error: Refusal) -> int:
    """The HTTP status of a refusal, by its kind; of one that only a part of the API knows, as that says."""
    own: int | None = getattr(error, "status", None)
    return own or next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def install(app: FastAPI) -> None:
    """Render every error of the product and of the framework."""
    for kind in TELLABLE:
        app.add_exception_handler(kind, _told)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _broken)


async def _told(request: Request, error: Exception) -> Response:
    return told(request, error)


def told(request: Request, error: Exception) -> Response:
    """One of TELLABLE, as its reader takes it: a refusal with what is wrong in a file or form."""
    if isinstance(error, HTTPException):
        status = error.status_code
        return answer(request, status, HTTPStatus(status).name, _framework(request, error))
    if not isinstance(error, Refusal):
        log.error("the database did not answer: %s", error)
        message = say("The database did not answer. Look whether your change is there, then try again.")
        return answer(request, 503, Unavailable.code, message)
    more = {name: error.details[name] for name in TOLD if error.details.get(name)}
    return answer(request, status_of(error), error.code, error.message, more)


def _framework(request: Request, error: HTTPException) -> Text:
    sentences = {
        404: say("There is no {path} here. Check the address.", path=request.url.path),
        405: say("{path} does not take {method}.", path=request.url.path, method=request.method),
        501: say("{path} is not part of this release.", path=request.url.path),
        504: say("The answer was not there in time. What was begun goes on: look for it later."),
        413: say("The request is larger than what is taken at once. Send less."),
    }
    return sentences.get(error.status_code, Text(str(error.detail)))


def _why(kind: str, given: Mapping[str, Any]) -> Text:
    """What pydantic finds wrong, in words of ours; `given` holds the bounds that were told to it."""
    bounds = {
        "greater_than": say("it has to be more than {gt}", gt=given.get("gt", "")),
        "greater_than_equal": say("it has to be {ge} at least", ge=given.get("ge", "")),
        "less_than": say("it has to be less than {lt}", lt=given.get("lt", "")),
        "less_than_equal": say("it has to be {le} at most", le=given.get("le", "")),
        "string_too_long": say("it has more than {max_length} characters", max_length=given.get("max_length", "")),
        "string_too_short": say("it has fewer than {min_length} characters", min_length=given.get("min_length", "")),
        "too_long": say("it has more than {max_length} entries", max_length=given.get("max_length", "")),
        "too_short": say("it has fewer than {min_length} entries", min_length=given.get("min_length", "")),
    }
    return bounds.get(kind) or UNREADABLE.get(kind, UNREADABLE["value_error"])


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # by its registration
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "body"
    why = _why(first["type"], first.get("ctx") or NOTHING)
    message = say("The request cannot be read: {where}: {why}.", where=where, why=why)
    return answer(request, 400, "INVALID_ARGUMENT", message)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("a request failed: %s %s", request.method, request.url.path, exc_info=error)
    message = say("Something in the product failed; it is written in its log, and nothing was changed. Try again.")
    return answer(request, 500, "INTERNAL", message)


def answer(request: Request, status: int, code: str, message: Text, more: Mapping[str, Any] = NOTHING) -> Response:
    """A problem as JSON for programs (RFC 9457), a page for people; the login page for who is not signed in."""
    if request.url.path.startswith(PROGRAMS) or "application/json" in request.headers.get("accept", ""):
        return problem(request, status, code, message, more)
    page: Response = request.app.state.failure_page(request, status, message)
    return page


def problem(request: Request, status: int, code: str, message: Text, more: Mapping[str, Any]) -> Response:
    """Camunda 8's problem detail: type, title, status, detail, instance; and `more` beside them."""
    language = deps.language(request)
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "detail": message.within(language),
        "instance": request.url.path,
    }
    if status == 401 and not request.url.path.startswith(PROGRAMS):
        body["login"] = f"/login?next={quote(_page(request))}"
    headers = {"WWW-Authenticate": 'Basic realm="jiaojie"'} if status == 401 and _by_program(request) else None
    said = orjson.dumps(body | _in_words(more, language))
    return Response(said, status, media_type="application/problem+json", headers=headers)


def _by_program(request: Request) -> bool:
    """Not from a browser: one that is asked for Basic credentials opens a box of its own and remembers them."""
    if not request.url.path.startswith(PROGRAMS):
        return False
    return COOKIE not in request.cookies and "sec-fetch-mode" not in request.headers


def _page(request: Request) -> str:
    """The page that a request was made from, where it says so and is ours."""
    came_from = addresses.parts(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host", ""):
        return request.url.path
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _in_words(value: Any, language: str) -> Any:
    """Details as JSON values, their sentences in the reader's language."""
    if isinstance(value, Text):
        return value.within(language)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(name): _in_words(item, language) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_words(item, language) for item in value]
    if is_dataclass(value):
        return {field.name: _in_words(getattr(value, field.name), language) for field in fields(value)}
    return value
